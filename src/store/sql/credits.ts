// Grants and adjustments of credits, as part of a batch of records: the same money and the same journal as a spend's.
import type { Transaction } from "kysely";
import { MAX_BALANCE } from "../../policy/pot.ts";
import { StoreConflict } from "../contract.ts";
import { type CreditWrite, MAX_LOTS } from "../ledger.ts";
import { loadAccounts } from "./ledger-load.ts";
import { liveLots, lotOf, type Money, noMoney, noteOnce, sumOf } from "./ledger-money.ts";
import { saveMoney } from "./ledger-save.ts";
import type { LedgerParts } from "./lock.ts";
import { NEVER, type Tables } from "./tables.ts";

/** Throws StoreConflict "balance" as CreditWrite says. */
export async function applyCredits(
  { statements, lockAccounts }: Pick<LedgerParts, "statements" | "lockAccounts">,
  transaction: Transaction<Tables>,
  write: CreditWrite,
  at: number,
): Promise<void> {
  if (!Number.isSafeInteger(write.units) || write.units < 1)
    throw new RangeError(`${write.units} credits are not 1 or more`);
  const money = noMoney();
  await lockAccounts(transaction, [write.account]);
  await loadAccounts({ database: transaction, statements }, money, [write]);
  if (write.kind === "grant-credits") grant(money, write, at);
  else take(money, write, at);
  await saveMoney(transaction, statements, money);
}

function grant(money: Money, write: CreditWrite & { kind: "grant-credits" }, at: number): void {
  const { project, account, units, reason } = write;
  const lot = lotOf(money, write, write.expiresAt);
  // The lot itself counts also where it has expired: no row passes the bound.
  const others = liveLots(money, write, at).filter((one) => one !== lot);
  if (others.length >= MAX_LOTS || units > MAX_BALANCE - sumOf([...others, lot]))
    throw new StoreConflict("balance");
  lot.remaining += units;
  money.changed.lots.add(lot);
  noteOnce(money, { at, project, account, kind: "grant", reason }, lot, units);
}

function take(money: Money, write: CreditWrite & { kind: "take-credits" }, at: number): void {
  const { project, account, reason } = write;
  let left = write.units;
  for (const { expiresAt, remaining } of liveLots(money, write, at)) {
    const units = Math.min(remaining, left);
    if (units === 0) break;
    left -= units;
    const lot = lotOf(money, write, expiresAt === NEVER ? null : expiresAt);
    lot.remaining -= units;
    money.changed.lots.add(lot);
    noteOnce(money, { at, project, account, kind: "adjustment", reason }, lot, -units);
  }
  if (left > 0) throw new StoreConflict("balance");
}
