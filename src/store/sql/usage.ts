// Usage in SQL: counts added in bulk and sums read by group. It knows no table but its own.
import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import {
  DAY_MS,
  MAX_SUMS,
  type UsageCount,
  type UsageGroup,
  type UsageQuery,
  type UsageSum,
} from "../usage.ts";
import type { LastUseRow, Tables } from "./tables.ts";

type Database = Kysely<Tables>;

const IDENTITY = ["project", "account", "hour", "environment", "key", "route", "outcome"] as const;

/** 200 rows of 10 values stay within the 2,000 parameters that every database takes. */
const ROWS_IN_STATEMENT = 200;

export async function addUsage(database: Database, counts: readonly UsageCount[]): Promise<void> {
  const rows = mergeAlike(counts);
  if (rows.length === 0) return;
  await database.transaction().execute(async (transaction) => {
    for (let from = 0; from < rows.length; from += ROWS_IN_STATEMENT)
      await upsert(transaction, rows.slice(from, from + ROWS_IN_STATEMENT));
    await noteUses(transaction, rows);
  });
}

/** In the order of the keys too, for the same reason. Refusals count: whoever looks wants to know whether somebody sends the key. */
async function noteUses(transaction: Transaction<Tables>, counts: readonly UsageCount[]): Promise<void> {
  const newest = new Map<string, LastUseRow>();
  for (const { project, key, lastAt } of counts) {
    if (key === "") continue;
    const name = JSON.stringify([project, key]);
    if (lastAt > (newest.get(name)?.at ?? 0)) newest.set(name, { project, key, at: lastAt });
  }
  const rows = [...newest.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  for (let from = 0; from < rows.length; from += ROWS_IN_STATEMENT)
    await transaction
      .insertInto("lastUses")
      .values(rows.slice(from, from + ROWS_IN_STATEMENT))
      .onConflict((conflict) =>
        conflict
          .columns(["project", "key"])
          .doUpdateSet((eb) => ({ at: eb.ref("excluded.at") }))
          .whereRef("excluded.at", ">", "lastUses.at"),
      )
      .execute();
}

/** PostgreSQL touches no row twice in one statement; in one order, so that two writers never wait for each other in a circle. */
function mergeAlike(counts: readonly UsageCount[]): UsageCount[] {
  const merged = new Map<string, UsageCount>();
  for (const count of counts) {
    const identity = JSON.stringify(IDENTITY.map((column) => count[column]));
    const known = merged.get(identity);
    merged.set(identity, known === undefined ? count : plus(known, count));
  }
  return [...merged.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
}

function plus(known: UsageCount, more: UsageCount): UsageCount {
  return {
    ...known,
    requests: known.requests + more.requests,
    units: known.units + more.units,
    lastAt: Math.max(known.lastAt, more.lastAt),
  };
}

async function upsert(transaction: Transaction<Tables>, rows: readonly UsageCount[]): Promise<void> {
  await transaction
    .insertInto("usage")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(IDENTITY).doUpdateSet((eb) => ({
        requests: eb("usage.requests", "+", eb.ref("excluded.requests")),
        units: eb("usage.units", "+", eb.ref("excluded.units")),
        // The greater of two has another name in every database.
        lastAt: eb
          .case()
          .when("excluded.lastAt", ">", eb.ref("usage.lastAt"))
          .then(eb.ref("excluded.lastAt"))
          .else(eb.ref("usage.lastAt"))
          .end(),
      })),
    )
    .execute();
}

export async function readUsage(database: Database, query: UsageQuery): Promise<UsageSum[]> {
  const sums = query.by.includes("month")
    ? await sumMonths(database, query)
    : await sumGroups(database, query);
  // Databases sort text each in their own way.
  return sums.sort((one, other) => compare(one, other, query.by));
}

/** No arithmetic that every database has knows months: a query for each, between the first hour and the last with a count. */
async function sumMonths(database: Database, query: UsageQuery): Promise<UsageSum[]> {
  const by = query.by.filter((group) => group !== "month");
  const first = await edge(database, query, "asc");
  const last = await edge(database, query, "desc");
  const sums: UsageSum[] = [];
  if (first === undefined || last === undefined) return sums;
  for (let month = monthOf(first); month <= last && sums.length < MAX_SUMS; month = monthOf(month, 1)) {
    const from = Math.max(query.from, month);
    const to = Math.min(query.to, monthOf(month, 1));
    const limit = MAX_SUMS - sums.length;
    sums.push(
      ...(await sumGroups(database, { ...query, by, from, to }, limit)).map((sum) => ({ ...sum, month })),
    );
  }
  return sums;
}

/** The beginning of the month that `at` lies in, or of one so many months on. */
function monthOf(at: number, on = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + on);
}

/** The hour of the oldest or the newest count in question, off the index. */
async function edge(
  database: Database,
  { project, account, from, to }: UsageQuery,
  end: "asc" | "desc",
): Promise<number | undefined> {
  let query = database
    .selectFrom("usage")
    .select("hour")
    .where("project", "=", project)
    .where("hour", ">=", from)
    .where("hour", "<", to);
  if (account !== undefined) query = query.where("account", "=", account);
  const row = await query.orderBy("hour", end).limit(1).executeTakeFirst();
  return row && Number(row.hour);
}

type Column = Exclude<UsageGroup, "month">;

/** Numbers are written out and not bound: PostgreSQL takes the same one bound twice for two expressions. */
function expressionOf(group: Column): RawBuilder<unknown> {
  if (group !== "day") return sql.ref(group);
  const hour = sql.ref("hour");
  return sql`${hour} - ${hour} % ${sql.lit(DAY_MS)}`;
}

/** Big sums come as text from some databases. */
type Big = number | string;
type SumRow = Record<string, Big> & {
  readonly requests: Big;
  readonly units: Big;
  readonly lastAt: Big | null;
};

async function sumGroups(database: Database, asked: UsageQuery, limit = MAX_SUMS): Promise<UsageSum[]> {
  const groups = asked.by as readonly Column[];
  const expressions = groups.map(expressionOf);
  let query = database
    .selectFrom("usage")
    .select(({ fn }) => [
      fn.sum<Big>("requests").as("requests"),
      fn.sum<Big>("units").as("units"),
      fn.max("lastAt").as("lastAt"),
    ])
    .select(groups.map((group, index) => expressions[index]!.as(group)))
    .where("project", "=", asked.project)
    .where("hour", ">=", asked.from)
    .where("hour", "<", asked.to)
    .limit(limit);
  if (asked.account !== undefined) query = query.where("account", "=", asked.account);
  if (asked.environment !== undefined) query = query.where("environment", "=", asked.environment);
  for (const expression of expressions) query = query.groupBy(expression).orderBy(expression);
  const rows = (await query.execute()) as unknown as SumRow[];
  // Without a group, nothing at all sums up to a row of nulls.
  return rows.filter(({ lastAt }) => lastAt !== null).map((row) => sumOf(row, groups));
}

const TIMES: readonly UsageGroup[] = ["hour", "day", "month"];

function sumOf(row: SumRow, groups: readonly Column[]): UsageSum {
  const named = groups.map((group) => [group, TIMES.includes(group) ? Number(row[group]) : row[group]]);
  return {
    ...Object.fromEntries(named),
    requests: Number(row.requests),
    units: Number(row.units),
    lastAt: Number(row.lastAt),
  };
}

function compare(one: UsageSum, other: UsageSum, by: readonly UsageGroup[]): number {
  for (const group of by) if (one[group] !== other[group]) return one[group]! < other[group]! ? -1 : 1;
  return 0;
}
