// The people's file of the embedded store, in the thread of stores: one connection, spoken to over messages, so that no verdict
// waits for its fsync.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { PeopleDatabase } from "../people.ts";
import { type AskPeople, threadOfPeople } from "./wire-end.ts";

let lastDatabase = 0;

/** `file` is made with mode 0600 and owned by this process while it is open. Throws StoreUnavailable. */
export async function openSqlitePeople(file: string): Promise<PeopleDatabase> {
  const thread = threadOfPeople();
  lastDatabase += 1;
  const people = lastDatabase;
  await thread({ people, open: file });
  const driver = createDriver(thread, people);
  const dialect: Dialect = {
    createDriver: () => driver,
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  const tables = new Kysely<unknown>({ dialect });
  let closed: Promise<void> | undefined;
  return {
    tables,
    dialect: "sqlite",
    // The lock of the file has done it.
    alone: (work) => work(),
    close: () => {
      closed ??= thread({ people, close: true });
      return closed;
    },
  };
}

function createDriver(thread: AskPeople, people: number): Driver {
  const run = (sql: string, parameters: readonly unknown[]) => thread({ people, run: { sql, parameters } });
  const connection: DatabaseConnection = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, changes } = (await run(sql, parameters)) as { rows: Row[]; changes: number };
      return { rows, numAffectedRows: BigInt(changes) };
    },
    // biome-ignore lint/correctness/useYield: there is nothing to give before the refusal.
    async *streamQuery() {
      throw new Error("people are read whole");
    },
  };
  let turn: Promise<void> = Promise.resolve();
  let release = (): void => {};
  return {
    init: async () => {},
    /** One at a time: a transaction must not have another's statements in it. */
    async acquireConnection() {
      const before = turn;
      const { promise, resolve } = Promise.withResolvers<void>();
      turn = promise;
      await before;
      release = resolve;
      return connection;
    },
    beginTransaction: async () => void (await run("begin immediate", [])),
    commitTransaction: async () => void (await run("commit", [])),
    rollbackTransaction: async () => void (await run("rollback", [])),
    releaseConnection: async () => release(),
    destroy: async () => {},
  };
}
