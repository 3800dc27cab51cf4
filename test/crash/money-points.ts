// Kills a process at every system call by which a transaction of money reaches the store, and looks at what is left: all of the
// transaction or nothing. Throws at the first thing that is wrong.
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openDatabase } from "../../src/store/sqlite/database.ts";
import { type Watched, watch } from "../support/strace.ts";
import { changed, type Standing, standingOf } from "./money-standing.ts";
import { ACCOUNTS, grantOf, type Order, type Report, type Scenario, STORE } from "./money-victim.ts";

/** What a transaction adds to a standing. Keeping the books is several of them, and none may change it. */
const CHANGES: Record<Scenario, Partial<Standing>> = {
  spend: { prepaid: -12, metered: -18, openHolds: 1, requests: 3 },
  checkpoint: { prepaid: -12, metered: -18, openHolds: 1, requests: 3 },
  reuse: { prepaid: -12, metered: -18, openHolds: 1, requests: 3 },
  grant: { prepaid: 50, audit: 1, replays: 1 },
  settle: { metered: 15, openHolds: -1 },
  refund: { metered: 20 },
  books: {},
};

export const SCENARIOS = Object.keys(CHANGES) as Scenario[];

interface Bench {
  readonly data: string;
  /** Of the clock that stands still in the next process. */
  at: number;
  readonly env: NodeJS.ProcessEnv;
}

export interface Points {
  /** System calls of the transaction that a kill met, before they took effect. */
  readonly kills: number;
  /** Kills after which the transaction was there. */
  readonly whole: number;
  /** Whether nothing was written behind the last word that it is on disk, before the answer. */
  readonly isSynced: boolean;
}

/** How SQLite writes. */
const SYNCS = ["fsync", "fdatasync"];
const WRITES = ["pwrite64", "pwritev", "write", "ftruncate", "fallocate", "unlink", ...SYNCS];

/** `folder` is empty and belongs to the run. Of the writes, each `every`th from the `from`th on; of all other calls each. */
export async function killAtEveryPoint(
  folder: string,
  scenario: Scenario,
  { from, every }: { readonly from: number; readonly every: number } = { from: 1, every: 1 },
): Promise<Points> {
  const bench = await makeBench(folder);
  const points = { kills: 0, whole: 0, isSynced: false };
  let next = startVictim(bench);
  // Loads while another one runs: loading takes longer than all the rest.
  const aVictim = (): Promise<ChildProcess> => {
    const victim = next;
    next = startVictim(bench);
    return victim;
  };
  try {
    const { calls } = await attempt(bench, await aVictim(), scenario, "watch");
    points.isSynced = SYNCS.includes(calls.at(-1) ?? "");
    for (const name of new Set(calls)) {
      const [first, step] = name === "pwrite64" ? [from, every] : [1, 1];
      for (let nth = first; await kill(bench, await aVictim(), scenario, { name, nth }, points); )
        nth += step;
    }
    return points;
  } finally {
    (await next).kill("SIGKILL");
  }
}

/** `false` where there was no such call, because the transaction has fewer. */
async function kill(
  bench: Bench,
  victim: ChildProcess,
  scenario: Scenario,
  { name, nth }: { readonly name: string; readonly nth: number },
  points: { kills: number; whole: number },
): Promise<boolean> {
  const { isMade, calls, report } = await attempt(bench, victim, scenario, `${name}:signal=KILL:when=${nth}`);
  if (report === undefined) {
    points.kills += 1;
    if (isMade) points.whole += 1;
    return true;
  }
  const count = calls.filter((call) => call === name).length;
  if (count >= nth) throw new Error(`${scenario}: the kill at ${name} ${nth} of ${count} met nobody`);
  return false;
}

/** The transaction is durable, and the process dies before anybody hears of it. Throws when it is not there. */
export async function killBeforeTheAnswer(folder: string, scenario: Scenario): Promise<void> {
  const bench = await makeBench(folder);
  const { isMade } = await attempt(bench, await startVictim(bench), scenario, "die");
  if (!isMade) throw new Error(`${scenario}: what was durable is gone`);
}

/** How spends fared whose transaction met a disk that failed, and those after it. Throws unless only the latter are there. */
export async function failTheDisk(folder: string, error: "EIO" | "ENOSPC"): Promise<(Report | undefined)[]> {
  const bench = await makeBench(folder);
  const { data, at } = bench;
  const victim = await startVictim(bench);
  try {
    await tell(victim, { open: data, at, scenario: "spend" });
    const before = standingOf(data, at);
    const call = error === "EIO" ? SYNCS.join(",") : "pwrite64";
    const strace = await watch(victim.pid!, {
      ...{ paths: pathsOf(data), calls: WRITES },
      inject: `${call}:error=${error}:when=1`,
    });
    const failed = await tell(victim, { act: "tell" });
    await strace.detach();
    const made = await tell(victim, { act: "tell" });
    expectChange(`after ${error}`, before, standingOf(data, at), CHANGES.spend);
    return [failed, made];
  } finally {
    victim.kill("SIGKILL");
  }
}

async function makeBench(data: string): Promise<Bench> {
  const at = Date.parse("2026-11-21T12:00:00Z");
  const store = await openDatabase(join(data, STORE));
  for (const account of ACCOUNTS) await store.commit(grantOf(account, 1_000_000, null, at));
  await store.close();
  // Halves the time that a victim needs to load. What is compiled is written by a process that ends in order.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(data, "compiled") };
  execFileSync(process.execPath, [VICTIM], { env });
  return { data, at, env };
}

interface Attempt {
  readonly isMade: boolean;
  /** Those that strace saw. */
  readonly calls: readonly string[];
  /** Where the process lived to tell. */
  readonly report: Report | undefined;
}

/** Books are kept of what is older than a day. */
const NEXT_MS = 26 * 60 * 60 * 1000;

/**
 * `end` is how the process ends: by itself when it has made the movements, by what strace injects, or only after it has told.
 * Throws when what is left is wrong.
 */
async function attempt(
  bench: Bench,
  victim: ChildProcess,
  scenario: Scenario,
  end: "die" | "watch" | (string & {}),
): Promise<Attempt> {
  const { data, at } = bench;
  const ended = once(victim, "exit");
  let strace: Watched | undefined;
  try {
    const last = standingOf(data, at);
    expectBalances(last, await tell(victim, { open: data, at, scenario }));
    if (scenario === "books") bench.at += NEXT_MS;
    const before = standingOf(data, bench.at);
    const watched = { paths: pathsOf(data), calls: WRITES };
    if (end !== "die")
      strace = await watch(victim.pid!, end === "watch" ? watched : { ...watched, inject: end });
    const report = await tell(victim, { act: end === "die" ? "die" : "tell" });
    if (report !== undefined && "failed" in report && report.failed > 0)
      throw new Error(`${scenario}: ${JSON.stringify(report)}`);
    await strace?.detach();
    victim.kill("SIGKILL");
    await ended;
    const after = standingOf(data, bench.at);
    const isMade = changed(before, after, CHANGES[scenario]);
    // What was answered is there; what was not is there whole, or nothing of it.
    if (!isMade) expectChange(`${scenario}, ${end}`, before, after, report && CHANGES[scenario]);
    return { isMade, calls: strace?.calls() ?? [], report };
  } finally {
    victim.kill("SIGKILL");
    await strace?.detach();
  }
}

function expectChange(what: string, before: Standing, after: Standing, change: Partial<Standing> = {}): void {
  if (changed(before, after, change)) return;
  const words = [change, before, after].map((one) => JSON.stringify(one));
  throw new Error(`${what}: expected ${words[0]} more than ${words[1]}, and found ${words[2]}`);
}

/** What the engine says after its start is what the file says. */
function expectBalances({ prepaid, metered }: Standing, report: Report | undefined): void {
  if (report === undefined || !("ready" in report)) throw new Error("the process did not come up");
  const [first, second] = report.ready.map(({ credits, used }) => credits - used);
  if (first !== prepaid || second !== metered)
    throw new Error(`${JSON.stringify(report.ready)} instead of ${prepaid} and ${metered}`);
}

const VICTIM = join(import.meta.dirname, "money-victim.ts");

/** Resolves when it has loaded. */
async function startVictim({ env }: Bench): Promise<ChildProcess> {
  const victim = fork(VICTIM, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(victim, "message");
  return victim;
}

/** `undefined` when it was killed before it answered. */
async function tell(victim: ChildProcess, order: Order): Promise<Report | undefined> {
  const answered = once(victim, "message").then(([report]) => report as Report);
  const ended = once(victim, "exit").then(() => undefined);
  victim.send(order);
  return Promise.race([answered, ended]);
}

function pathsOf(data: string): string[] {
  return [join(data, STORE), join(data, `${STORE}-wal`)];
}
