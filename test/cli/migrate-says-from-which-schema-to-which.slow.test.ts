// Promise: `claviger migrate` brings a store up to the program and says from which number to which, in the embedded store as in
// PostgreSQL; asked only to look it changes nothing, and a newer schema is refused.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Sqlite from "better-sqlite3";
import { MIGRATIONS } from "../../src/store/sql/migrations.ts";
import { folderFor } from "../support/folder.ts";
import { startPostgres } from "../support/services.ts";
import { run, serve } from "./made-up-terminal.ts";

const NEWEST = MIGRATIONS.length;

/** A store of the first migration only, as a program that knew no more has left it. */
function oldStore(context: TestContext): { data: string; ask(sql: string): unknown[] } {
  const data = folderFor(context);
  const ask = (sql: string) => {
    const raw = new Sqlite(join(data, "claviger.db"));
    try {
      return raw.prepare(sql).all();
    } finally {
      raw.close();
    }
  };
  const raw = new Sqlite(join(data, "claviger.db"));
  raw.exec("create table migrations (number bigint primary key, title text not null)");
  for (const statement of MIGRATIONS[0]!.statements) raw.exec(statement);
  raw.exec("insert into migrations values (1, 'records and their changes')");
  raw.close();
  return { data, ask };
}

test("an embedded store of an earlier program is looked at, brought up, and then up to date", async (context) => {
  const { data, ask } = oldStore(context);
  const migrate = (...more: string[]) => run(["migrate", "--data", data, ...more]);
  const place = `the store ${join(data, "claviger.db")}`;
  const tables = () => ask("select name from sqlite_master order by name");
  const before = tables();
  const checked = await migrate("--check");
  assert.deepEqual(
    [checked.code, checked.out, checked.err],
    [3, `The schema of ${place} is 1; this program needs ${NEWEST}.\n`, ""],
  );
  assert.deepEqual(tables(), before, "a look changes nothing");
  const migrated = await migrate();
  assert.deepEqual(
    [migrated.code, migrated.out],
    [0, `Brought the schema of ${place} from 1 to ${NEWEST}.\n`],
  );
  for (const more of [[], ["--check"]]) {
    const { code, out } = await migrate(...more);
    assert.deepEqual([code, out], [0, `The schema of ${place} is up to date: ${NEWEST}.\n`]);
  }
  const { banner } = await serve(context, ["--json", "--port", "0", "--data", data]);
  assert.ok(JSON.parse(banner).rootKey);
  const { code, err } = await migrate();
  assert.equal(code, 1, "not while a server runs on it");
  assert.match(err, /^claviger: the store .* is in use by another process: stop it first/);
});

test("an empty database gets the whole schema, and its password is not said", async (context) => {
  const { url, ask } = await startPostgres(context);
  const { password, host, pathname } = new URL(url);
  const env = { CLAVIGER_DATABASE_URL: url };
  const place = `the database ${host}${pathname}`;
  const checked = await run(["migrate", "--check"], { env });
  assert.deepEqual(
    [checked.code, checked.out],
    [3, `The schema of ${place} is 0; this program needs ${NEWEST}.\n`],
  );
  assert.deepEqual(await ask("select 1 from pg_tables where schemaname = 'public'"), []);
  const migrated = await run(["migrate"], { env });
  assert.deepEqual(
    [migrated.code, migrated.out],
    [0, `Brought the schema of ${place} from 0 to ${NEWEST}.\n`],
  );
  const again = await run(["migrate", "--database-url", url]);
  assert.deepEqual([again.code, again.out], [0, `The schema of ${place} is up to date: ${NEWEST}.\n`]);
  for (const { out, err } of [checked, migrated, again]) assert.ok(!`${out}${err}`.includes(password));
});

test("a newer schema is refused in words and left as it is, whether looked at or not", async (context) => {
  const { url, ask } = await startPostgres(context);
  const { data, ask: askFile } = oldStore(context);
  for (const where of [
    ["--database-url", url],
    ["--data", data],
  ]) {
    assert.equal((await run(["migrate", ...where])).code, 0);
    const future = `insert into migrations values (${NEWEST + 1}, 'of tomorrow') returning number`;
    await (where[0] === "--data" ? askFile(future) : ask(future));
    for (const more of [[], ["--check"]]) {
      const { code, out, err } = await run(["migrate", ...where, ...more]);
      assert.deepEqual([code, out], [1, ""]);
      const words = `schema ${NEWEST + 1}, this program knows ${NEWEST}`;
      assert.equal(
        err,
        `claviger: the store was written by a newer Claviger (${words}): start the newer one\n`,
      );
    }
  }
});

test("no store is made where there is none, and a database that is away is told without its password", async (context) => {
  const data = folderFor(context);
  const none = await run(["migrate", "--data", data]);
  assert.deepEqual(
    [none.code, none.err],
    [1, `claviger: there is no store in ${data}: name its folder with --data\n`],
  );
  assert.ok(!existsSync(join(data, "claviger.db")));
  const away = await run(["migrate", "--database-url", "postgres://u:secret-word@127.0.0.1:1/d"]);
  assert.deepEqual(
    [away.code, away.err],
    [1, "claviger: the database 127.0.0.1:1/d does not accept connections\n"],
  );
});

test("a new root key can be had while nodes run on the database, and the old one is dead on them", async (context) => {
  const { url } = await startPostgres(context);
  const env = {
    CLAVIGER_PEPPER: Buffer.alloc(32, 7).toString("base64url"),
    CLAVIGER_DATABASE_URL: url,
    CLAVIGER_DATA: folderFor(context),
  };
  const { banner } = await serve(context, ["--json", "--port", "0"], { env });
  const { controlPlane, rootKey } = JSON.parse(banner);
  const list = (key: string) =>
    run(["keys", "list", "claviger"], { env: { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: key } });
  assert.equal((await list(rootKey)).code, 0);
  const reset = await run(["root-key", "reset"], { env });
  assert.deepEqual([reset.code, reset.err], [0, ""]);
  assert.match((await list(rootKey)).err, /revoked/);
  assert.equal((await list(reset.out.trim())).code, 0);
});
