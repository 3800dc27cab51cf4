// The way of a movement into the journal. A batch leaves what it moved in one row, and a moment later the rows of many batches are posted
// to the movements' own table, those of the same origin as one: the table is kept in the order of accounts, so that a row there for
// each account of each batch was most of what a batch wrote to the disk.
import type { Kysely, Transaction } from "kysely";
import { newTimedId } from "../../base/ids.ts";
import { HOUR_MS } from "../usage.ts";
import { COMPACTION, type GrowingMovement, MOVEMENT_COLUMNS } from "./ledger-rows.ts";
import { type Build, piecesOf, placesOfRows, type Statements, valuesOfRows } from "./statements.ts";
import type { MovementRow, Tables } from "./tables.ts";

interface Writer {
  readonly transaction: Transaction<Tables>;
  readonly statements: Statements;
}

/** Batches that one piece of work posts: at most some 15 ms of the store's thread, for which spends wait. */
export const POSTINGS_IN_PIECE = 8;

/** So few movements are kept as their batches made them, for whoever reads the journal. */
const MOST_KEPT_APART = 256;

/** Below 2,000 values of 15 columns, and a power of two. */
const MOST_ROWS = 128;

const INSERT_MOVEMENTS: Build = (database, places) =>
  database.insertInto("movements").values(placesOfRows(MOVEMENT_COLUMNS, places));

/** What requests moved waits to be posted; what operators moved is in the journal at once. */
export async function saveMovements(writer: Writer, movements: readonly MovementRow[]): Promise<void> {
  const [waiting, single] = [COMPACTION.waiting, COMPACTION.never].map((state) =>
    movements.filter(({ compacted }) => compacted === state),
  ) as [MovementRow[], MovementRow[]];
  await insertMovements(writer, single);
  const [first] = waiting;
  if (first === undefined) return;
  await writer.transaction
    .insertInto("postings")
    .values({ id: newTimedId("pst", first.at), movements: JSON.stringify(waiting.map(cellsOf)) })
    .execute();
}

/** Posts the oldest batches; answers how many. Each is taken out of its table first, so that two nodes may do it at once. */
export async function postMovements(database: Kysely<Tables>, statements: Statements): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const taken = await transaction
      .deleteFrom("postings")
      .where("id", "in", (from) =>
        from.selectFrom("postings").select("id").orderBy("id").limit(POSTINGS_IN_PIECE),
      )
      .returningAll()
      .execute();
    const movements = taken.flatMap(({ movements: text }) => (JSON.parse(text) as Cell[][]).map(movementOf));
    const kept = movements.length > MOST_KEPT_APART ? [...joined(movements).values()] : movements;
    await insertMovements({ transaction, statements }, kept);
    return taken.length;
  });
}

/** Before the journal is read. */
export async function postAll(database: Kysely<Tables>, statements: Statements): Promise<void> {
  while ((await postMovements(database, statements)) === POSTINGS_IN_PIECE);
}

async function insertMovements(
  { transaction, statements }: Writer,
  movements: readonly MovementRow[],
): Promise<void> {
  for (const piece of piecesOf(movements, MOST_ROWS))
    await statements.run(transaction, INSERT_MOVEMENTS, valuesOfRows(MOVEMENT_COLUMNS, piece));
}

type Cell = MovementRow[keyof MovementRow];

function cellsOf(movement: MovementRow): Cell[] {
  return MOVEMENT_COLUMNS.map((column) => movement[column]);
}

function movementOf(cells: readonly Cell[]): GrowingMovement {
  const named = MOVEMENT_COLUMNS.map((column, index) => [column, cells[index]]);
  return Object.fromEntries(named) as GrowingMovement;
}

/** Movements of the same origin, pot and hour become the first of them. */
function joined(movements: readonly GrowingMovement[]): Map<string, GrowingMovement> {
  const sums = new Map<string, GrowingMovement>();
  for (const movement of movements) {
    const { id: _, at, units, requests, ...same } = movement;
    const name = JSON.stringify([Math.floor(at / HOUR_MS), same]);
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, movement);
    else {
      sum.units += units;
      sum.requests += requests;
    }
  }
  return sums;
}
