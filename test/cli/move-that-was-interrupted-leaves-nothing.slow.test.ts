// Promise: a `claviger move` that is killed in the middle leaves an empty database, in which the next one succeeds; and however much
// there is to move, little of it is in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { Client } from "pg";
import { MOVED_TABLES } from "../../src/store/sql/move.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { folderFor } from "../support/folder.ts";
import { printed, ROOT, startProcess } from "../support/server-process.ts";
import { startPostgres } from "../support/services.ts";
import { run } from "./made-up-terminal.ts";

const LOOPING = { timeout: 120_000 };

/** A store of so many entries in the audit, and so many stored answers of a megabyte each. */
async function storeOf(context: TestContext, entries: number, answers: number): Promise<string> {
  const data = folderFor(context);
  await (await openSqliteStore(join(data, "claviger.db"))).close();
  const raw = new Sqlite(join(data, "claviger.db"));
  raw.exec("begin");
  const audit = raw.prepare("insert into audit values (?, 1, 'acme', 'local', 'key.create', 'key_x', '{}')");
  for (let index = 0; index < entries; index += 1) audit.run(`evt_${index}`);
  const usage = raw.prepare("insert into usage values ('acme', ?, 'live', 'key_x', '', 'ok', 0, 2, 3, 1)");
  for (let index = 0; index < entries; index += 1) usage.run(`acc_${index}`);
  const replay = raw.prepare("insert into replays values (?, 'f', 200, ?, 1)");
  for (let index = 0; index < answers; index += 1)
    replay.run(`rep_${index}`, JSON.stringify("x".repeat(1e6)));
  raw.exec("commit");
  raw.close();
  return data;
}

function startMove(context: TestContext, data: string, url: string, node: readonly string[] = []) {
  const args = [...node, join(ROOT, "bin/claviger.mjs"), "move", "--data", data, "--yes"];
  const moving = startProcess(process.execPath, args, { env: { CLAVIGER_DATABASE_URL: url } });
  context.after(() => moving.kill());
  return moving;
}

test("killed in the middle", LOOPING, async (context) => {
  const data = await storeOf(context, 3_000, 0);
  const { url, ask } = await startPostgres(context);
  assert.equal((await run(["migrate", "--database-url", url])).code, 0);
  // The last table has to wait, after all others were copied.
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query("begin; lock table usage in share mode");
  const moving = startMove(context, data, url);
  const waits =
    "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into \"usage\"%'";
  while ((await ask(waits)).length === 0) await delay(10);
  await moving.kill();
  await other.query("rollback");
  await other.end();
  const working =
    "select 1 from pg_stat_activity where application_name = 'claviger' and datname = current_database()";
  while ((await ask(working)).length > 0) await delay(10);
  for (const table of MOVED_TABLES.filter((name) => name !== "counters"))
    assert.deepEqual(await ask(`select 1 from ${table} limit 1`), [], table);

  const again = await run(["move", "--data", data, "--database-url", url, "--yes"]);
  assert.deepEqual([again.code, again.err], [0, ""]);
  assert.match(again.out, /^audit +3000 +3000$/m);
  assert.match(again.out, /^requests counted +6000 +6000$/m);
});

test("two moves at once: one moves, the other is refused in words", LOOPING, async (context) => {
  const data = await Promise.all([storeOf(context, 2_000, 0), storeOf(context, 2_000, 0)]);
  const { url, ask } = await startPostgres(context);
  const ended = await Promise.all(
    data.map(async (folder) => {
      const moving = startMove(context, folder, url);
      return { ...(await moving.exited), err: moving.stderr() };
    }),
  );
  assert.deepEqual(ended.map(({ code }) => code).sort(), [0, 1]);
  const refused = ended.find(({ code }) => code === 1)!;
  assert.match(
    refused.err,
    /^claviger: the database \S+ (?:is (?:not empty: it has rows in |in use: )|has schema \d )[^\n]+\n$/,
  );
  const [row] = await ask("select count(*)::int as n from audit");
  assert.equal(row?.n, 2_000);
});

test("a hundred megabytes go through a process that has room for half of it", LOOPING, async (context) => {
  const data = await storeOf(context, 20_000, 100);
  const { url, ask } = await startPostgres(context);
  const moving = startMove(context, data, url, ["--max-old-space-size=48", "--max-semi-space-size=1"]);
  assert.match(await printed(moving, /go different ways/), /^replays +100 +100$/m);
  assert.deepEqual(await moving.exited, { code: 0, signal: null });
  const [row] = await ask("select sum(length(body))::int as n from replays");
  assert.equal(row?.n, 100 * (1e6 + 2));
});
