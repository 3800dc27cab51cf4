// The money of the accounts of a batch in memory: what was read, how it moves, and what has to be written. It knows neither who pays
// first nor a database. No pot falls below 0 or passes MAX_BALANCE here, and nothing moves without its line in the journal.
import { type Balance, MAX_BALANCE, type Part } from "../../policy/pot.ts";
import type { HoldRecord, MovementKind, Origin, Purse } from "../ledger.ts";
import { HOUR_MS } from "../usage.ts";
import {
  type AllowanceRow,
  type GrowingMovement,
  type LotRow,
  type MovedPot,
  type MovementFacts,
  newMovement,
} from "./ledger-rows.ts";
import { NEVER } from "./tables.ts";

export interface AccountMoney {
  /** The soonest to expire first; those that have expired and are not written off yet are among them. */
  readonly lots: LotRow[];
  /** By environment, in no order. */
  readonly allowances: Map<string, AllowanceRow[]>;
}

export interface Money {
  /** By project and account. */
  readonly accounts: Map<string, Map<string, AccountMoney>>;
  /** Those that the batch names or opens, by id. */
  readonly holds: Map<string, HoldRecord>;
  /** What has to be written. */
  readonly changed: {
    readonly allowances: Set<AllowanceRow>;
    readonly lots: Set<LotRow>;
    readonly openedHolds: Set<string>;
    readonly settledHolds: Set<string>;
    readonly movements: Map<string, GrowingMovement>;
  };
}

type Owner = Pick<Purse, "project" | "account">;

export function noMoney(): Money {
  return {
    accounts: new Map(),
    holds: new Map(),
    changed: {
      allowances: new Set(),
      lots: new Set(),
      openedHolds: new Set(),
      settledHolds: new Set(),
      movements: new Map(),
    },
  };
}

export function moneyOf(money: Money, { project, account }: Owner): AccountMoney {
  const known = money.accounts.get(project)?.get(account);
  if (known !== undefined) return known;
  const made: AccountMoney = { lots: [], allowances: new Map() };
  const accounts = money.accounts.get(project) ?? new Map<string, AccountMoney>();
  money.accounts.set(project, accounts.set(account, made));
  return made;
}

/** The newest period in use, or an unused one that begins at `asked` where that is newer (hostile E14). */
export function allowanceInUse(money: Money, purse: Purse, asked: number): Readonly<AllowanceRow> {
  let newest: AllowanceRow | undefined;
  for (const row of moneyOf(money, purse).allowances.get(purse.environment) ?? [])
    if (row.period >= (newest?.period ?? asked)) newest = row;
  return newest ?? unusedAllowance(purse, asked);
}

export function liveLots(money: Money, owner: Owner, at: number): Readonly<LotRow>[] {
  return moneyOf(money, owner).lots.filter(({ expiresAt, remaining }) => expiresAt > at && remaining > 0);
}

/** `asked` is a period: see Balance. */
export function balanceOf(money: Money, purse: Purse, asked: number, at: number): Balance {
  const { period, used, over } = allowanceInUse(money, purse, asked);
  return { period, used, over, credits: sumOf(liveLots(money, purse, at)) };
}

/** A clock that steps back may wake lots that have expired, which no grant counted: then MAX_BALANCE is told. */
export function sumOf(lots: readonly Pick<LotRow, "remaining">[]): number {
  return Math.min(
    MAX_BALANCE,
    lots.reduce((sum, { remaining }) => sum + remaining, 0),
  );
}

/** When and why something moves, and how many requests it is. */
export interface Occasion {
  readonly at: number;
  readonly kind: MovementKind;
  readonly requests: number;
}

/** Takes parts that are known to be there. */
export function takeParts(money: Money, origin: Origin, parts: readonly Part[], occasion: Occasion): void {
  const moved = new Set<GrowingMovement>();
  for (const part of parts) {
    if (part.pot === "allowance") {
      const row = allowanceOf(money, origin, part.period);
      row.used += part.units;
      row.over += part.over;
      money.changed.allowances.add(row);
    } else {
      const lot = lotOf(money, origin, part.expiresAt);
      lot.remaining -= part.units;
      money.changed.lots.add(lot);
    }
    moved.add(note(money, origin, part, -part.units, occasion));
  }
  for (const movement of moved) movement.requests += occasion.requests;
}

/**
 * Gives parts back to the pots that paid; answers what came back, which is less only where a pot would fall below 0 or pass
 * MAX_BALANCE. Units past the limit come back first, whoever took them: `over` stays what stands past the limit, and nobody pays
 * overage for room that another's refund has made.
 */
export function giveBackParts(
  money: Money,
  origin: Origin,
  parts: readonly Part[],
  occasion: Occasion,
): Part[] {
  const moved = new Set<GrowingMovement>();
  const given: Part[] = [];
  for (const part of parts) {
    const back = giveBack(money, origin, part);
    if (back.units === 0) continue;
    given.push(back);
    moved.add(note(money, origin, back, back.units, occasion));
  }
  for (const movement of moved) movement.requests += occasion.requests;
  return given;
}

function giveBack(money: Money, origin: Origin, part: Part): Part {
  if (part.pot === "allowance") {
    const row = knownAllowance(money, origin, part.period);
    // Nothing was ever taken from it, and giving back opens no period.
    if (row === undefined) return { ...part, units: 0, over: 0 };
    const units = Math.min(part.units, row.used);
    const over = Math.min(units, row.over);
    row.used -= units;
    row.over -= over;
    money.changed.allowances.add(row);
    return { ...part, units, over };
  }
  const units = Math.min(part.units, MAX_BALANCE - sumOf(moneyOf(money, origin).lots));
  if (units <= 0) return { ...part, units: 0 };
  const lot = lotOf(money, origin, part.expiresAt);
  lot.remaining += units;
  money.changed.lots.add(lot);
  return { ...part, units };
}

/** Adds to the movement of the same origin, pot and hour: there is one for each in a batch. */
function note(
  money: Money,
  origin: Origin,
  part: Part,
  units: number,
  { at, kind }: Occasion,
): GrowingMovement {
  const { project, account, environment, key, route } = origin;
  const pot = part.pot === "allowance" ? part.period : part.expiresAt;
  const name = JSON.stringify([
    project,
    account,
    environment,
    key,
    route,
    kind,
    part.pot,
    pot,
    Math.floor(at / HOUR_MS),
  ]);
  let movement = money.changed.movements.get(name);
  if (movement === undefined) {
    movement = newMovement({ at, project, account, kind, origin }, movedPot(part));
    money.changed.movements.set(name, movement);
  }
  movement.units += units;
  return movement;
}

/** A movement of its own, which no request made. */
export function noteOnce(money: Money, facts: MovementFacts, lot: LotRow, units: number): void {
  const movement = newMovement(facts, lot);
  movement.units = units;
  money.changed.movements.set(movement.id, movement);
}

function movedPot(part: Part): MovedPot {
  return part.pot === "allowance" ? { period: part.period } : { expiresAt: part.expiresAt ?? NEVER };
}

function knownAllowance(money: Money, purse: Purse, period: number): AllowanceRow | undefined {
  return moneyOf(money, purse)
    .allowances.get(purse.environment)
    ?.find((row) => row.period === period);
}

/** The row of a period; an unused one is made. */
function allowanceOf(money: Money, purse: Purse, period: number): AllowanceRow {
  const known = knownAllowance(money, purse, period);
  if (known !== undefined) return known;
  const made = unusedAllowance(purse, period);
  const { allowances } = moneyOf(money, purse);
  allowances.set(purse.environment, [...(allowances.get(purse.environment) ?? []), made]);
  return made;
}

function unusedAllowance({ project, account, environment }: Purse, period: number): AllowanceRow {
  return { project, account, environment, period, used: 0, over: 0 };
}

/** The lot that expires then; an empty one is made in its place. */
export function lotOf(money: Money, { project, account }: Owner, expiresAt: number | null): LotRow {
  const { lots } = moneyOf(money, { project, account });
  const expiry = expiresAt ?? NEVER;
  const place = lots.findIndex((lot) => lot.expiresAt >= expiry);
  const found = lots[place];
  if (found?.expiresAt === expiry) return found;
  const made = { project, account, expiresAt: expiry, remaining: 0 };
  lots.splice(place === -1 ? lots.length : place, 0, made);
  return made;
}
