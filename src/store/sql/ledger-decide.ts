// What each entry of the ledger does to the money in memory: who pays first, what is refused, what a hold comes to. Pure: no clock, no
// database; entries are decided one after the other in the order given.
import { type Draw, lastParts, MAX_BALANCE, MAX_COST, type Part } from "../../policy/pot.ts";
import type { GiveBack, HoldRecord, LedgerAnswer, LedgerEntry, Purse, Settle, Spend } from "../ledger.ts";
import {
  allowanceInUse,
  balanceOf,
  giveBackParts,
  liveLots,
  type Money,
  type Occasion,
  takeParts,
} from "./ledger-money.ts";
import { expiryOfLot } from "./ledger-rows.ts";

/** Changes `money` and answers. Throws RangeError for units that no caller may send. */
export function decide(money: Money, entry: LedgerEntry): LedgerAnswer {
  switch (entry.kind) {
    case "spend":
      return spend(money, entry);
    case "give-back":
      return giveBack(money, entry);
    case "settle":
      return settle(money, entry);
  }
}

/** The period that a draw of the allowance asks for; 0 without one. */
export function askedPeriod(draws: readonly (Draw | Part)[]): number {
  return draws.find((draw) => draw.pot === "allowance")?.period ?? 0;
}

function spend(money: Money, entry: Spend): LedgerAnswer {
  assertUnits(entry.units, 1, MAX_COST);
  assertPots(entry.draws);
  const parts = price(money, entry, entry.draws, entry.units, entry.at);
  if (parts === undefined) return unpaid(money, entry, entry.draws, entry.at);
  takeParts(money, entry, parts, { at: entry.at, kind: "spend", requests: 1 });
  if (entry.hold !== undefined) openHold(money, entry, parts, entry.hold);
  return done(money, entry, parts, askedPeriod(entry.draws), entry.at);
}

function giveBack(money: Money, entry: GiveBack): LedgerAnswer {
  for (const { units } of entry.parts) assertUnits(units, 0, MAX_BALANCE);
  const given = giveBackParts(money, entry, entry.parts, { at: entry.at, kind: "refund", requests: 1 });
  return done(money, entry, given, askedPeriod(entry.parts), entry.at);
}

function settle(money: Money, { hold: id, units, at }: Settle): LedgerAnswer {
  assertUnits(units, 0, MAX_COST);
  const hold = money.holds.get(id);
  if (hold === undefined) return { done: false, reason: "not_found" };
  const asked = askedPeriod(hold.draws);
  if (hold.settledUnits !== null)
    return hold.settledUnits === units
      ? done(money, hold, hold.parts, asked, at)
      : { done: false, reason: "closed" };
  if (hold.expiresAt <= at) return { done: false, reason: "expired" };
  const parts =
    units <= hold.units ? keepOf(money, hold, units, at) : takeMore(money, hold, units - hold.units, at);
  if (parts === undefined) return unpaid(money, hold, hold.draws, at);
  money.holds.set(id, { ...hold, parts, settledUnits: units, settledAt: at });
  money.changed.settledHolds.add(id);
  return done(money, hold, parts, asked, at);
}

/** No request makes a settlement: the one it belongs to was counted when it was held. */
const settled = (kind: Occasion["kind"], at: number): Occasion => ({ at, kind, requests: 0 });

/** Gives back all but `units`; what was taken last comes back first. */
function keepOf(money: Money, hold: HoldRecord, units: number, at: number): Part[] {
  giveBackParts(money, hold, lastParts(hold.parts, hold.units - units), settled("refund", at));
  return firstParts(hold.parts, units);
}

function takeMore(money: Money, hold: HoldRecord, units: number, at: number): Part[] | undefined {
  const more = price(money, hold, hold.draws, units, at);
  if (more === undefined) return undefined;
  takeParts(money, hold, more, settled("spend", at));
  return joined([...hold.parts, ...more]);
}

/** What pays, in order; `undefined` when all together have too little. Takes nothing. */
function price(
  money: Money,
  purse: Purse,
  draws: readonly Draw[],
  units: number,
  at: number,
): Part[] | undefined {
  const parts = firstParts(offersOf(money, purse, draws, units, at), units);
  const paid = parts.reduce((sum, part) => sum + part.units, 0);
  return paid === units ? joined(parts) : undefined;
}

/** The most that each pot can pay, in the order of the draws, and overage last. Of credits no more lots than `units` need. */
function offersOf(
  money: Money,
  purse: Purse,
  draws: readonly Draw[],
  units: number,
  at: number,
): readonly Part[] {
  const offers: Part[] = [];
  const overages: Part[] = [];
  for (const draw of draws) {
    if (draw.pot === "credits") {
      offers.push(...creditOffers(money, purse, units, at));
      continue;
    }
    const { period, used, over } = allowanceInUse(money, purse, draw.period);
    const within = Math.max(0, (draw.limit ?? MAX_BALANCE) - used);
    const past = Math.min((draw.overage ?? MAX_BALANCE) - over, MAX_BALANCE - used - within);
    offers.push({ pot: "allowance", period, units: within, over: 0 });
    if (past > 0) overages.push({ pot: "allowance", period, units: past, over: past });
  }
  return overages.length === 0 ? offers : [...offers, ...overages];
}

function creditOffers(money: Money, purse: Purse, units: number, at: number): Part[] {
  const offers: Part[] = [];
  let wanted = units;
  for (const { expiresAt, remaining } of liveLots(money, purse, at)) {
    if (wanted <= 0) break;
    wanted -= remaining;
    offers.push({ pot: "credits", expiresAt: expiryOfLot(expiresAt), units: remaining });
  }
  return offers;
}

/** The `units` that are taken first; of an allowance those within its limit before those past it. */
function firstParts(parts: readonly Part[], units: number): Part[] {
  const first: Part[] = [];
  let left = units;
  for (const part of parts) {
    const taken = Math.min(part.units, left);
    if (taken === 0) continue;
    left -= taken;
    first.push(
      part.pot === "allowance"
        ? { ...part, units: taken, over: Math.max(0, part.over - (part.units - taken)) }
        : { ...part, units: taken },
    );
  }
  return first;
}

/** Neighbours of the same pot become one. Those apart stay apart: their order says what comes back first. */
function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.pot === "allowance" && last?.pot === "allowance" && part.period === last.period)
      whole[whole.length - 1] = { ...part, units: last.units + part.units, over: last.over + part.over };
    else if (part.pot === "credits" && last?.pot === "credits" && part.expiresAt === last.expiresAt)
      whole[whole.length - 1] = { ...part, units: last.units + part.units };
    else whole.push(part);
  }
  return whole;
}

function openHold(
  money: Money,
  { project, account, environment, key, route, units, draws, at }: Spend,
  parts: readonly Part[],
  { id, expiresAt }: NonNullable<Spend["hold"]>,
): void {
  if (money.holds.has(id)) throw new RangeError(`the hold ${id} is open already`);
  const origin = { project, account, environment, key, route };
  const open = { settledUnits: null, settledAt: null };
  money.holds.set(id, { id, ...origin, units, parts, draws, createdAt: at, expiresAt, ...open });
  money.changed.openedHolds.add(id);
}

function done(money: Money, purse: Purse, parts: readonly Part[], asked: number, at: number): LedgerAnswer {
  return { done: true, parts, balance: balanceOf(money, purse, asked, at) };
}

function unpaid(money: Money, purse: Purse, draws: readonly Draw[], at: number): LedgerAnswer {
  return { done: false, reason: "unpaid", balance: balanceOf(money, purse, askedPeriod(draws), at) };
}

/** A number that is none would spoil a balance for good. */
function assertUnits(units: number, least: number, most: number): void {
  if (!Number.isSafeInteger(units) || units < least || units > most)
    throw new RangeError(`${units} units are not ${least} to ${most}`);
}

/** A pot named twice would pay twice what it has. */
function assertPots(draws: readonly Draw[]): void {
  if (new Set(draws.map(({ pot }) => pot)).size < draws.length) throw new RangeError("a pot is named twice");
}
