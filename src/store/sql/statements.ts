// Statements over many rows, put together once for each size: Kysely needs longer to compile a large statement than the database to
// run it. It knows no table.
import type { Compilable, CompiledQuery, Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Stands where a value will: 0, 1, 2 … It is of every type to the compiler, because it is compared with columns of all of them. */
export type Place = never;

/** Puts a statement together around the places of its values, and says no value itself. One function for one statement. */
export type Build = (database: Kysely<Tables>, places: readonly Place[]) => Compilable;

export interface Statements {
  /** `database` is the transaction to run in. Answers what the statement returns. */
  run<Row>(database: Kysely<Tables>, build: Build, values: readonly unknown[]): Promise<Row[]>;
}

interface Compiled {
  readonly query: CompiledQuery;
  /** Which value each parameter of the text is. */
  readonly places: readonly number[];
}

/** One for each store: the text depends on the database's dialect. */
export function createStatements(): Statements {
  const known = new Map<Build, Map<number, Compiled>>();
  return {
    async run<Row>(database: Kysely<Tables>, build: Build, values: readonly unknown[]) {
      const sizes = known.get(build) ?? new Map<number, Compiled>();
      known.set(build, sizes);
      const compiled = sizes.get(values.length) ?? compile(database, build, values.length);
      sizes.set(values.length, compiled);
      const parameters = compiled.places.map((place) => values[place]);
      return (await database.executeQuery({ ...compiled.query, parameters })).rows as Row[];
    },
  };
}

function compile(database: Kysely<Tables>, build: Build, size: number): Compiled {
  const query = build(
    database,
    Array.from({ length: size }, (_, place) => place as Place),
  ).compile();
  return { query, places: query.parameters as number[] };
}

/** Cuts a list into pieces of `most`, and the rest into 1, 2, 4 … of them, so that few sizes serve every length. */
export function* piecesOf<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  let size = most;
  for (let from = 0; from < items.length; from += size) {
    while (size > items.length - from) size /= 2;
    yield items.slice(from, from + size);
  }
}

/** Cuts as piecesOf does, but fills the last piece up by repetition, for lists in which that changes nothing. */
export function* paddedPiecesOf<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += most) {
    const piece = items.slice(from, from + most);
    const size = 2 ** Math.ceil(Math.log2(piece.length));
    yield [...piece, ...Array.from({ length: size - piece.length }, () => piece[0]!)];
  }
}

/** The places of many rows with these columns, one row after the other. */
export function placesOfRows<Column extends string>(
  columns: readonly Column[],
  places: readonly Place[],
): Record<Column, Place>[] {
  return Array.from({ length: places.length / columns.length }, (_, row) => {
    const cells = columns.map((column, index) => [column, places[row * columns.length + index]]);
    return Object.fromEntries(cells) as Record<Column, Place>;
  });
}

/** The values of rows in the order of placesOfRows. */
export function valuesOfRows<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, unknown>>[],
): unknown[] {
  return rows.flatMap((row) => columns.map((column) => row[column]));
}
