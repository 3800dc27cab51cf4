// Promise: any number of processes may open an empty database at once, none of them opens one that it cannot serve, and what the
// database was made with changes neither order nor durability.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from "kysely";
import { Client } from "pg";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { readAddress } from "../../src/store/postgres/address.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { createPool } from "../../src/store/postgres/pool.ts";
import { MIGRATIONS } from "../../src/store/sql/migrations.ts";
import { accountRecord, keyRecord } from "../support/records.ts";
import { startPostgres } from "../support/services.ts";
import { batch } from "./open-store.ts";

/** For those that wait for something to happen. */
const LOOPING = { timeout: 60_000 };

test("eight that open an empty database at once all open it, and it is migrated once", async (context) => {
  for (let turn = 0; turn < 3; turn += 1) {
    const { url, ask } = await startPostgres(context);
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => openPostgresStore(url)));
    for (const each of settled) if (each.status === "fulfilled") await each.value.close();
    assert.deepEqual(
      settled.map((each) => (each.status === "rejected" ? String(each.reason) : "open")),
      Array.from({ length: 8 }, () => "open"),
    );
    const [row] = await ask("select count(*)::int as done from migrations where number > 0");
    assert.equal(row?.done, MIGRATIONS.length);
  }
});

test("who comes while another migrates waits for it", LOOPING, async (context) => {
  const { url, ask } = await startPostgres(context);
  await (await openPostgresStore(url)).close();
  // Another process that is at work on the last migration.
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query("begin; select * from migrations where number = 0 for update");
  await ask("delete from migrations where number = $1", [MIGRATIONS.length]);
  let opened = false;
  const opening = openPostgresStore(url).then((store) => {
    opened = true;
    return store;
  });
  const isWaiting =
    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%'";
  while ((await ask(isWaiting)).length === 0) await delay(10);
  assert.equal(opened, false);
  await other.query("insert into migrations values ($1, 'done')", [MIGRATIONS.length]);
  await other.query("commit");
  await other.end();
  await (await opening).close();
});

test("a schema that is newer than the program is refused, and left alone", async (context) => {
  const { url, ask } = await startPostgres(context);
  await (await openPostgresStore(url)).close();
  await ask("insert into migrations values ($1, 'of tomorrow')", [MIGRATIONS.length + 1]);
  await assert.rejects(openPostgresStore(url), (error) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.match(error.message, /written by a newer Claviger/);
    return true;
  });
});

test("a user who may not change the schema opens one that is up to date, and none that is not", async (context) => {
  const { url, ask } = await startPostgres(context);
  const empty = await startPostgres(context);
  await (await openPostgresStore(url)).close();
  const user = `clerk_${randomBytes(6).toString("hex")}`;
  await ask(`create role ${user} login password 'clerk'`);
  try {
    await ask(`grant select, insert, update, delete on all tables in schema public to ${user}`);
    const theirs = new URL(url);
    theirs.username = user;
    theirs.password = "clerk";
    const store = await openPostgresStore(theirs.href);
    await store.commit(batch([{ kind: "insert-account", record: accountRecord() }]));
    await store.close();
    theirs.pathname = new URL(empty.url).pathname;
    await assert.rejects(openPostgresStore(theirs.href), /refuses this user a permission that is needed/);
  } finally {
    // A role belongs to the server, which may outlive the test.
    await ask(`drop owned by ${user}`);
    await ask(`drop role ${user}`);
  }
});

test("text is ordered by its bytes whatever the collation of the database", async (context) => {
  const { url, ask } = await startPostgres(context);
  const store = await openPostgresStore(url);
  context.after(() => store.close());
  // Linguistic orders put the small letter first and pass over the sign; bytes do neither.
  const ids = ["key_B", "key_a", "key__", "key_b", "key_A"];
  const account = accountRecord();
  await store.commit(batch(ids.map((id) => ({ kind: "insert-key", record: keyRecord(account, { id }) }))));
  const read = await store.keys("acme", {}, { limit: 10 });
  assert.deepEqual(
    read.map(({ id }) => id),
    ids.toSorted().toReversed(),
  );
  const others = await ask(`select table_name, column_name from information_schema.columns
    where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'
      and table_name <> 'migrations'`);
  assert.deepEqual(others, []);
});

test("a database that answers before a commit is on its disk is made to wait for it", async (context) => {
  const { url, ask } = await startPostgres(context);
  const limits = { statementTimeoutMs: 0, lockTimeoutMs: 0, idleInTransactionTimeoutMs: 0 };
  for (const [given, kept] of [
    ["off", "on"],
    ["remote_apply", "remote_apply"],
  ]) {
    await ask(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = ${given}`);
    const pool = createPool(
      readAddress(url),
      { ...limits, connections: 1, connectTimeoutMs: 2_000 },
      () => {},
    );
    const database = new Kysely({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
    const { rows } = await sql`show synchronous_commit`.execute(database);
    await database.destroy();
    assert.deepEqual(rows, [{ synchronousCommit: kept }]);
  }
});

test("a text that no row can hold is looked for and not found", async (context) => {
  const { url } = await startPostgres(context);
  const store = await openPostgresStore(url);
  context.after(() => store.close());
  const key = keyRecord(accountRecord({ id: "acc\u0000" }));
  assert.equal(await store.countLiveKeys("acme", { account: key.account }), 0);
  await assert.rejects(store.commit(batch([{ kind: "insert-key", record: key }])), StoreUnavailable);
});
