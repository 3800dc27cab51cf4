// Holds off other nodes while an account's money is read and written. Its account row is what is locked: it is there before the first
// row of an allowance or of credits, so that two nodes cannot both find none and both make it.
import type { Kysely, Transaction } from "kysely";
import type { Statements } from "./statements.ts";
import type { Tables } from "./tables.ts";

/**
 * Until the end of the transaction. Ids of accounts are unique over all projects. Waits for those that others hold, or, if asked to skip,
 * for nobody: then it answers whom it could not get.
 */
export type LockAccounts = (
  transaction: Transaction<Tables>,
  accounts: Iterable<string>,
  skip?: boolean,
) => Promise<ReadonlySet<string>>;

const NOBODY: ReadonlySet<string> = new Set();

/** For a database that other processes write to as well. Needs isolation of READ COMMITTED or more; an unknown account locks nothing. */
export const lockAccountRows: LockAccounts = async (transaction, accounts, skip = false) => {
  // In one order for all, so that two nodes never wait for each other in a circle.
  const sorted = [...new Set(accounts)].sort();
  const busy = new Set<string>();
  for (let from = 0; from < sorted.length; from += 1_000) {
    const ids = sorted.slice(from, from + 1_000);
    const wanted = transaction.selectFrom("accounts").select("id").where("id", "in", ids);
    const locking = wanted.orderBy("id").forUpdate();
    const locked = await (skip ? locking.skipLocked() : locking).execute();
    if (!skip || locked.length === ids.length) continue;
    const got = new Set(locked.map(({ id }) => id));
    for (const { id } of await wanted.execute()) if (!got.has(id)) busy.add(id);
  }
  return busy;
};

/** For a database of one connection, whose transactions come one after the other. */
export const lockNothing: LockAccounts = async () => NOBODY;

/** What the ledger needs of its driver. */
export interface LedgerParts {
  readonly database: Kysely<Tables>;
  readonly statements: Statements;
  readonly lockAccounts: LockAccounts;
}
