// Promise: while a newer program migrates the store that nodes share and joins them, the nodes of the program before it go on with
// verdicts, spends and revocations, and nothing is lost between the two; one of them that is started again is refused in words.
// Hostile F18.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { MIGRATIONS } from "../../src/store/sql/migrations.ts";
import { folderFor } from "../support/folder.ts";
import { accountRecord, auditRecord, keyRecord } from "../support/records.ts";
import { printed, ROOT, type ServerProcess, startProcess } from "../support/server-process.ts";
import { startPostgres } from "../support/services.ts";
import { batch } from "./open-store.ts";

const PROJECT = `name: acme
keys: { format: "acme_{env}_{secret:32}" }
routes:
  - { match: POST /v1/paid, cost: 1, pot: credits }
  - { match: GET /v1/** }
`;
const NEXT = MIGRATIONS.length + 1;

/** Only adds: what the program before it writes still fits, what it reads is still there. */
const ADDITIVE = `{ number: ${NEXT}, title: "of the next release", statements: [
  "alter table projects add column owner text",
  "alter table accounts add column seats bigint not null default 1",
  "alter table keys add column note text",
  "alter table audit add column region text not null default ''",
  "alter table credit_lots add column origin text",
  "alter table movements add column note text",
  "alter table holds add column note text",
  "alter table usage add column weight bigint not null default 0",
  "create index keys_of_tier on keys (project, tier)",
  "create table seats (id text primary key, account text not null)",
] }`;

/** The program as it is, with one migration more. Answers its folder. */
function nextRelease(context: TestContext): string {
  const folder = folderFor(context);
  for (const part of ["src", "bin", "projects", "package.json", "openapi.json", "project.schema.json"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "src/store/sql/migrations.ts");
  const text = readFileSync(file, "utf8");
  const list = /^(export const MIGRATIONS: readonly Migration\[\] = \[[^\]]*)\];$/m;
  assert.match(text, list);
  writeFileSync(file, text.replace(list, `$1, ${ADDITIVE}];`));
  return folder;
}

interface Cluster {
  /** A command of the program in that folder, against the shared database. */
  start(program: string, ...args: string[]): ServerProcess;
  node(program: string): Promise<Node>;
}

interface Node {
  readonly process: ServerProcess;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes.
  ask(method: string, path: string, body?: unknown): Promise<any>;
  verify(key: string, method?: string, path?: string): Promise<string>;
}

function clusterOn(context: TestContext, url: string): Cluster {
  const folder = folderFor(context);
  writeFileSync(join(folder, "acme.yaml"), PROJECT);
  const env = { CLAVIGER_DATABASE_URL: url, CLAVIGER_PEPPER: randomBytes(32).toString("base64url") };
  const start = (program: string, ...args: string[]) => {
    const started = startProcess(process.execPath, [join(program, "bin/claviger.mjs"), ...args], { env });
    context.after(() => started.kill());
    return started;
  };
  let rootKey: string | undefined;
  const node = async (program: string): Promise<Node> => {
    const flags = ["--port", "0", "--data", join(folder, "data"), "--project", join(folder, "acme.yaml")];
    const started = start(program, "serve", "--json", ...flags);
    const banner = JSON.parse(await printed(started, /^\{.*\}\n$/));
    rootKey ??= banner.rootKey;
    const ask: Node["ask"] = async (method, path, body) => {
      const answer = await fetch(`${banner.controlPlane}${path}`, {
        method,
        headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    };
    const verify: Node["verify"] = async (key, verb = "GET", path = "/v1/any") =>
      (await ask("POST", "/v1/verify", { project: "acme", key, method: verb, path })).code;
    return { process: started, ask, verify };
  };
  return { start, node };
}

async function newKey(node: Node, account: string): Promise<{ id: string; key: string }> {
  return node.ask("POST", "/v1/projects/acme/keys", { account, name: "any" });
}

interface Traffic {
  readonly done: { verdicts: number; spends: number; revocations: number };
  readonly failures: string[];
  stop(): Promise<void>;
}

/** On every node at once, until it is stopped; a revocation is looked at on all the others. */
function drive(nodes: readonly Node[], account: string, key: string): Traffic {
  const done = { verdicts: 0, spends: 0, revocations: 0 };
  const failures: string[] = [];
  let isStopped = false;
  const loop = async (turn: () => Promise<void>): Promise<void> => {
    while (!isStopped) {
      await turn().catch((error: Error) => failures.push(error.message));
      await delay(20);
    }
  };
  const expect = (found: string, wanted: string): void => {
    if (found !== wanted) failures.push(`${found} instead of ${wanted}`);
  };
  const loops = nodes.flatMap((node) => [
    loop(async () => {
      expect(await node.verify(key), "ok");
      done.verdicts += 1;
    }),
    loop(async () => {
      expect(await node.verify(key, "POST", "/v1/paid"), "ok");
      done.spends += 1;
    }),
    loop(async () => {
      const other = await newKey(node, account);
      for (const each of nodes) expect(await each.verify(other.key), "ok");
      await node.ask("POST", `/v1/projects/acme/keys/${other.id}/revoke`, {});
      for (const each of nodes) expect(await each.verify(other.key), "revoked_key");
      done.revocations += 1;
    }),
  ]);
  return {
    done,
    failures,
    async stop() {
      isStopped = true;
      await Promise.all(loops);
    },
  };
}

/** Ends at the first failure too, so that it is told. */
async function until({ failures }: Traffic, condition: () => boolean): Promise<void> {
  while (!condition() && failures.length === 0) await delay(10);
}

const LOOPING = { timeout: 240_000 };
const GRANTED = 1_000_000;

test("nodes of one release go on while the next one migrates and joins", LOOPING, async (context) => {
  const { url, ask } = await startPostgres(context);
  const cluster = clusterOn(context, url);
  const nodes = [await cluster.node(ROOT), await cluster.node(ROOT)];
  const [first, second] = nodes as [Node, Node];
  const { id: account } = await first.ask("POST", "/v1/projects/acme/accounts", { name: "Any" });
  await first.ask("POST", `/v1/projects/acme/accounts/${account}/credits`, { amount: GRANTED });
  const { key } = await newKey(first, account);

  const traffic = drive(nodes, account, key);
  context.after(traffic.stop);
  const goOn = async (by: number): Promise<void> => {
    const { verdicts, spends, revocations } = traffic.done;
    const { done } = traffic;
    await until(
      traffic,
      () =>
        done.verdicts >= verdicts + by &&
        done.spends >= spends + by &&
        done.revocations >= revocations + by / 5,
    );
  };
  await goOn(20);
  const program = nextRelease(context);
  const migrating = cluster.start(program, "migrate");
  assert.deepEqual(await migrating.exited, { code: 0, signal: null }, migrating.stderr());
  assert.match(migrating.stdout(), new RegExp(`from ${NEXT - 1} to ${NEXT}\\.`));
  await goOn(20);
  const third = await cluster.node(program);
  await goOn(20);
  await traffic.stop();
  assert.deepEqual(traffic.failures, []);

  const mixed = drive([...nodes, third], account, key);
  context.after(mixed.stop);
  await until(mixed, () => mixed.done.revocations >= 15);
  await mixed.stop();
  assert.deepEqual(mixed.failures, [], "revoked on one release is dead on the other");
  const spent = traffic.done.spends + mixed.done.spends;
  const { credits } = await third.ask("GET", `/v1/projects/acme/accounts/${account}`);
  assert.equal(credits, GRANTED - spent);

  // What the older release changes keeps what it knows nothing of.
  const { id } = await newKey(third, account);
  await ask("update keys set note = 'of the next release' where id = $1", [id]);
  await second.ask("POST", `/v1/projects/acme/keys/${id}/disable`, {});
  assert.deepEqual(await ask("select note from keys where id = $1", [id]), [{ note: "of the next release" }]);

  second.process.signal("SIGTERM");
  assert.deepEqual(await second.process.exited, { code: 0, signal: null });
  const words = new RegExp(
    `^claviger: the store was written by a newer Claviger \\(schema ${NEXT}, .*start the newer one\\n$`,
  );
  for (const command of [["serve", "--port", "0"], ["migrate"]]) {
    const again = cluster.start(ROOT, ...command);
    assert.deepEqual(await again.exited, { code: 1, signal: null });
    assert.match(again.stderr(), words);
  }
  assert.equal(await first.verify(key), "ok", "those that run go on");
});

test("what reads or changes two tables waits for a migration of both, and not in a circle with it", async (context) => {
  const { url } = await startPostgres(context);
  const store = await openPostgresStore(url);
  context.after(() => store.close());
  const account = accountRecord();
  const key = keyRecord(account);
  await store.commit(
    batch([
      { kind: "insert-account", record: account },
      { kind: "insert-key", record: key },
    ]),
  );
  const migration = new Client({ connectionString: url });
  await migration.connect();
  context.after(() => migration.end());
  // In the order in which the tables were made, as every migration.
  await migration.query("begin; alter table accounts add column seats bigint");
  const update = { kind: "update-key", record: { ...key, version: 2 }, replaces: 1 } as const;
  const work = Promise.all([
    store.keyByDigest(key.digest),
    store.commit(batch([update], { audit: [auditRecord()] })),
  ]);
  await delay(100);
  await migration.query("alter table keys add column note text");
  await migration.query("alter table audit add column region text");
  await migration.query("commit");
  const [found] = await work;
  assert.equal(found?.account.id, account.id);
});
