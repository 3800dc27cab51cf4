// The embedded store as its tables. Whoever has it open is its one owner, and everything happens in the caller's thread.
import { sql } from "kysely";
import type { BareStore } from "../bare.ts";
import { bringUpToDate, openFile } from "./database.ts";

/** Throws StoreUnavailable, above all where a server runs on it. */
export async function openBareSqlite(file: string): Promise<BareStore> {
  const database = openFile(file);
  // A database that was never asked anything cannot be closed.
  await sql`select 1`.execute(database);
  return {
    place: `the store ${file}`,
    database,
    async schema() {
      const tables = await sql`select 1 from sqlite_master where name = 'migrations'`.execute(database);
      if (tables.rows.length === 0) return 0;
      const { rows } = await sql<{
        newest: number | null;
      }>`select max(number) as newest from migrations`.execute(database);
      return rows[0]?.newest ?? 0;
    },
    migrate: () => bringUpToDate(database, file),
    // The lock of the file has done it.
    lockOut: async () => {},
    close: () => database.destroy(),
  };
}
