// The people's tables in PostgreSQL: connections of their own, so that no verdict waits for a sign-in.
import { Kysely, PostgresDialect, sql } from "kysely";
import type { PeopleDatabase } from "../people.ts";
import { readAddress } from "./address.ts";
import { createPool, type PoolLimits } from "./pool.ts";

const LIMITS: PoolLimits = {
  connections: 4,
  connectTimeoutMs: 2_000,
  statementTimeoutMs: 5_000,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 5_000,
};

/** Names the lock under which one node brings the tables up to date. */
const LOCK = "claviger people";

/** `onFault` hears of connections that were lost while nobody used them. Throws StoreUnavailable. */
export async function openPostgresPeople(
  url: string,
  onFault: (error: Error) => void,
): Promise<PeopleDatabase> {
  const dialect = new PostgresDialect({ pool: createPool(readAddress(url), LIMITS, onFault) });
  const tables = new Kysely<unknown>({ dialect });
  await sql`select 1`.execute(tables);
  return {
    tables,
    dialect: "postgres",
    alone: (work) =>
      tables.connection().execute(async (connection) => {
        await sql`select pg_advisory_lock(hashtext(${LOCK}))`.execute(connection);
        try {
          return await work();
        } finally {
          await sql`select pg_advisory_unlock(hashtext(${LOCK}))`.execute(connection);
        }
      }),
    close: () => tables.destroy(),
  };
}
