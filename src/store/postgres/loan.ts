// One connection while it is lent: every fault on it comes out at the question that meets it, and a connection that was lost while
// it lay idle is replaced before anybody notices.
import type { PostgresPoolClient } from "kysely";
import type { Pool, PoolClient } from "pg";
import { DatabaseFault, faultOf } from "./faults.ts";

interface Loan {
  readonly client: PoolClient;
  /** The fault that ended the connection. */
  ended: Error | undefined;
  /** Whether anything was asked on it. */
  used: boolean;
  /** Idempotent. */
  giveBack(destroy: boolean): void;
}

/** So many idle connections may turn out lost before that is told. */
const STALE_ATTEMPTS = 5;

/** What changes nothing when it fails: asked first on a connection, it may be asked again on another. */
const REPEATABLE = /^(select|begin)\b/i;

/** For Kysely. Rejects with DatabaseFault; its questions too, but for unique violations. */
export async function lend(pool: Pool, place: string): Promise<PostgresPoolClient> {
  let loan = await borrow(pool, place);
  const ask = async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
    for (let attempt = 1; ; attempt += 1) {
      const mayRepeat = !loan.used && REPEATABLE.test(sql) && attempt < STALE_ATTEMPTS;
      try {
        return await askOn(loan, place, sql, parameters);
      } catch (error) {
        if (!(mayRepeat && error instanceof DatabaseFault && error.endsConnection && error.mayPass))
          throw error;
        loan.giveBack(true);
        loan = await borrow(pool, place);
      }
    }
  };
  return {
    // Cursors are for streams of rows, which no read of the store is.
    query: ask as unknown as PostgresPoolClient["query"],
    release: (destroy) => loan.giveBack(destroy === true),
  };
}

async function borrow(pool: Pool, place: string): Promise<Loan> {
  const client = await pool.connect().catch((error: unknown) => {
    throw faultOf(error, place);
  });
  let isOut = true;
  // A connection that breaks between two questions says so by an event, which would end the process unheard.
  const hear = (error: Error): void => {
    loan.ended ??= faultOf(error, place, "");
  };
  const giveBack = (destroy: boolean): void => {
    if (!isOut) return;
    isOut = false;
    client.off("error", hear);
    client.release(destroy || loan.ended !== undefined);
  };
  const loan: Loan = { client, ended: undefined, used: false, giveBack };
  client.on("error", hear);
  return loan;
}

async function askOn(
  loan: Loan,
  place: string,
  sql: string,
  parameters: readonly unknown[],
): Promise<unknown> {
  // The first fault is the one that explains the others, a rollback's above all.
  if (loan.ended !== undefined) throw loan.ended;
  loan.used = true;
  try {
    return await loan.client.query(sql, [...storable(sql, parameters)]);
  } catch (error) {
    const fault = faultOf(error, place, sql);
    // Better than what the event told, which does not know what was asked.
    if (fault instanceof DatabaseFault && fault.endsConnection) loan.ended = fault;
    throw fault;
  }
}

/**
 * No text in the database holds U+0000, and PostgreSQL refuses to compare with one that does: what is looked for becomes what a
 * lone surrogate becomes on its way, so that it is looked for and not found. What is written stays as it is and is refused.
 */
function storable(sql: string, parameters: readonly unknown[]): readonly unknown[] {
  if (!/^select\b/i.test(sql)) return parameters;
  return parameters.map((one) =>
    typeof one === "string" && one.includes("\u0000") ? one.replaceAll("\u0000", "\ufffd") : one,
  );
}
