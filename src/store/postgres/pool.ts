// The connections to the database: how many, how they are set up, and which numbers come out of them. A connection that is lost
// while nobody uses it ends no process.
import type { PostgresPool } from "kysely";
import { type ClientBase, type CustomTypesConfig, Pool, types } from "pg";
import { StoreUnavailable } from "../contract.ts";
import type { Address } from "./address.ts";
import { faultOf } from "./faults.ts";
import { lend } from "./loan.ts";

export interface PoolLimits {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** 0 for none, as for the next two. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

/** How much later than the server's own time-out the server counts as silent. */
const SILENCE_MS = 1_000;

/** `onFault` hears of connections that were lost while nobody used them. */
export function createPool(
  address: Address,
  limits: PoolLimits,
  onFault: (error: Error) => void,
): PostgresPool {
  const { place, config } = address;
  const pool = new Pool({
    ...config,
    types: NUMBERS,
    max: limits.connections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    query_timeout: limits.statementTimeoutMs === 0 ? 0 : limits.statementTimeoutMs + SILENCE_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    fallback_application_name: "claviger",
    onConnect: (client) => setUp(client, limits),
  });
  pool.on("error", (error) => onFault(faultOf(withoutClient(error), place)));
  return {
    options: {},
    connect: async () => lend(pool, place),
    end: () => pool.end(),
  };
}

/**
 * For the session, rather than as parameters of its start, which poolers refuse. `synchronous_commit = off` would lose what was
 * answered as durable when the server crashes; stricter settings stay as they are.
 */
async function setUp(client: ClientBase, limits: PoolLimits): Promise<void> {
  const { statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs } = limits;
  await client.query(
    `select set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
       set_config('idle_in_transaction_session_timeout', $3, false),
       set_config('synchronous_commit', case current_setting('synchronous_commit')
         when 'off' then 'on' else current_setting('synchronous_commit') end, false)`,
    [statementTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs].map(String),
  );
}

/** The pool hangs the whole client on the error; it would end up in a log. */
function withoutClient(error: Error & { client?: unknown }): Error {
  delete error.client;
  return error;
}

/** Identifiers of `bigint` and `numeric` (a sum of bigints). */
const INTEGERS: readonly number[] = [types.builtins.INT8, types.builtins.NUMERIC];

/** Integers as numbers, as SQLite gives them. A number that a double cannot hold is a fault rather than another number. */
const NUMBERS: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    INTEGERS.includes(oid)
      ? readInteger
      : types.getTypeParser(oid, format as "text")) as typeof types.getTypeParser,
};

function readInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new StoreUnavailable(`the database holds the number ${text}, which cannot be read exactly`);
}
