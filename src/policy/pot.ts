// Pots: what pays for a request. An allowance is units per calendar month, credits are prepaid units; both are money, counted in
// whole units. Pure; it remembers nothing.
import { periodAt } from "./month.ts";

export const POTS = ["allowance", "credits"] as const;
export type Pot = (typeof POTS)[number];

/** What one request may cost; a request that costs more is refused as unmeasurable. */
export const MAX_COST = 1_000_000_000;
/** No balance and no use of an allowance passes it, so that all of them are integers in JSON (RFC 8259 section 6). */
export const MAX_BALANCE = Number.MAX_SAFE_INTEGER;

/** What a plan grants an account in each environment and period. */
export interface Allowance {
  /** Units; `null` without bound. */
  readonly limit: number | null;
  /** Units past the limit that a period takes; 0 for none, `null` without bound. */
  readonly overage: number | null;
  /** Day of the month on which it is there anew; `"created"` for the day on which the account was made. */
  readonly resetsOn: number | "created";
}

/** A pot as a request may draw on it. */
export type Draw =
  | {
      readonly pot: "allowance";
      /** The beginning of the period, milliseconds since 1970. */
      readonly period: number;
      readonly limit: number | null;
      readonly overage: number | null;
    }
  | { readonly pot: "credits" };

/** What one pot paid of a cost. */
export type Part =
  | {
      readonly pot: "allowance";
      readonly period: number;
      readonly units: number;
      /** How many of the units were past the limit. */
      readonly over: number;
    }
  /** `expiresAt` names the lot that the units came from; `null` for units that do not expire. */
  | { readonly pot: "credits"; readonly expiresAt: number | null; readonly units: number };

/** What an account has in one environment. */
export interface Balance {
  /** Of the account's newest period that anything was taken from, or of the one asked for where that is newer. */
  readonly period: number;
  readonly used: number;
  /** Of `used`, what was taken past the limit. */
  readonly over: number;
  /** Of the whole account; what has expired is not in it. */
  readonly credits: number;
}

/** What is told of an allowance. */
export interface AllowanceState {
  readonly limit: number | null;
  readonly used: number;
  /** Never below 0; `null` without bound. */
  readonly remaining: number | null;
  readonly over: number;
  /** Milliseconds since 1970. */
  readonly resetsAt: number;
}

/**
 * What `balance` means under an allowance that is there anew on `day` of the month. Of a period that has ended nothing counts any more;
 * one that is newer than the one of `now` (the clock stepped back, or the plan's day moved) still counts, and resets at its own end.
 */
export function allowanceState(
  { limit, day }: { readonly limit: number | null; readonly day: number },
  balance: Balance,
  now: number,
): AllowanceState {
  const { end } = periodAt(Math.max(now, balance.period), day);
  const { used, over } = balance.period < periodAt(now, day).start ? { used: 0, over: 0 } : balance;
  const remaining = limit === null ? null : Math.max(0, limit - used);
  return { limit, used, remaining, over, resetsAt: end };
}

/** What a request has paid, and what is needed to give it back or to settle it. Plain data. */
export interface Receipt {
  /** When it was paid, milliseconds since 1970: the moment that says its month, in the ledger and in usage. */
  readonly at: number;
  readonly project: string;
  readonly account: string;
  readonly environment: string;
  readonly key: string;
  /** Pattern of the route; empty where no route was consulted. */
  readonly route: string;
  readonly units: number;
  readonly parts: readonly Part[];
  readonly draws: readonly Draw[];
  /** What is told of the balance beside it. */
  readonly allowance: (Allowance & { readonly day: number }) | undefined;
  readonly tellsCredits: boolean;
}

/** Of what was paid, the `units` that were taken last; of an allowance those past its limit first. */
export function lastParts(parts: readonly Part[], units: number): Part[] {
  const last: Part[] = [];
  let left = units;
  for (const part of parts.toReversed()) {
    const taken = Math.min(part.units, left);
    if (taken === 0) continue;
    left -= taken;
    last.push(
      part.pot === "allowance"
        ? { ...part, units: taken, over: Math.min(part.over, taken) }
        : { ...part, units: taken },
    );
  }
  return last;
}
