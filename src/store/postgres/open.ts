// Opens the store in PostgreSQL: the records and the ledger behind the same contract as everywhere.
import type { Store } from "../contract.ts";
import { lockAccountRows } from "../sql/lock.ts";
import { createSqlStore } from "../sql/store.ts";
import { openPostgresDatabase, type PostgresOptions } from "./database.ts";

/** Throws StoreUnavailable in words, and never with the password of the URL; see openPostgresDatabase. */
export async function openPostgresStore(url: string, options: PostgresOptions = {}): Promise<Store> {
  return createSqlStore(await openPostgresDatabase(url, options), lockAccountRows);
}
