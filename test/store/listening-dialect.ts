// PostgreSQL's words, spoken to a database that only listens: for tests of what is asked, and in which order.
import assert from "node:assert/strict";
import {
  type CompiledQuery,
  type Dialect,
  DummyDriver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";

/** `rowsOf` answers the reads; everything asked is kept. */
export function listeningDialect(rowsOf: (sql: string) => readonly unknown[] = () => []): {
  readonly heard: CompiledQuery[];
  readonly dialect: Dialect;
} {
  const heard: CompiledQuery[] = [];
  const connection = {
    async executeQuery(query: CompiledQuery) {
      heard.push(query);
      return { rows: rowsOf(query.sql) as never[] };
    },
    streamQuery: () => assert.fail("nothing is streamed"),
  };
  class ListeningDriver extends DummyDriver {
    override async acquireConnection() {
      return connection;
    }
  }
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new ListeningDriver(),
    // biome-ignore lint/suspicious/noExplicitAny: as Kysely declares it.
    createIntrospector: (any: any) => new PostgresIntrospector(any),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return { heard, dialect };
}
