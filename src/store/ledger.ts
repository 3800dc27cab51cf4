// What every ledger must do: spend durably and exactly, keep a journal of every movement. Plain data in and out, so that it may live
// in another thread or behind a wire; test/store/ledger-suite.ts holds each driver to these words.
import type { Balance, Draw, Part } from "../policy/pot.ts";
import type { PageQuery } from "./page.ts";

/** Whose money it is. An allowance belongs to the account in one environment, credits to the account. */
export interface Purse {
  readonly project: string;
  readonly account: string;
  readonly environment: string;
}

/** Who spent it, for what: movements of one batch with the same origin are one. */
export interface Origin extends Purse {
  readonly key: string;
  /** Empty where no route was consulted. */
  readonly route: string;
}

/** Takes `units` whole or not at all. */
export interface Spend extends Origin {
  readonly kind: "spend";
  readonly at: number;
  /** 1 to MAX_COST. */
  readonly units: number;
  /** The pots in the order in which they pay; each pays what it has. Overage pays last, whatever its place. */
  readonly draws: readonly Draw[];
  /** Keeps the spend open under this id, so that it can be settled after a restart too. */
  readonly hold?: { readonly id: string; readonly expiresAt: number };
}

/** Gives back what a spend has paid, to the pots that paid. */
export interface GiveBack extends Origin {
  readonly kind: "give-back";
  readonly at: number;
  readonly parts: readonly Part[];
}

/**
 * Ends a hold at what the request really cost: less is given back, in the reverse of the order in which it was taken; more is taken
 * whole or not at all. 0 gives all of it back. A repetition with the same units changes nothing and is answered the same.
 */
export interface Settle {
  readonly kind: "settle";
  readonly at: number;
  readonly hold: string;
  /** 0 to MAX_COST. */
  readonly units: number;
}

export type LedgerEntry = Spend | GiveBack | Settle;

/**
 * `parts` of a spend: what each pot paid. A refused entry changed nothing: `unpaid` when the pots have too little (for a settlement:
 * too little for what it needs beyond the hold; the hold stays open), `not_found`, `expired` (the hold's time is over; it stays spent)
 * or `closed` (settled before, at another number of units).
 */
export type LedgerAnswer =
  | { readonly done: true; readonly parts: readonly Part[]; readonly balance: Balance }
  | { readonly done: false; readonly reason: "unpaid"; readonly balance: Balance }
  | { readonly done: false; readonly reason: "not_found" | "expired" | "closed" };

/** `busy`: somebody else holds the account and does not go on; nothing of this entry happened, and the others did not wait for it. */
export type PostAnswer = LedgerAnswer | { readonly done: false; readonly reason: "busy" };

export interface BalanceQuery extends Purse {
  /** The beginning of the period asked for. */
  readonly period: number;
}

export interface HoldRecord extends Origin {
  readonly id: string;
  readonly units: number;
  readonly parts: readonly Part[];
  readonly draws: readonly Draw[];
  readonly createdAt: number;
  readonly expiresAt: number;
  /** What it was settled at, and when; `null` while it is open. */
  readonly settledUnits: number | null;
  readonly settledAt: number | null;
}

export const MOVEMENT_KINDS = ["grant", "adjustment", "spend", "refund", "expiry"] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** One line of the journal: what a pot gained (above 0) or lost (below 0). */
export interface MovementRecord {
  readonly id: string;
  /** Of one that sums up an hour: the beginning of that hour. */
  readonly at: number;
  readonly project: string;
  readonly account: string;
  /** Empty for credits that were granted, adjusted or expired: they are the account's in every environment. */
  readonly environment: string;
  readonly pot: "allowance" | "credits";
  readonly kind: MovementKind;
  readonly units: number;
  /** How many requests it sums up; 0 for a movement that no request made. */
  readonly requests: number;
  /** The key and the route that spent, empty where none did. */
  readonly key: string;
  readonly route: string;
  /** Of an allowance: the beginning of the period; `null` for credits. */
  readonly period: number | null;
  /** Of credits: when the lot expires; `null` for never, and for an allowance. */
  readonly expiresAt: number | null;
  readonly reason: string | null;
  /** Whether it stands for all like it of its hour. */
  readonly compacted: boolean;
}

/** What an account used of one allowance in one period. */
export interface AllowanceUse extends Purse {
  readonly period: number;
  readonly used: number;
  readonly over: number;
}

/** Changes the credits of an account as part of a Batch; conflicts of its own are in ConflictReason. */
export type CreditWrite =
  /** Adds `units` (above 0). "balance" when the account's credits would pass MAX_BALANCE or its lots MAX_LOTS. */
  | {
      readonly kind: "grant-credits";
      readonly project: string;
      readonly account: string;
      readonly units: number;
      /** `null` for never. */
      readonly expiresAt: number | null;
      readonly reason: string | null;
    }
  /** Takes `units` (above 0) away, the soonest to expire first. "balance" when the account has fewer. */
  | {
      readonly kind: "take-credits";
      readonly project: string;
      readonly account: string;
      readonly units: number;
      readonly reason: string | null;
    };

/** Different expiry times that one account's live credits may have. */
export const MAX_LOTS = 1_000;

export interface LedgerStore {
  /**
   * All entries, decided in the order given, durable when it resolves; answers in the same order. One transaction: a fault means that
   * none of them happened. Spends of an earlier period than the newest one in use count in the newest, so that a clock that steps back
   * opens no month again (hostile E14). Credits that expire soonest pay first; those with `expiresAt <= at` pay nothing.
   */
  post(entries: readonly LedgerEntry[]): Promise<PostAnswer[]>;
  /** What is there at `now`, in the order asked. Takes nothing. */
  balances(queries: readonly BalanceQuery[], now: number): Promise<Balance[]>;
  hold(id: string): Promise<HoldRecord | undefined>;
  /** The journal of an account, newest first. */
  movements(project: string, account: string, page: PageQuery): Promise<MovementRecord[]>;
  /** What the project's accounts used in the periods that begin in `[from, to)`, of one account where it is named. */
  allowanceUses(
    project: string,
    range: { readonly from: number; readonly to: number; readonly account?: string },
  ): Promise<AllowanceUse[]>;
  /**
   * Keeps the books: writes off credits that have expired by `now`, sums up each full hour of spends and refunds that ended by
   * `compactBefore`, forgets holds that ended a week before `now`. Changes no balance and no sum. A bounded piece of work at a time;
   * `false` when nothing is left to do.
   */
  keepBooks(now: number, compactBefore: number): Promise<boolean>;
}
