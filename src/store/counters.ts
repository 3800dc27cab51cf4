// What every driver of counters must do: rates and concurrency, fast and forgettable. test/store/counters-suite.ts holds each
// driver to these words.
import type { ConcurrencyLimit, LimitState, RateLimit } from "../policy/limit.ts";

/** One limit of a request. `subject` names whose it is, within the project. */
export type Take =
  | { readonly limit: RateLimit; readonly subject: string; readonly weight: number }
  /** `slot` is the request's own name for its place, so that a place is given back once and by its holder only. */
  | { readonly limit: ConcurrencyLimit; readonly subject: string; readonly slot: string };

export type SlotTake = Take & { readonly slot: string };

export interface Taken {
  /** The first take, in the order given, that was not admitted; then nothing at all was taken. */
  readonly refused: Take | undefined;
  /** One for each take, in the order given; where one was refused, each that would have been says when to come back. */
  readonly states: readonly LimitState[];
}

/** How long a place is held without being renewed, so that a dead holder's places come back (hostile E25). */
export const SLOT_TTL_MS = 10_000;

export interface Counters {
  /** All of a request's limits or none, decided at `now`. Answers at once where it can. */
  take(takes: readonly Take[], now: number): Taken | Promise<Taken>;
  /** The states without taking anything. */
  peek(takes: readonly Take[], now: number): readonly LimitState[] | Promise<readonly LimitState[]>;
  /** Undoes a take that was admitted and whose request was refused by something later. */
  giveBack(takes: readonly Take[], now: number): void | Promise<void>;
  /** Frees a place; a place that is free already, or somebody else's by now, stays as it is (hostile E25). */
  release(takes: readonly SlotTake[]): void | Promise<void>;
  /** Holds places for another SLOT_TTL_MS. Those that were lost are taken again. */
  renew(takes: readonly SlotTake[], now: number): void | Promise<void>;
}
