// Keeps prepared statements: Kysely prepares each anew, which was a tenth of the time of a batch of 500 spends when measured.
import type Sqlite from "better-sqlite3";
import type { SqliteDatabase } from "kysely";
import { LRUCache } from "lru-cache";

/** Of these, few are large: lists are cut into few sizes (see sql/statements.ts). */
const MOST_STATEMENTS = 256;

/** `connection` as Kysely wants it. SQLite itself prepares a kept statement anew when the schema has changed. */
export function keepPrepared(connection: Sqlite.Database): SqliteDatabase {
  const kept = new LRUCache<string, Sqlite.Statement>({ max: MOST_STATEMENTS });
  return {
    close: () => connection.close(),
    prepare(text) {
      const known = kept.get(text) ?? connection.prepare(text);
      kept.set(text, known);
      return known as unknown as ReturnType<SqliteDatabase["prepare"]>;
    },
  };
}
