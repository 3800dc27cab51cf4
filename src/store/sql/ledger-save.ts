// Writes what a batch has changed in few statements. It decides nothing; the accounts are locked, so sums are written as they are.
import type { Transaction } from "kysely";
import type { Money } from "./ledger-money.ts";
import { ALLOWANCE_COLUMNS, HOLD_COLUMNS, holdRow, LOT_COLUMNS, type LotRow } from "./ledger-rows.ts";
import { saveMovements } from "./postings.ts";
import {
  type Build,
  paddedPiecesOf,
  piecesOf,
  placesOfRows,
  type Statements,
  valuesOfRows,
} from "./statements.ts";
import type { Tables } from "./tables.ts";

const WRITE_ALLOWANCES: Build = (database, places) =>
  database
    .insertInto("allowances")
    .values(placesOfRows(ALLOWANCE_COLUMNS, places))
    .onConflict((conflict) =>
      conflict
        .columns(["project", "account", "environment", "period"])
        .doUpdateSet(({ ref }) => ({ used: ref("excluded.used"), over: ref("excluded.over") })),
    );

const WRITE_LOTS: Build = (database, places) =>
  database
    .insertInto("creditLots")
    .values(placesOfRows(LOT_COLUMNS, places))
    .onConflict((conflict) =>
      conflict
        .columns(["project", "account", "expiresAt"])
        .doUpdateSet(({ ref }) => ({ remaining: ref("excluded.remaining") })),
    );

const DELETE_EMPTY_LOTS: Build = (database, [project, ...accounts]) =>
  database
    .deleteFrom("creditLots")
    .where("project", "=", project!)
    .where("account", "in", accounts)
    .where((eb) => eb("remaining", "=", eb.lit(0)));

const INSERT_HOLDS: Build = (database, places) =>
  database.insertInto("holds").values(placesOfRows(HOLD_COLUMNS, places));

const SETTLE_HOLDS: Build = (database, places) =>
  database
    .insertInto("holds")
    .values(placesOfRows(HOLD_COLUMNS, places))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet(({ ref }) => ({
        parts: ref("excluded.parts"),
        settledUnits: ref("excluded.settledUnits"),
        settledAt: ref("excluded.settledAt"),
      })),
    );

/** Rows of one statement: a power of two, and below 2,000 values for the widest row. */
const MOST_ROWS = { allowances: 256, lots: 256, holds: 128 } as const;
const MOST_NAMES = 512;

/** All that `money` has changed; `transaction` is the one in which it was read. */
export async function saveMoney(
  transaction: Transaction<Tables>,
  statements: Statements,
  { changed, holds }: Money,
): Promise<void> {
  const write = async <Column extends string>(
    build: Build,
    columns: readonly Column[],
    rows: readonly Readonly<Record<Column, unknown>>[],
    most: number,
  ): Promise<void> => {
    for (const piece of piecesOf(rows, most))
      await statements.run(transaction, build, valuesOfRows(columns, piece));
  };
  const holdRows = (ids: Iterable<string>) => [...ids].map((id) => holdRow(holds.get(id)!));
  await write(WRITE_ALLOWANCES, ALLOWANCE_COLUMNS, [...changed.allowances], MOST_ROWS.allowances);
  await write(WRITE_LOTS, LOT_COLUMNS, [...changed.lots], MOST_ROWS.lots);
  await saveMovements({ transaction, statements }, [...changed.movements.values()]);
  await write(INSERT_HOLDS, HOLD_COLUMNS, holdRows(changed.openedHolds), MOST_ROWS.holds);
  const settled = changed.settledHolds.difference(changed.openedHolds);
  await write(SETTLE_HOLDS, HOLD_COLUMNS, holdRows(settled), MOST_ROWS.holds);
  await deleteEmptyLots(transaction, statements, changed.lots);
}

/** A lot that is used up is forgotten, so that a spend reads only lots that can pay. */
async function deleteEmptyLots(
  transaction: Transaction<Tables>,
  statements: Statements,
  lots: ReadonlySet<LotRow>,
): Promise<void> {
  const empty = [...lots].filter(({ remaining }) => remaining === 0);
  for (const [project, ofProject] of Map.groupBy(empty, (lot) => lot.project)) {
    const accounts = [...new Set(ofProject.map(({ account }) => account))];
    for (const piece of paddedPiecesOf(accounts, MOST_NAMES))
      await statements.run(transaction, DELETE_EMPTY_LOTS, [project, ...piece]);
  }
}
