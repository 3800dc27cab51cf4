// Promise: the changes log does not grow without end: keeping the books takes its beginning away, the newest part and the numbering stay.
import assert from "node:assert/strict";
import { test } from "node:test";
import Sqlite from "better-sqlite3";
import { CamelCasePlugin, Kysely, SqliteDialect } from "kysely";
import { forgetChanges } from "../../src/store/sql/books.ts";
import { MIGRATIONS, migrate } from "../../src/store/sql/migrations.ts";
import { createSqlStore } from "../../src/store/sql/store.ts";
import type { Tables } from "../../src/store/sql/tables.ts";
import { accountRecord, NOON } from "../support/records.ts";
import { batch } from "./open-store.ts";

async function storeWith(changes: number) {
  const database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: new Sqlite(":memory:") }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  await migrate(database, MIGRATIONS, " without rowid");
  const store = createSqlStore(database);
  const make = (count: number) =>
    store.commit(
      batch(Array.from({ length: count }, () => ({ kind: "insert-account", record: accountRecord() }))),
    );
  await make(changes);
  const seqs = async () => (await store.changesSince(0, 10_000)).map(({ seq }) => seq);
  return { database, store, make, seqs };
}

test("its beginning goes a piece at a time, and what is new goes on from where it was", async () => {
  const { database, make, seqs } = await storeWith(1_210);
  assert.equal(await forgetChanges(database, 10), 500);
  assert.equal((await seqs())[0], 501);
  while ((await forgetChanges(database, 10)) > 0);
  assert.deepEqual(await seqs(), [1_201, 1_202, 1_203, 1_204, 1_205, 1_206, 1_207, 1_208, 1_209, 1_210]);
  await make(1);
  assert.equal((await seqs()).at(-1), 1_211);
});

test("keeping the books takes what is more than a million, and nothing of less", async () => {
  const { database, store, seqs } = await storeWith(3);
  await store.keepBooks(NOON, NOON);
  assert.deepEqual(await seqs(), [1, 2, 3]);
  await database.updateTable("counters").set({ value: 1_000_002 }).where("name", "=", "changes").execute();
  await store.keepBooks(NOON, NOON);
  assert.deepEqual(await seqs(), [3]);
});
