// Keeps the books: posts what batches moved, writes off credits that have expired, sums up the journal by the hour, forgets old holds and
// the beginning of the changes log. Each piece is a
// transaction of its own and takes what it changes out of the tables first, so that it can stop anywhere and two nodes may do it at once.
import { hash } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { HOUR_MS } from "../usage.ts";
import { noMoney, noteOnce } from "./ledger-money.ts";
import { COMPACTION, type GrowingMovement, lotRow, movementRow } from "./ledger-rows.ts";
import { saveMoney } from "./ledger-save.ts";
import type { LedgerParts } from "./lock.ts";
import { POSTINGS_IN_PIECE, postMovements } from "./postings.ts";
import type { MovementRow, Tables } from "./tables.ts";

/** Rows of one piece: some 10 ms of the store's thread, for which spends wait. */
const PIECE = 500;
/** 100 rows of 15 values stay below the 2,000 parameters that every database takes. */
const ROWS_IN_STATEMENT = 100;
const KEEP_HOLDS_MS = 7 * 24 * HOUR_MS;
/** A node that was away for longer looks at everything again. About 110 MB. */
const KEEP_CHANGES = 1_000_000;

/** One piece of each kind of work; whether any of them may have left some. */
export async function keepBooks(parts: LedgerParts, now: number, compactBefore: number): Promise<boolean> {
  const posted = await postMovements(parts.database, parts.statements);
  const counts = [
    await writeOffExpired(parts, now),
    await sumUpHours(parts, Math.floor(compactBefore / HOUR_MS) * HOUR_MS),
    await forgetHolds(parts, now - KEEP_HOLDS_MS),
    await forgetChanges(parts.database),
  ];
  return posted === POSTINGS_IN_PIECE || counts.some((count) => count === PIECE);
}

/** Lots that expired by `now`; each that had something left gets its line in the journal. */
async function writeOffExpired(
  { database, statements, lockAccounts }: LedgerParts,
  now: number,
): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const due = await transaction
      .selectFrom("creditLots")
      .select(["account", "expiresAt"])
      .where("expiresAt", "<=", now)
      .orderBy("expiresAt")
      .limit(PIECE)
      .execute();
    const last = due.at(-1);
    if (last === undefined) return 0;
    const accounts = [...new Set(due.map(({ account }) => account))];
    await lockAccounts(transaction, accounts);
    const lots = await transaction
      .deleteFrom("creditLots")
      .where("expiresAt", "<=", last.expiresAt)
      .where("account", "in", accounts)
      .returningAll()
      .execute();
    const money = noMoney();
    for (const lot of lots.map(lotRow).filter(({ remaining }) => remaining > 0))
      noteOnce(
        money,
        { at: now, project: lot.project, account: lot.account, kind: "expiry" },
        lot,
        -lot.remaining,
      );
    await saveMoney(transaction, statements, money);
    return due.length;
  });
}

/** Movements that wait to be summed up and are older than `before`, which begins an hour. */
async function sumUpHours({ database }: LedgerParts, before: number): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const rows = await transaction
      .deleteFrom("movements")
      .where("id", "in", (from) =>
        from
          .selectFrom("movements")
          .select("id")
          .where("compacted", "=", COMPACTION.waiting)
          .where("at", "<", before)
          .orderBy("at")
          .limit(PIECE),
      )
      .returningAll()
      .execute();
    const sums = [...sumUp(rows.map(movementRow)).values()];
    for (let from = 0; from < sums.length; from += ROWS_IN_STATEMENT)
      await addToSums(transaction, sums.slice(from, from + ROWS_IN_STATEMENT));
    return rows.length;
  });
}

function sumUp(rows: readonly MovementRow[]): Map<string, GrowingMovement> {
  const sums = new Map<string, GrowingMovement>();
  for (const row of rows) {
    const at = Math.floor(row.at / HOUR_MS) * HOUR_MS;
    const id = idOfSum(row, at);
    const sum = sums.get(id);
    if (sum === undefined) sums.set(id, { ...row, id, at, compacted: COMPACTION.done });
    else {
      sum.units += row.units;
      sum.requests += row.requests;
    }
  }
  return sums;
}

/**
 * An hour's sum is found again under the id that its contents give, so that what comes late or in another piece is added to it. 128
 * bits, because two sums that met under one id would be one.
 */
function idOfSum(row: MovementRow, hour: number): string {
  const { project, account, environment, pot, kind, key, route, period, expiresAt } = row;
  const name = [hour, project, account, environment, pot, kind, key, route, period, expiresAt];
  return `mov_${hash("sha256", JSON.stringify(name), "hex").slice(0, 32)}`;
}

async function addToSums(transaction: Transaction<Tables>, sums: readonly MovementRow[]): Promise<void> {
  await transaction
    .insertInto("movements")
    .values(sums)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({
        units: eb("movements.units", "+", eb.ref("excluded.units")),
        requests: eb("movements.requests", "+", eb.ref("excluded.requests")),
      })),
    )
    .execute();
}

/** Holds whose time was over by `before`. */
async function forgetHolds({ database }: LedgerParts, before: number): Promise<number> {
  const deleted = await database
    .deleteFrom("holds")
    .where("id", "in", (from) =>
      from
        .selectFrom("holds")
        .select("id")
        .where("expiresAt", "<=", before)
        .orderBy("expiresAt")
        .limit(PIECE),
    )
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
}

/** All but the newest `keep`, a piece at a time. Answers how many went. */
export async function forgetChanges(database: Kysely<Tables>, keep = KEEP_CHANGES): Promise<number> {
  const deleted = await database
    .deleteFrom("changes")
    .where("seq", "in", (from) =>
      from
        .selectFrom("changes")
        .select("seq")
        .where("seq", "<=", (newest) =>
          newest
            .selectFrom("counters")
            .select((eb) => eb("value", "-", keep).as("last"))
            .where("name", "=", "changes"),
        )
        .orderBy("seq")
        .limit(PIECE),
    )
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
}
