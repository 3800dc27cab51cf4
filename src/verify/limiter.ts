// Takes the limits of an admitted request, all or none, and keeps the places of requests that are still running. It does not
// know why a request was admitted.
import type { Clock } from "../base/clock.ts";
import type { RoutePolicy } from "../policy/judge.ts";
import type { ConcurrencyLimit, LimitState } from "../policy/limit.ts";
import { type Address, addressBucket } from "../policy/network.ts";
import type { Counters, SlotTake, Take, Taken } from "../store/counters.ts";
import type { HeldKey } from "../store/directory.ts";
import type { Place } from "./locate.ts";

export interface LimitOutcome {
  /**
   * The first limit that did not admit the request, in the order concurrency, rate. Its `retryAfterSeconds` is the longest of all
   * that did not: waiting that long is enough for each of them (hostile E07).
   */
  readonly refused: LimitState | undefined;
  readonly states: readonly LimitState[];
}

type Client = Address | undefined;

export interface Limiter {
  /**
   * `slot` as in Question. Without a place to take, concurrency limits are only told. `client` is whose the limits per address are;
   * all that are not known share one.
   */
  take(
    held: HeldKey,
    place: Place,
    slot: string | undefined,
    client: Client,
  ): LimitOutcome | Promise<LimitOutcome>;
  peek(held: HeldKey, place: Place, client: Client): readonly LimitState[] | Promise<readonly LimitState[]>;
  /** Undoes a take that was admitted, with the same arguments, when something later refuses the request. Rejects on a fault. */
  giveBack(held: HeldKey, place: Place, slot: string | undefined, client: Client): void | Promise<void>;
  /** The request of this name has ended; safe to repeat, and for one that took no place. */
  release(slot: string): void;
  /** Holds the places of all running requests for another while; to be called well within SLOT_TTL_MS. */
  renew(): void;
}

/** `onFault` hears of places that could not be given back or renewed; they lapse after SLOT_TTL_MS. */
export function createLimiter(counters: Counters, clock: Clock, onFault: (error: unknown) => void): Limiter {
  const running = new Map<string, readonly SlotTake[]>();
  /** Those that are only told are of concurrency, and come first as everywhere. */
  const tellPlaces = ({ refused, states }: LimitOutcome, untaken: readonly Take[]) => {
    const told = counters.peek(untaken, clock.now());
    const join = (places: readonly LimitState[]): LimitOutcome => ({
      refused,
      states: [...places, ...states],
    });
    return told instanceof Promise ? told.then(join) : join(told);
  };
  const watch = (done: void | Promise<void>) => void (done instanceof Promise && done.catch(onFault));
  return {
    take(held, place, slot, client) {
      const limits = limitsOf(held, place);
      const takes = takesOf(limits, held, slot, client);
      const conclude = (taken: Taken): LimitOutcome | Promise<LimitOutcome> => {
        if (limits.places.length === 0) return outcomeOf(taken, takes);
        if (slot === undefined) return tellPlaces(outcomeOf(taken, takes), placesOf(limits, held, client));
        if (taken.refused === undefined) running.set(slot, takes.filter(isSlotTake));
        return outcomeOf(taken, takes);
      };
      const taken = counters.take(takes, clock.now());
      return taken instanceof Promise ? taken.then(conclude) : conclude(taken);
    },
    peek: (held, place, client) =>
      counters.peek(takesOf(limitsOf(held, place), held, NO_SLOT, client), clock.now()),
    giveBack(held, place, slot, client) {
      if (slot !== undefined) running.delete(slot);
      return counters.giveBack(takesOf(limitsOf(held, place), held, slot, client), clock.now());
    },
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

/** For looking at places without being in one. */
const NO_SLOT = "";

const isSlotTake = (take: Take): take is SlotTake => "slot" in take;

type RateTake = Extract<Take, { readonly weight: number }>;

/** What a key takes on a route, as far as it can be said before the request is there. */
interface PreparedLimits {
  readonly places: readonly { readonly limit: ConcurrencyLimit; readonly subject: string }[];
  readonly rates: readonly RateTake[];
  /** Whether all of `rates` are as they stand there, whoever calls. */
  readonly areFixed: boolean;
}

/**
 * Made once for a held key and a kind of route: anew for every request they would cost as much as counting does. Routes that say
 * nothing of limits share one, so that a key with many routes does not hold much; a key that changes is another object.
 */
const prepared = new WeakMap<HeldKey, Map<RoutePolicy | undefined, PreparedLimits>>();

function limitsOf(held: HeldKey, { route }: Place): PreparedLimits {
  const policy = route === undefined || route === "none" ? undefined : route.policy;
  const kind = policy?.limits === undefined && policy?.weight === undefined ? undefined : policy;
  const known = prepared.get(held)?.get(kind);
  if (known !== undefined) return known;
  const fresh = prepareLimits(held, kind);
  const kinds = prepared.get(held) ?? new Map<RoutePolicy | undefined, PreparedLimits>();
  prepared.set(held, kinds.set(kind, fresh));
  return fresh;
}

/** In the order of the held limits, which is the order in which refusals are told: places first. */
function prepareLimits(held: HeldKey, policy: RoutePolicy | undefined): PreparedLimits {
  const { limits: names, weight = 1 } = policy ?? {};
  const places: { limit: ConcurrencyLimit; subject: string }[] = [];
  const rates: RateTake[] = [];
  for (const { limit, subject } of held.limits) {
    if (names !== undefined && !names.has(limit.name)) continue;
    if (limit.kind === "rate") rates.push({ limit, subject, weight });
    else places.push({ limit, subject });
  }
  return { places, rates, areFixed: rates.every(({ limit }) => limit.per !== "address") };
}

/** Without a slot the places are left out. */
function takesOf(
  limits: PreparedLimits,
  held: HeldKey,
  slot: string | undefined,
  client: Client,
): readonly Take[] {
  const { places, rates, areFixed } = limits;
  const counted = areFixed ? rates : rates.map((take) => ofClient(take, held, client));
  if (slot === undefined || places.length === 0) return counted;
  return [...placesOf(limits, held, client, slot), ...counted];
}

function placesOf({ places }: PreparedLimits, held: HeldKey, client: Client, slot = NO_SLOT): SlotTake[] {
  return places.map(({ limit, subject }) => ofClient({ limit, subject, slot }, held, client));
}

/** The same take as it counts for this client. */
function ofClient<One extends Take>(take: One, { project }: HeldKey, client: Client): One {
  return take.limit.per === "address" ? { ...take, subject: `${project}/${addressBucket(client)}` } : take;
}

function outcomeOf({ refused, states }: Taken, takes: readonly Take[]): LimitOutcome {
  const first = refused && states[takes.indexOf(refused)];
  if (first === undefined) return { refused: undefined, states };
  const retryAfterSeconds = Math.max(...states.map((state) => state.retryAfterSeconds ?? 1));
  return { refused: { ...first, retryAfterSeconds }, states };
}
