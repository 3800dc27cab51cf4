// The thread's side of the people's files: runs one statement at a time. It knows no table.
import type Sqlite from "better-sqlite3";
import { StoreUnavailable } from "../contract.ts";
import { connect } from "./database.ts";
import type { AskedOfPeople } from "./wire.ts";

const databases = new Map<number, Sqlite.Database>();

export function answerPeople(asked: AskedOfPeople): unknown {
  if (asked.open !== undefined) {
    databases.set(asked.people, connect(asked.open));
    return undefined;
  }
  const database = databases.get(asked.people);
  if (database === undefined) throw new StoreUnavailable("the database of people is closed");
  if (asked.run === undefined) {
    databases.delete(asked.people);
    return void database.close();
  }
  const statement = database.prepare(asked.run.sql);
  const values = asked.run.parameters as unknown[];
  if (statement.reader) return { rows: statement.all(...values), changes: 0 };
  return { rows: [], changes: statement.run(...values).changes };
}
