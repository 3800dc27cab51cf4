// What must be true of the server and of the schema before the store may be used. It changes nothing but the schema.
import { type Kysely, sql } from "kysely";
import { StoreUnavailable } from "../contract.ts";
import { MIGRATIONS, type Migration, migrate } from "../sql/migrations.ts";
import type { Tables } from "../sql/tables.ts";

export interface ServerFacts {
  /** As `version()` says it. */
  readonly version: string;
  /** 150004 is 15.4. */
  readonly number: number;
  readonly encoding: string | null;
  /** `on` on a standby. */
  readonly readOnly: string | null;
}

const OLDEST = 150_000;

export async function readServer(database: Kysely<Tables>): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`select version() as version,
    current_setting('server_version_num', true)::bigint as number,
    current_setting('server_encoding', true) as encoding,
    current_setting('transaction_read_only', true) as "readOnly"`.execute(database);
  return rows[0] as ServerFacts;
}

/** Why this server cannot hold the store, or `undefined` if it can. */
export function refusalOf({ version, number, encoding, readOnly }: ServerFacts): string | undefined {
  if (!speaksOnly(version) && number < OLDEST)
    return `is ${version.split(" ").slice(0, 2).join(" ")}: version 15 or later is needed`;
  if (encoding !== null && !/^utf-?8$/i.test(encoding))
    return `stores text as ${encoding}: make it with encoding UTF8`;
  if (readOnly === "on") return "is read-only: give the address of the primary";
  return undefined;
}

/** Others that speak the protocol name whichever PostgreSQL they resemble most. */
function speaksOnly(version: string): boolean {
  return /^CockroachDB|-YB-/.test(version);
}

/**
 * One process at a time, by the lock of a row: an advisory lock is nothing to CockroachDB, and is lost by a pooler that gives out
 * connections by the transaction. It goes with the connection of a process that dies. A schema that is up to date is only read,
 * so that the running program may do without the right to change it.
 */
export async function bringUpToDate(database: Kysely<Tables>, { version }: ServerFacts): Promise<void> {
  if ((await readNewest(database)) === MIGRATIONS.length) return;
  await makeLock(database);
  await database.transaction().execute(async (holder) => {
    await sql`select number from migrations where number = ${LOCK_ROW} for update`.execute(holder);
    await migrate(database, /^CockroachDB/.test(version) ? MIGRATIONS : MIGRATIONS.map(inByteOrder));
  });
}

/** Below the first migration. */
const LOCK_ROW = 0;

/** The number of the newest migration; `undefined` where none was ever made. */
export async function readNewest(database: Kysely<Tables>): Promise<number | undefined> {
  const { rows } = await sql<{
    exists: boolean;
  }>`select to_regclass('migrations') is not null as exists`.execute(database);
  if (rows[0]?.exists !== true) return undefined;
  const newest = await sql<{ newest: number | null }>`select max(number) as newest from migrations`.execute(
    database,
  );
  return newest.rows[0]?.newest ?? undefined;
}

/** SQLSTATEs of two that make the same table at once, which `if not exists` does not keep apart. */
const COLLISIONS = new Set(["23505", "42710", "42P07", "40001"]);

/** The second attempt finds made what it collided with. */
async function makeLock(database: Kysely<Tables>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql`create table if not exists migrations (number bigint primary key, title text not null)`.execute(
        database,
      );
      await sql`insert into migrations (number, title) values (${LOCK_ROW}, 'the lock of those who migrate')
        on conflict do nothing`.execute(database);
      return;
    } catch (error) {
      const { code = "" } = (error instanceof StoreUnavailable ? error.cause : error) as { code?: string };
      if (attempt === 5 || !COLLISIONS.has(code)) throw error;
    }
  }
}

/**
 * Text in the order of its bytes, as in SQLite, whatever collation the database was made with. Those of the operating system
 * change with its releases, and leave indexes behind in which rows cannot be found.
 */
function inByteOrder(migration: Migration): Migration {
  const statements = migration.statements.map((one) => one.replaceAll(/\btext\b/g, 'text collate "C"'));
  return { ...migration, statements };
}
