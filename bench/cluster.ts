// What several nodes give and cost on one machine: verdicts over HTTP and acknowledgements of revokes with 1, 2 and 4 nodes, run
// alternately, and what a verdict, a revoke and a second of rest cost PostgreSQL and Valkey. Run: npm run bench:cluster
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { openPostgresStore } from "../src/store/postgres/open.ts";
import { openValkeyCounters } from "../src/store/valkey/counters.ts";
import { type Cluster, startCluster } from "../test/cluster/nodes.ts";
import { type MadeKey, makeAcme, makeKeys, quantile } from "../test/cluster/revocations.ts";
import { type PostgresDatabase, startOwnValkey, startPostgres } from "../test/support/services.ts";
import { compare, middle } from "./rounds.ts";

const ROUNDS = 5;
const SIZES = [4, 2, 1] as const;
const REQUESTS = 4_000;
/** Those that wait for money wait together: a batch holds what came meanwhile. */
const callersOf = (kind: string): number => (kind.startsWith("metered") ? 512 : 64);
const REVOKES = 40;
const ACCOUNTS = 200;

const PAID = {
  name: "paid",
  keys: { format: "paid_{env}_{secret:32}" },
  plans: { all: { allowance: 9_000_000_000_000_000 } },
  defaultPlan: "all",
  routes: [{ match: "POST /paid", cost: 1, pot: "allowance" }],
};
const LIMITED = {
  name: "limited",
  keys: { format: "limited_{env}_{secret:32}" },
  limits: { requests: { rate: 1_000_000_000, windowSeconds: 60 } },
};

interface Questions {
  readonly [kind: string]: readonly object[];
}

interface Bench {
  readonly size: number;
  readonly cluster: Cluster;
  readonly database: PostgresDatabase;
  /** The account of project acme. */
  readonly account: string;
  readonly questions: Questions;
}

async function prepare(
  context: { after(end: () => unknown): void },
  size: number,
  valkey: string,
): Promise<Bench> {
  const database = await startPostgres(context);
  const cluster = await startCluster(context, { count: size, database: database.url, valkey });
  const { manage } = cluster;
  const account = await makeAcme(cluster);
  await manage("PUT", "/v1/projects/paid", PAID);
  await manage("PUT", "/v1/projects/limited", LIMITED);
  const keysOf = async (project: string, count: number): Promise<string[]> => {
    const keys: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { id } = await manage("POST", `/v1/projects/${project}/accounts`, { name: "Bench" });
      keys.push((await manage("POST", `/v1/projects/${project}/keys`, { account: id, name: "Bench" })).key);
    }
    return keys;
  };
  const free = await makeKeys(cluster, account, 50);
  const limited = await keysOf("limited", 50);
  const paid = await keysOf("paid", ACCOUNTS);
  const pay = (key: string) => ({ project: "paid", key, method: "POST", path: "/paid" });
  const questions = {
    unmetered: free.map(({ key }) => ({ project: "acme", key, method: "GET", path: "/notes/1" })),
    "rate-limited": limited.map((key) => ({ project: "limited", key })),
    [`metered, ${ACCOUNTS} accounts`]: paid.map(pay),
    "metered, one account": paid.slice(0, 1).map(pay),
  };
  return { size, cluster, database, account, questions };
}

/** By nodes that counted alone for a moment, because Valkey did not answer in time on a machine that does all at once. */
let refused = 0;

/** Verdicts per second: callers on all nodes, each of which asks again as soon as it is answered. */
async function rush(
  { cluster: { nodes }, questions: all }: Bench,
  kind: string,
  requests = REQUESTS,
): Promise<number> {
  const questions = all[kind]!;
  let left = requests;
  const call = async (index: number): Promise<void> => {
    const line = nodes[index % nodes.length]!.line();
    while (left-- > 0) {
      const body = questions[left % questions.length];
      const answer = await line.ask({ method: "POST", path: "/v1/verify", body });
      if (answer.body.includes('"code":"rate_exceeded"')) refused += 1;
      else if (!answer.body.includes('"allowed":true')) throw new Error(`${answer.status} ${answer.body}`);
    }
    line.close();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callersOf(kind) }, (_, index) => call(index)));
  return (requests / (performance.now() - start)) * 1_000;
}

/** Milliseconds of each, one at a time, by nodes in turn. */
async function revoke({ cluster }: Bench, keys: readonly MadeKey[]): Promise<number[]> {
  const { nodes, manage } = cluster;
  const took: number[] = [];
  for (const [index, { id }] of keys.entries()) {
    const start = performance.now();
    await manage("POST", `/v1/projects/acme/keys/${id}/revoke`, {}, nodes[index % nodes.length]!);
    took.push(performance.now() - start);
  }
  return took;
}

async function compareRevokes(benches: readonly Bench[]): Promise<void> {
  const took = new Map(benches.map(({ size }) => [size, [] as number[]]));
  const once = async (bench: Bench) => revoke(bench, await makeKeys(bench.cluster, bench.account, REVOKES));
  for (const bench of benches) await once(bench);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const bench of round % 2 === 0 ? benches : [...benches].reverse())
      took.get(bench.size)!.push(...(await once(bench)));
  console.log(
    `\nRevokes, one at a time, acknowledged when every node has them (${ROUNDS} rounds of ${REVOKES}, alternating)`,
  );
  for (const [size, all] of took) {
    const [p50, p99] = [0.5, 0.99].map((part) => quantile(all, part).toFixed(1));
    console.log(`  ${nodesOf(size)}  p50 ${p50} ms, p99 ${p99} ms, most ${Math.max(...all).toFixed(1)} ms`);
  }
}

const nodesOf = (size: number): string => (size === 1 ? "1 node " : `${size} nodes`);

interface Reading {
  readonly walBytes: number;
  readonly commits: number;
  readonly calls: number;
}

/** What PostgreSQL and Valkey have done since they were started. Other clusters rest, and are taken off by `restOf`. */
async function read({ database }: Bench, valkey: Redis): Promise<Reading> {
  // The counts of a backend are told when it rests.
  await database.ask("select pg_stat_clear_snapshot()");
  const [row] = await database.ask(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal,
       (select sum(xact_commit)::float8 from pg_stat_database) as commits`,
  );
  const info = await valkey.info("commandstats");
  const calls = [...info.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
    (sum, found) => sum + Number(found[1]),
    0,
  );
  return { walBytes: Number(row!.wal), commits: Number(row!.commits), calls };
}

/** What something costs beyond rest, divided by `count`. */
async function costOf(
  bench: Bench,
  valkey: Redis,
  rest: Reading,
  count: number,
  work: () => Promise<unknown>,
) {
  const before = await read(bench, valkey);
  const start = performance.now();
  await work();
  // Usage is written twice a second and journals are posted once; counts of idle backends are told within a second.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const seconds = (performance.now() - start) / 1_000;
  const after = await read(bench, valkey);
  const each = (name: keyof Reading) => (after[name] - before[name] - rest[name] * seconds) / count;
  return { walBytes: each("walBytes"), commits: each("commits"), calls: each("calls") };
}

async function tellCosts(bench: Bench, nodes: number, valkey: Redis): Promise<void> {
  const nothing = { walBytes: 0, commits: 0, calls: 0 };
  const seconds = 5;
  const rest = await costOf(
    bench,
    valkey,
    nothing,
    seconds + 2.5,
    () => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  );
  console.log(
    `\nWhat it costs PostgreSQL and Valkey (${nodesOf(bench.size)} at work; ${nodes} nodes rest in the same servers and are taken off)`,
  );
  const tell = (name: string, { walBytes, commits, calls }: Reading) =>
    console.log(
      `  ${name.padEnd(44)} ${walBytes.toFixed(1).padStart(8)} bytes of log, ${commits.toFixed(4).padStart(8)} transactions, ${calls.toFixed(3).padStart(6)} Valkey calls`,
    );
  tell("a second of rest of one node", {
    walBytes: rest.walBytes / nodes,
    commits: rest.commits / nodes,
    calls: rest.calls / nodes,
  });
  let keys: readonly MadeKey[] = [];
  const make = async (): Promise<void> => {
    keys = await makeKeys(bench.cluster, bench.account, 200);
  };
  tell("a key that is made", await costOf(bench, valkey, rest, 200, make));
  tell("a revoke", await costOf(bench, valkey, rest, 200, () => revoke(bench, keys)));
  for (const kind of Object.keys(bench.questions)) {
    const count = 3 * REQUESTS;
    tell(`a verdict, ${kind}`, await costOf(bench, valkey, rest, count, () => rush(bench, kind, count)));
  }
  for (const table of ["keys", "changes", "audit"]) {
    await bench.database.ask(`vacuum full ${table}`);
    const [row] = await bench.database.ask(
      `select pg_total_relation_size('${table}')::float8 / (select count(*) from ${table}) as bytes`,
    );
    console.log(`  a row of ${table} on the disk, with its indexes: ${Number(row!.bytes).toFixed(0)} bytes`);
  }
}

/** What one server gives when a process asks it as fast as it can, so many questions at once. */
async function ceilings({ database }: Bench, valkey: string): Promise<void> {
  const atOnce = async (count: number, ask: (index: number) => unknown): Promise<number> => {
    let left = count;
    const start = performance.now();
    const one = async (): Promise<void> => {
      while (left-- > 0) await ask(left);
    };
    await Promise.all(Array.from({ length: 64 }, one));
    return (count / (performance.now() - start)) * 1_000;
  };
  const counters = await openValkeyCounters(valkey, { prefix: "bench:", timeoutMs: 5_000 });
  const limit = {
    kind: "rate",
    name: "bench",
    per: "key",
    limit: 1e9,
    windowMs: 1_000,
    burst: 1e9,
  } as const;
  const take = (index: number) =>
    counters.take([{ limit, subject: `bench/${index % 1_000}`, weight: 1 }], Date.now());
  const store = await openPostgresStore(database.url, { notify: false });
  const digests = (await database.ask("select digest from keys limit 1000")).map(({ digest }) =>
    String(digest),
  );
  const read = (index: number) => store.keyByDigest(digests[index % digests.length]!);
  const [rates, reads]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.push(await atOnce(20_000, take));
    reads.push(await atOnce(10_000, read));
  }
  console.log(`\nWhat one process gets out of the servers, 64 questions at once (median of ${ROUNDS})`);
  console.log(`  rates taken in one Valkey: ${Math.round(middle(rates)).toLocaleString("en-US")} /s`);
  console.log(`  keys looked up in PostgreSQL: ${Math.round(middle(reads)).toLocaleString("en-US")} /s`);
  await counters.close();
  await store.close();
}

/** How many keys all nodes together make in a second: each is a change that every node hears of before it is answered. */
async function creations(bench: Bench): Promise<number> {
  const count = 200;
  const start = performance.now();
  await makeKeys(bench.cluster, bench.account, count);
  return (count / (performance.now() - start)) * 1_000;
}

const ends: (() => unknown)[] = [];
const context = { after: (end: () => unknown) => void ends.unshift(end) };
try {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
  const valkey = await startOwnValkey(context);
  const benches: Bench[] = [];
  for (const size of SIZES) benches.push(await prepare(context, size, valkey.url));
  for (const kind of Object.keys(benches[0]!.questions)) {
    const contenders = benches.map((bench) => ({
      name: nodesOf(bench.size),
      round: () => rush(bench, kind),
    }));
    await compare(
      `POST /v1/verify, ${kind}, ${callersOf(kind)} callers, ${REQUESTS} requests a round; nodes, PostgreSQL, Valkey and the load on the same ${cpus().length} cores`,
      contenders,
      ROUNDS,
    );
  }
  if (refused > 0)
    console.log(`\n${refused} of the rate-limited verdicts were refusals of nodes that counted alone`);
  await compareRevokes(benches);
  const made: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) made.push(await creations(benches[0]!));
  console.log(`\nKeys made, two at a time on each of 4 nodes: ${middle(made).toFixed(0)} /s`);
  await ceilings(benches[0]!, valkey.url);
  const admin = new Redis(valkey.url);
  // What is left over of the rounds is written first.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await tellCosts(
    benches[0]!,
    SIZES.reduce((sum, size) => sum + size, 0),
    admin,
  );
  admin.disconnect();
  console.log("");
  const script = join(import.meta.dirname, "held-keys.ts");
  console.log(execFileSync(process.execPath, ["--expose-gc", script], { encoding: "utf8" }).trim());
} finally {
  for (const end of ends) await end();
}
