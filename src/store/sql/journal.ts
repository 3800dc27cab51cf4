// Reads what the ledger wrote down: the movements of an account, and what accounts used of their allowances.
import type { Kysely } from "kysely";
import type { AllowanceUse, LedgerStore, MovementRecord } from "../ledger.ts";
import type { PageQuery } from "../page.ts";
import { allowanceRow, movementRecord } from "./ledger-rows.ts";
import type { Tables } from "./tables.ts";

export async function readMovements(
  database: Kysely<Tables>,
  project: string,
  account: string,
  page: PageQuery,
): Promise<MovementRecord[]> {
  let query = database
    .selectFrom("movements")
    .selectAll()
    .where("project", "=", project)
    .where("account", "=", account);
  const { after } = page;
  if (after)
    query = query.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(after.createdAt, after.id)));
  const rows = await query.orderBy("at", "desc").orderBy("id", "desc").limit(page.limit).execute();
  return rows.map(movementRecord);
}

/** By account, environment and period. */
export async function readAllowanceUses(
  database: Kysely<Tables>,
  project: string,
  { from, to, account }: Parameters<LedgerStore["allowanceUses"]>[1],
): Promise<AllowanceUse[]> {
  let query = database.selectFrom("allowances").selectAll().where("project", "=", project);
  if (account === undefined) query = query.where("period", ">=", from).where("period", "<", to);
  else {
    // The sum keeps databases from going by the index of periods, through every account of the project.
    query = query.where("account", "=", account);
    query = query.where((eb) => eb(eb("period", "+", eb.lit(0)), ">=", from));
    query = query.where((eb) => eb(eb("period", "+", eb.lit(0)), "<", to));
  }
  const rows = await query.orderBy("account").orderBy("environment").orderBy("period").execute();
  return rows.map(allowanceRow);
}
