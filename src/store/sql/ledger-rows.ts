// The way between rows of the ledger's tables and its records. Integers are read through Number: some databases give big ones as text.
import { newTimedId } from "../../base/ids.ts";
import type { AllowanceUse, HoldRecord, MovementKind, MovementRecord, Origin } from "../ledger.ts";
import { type CreditLotRow, type HoldRow, type MovementRow, NEVER } from "./tables.ts";

type Mutable<Row> = { -readonly [Field in keyof Row]: Row[Field] };

/** What an account used of an allowance, as a batch changes it. */
export type AllowanceRow = Mutable<AllowanceUse>;
/** Credits of one account that expire together, as a batch changes them. */
export type LotRow = Mutable<CreditLotRow>;
/** A movement that grows while its batch is decided. */
export type GrowingMovement = Mutable<MovementRow>;

/** Of `movements.compacted`. What stays as it is has a number of its own, so that the index names only what still waits. */
export const COMPACTION = { waiting: 0, done: 1, never: 2 } as const;

const SUMMED_UP: ReadonlySet<MovementKind> = new Set(["spend", "refund"]);

export const ALLOWANCE_COLUMNS = ["project", "account", "environment", "period", "used", "over"] as const;
export const LOT_COLUMNS = ["project", "account", "expiresAt", "remaining"] as const;
export const MOVEMENT_COLUMNS = [
  "id",
  "at",
  "project",
  "account",
  "environment",
  "pot",
  "kind",
  "units",
  "requests",
  "key",
  "route",
  "period",
  "expiresAt",
  "reason",
  "compacted",
] as const;
export const HOLD_COLUMNS = [
  "id",
  "project",
  "account",
  "environment",
  "key",
  "route",
  "units",
  "parts",
  "draws",
  "createdAt",
  "expiresAt",
  "settledUnits",
  "settledAt",
] as const;

export function allowanceRow(row: AllowanceUse): AllowanceRow {
  return { ...row, period: Number(row.period), used: Number(row.used), over: Number(row.over) };
}

export function lotRow(row: CreditLotRow): LotRow {
  return { ...row, expiresAt: Number(row.expiresAt), remaining: Number(row.remaining) };
}

export function movementRow(row: MovementRow): MovementRow {
  return {
    ...row,
    at: Number(row.at),
    units: Number(row.units),
    requests: Number(row.requests),
    period: numberOrNull(row.period),
    expiresAt: numberOrNull(row.expiresAt),
    compacted: Number(row.compacted),
  };
}

export function movementRecord(row: MovementRow): MovementRecord {
  const { compacted, ...rest } = movementRow(row);
  return { ...rest, compacted: compacted === COMPACTION.done };
}

export function holdRow({ parts, draws, ...rest }: HoldRecord): HoldRow {
  return { ...rest, parts: JSON.stringify(parts), draws: JSON.stringify(draws) };
}

export function holdRecord({ parts, draws, ...rest }: HoldRow): HoldRecord {
  return {
    ...rest,
    parts: JSON.parse(parts),
    draws: JSON.parse(draws),
    units: Number(rest.units),
    createdAt: Number(rest.createdAt),
    expiresAt: Number(rest.expiresAt),
    settledUnits: numberOrNull(rest.settledUnits),
    settledAt: numberOrNull(rest.settledAt),
  };
}

function numberOrNull(value: number | null): number | null {
  return value === null ? null : Number(value);
}

/** What a movement is about; without `key` and `route` no request made it. */
export interface MovementFacts extends Pick<MovementRow, "at" | "project" | "account" | "kind"> {
  readonly origin?: Origin;
  readonly reason?: string | null;
}

/** `period` of an allowance, `expiresAt` of a lot of credits as its row has it. */
export type MovedPot = { readonly period: number } | { readonly expiresAt: number };

/** Of 0 units and 0 requests. */
export function newMovement(facts: MovementFacts, pot: MovedPot): GrowingMovement {
  const { at, project, account, kind, origin, reason = null } = facts;
  return {
    id: newTimedId("mov", at),
    at,
    project,
    account,
    environment: origin?.environment ?? "",
    pot: "period" in pot ? "allowance" : "credits",
    kind,
    units: 0,
    requests: 0,
    key: origin?.key ?? "",
    route: origin?.route ?? "",
    period: "period" in pot ? pot.period : null,
    expiresAt: "expiresAt" in pot ? expiryOfLot(pot.expiresAt) : null,
    reason,
    compacted: SUMMED_UP.has(kind) ? COMPACTION.waiting : COMPACTION.never,
  };
}

/** As records say it: `null` for never. */
export function expiryOfLot(expiresAt: number): number | null {
  return expiresAt === NEVER ? null : expiresAt;
}
