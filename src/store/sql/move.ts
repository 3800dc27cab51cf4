// Moves everything that one store holds into another that is empty, in one transaction: the other store has all of it, counted and
// summed up, or nothing. It knows no driver.
import { type Kysely, sql, type Transaction } from "kysely";
import type { BareStore } from "../bare.ts";
import { StoreUnavailable } from "../contract.ts";
import { MIGRATIONS } from "./migrations.ts";
import { postAll } from "./postings.ts";
import {
  type Build,
  createStatements,
  piecesOf,
  placesOfRows,
  type Statements,
  valuesOfRows,
} from "./statements.ts";
import { type Compared, compareSums } from "./sums.ts";
import type { Tables } from "./tables.ts";

/** Every table that is moved, under its name in the database. `nodes` and `tickets` are not: whoever runs on the other store enters itself, and tickets last a minute. */
export const MOVED_TABLES = [
  "projects",
  "accounts",
  "keys",
  "audit",
  "replays",
  "changes",
  "counters",
  "settings",
  "allowances",
  "credit_lots",
  "movements",
  "postings",
  "holds",
  "usage",
  "last_uses",
] as const;

/** What is held in memory at a time, whichever comes first; a row has at most some 2 MB. */
const MOST_ROWS = 256;
const MOST_CHARACTERS = 1_000_000;

/** Refuses in words, with StoreUnavailable, what moveStore would refuse. Changes nothing. */
export async function checkMove(from: BareStore, to: BareStore): Promise<void> {
  const [found, wanted] = [await from.schema(), MIGRATIONS.length];
  if (found !== wanted) throw new StoreUnavailable(schemaWords(from, found));
  const there = await to.schema();
  if (there === 0) return;
  if (there !== wanted) throw new StoreUnavailable(schemaWords(to, there));
  await refuseFull(to, to.database);
}

function schemaWords({ place }: BareStore, found: number): string {
  return `${place} has schema ${found} and this program ${MIGRATIONS.length}: bring it up to date with \`claviger migrate\`, or use the newer program`;
}

/**
 * Copies and compares; answers what was compared, all of it equal. The first store is only read, but for movements that wait for their
 * place in the journal, which get it. Throws StoreUnavailable, and has then changed nothing of the other store but its schema.
 */
export async function moveStore(from: BareStore, to: BareStore): Promise<Compared[]> {
  await checkMove(from, to);
  const statements = createStatements();
  await postAll(from.database, statements);
  await to.migrate();
  return to.database.transaction().execute(async (transaction) => {
    await to.lockOut(transaction);
    await refuseFull(to, transaction);
    // Every migration has made its row.
    await sql`delete from counters`.execute(transaction);
    for (const table of MOVED_TABLES) await copyTable(from, transaction, statements, table);
    const counts = await compareCounts(from, transaction);
    return [...counts, ...(await compareSums(from.database, transaction))];
  });
}

async function refuseFull({ place }: BareStore, database: Kysely<Tables>): Promise<void> {
  const full: string[] = [];
  for (const table of MOVED_TABLES) {
    const only = table === "counters" ? sql`where value <> 0` : sql``;
    const { rows } = await sql`select 1 from ${sql.table(table)} ${only} limit 1`.execute(database);
    if (rows.length > 0) full.push(table);
  }
  if (full.length > 0)
    throw new StoreUnavailable(
      `${place} is not empty: it has rows in ${full.join(", ")}; a move needs a database of its own`,
    );
}

type Row = Readonly<Record<string, unknown>>;

async function copyTable(
  from: BareStore,
  transaction: Transaction<Tables>,
  statements: Statements,
  table: string,
): Promise<void> {
  const rows = from.database
    .withoutPlugins()
    .selectFrom(table as never)
    .selectAll()
    .stream() as AsyncIterable<Row>;
  const target = transaction.withoutPlugins();
  let insert: Build | undefined;
  for await (const page of pagesOf(rows)) {
    const columns = Object.keys(page[0]!);
    insert ??= insertInto(table, columns);
    for (const piece of piecesOf(page, MOST_ROWS))
      await statements.run(target, insert, valuesOfRows(columns, piece));
  }
}

function insertInto(table: string, columns: readonly string[]): Build {
  return (database, places) =>
    database.insertInto(table as never).values(placesOfRows(columns, places) as never);
}

/** Pages of at least one row. */
async function* pagesOf(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  let page: Row[] = [];
  let characters = 0;
  for await (const row of rows) {
    page.push(row);
    for (const value of Object.values(row)) if (typeof value === "string") characters += value.length;
    if (page.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield page;
    page = [];
    characters = 0;
  }
  if (page.length > 0) yield page;
}

async function compareCounts(from: BareStore, transaction: Transaction<Tables>): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const table of MOVED_TABLES) {
    if (table === "counters") continue;
    const [source, target] = [await count(from.database, table), await count(transaction, table)];
    if (source !== target)
      throw new StoreUnavailable(
        `the copy of ${table} has ${target} rows instead of ${source}: nothing was moved`,
      );
    compared.push({ what: table.replace("_", " "), source, target });
  }
  const [source, target] = [await newest(from.database), await newest(transaction)];
  if (source !== target)
    throw new StoreUnavailable("the copy numbers its changes otherwise: nothing was moved");
  return [...compared, { what: "number of the newest change", source, target }];
}

async function count(database: Kysely<Tables>, table: string): Promise<bigint> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
    database,
  );
  return BigInt(rows[0]!.count);
}

async function newest(database: Kysely<Tables>): Promise<bigint> {
  const { rows } = await sql<{
    value: number;
  }>`select value from counters where name = 'changes'`.execute(database);
  return BigInt(rows[0]?.value ?? 0);
}
