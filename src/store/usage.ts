// What every store of usage must do: count verdicts by the hour, in bulk, and sum them up. Usage is not money: the ledger is.
// test/store/usage-suite.ts holds each driver to these words.

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Verdicts of one key, route, outcome and hour. */
export interface UsageCount {
  readonly project: string;
  /** Empty, as are environment and key, where no key was proved. */
  readonly account: string;
  readonly environment: string;
  readonly key: string;
  /** Pattern of the route; empty where none was consulted or none matched. */
  readonly route: string;
  /** A verdict code. */
  readonly outcome: string;
  /** The beginning of the hour, milliseconds since 1970. */
  readonly hour: number;
  readonly requests: number;
  /** What they cost, less what was given back; may be below 0 for an hour in which more was given back than spent. */
  readonly units: number;
  /** The newest of them. */
  readonly lastAt: number;
}

export const USAGE_GROUPS = [
  "account",
  "environment",
  "key",
  "route",
  "outcome",
  "hour",
  "day",
  "month",
] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuery {
  readonly project: string;
  readonly account?: string;
  readonly environment?: string;
  /** Hours that begin in `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly by: readonly UsageGroup[];
}

/** A sum, with the members that it was grouped by; `hour`, `day` and `month` are the beginning of that time in UTC. */
export interface UsageSum {
  readonly account?: string;
  readonly environment?: string;
  readonly key?: string;
  readonly route?: string;
  readonly outcome?: string;
  readonly hour?: number;
  readonly day?: number;
  readonly month?: number;
  readonly requests: number;
  readonly units: number;
  readonly lastAt: number;
}

/** So many sums an answer holds at most; one that holds as many may lack some. */
export const MAX_SUMS = 10_000;

export interface ConsumptionQuery {
  readonly project: string;
  readonly accounts: readonly string[];
  /** Hours, periods of allowances and movements of credits that begin in `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

/** What an account consumed in one environment, for its bill. The money is read off the ledger, not off the counts. */
export interface Consumption {
  readonly account: string;
  readonly environment: string;
  /** Those that were allowed. */
  readonly requests: number;
  readonly units: number;
  /** Of the allowance; `null` where nothing was ever taken from one in this time. */
  readonly allowance: { readonly used: number; readonly over: number } | null;
  /** Less what was given back. */
  readonly creditsSpent: number;
}

export interface UsageStore {
  /** Adds to what is there, all or nothing, durable when it resolves. The same count may stand in it twice. */
  addUsage(counts: readonly UsageCount[]): Promise<void>;
  /** Ordered by the groups as given, oldest and lowest first. At most MAX_SUMS. Without a group one sum, or none of nothing. */
  usage(query: UsageQuery): Promise<UsageSum[]>;
  /** In no order; nothing for an account and environment that consumed nothing. */
  consumption(query: ConsumptionQuery): Promise<Consumption[]>;
}
