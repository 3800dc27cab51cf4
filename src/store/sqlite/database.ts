// Opens the file of the embedded store: one owner, an fsync for every commit. The only file that knows better-sqlite3.
import { closeSync, openSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { CamelCasePlugin, Kysely, SqliteDialect } from "kysely";
import { type Store, StoreUnavailable } from "../contract.ts";
import { MIGRATIONS, migrate } from "../sql/migrations.ts";
import { createSqlStore } from "../sql/store.ts";
import type { Tables } from "../sql/tables.ts";
import { keepPrepared } from "./prepared.ts";

/** 16 MB between two checkpoints instead of SQLite's 4: a busy ledger writes the same pages again and again. */
export const LOG_PAGES = 4_000;

/**
 * `file` is made with mode 0600, and SQLite gives the files beside it the same. The exclusive lock lives as long as the store
 * is open: a second process is refused in words instead of losing writes. Throws StoreUnavailable.
 */
export async function openDatabase(file: string): Promise<Store> {
  const database = openFile(file);
  try {
    await bringUpToDate(database, file);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return createSqlStore(database);
}

/** With whatever schema it has. Throws StoreUnavailable. */
export function openFile(file: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new SqliteDialect({ database: keepPrepared(connect(file)) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/** Throws StoreUnavailable, also when the schema is newer than the program. */
export async function bringUpToDate(database: Kysely<Tables>, file: string): Promise<void> {
  try {
    await migrate(database, MIGRATIONS, " without rowid");
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const words = `the store ${file} cannot be brought up to date: ${(error as Error).message}`;
    throw new StoreUnavailable(words, { cause: error });
  }
}

/** The file's one owner. Throws StoreUnavailable. */
export function connect(file: string): Sqlite.Database {
  let connection: Sqlite.Database | undefined;
  try {
    makeFile(file);
    connection = new Sqlite(file, { timeout: 1_000 });
    connection.pragma("locking_mode = EXCLUSIVE");
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
    // Takes the exclusive lock now rather than at the first write.
    connection.exec("begin immediate; commit");
    const [check] = connection.pragma("quick_check(1)") as { quick_check: string }[];
    if (check?.quick_check !== "ok")
      throw new StoreUnavailable(`the store ${file} is damaged: ${check?.quick_check}`);
    return connection;
  } catch (error) {
    connection?.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") {
      throw new StoreUnavailable(
        `the store ${file} is in use by another process: stop it first, or speak to it over HTTP`,
      );
    }
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`the store ${file} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Never opens a file that is there: closing it again would release the locks that this process holds on it (fcntl). */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
