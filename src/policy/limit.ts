// Limits as arithmetic: what a rate or a concurrency limit admits, what is left of it and when to come back. Pure; it remembers
// nothing.

/**
 * Any number of these hold for a request, each for a subject of its own: the key's rotation family, its account, the client's
 * address (network.ts `addressBucket`).
 */
export type LimitScope = "key" | "account" | "address";

/**
 * The generic cell rate algorithm, as a bucket that empties steadily. In any period of t milliseconds a subject is admitted at most
 * `burst + limit * t / windowMs` units, and never more than `burst` at one moment.
 */
export interface RateLimit {
  readonly kind: "rate";
  readonly name: string;
  readonly per: LimitScope;
  /** Units per window; 0 admits nothing. */
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
}

export interface ConcurrencyLimit {
  readonly kind: "concurrency";
  readonly name: string;
  readonly per: LimitScope;
  /** Requests at once; 0 admits nothing. */
  readonly limit: number;
  readonly retryAfterSeconds: number;
}

export type Limit = RateLimit | ConcurrencyLimit;

/** What is told of a limit after it was taken, peeked at or refused. */
export interface LimitState {
  readonly name: string;
  readonly kind: Limit["kind"];
  readonly limit: number;
  /** Never below 0, also when the limit was lowered under what is in use (hostile E27). */
  readonly remaining: number;
  /** Milliseconds since 1970: when all of a rate limit is there again, or when to try a concurrency limit. */
  readonly resetsAt: number;
  readonly windowSeconds?: number;
  /** On a refusal: whole seconds, at least 1; a rate admits the same request after waiting that long (hostile E07). */
  readonly retryAfterSeconds?: number;
}

/**
 * What a subject has used of a rate limit: `used` units at the moment `at`, less what has come back since. Counted in units and
 * not as a theoretical arrival time, because a double of milliseconds since 1970 has steps of 0.0002 ms: summed over a burst
 * they come to whole requests. From `restsAt` on nothing is used any more. Times are milliseconds since 1970.
 */
export interface RateUse {
  readonly used: number;
  readonly at: number;
  readonly restsAt: number;
}

/** In units: above what floating point loses in a use of up to 1e9 units, far below one unit. */
const ROUNDING = 1e-6;

/** What is used after taking `weight` at `now`; `undefined` when that is not admitted. */
export function spendRate(
  limit: RateLimit,
  use: RateUse | undefined,
  weight: number,
  now: number,
): RateUse | undefined {
  if (limit.limit === 0) return undefined;
  const used = usedAt(limit, use, now) + weight;
  return used <= limit.burst + ROUNDING ? useOf(limit, used, latest(use, now)) : undefined;
}

/** Undoes a `spendRate` of `weight`. */
export function giveBackRate(limit: RateLimit, use: RateUse, weight: number, now: number): RateUse {
  return useOf(limit, Math.max(0, usedAt(limit, use, now) - weight), latest(use, now));
}

/** A limit that was lowered under what is in use counts as used up, so that its first unit comes back after one interval. */
function usedAt(limit: RateLimit, use: RateUse | undefined, now: number): number {
  if (use === undefined) return 0;
  const held = use.used > limit.burst + ROUNDING ? limit.burst : use.used;
  return Math.max(0, held - ((latest(use, now) - use.at) * limit.limit) / limit.windowMs);
}

/** A clock that steps back refills nothing until it is past where it was, and then nothing twice (hostile E13). */
function latest(use: RateUse | undefined, now: number): number {
  return Math.max(use?.at ?? now, now);
}

function useOf(limit: RateLimit, used: number, at: number): RateUse {
  return { used, at, restsAt: at + millisecondsFor(limit, used) };
}

/** Until `units` have come back, in whole milliseconds. */
function millisecondsFor({ windowMs, limit }: RateLimit, units: number): number {
  // Half of what spendRate forgives is left for the rounding of the waiting itself.
  return limit === 0 ? 0 : Math.max(0, Math.ceil(((units - ROUNDING / 2) * windowMs) / limit));
}

/** `refusedWeight` is the weight that was not admitted. */
export function rateState(
  limit: RateLimit,
  use: RateUse | undefined,
  now: number,
  refusedWeight?: number,
): LimitState {
  const used = usedAt(limit, use, now);
  const from = latest(use, now);
  const state = {
    name: limit.name,
    kind: limit.kind,
    limit: limit.limit,
    remaining: limit.limit === 0 ? 0 : Math.max(0, Math.floor(limit.burst - used + ROUNDING)),
    resetsAt:
      limit.limit === 0 ? now + limit.windowMs : used === 0 ? now : from + millisecondsFor(limit, used),
    windowSeconds: limit.windowMs / 1000,
  };
  if (refusedWeight === undefined) return state;
  return { ...state, retryAfterSeconds: retryAfter(limit, from - now, used, refusedWeight) };
}

/**
 * Whole seconds until one unit more of a limit is there than at `now`, never beyond what its refusal says; `undefined` where
 * nothing is missing, where none will ever come, and where nobody knows. Of a place only a refusal says when to try.
 */
export function secondsUntilMore(state: LimitState, now: number): number | undefined {
  const { limit, windowSeconds, resetsAt, retryAfterSeconds } = state;
  if (state.kind === "concurrency") return retryAfterSeconds;
  const missingMs = resetsAt - now;
  if (limit === 0 || windowSeconds === undefined || missingMs <= 0) return undefined;
  const intervalMs = (windowSeconds * 1000) / limit;
  // resetsAt was rounded up to a whole millisecond, which must not pass for a unit.
  const missing = Math.max(1, Math.ceil((missingMs - 1) / intervalMs));
  const seconds = Math.max(1, Math.ceil((missingMs - (missing - 1) * intervalMs) / 1000));
  return retryAfterSeconds === undefined ? seconds : Math.min(seconds, retryAfterSeconds);
}

/** What can never be admitted is told the window. `behindMs` is how far the clock has stepped back. */
function retryAfter(limit: RateLimit, behindMs: number, used: number, weight: number): number {
  if (limit.limit === 0 || weight > limit.burst) return Math.max(1, Math.ceil(limit.windowMs / 1000));
  const waitMs = behindMs + millisecondsFor(limit, used + weight - limit.burst);
  return Math.max(1, Math.ceil(waitMs / 1000));
}

export function concurrencyState(
  limit: ConcurrencyLimit,
  inUse: number,
  now: number,
  refused: boolean,
): LimitState {
  return {
    name: limit.name,
    kind: "concurrency",
    limit: limit.limit,
    remaining: Math.max(0, limit.limit - inUse),
    resetsAt: now + limit.retryAfterSeconds * 1000,
    ...(refused && { retryAfterSeconds: limit.retryAfterSeconds }),
  };
}
