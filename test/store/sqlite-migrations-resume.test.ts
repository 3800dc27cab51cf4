// Promise: an upgrade that was interrupted goes on where it stopped, a failed migration leaves nothing, and a store written by
// a newer program is refused instead of misread. Hostile case F18.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect, sql } from "kysely";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { MIGRATIONS, type Migration, migrate } from "../../src/store/sql/migrations.ts";
import type { Tables } from "../../src/store/sql/tables.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { folderFor } from "../support/folder.ts";

const FIRST: Migration = {
  number: 1,
  title: "first",
  statements: ["create table one (a bigint)", "insert into one (a) values (1)"],
};
const SECOND: Migration = {
  number: 2,
  title: "second",
  statements: ["insert into one (a) values (2)", "create table two (b bigint)"],
};
/** Stops in the middle, as a crash would. */
const TORN: Migration = { ...SECOND, statements: [SECOND.statements[0]!, "create nonsense"] };

function databaseFor(context: TestContext): Kysely<Tables> {
  const connection = new Sqlite(join(folderFor(context), "any.db"));
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  context.after(() => database.destroy());
  return database;
}

async function values(database: Kysely<Tables>): Promise<number[]> {
  return (await sql<{ a: number }>`select a from one order by a`.execute(database)).rows.map(({ a }) => a);
}

async function numbers(database: Kysely<Tables>): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`select number from migrations order by number`.execute(
    database,
  );
  return rows.map(({ number }) => number);
}

test("each migration happens once, in order, however often the program starts", async (context) => {
  const database = databaseFor(context);
  for (let start = 0; start < 3; start++) await migrate(database, [FIRST, SECOND]);
  assert.deepEqual(await values(database), [1, 2]);
  assert.deepEqual(await numbers(database), [1, 2]);
});

test("a crash between two migrations resumes at the second", async (context) => {
  const database = databaseFor(context);
  await migrate(database, [FIRST]);
  await migrate(database, [FIRST, SECOND]);
  assert.deepEqual(await values(database), [1, 2]);
});

test("a crash inside a migration leaves nothing of it, and it happens whole next time", async (context) => {
  const database = databaseFor(context);
  await assert.rejects(migrate(database, [FIRST, TORN]));
  assert.deepEqual(await values(database), [1], "the first is kept, the torn one is gone");
  assert.deepEqual(await numbers(database), [1]);
  await migrate(database, [FIRST, SECOND]);
  assert.deepEqual(await values(database), [1, 2]);
  assert.deepEqual(await numbers(database), [1, 2]);
});

test("a schema newer than the program is refused and left as it is", async (context) => {
  const database = databaseFor(context);
  await migrate(database, [FIRST, SECOND]);
  await assert.rejects(migrate(database, [FIRST]), (error) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.match(error.message, /newer Claviger \(schema 2, this program knows 1\): start the newer one/);
    return true;
  });
  assert.deepEqual(await numbers(database), [1, 2]);
});

test("opening a store of the next schema is refused in words and lets go of the file", async (context) => {
  const file = join(folderFor(context), "claviger.db");
  await (await openSqliteStore(file)).close();
  const raw = new Sqlite(file);
  raw.exec(`insert into migrations (number, title) values (${MIGRATIONS.length + 1}, 'from the future')`);
  raw.close();
  await assert.rejects(openSqliteStore(file), { name: "StoreUnavailable", message: /newer Claviger/ });
  const again = new Sqlite(file, { timeout: 0 });
  again.exec("delete from migrations where title = 'from the future'");
  again.close();
  await (await openSqliteStore(file)).close();
});

test("a migration that cannot happen is told in words", async (context) => {
  const file = join(folderFor(context), "claviger.db");
  const raw = new Sqlite(file);
  raw.exec("create table projects (already there)");
  raw.close();
  await assert.rejects(openSqliteStore(file), {
    name: "StoreUnavailable",
    message: /cannot be brought up to date: table projects already exists/,
  });
});

test("released migrations are numbered 1, 2, 3 …", () => {
  assert.deepEqual(
    MIGRATIONS.map(({ number }) => number),
    MIGRATIONS.map((_, index) => index + 1),
  );
});
