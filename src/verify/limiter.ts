// Takes the limits of an admitted request, all or none, and keeps the places of requests that are still running. It does not
// know why a request was admitted.
import type { Clock } from "../base/clock.ts";
import type { LimitState } from "../policy/limit.ts";
import type { Counters, SlotTake, Take } from "../store/counters.ts";
import type { HeldKey } from "../store/directory.ts";
import type { Place } from "./locate.ts";

export interface LimitOutcome {
  /** The first limit that did not admit the request, in the order concurrency, rate. */
  readonly refused: LimitState | undefined;
  readonly states: readonly LimitState[];
}

export interface Limiter {
  /** `slot` as in Question. Without a place to take, concurrency limits are only told. */
  take(held: HeldKey, place: Place, slot: string | undefined): LimitOutcome | Promise<LimitOutcome>;
  peek(held: HeldKey, place: Place): readonly LimitState[] | Promise<readonly LimitState[]>;
  /** The request of this name has ended; safe to repeat, and for one that took no place. */
  release(slot: string): void;
  /** Holds the places of all running requests for another while; to be called well within SLOT_TTL_MS. */
  renew(): void;
}

/** `onFault` hears of places that could not be given back or renewed; they lapse after SLOT_TTL_MS. */
export function createLimiter(counters: Counters, clock: Clock, onFault: (error: unknown) => void): Limiter {
  const running = new Map<string, readonly SlotTake[]>();
  const watch = (done: void | Promise<void>) => void (done instanceof Promise && done.catch(onFault));
  return {
    take(held, place, slot) {
      const all = takesOf(held, place, slot ?? "");
      const taken = slot === undefined ? all.filter((one) => !("slot" in one)) : all;
      const told = slot === undefined ? all.filter((one) => "slot" in one) : [];
      return chain(counters.take(taken, clock.now()), ({ refused, states }) => {
        const places = taken.filter((one): one is SlotTake => "slot" in one);
        if (slot !== undefined && refused === undefined && places.length > 0) running.set(slot, places);
        const refusal = refused && states[taken.indexOf(refused)];
        return chain(counters.peek(told, clock.now()), (untaken) => ({
          refused: refusal,
          // Those that are only told are of concurrency, and come first as everywhere.
          states: [...untaken, ...states],
        }));
      });
    },
    peek: (held, place) => counters.peek(takesOf(held, place, ""), clock.now()),
    release(slot) {
      const places = running.get(slot);
      if (places === undefined) return;
      running.delete(slot);
      watch(counters.release(places));
    },
    renew() {
      for (const places of running.values()) watch(counters.renew(places, clock.now()));
    },
  };
}

/** In the order of the held limits, which is the order in which refusals are told. */
function takesOf(held: HeldKey, { route }: Place, slot: string): Take[] {
  const policy = route === undefined || route === "none" ? undefined : route.policy;
  const weight = policy?.weight ?? 1;
  const names = policy?.limits;
  const holding =
    names === undefined ? held.limits : held.limits.filter(({ limit }) => names.has(limit.name));
  return holding.map(({ limit, subject }) =>
    limit.kind === "rate" ? { limit, subject, weight } : { limit, subject, slot },
  );
}

/** What is at hand is used at once: a promise would cost every verdict a turn of the event loop. */
function chain<Input, Output>(
  value: Input | Promise<Input>,
  next: (value: Input) => Output | Promise<Output>,
): Output | Promise<Output> {
  return value instanceof Promise ? value.then(next) : next(value);
}
