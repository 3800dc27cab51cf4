// The database of people: beside the records, on tables of its own that the people room makes and reads. It holds no key.
import type { Kysely } from "kysely";

/** What a driver hands to the people room. */
export interface PeopleDatabase {
  // biome-ignore lint/suspicious/noExplicitAny: the library that keeps people's sign-in names its tables itself.
  readonly tables: Kysely<any>;
  readonly dialect: "sqlite" | "postgres";
  /** Runs `work` while no other node does: schemas are brought up to date in it. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
