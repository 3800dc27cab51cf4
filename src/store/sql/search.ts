// Finding keys and accounts by what people remember. Whole values go by an index; parts are looked for among the newest, so that no
// search reads a whole instance.
import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from "kysely";
import type { AccountRecord, KeyRecord } from "../records.ts";
import { type KeySearch, type LastUse, SCANNED } from "../search.ts";
import { accountRecord, keyRecord, type Tables } from "./tables.ts";

type Database = Kysely<Tables>;

export async function findKeys(
  database: Database,
  project: string,
  { account, text, limit }: KeySearch,
): Promise<KeyRecord[]> {
  const among = () => {
    const query = database.selectFrom("keys").where("project", "=", project).where("deletedAt", "is", null);
    return account === undefined ? query : query.where("account", "=", account);
  };
  const whole = (["id", "start", "lastFour", "name"] as const).map((column) =>
    among().selectAll().where(column, "=", text).limit(limit).execute(),
  );
  const newest = among().selectAll().orderBy("createdAt", "desc").orderBy("id", "desc").limit(SCANNED);
  const parts = database
    .selectFrom(newest.as("newest"))
    .selectAll()
    .where((eb) =>
      eb.or([
        holds(eb.fn<string>("lower", ["name"]), text),
        holds(eb.fn<string>("lower", ["start"]), text),
        holds(eb.ref("id"), text),
      ]),
    )
    .limit(limit)
    .execute();
  const rows = (await Promise.all([...whole, parts])).flat();
  return newestFirst(rows, limit).map(keyRecord);
}

export async function findAccounts(
  database: Database,
  project: string,
  text: string,
  limit: number,
): Promise<AccountRecord[]> {
  const among = () => database.selectFrom("accounts").selectAll().where("project", "=", project);
  const newest = among().orderBy("createdAt", "desc").orderBy("id", "desc").limit(SCANNED);
  const rows = await Promise.all([
    among().where("id", "=", text).execute(),
    among().where("externalId", "=", text).execute(),
    database
      .selectFrom(newest.as("newest"))
      .selectAll()
      .where((eb) =>
        eb.or([
          holds(eb.fn<string>("lower", ["name"]), text),
          holds(eb.fn<string>("lower", ["externalId"]), text),
          holds(eb.ref("id"), text),
        ]),
      )
      .limit(limit)
      .execute(),
  ]);
  return newestFirst(rows.flat(), limit).map(accountRecord);
}

export async function readLastUses(
  database: Database,
  project: string,
  keys: readonly string[],
): Promise<LastUse[]> {
  if (keys.length === 0) return [];
  return database
    .selectFrom("lastUses")
    .select(["key", "at"])
    .where("project", "=", project)
    .where("key", "in", keys)
    .execute();
}

/** Both databases take a sign of our own for the escape; their own ones differ. */
function holds(column: Expression<string>, text: string): RawBuilder<SqlBool> {
  const plain = text.toLowerCase().replaceAll(/[!%_]/g, "!$&");
  return sql<SqlBool>`${column} like ${`%${plain}%`} escape '!'`;
}

function newestFirst<Row extends { id: string; createdAt: number }>(
  rows: readonly Row[],
  limit: number,
): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()]
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1))
    .slice(0, limit);
}
