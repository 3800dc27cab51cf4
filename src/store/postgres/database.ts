// Opens the database: the server checked, the schema up to date, a pool of connections. It knows no record.
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from "kysely";
import { StoreUnavailable } from "../contract.ts";
import type { Tables } from "../sql/tables.ts";
import { type Address, readAddress } from "./address.ts";
import { SharedDatabase } from "./contention.ts";
import { createPool, type PoolLimits } from "./pool.ts";
import { bringUpToDate, readServer, refusalOf } from "./server.ts";

export interface PostgresOptions extends Partial<PoolLimits> {
  /** How long a change that lost a race is tried again. */
  readonly retryForMs?: number;
  /** Whether nodes wake one another by LISTEN and NOTIFY; without it they look ten times a second. Default true. */
  readonly notify?: boolean;
  /** Hears of connections that were lost while nobody used them; they are replaced. */
  readonly onFault?: (error: Error) => void;
}

/**
 * A frozen process holds the row that numbers the changes for no longer than the time it may idle within a transaction; those that
 * waited for it gave up at the same time and try again.
 */
const LIMITS: PoolLimits = {
  connections: 10,
  connectTimeoutMs: 2_000,
  statementTimeoutMs: 5_000,
  lockTimeoutMs: 300,
  idleInTransactionTimeoutMs: 300,
};
const RETRY_FOR_MS = 2_000;

/** Of the connection on which a node says that it is there: an answer that comes late is worth less than the next one. */
const BEAT_LIMITS: PoolLimits = {
  ...LIMITS,
  connections: 1,
  connectTimeoutMs: 1_000,
  statementTimeoutMs: 500,
};

/** Building an index takes as long as it takes; whoever waits for another's migration gives up after a minute. */
export const MIGRATION_LIMITS: PoolLimits = {
  // One holds the lock, one migrates.
  connections: 2,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 0,
  lockTimeoutMs: 60_000,
  idleInTransactionTimeoutMs: 0,
};

/**
 * `url` as in libpq: `postgres://user:password@host:port/database`. Any number of processes may open the same database, and all of
 * them bring its schema up to date. Throws StoreUnavailable in words, and never with the password.
 */
export async function openPostgresDatabase(
  url: string,
  options: PostgresOptions = {},
): Promise<SharedDatabase> {
  const { retryForMs = RETRY_FOR_MS, onFault = () => {}, ...given } = options;
  const address = readAddress(url);
  const limits = { ...LIMITS, ...given };
  await prepare(address, { ...MIGRATION_LIMITS, connectTimeoutMs: limits.connectTimeoutMs });
  const dialect = new PostgresDialect({ pool: createPool(address, limits, onFault) });
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  // Half of the connections stay with those who only read, while writers wait for one another.
  const writers = Math.max(1, Math.floor(limits.connections / 2));
  const database = new SharedDatabase({ dialect, plugins }, { writers, retryForMs });
  // A database that was never asked anything cannot be closed.
  await sql`select 1`.execute(database);
  return database;
}

/** A connection of its own beside those of `openPostgresDatabase`, which nothing else waits for. Throws StoreUnavailable. */
export async function openBeatConnection(
  url: string,
  { onFault = () => {} }: PostgresOptions,
): Promise<Kysely<Tables>> {
  const dialect = new PostgresDialect({ pool: createPool(readAddress(url), BEAT_LIMITS, onFault) });
  const database = new Kysely<Tables>({ dialect });
  await sql`select 1`.execute(database);
  return database;
}

async function prepare(address: Address, limits: PoolLimits): Promise<void> {
  const dialect = new PostgresDialect({ pool: createPool(address, limits, () => {}) });
  const database = new Kysely<Tables>({ dialect });
  try {
    const server = await readServer(database);
    const refusal = refusalOf(server);
    if (refusal !== undefined) throw new StoreUnavailable(`the database ${address.place} ${refusal}`);
    await bringUpToDate(database, server);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const words = `the database ${address.place} cannot be brought up to date: ${(error as Error).message}`;
    throw new StoreUnavailable(words, { cause: error });
  } finally {
    await database.destroy();
  }
}
