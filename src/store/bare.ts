// A store as its tables, for commands that look after it while nobody serves it. It knows no record and says no password.
import type { Kysely, Transaction } from "kysely";
import type { Tables } from "./sql/tables.ts";

export interface BareStore {
  /** For people, such as `the database 127.0.0.1:5432/claviger`. */
  readonly place: string;
  readonly database: Kysely<Tables>;
  /** The number of its newest migration; 0 where it has none. */
  schema(): Promise<number>;
  /** Brings the schema up to this program. Throws StoreUnavailable. */
  migrate(): Promise<void>;
  /** Lets no Claviger begin to use the store until the end of the transaction. Throws StoreUnavailable where one uses it. */
  lockOut(transaction: Transaction<Tables>): Promise<void>;
  close(): Promise<void>;
}
