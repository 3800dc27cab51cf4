// Counters that are shared while their server answers and divided while it does not: each node then admits its part of every limit, so
// that all together admit no more than the whole. It decides nothing about requests.
import type { Limit, LimitState } from "../policy/limit.ts";
import type { Share } from "./cluster.ts";
import type { Counters, SlotTake, Take, Taken } from "./counters.ts";

export interface SharingOptions {
  /** `undefined` where nothing is shared: then limits are divided always. */
  readonly shared: Counters | undefined;
  /** Counters of this process alone, made anew each time that the shared ones are lost. */
  readonly alone: () => Counters;
  /** This node among those that are live. */
  readonly share: () => Share;
  /** Milliseconds that only grow. */
  readonly elapsed: () => number;
  readonly onFault: (error: unknown) => void;
}

export interface SharingCounters extends Counters {
  /** Whether each node counts for itself at the moment. */
  isAlone(): boolean;
  /** Decisions that were made alone since the start. */
  decidedAlone(): number;
}

/** After a fault the shared counters are left alone for so long, so that no request waits for a server that is away. */
const PAUSE_MS = 500;

export function createSharingCounters(options: SharingOptions): SharingCounters {
  const { shared, elapsed, onFault } = options;
  let retryAt = 0;
  let wasShared = false;
  let fallback: Fallback | undefined;
  let alone = 0;
  const decideAlone = <Result>(instead: (fallback: Fallback) => Result): Result => {
    alone += 1;
    fallback ??= createFallback(options, wasShared);
    return instead(fallback);
  };
  const ask = async <Result>(
    counters: Counters,
    question: (counters: Counters) => Result | Promise<Result>,
    instead: (fallback: Fallback) => Result,
  ): Promise<Result> => {
    try {
      const answer = await question(counters);
      fallback = undefined;
      wasShared = true;
      return answer;
    } catch (error) {
      if (fallback === undefined) onFault(error);
      retryAt = elapsed() + PAUSE_MS;
      return decideAlone(instead);
    }
  };
  const use = <Result>(
    question: (counters: Counters) => Result | Promise<Result>,
    instead: (fallback: Fallback) => Result,
  ): Result | Promise<Result> =>
    shared === undefined || elapsed() < retryAt ? decideAlone(instead) : ask(shared, question, instead);
  return {
    isAlone: () => fallback !== undefined,
    decidedAlone: () => alone,
    take: (takes, now) =>
      takes.length === 0
        ? { refused: undefined, states: [] }
        : use(
            (all) => all.take(takes, now),
            (one) => one.take(takes, now),
          ),
    peek: (takes, now) =>
      takes.length === 0
        ? []
        : use(
            (all) => all.peek(takes, now),
            (one) => one.peek(takes, now),
          ),
    giveBack: (takes, now) =>
      use(
        (all) => all.giveBack(takes, now),
        (one) => one.giveBack(takes, now),
      ),
    release: (takes) =>
      use(
        (all) => all.release(takes),
        (one) => one.release(takes),
      ),
    renew: (takes, now) =>
      use(
        (all) => all.renew(takes, now),
        (one) => one.renew(takes, now),
      ),
  };
}

interface Fallback {
  take(takes: readonly Take[], now: number): Taken;
  peek(takes: readonly Take[], now: number): readonly LimitState[];
  giveBack(takes: readonly Take[], now: number): void;
  release(takes: readonly SlotTake[]): void;
  renew(takes: readonly SlotTake[], now: number): void;
}

/**
 * `isDrained`: what the shared counters had admitted is not known here, so a rate begins used up and comes back at its pace. Memory
 * answers at once, so nothing here is awaited.
 */
function createFallback({ alone, share }: SharingOptions, isDrained: boolean): Fallback {
  const counters = alone();
  /** Whose rates have been used up already, in an outage: where nothing was ever shared there is no end to it, and nothing to drain. */
  const drained = new Set<string>();
  const part = (take: Take): Take => {
    const limit = partOf(take.limit, share());
    return { ...take, limit } as Take;
  };
  const parts = (takes: readonly Take[], now: number): Take[] => {
    const divided = takes.map(part);
    if (!isDrained) return divided;
    for (const take of divided) {
      const name = `${take.limit.name}\n${take.subject}`;
      if (drained.has(name) || !("weight" in take)) continue;
      drained.add(name);
      if (take.limit.limit > 0) counters.take([{ ...take, weight: take.limit.burst }], now);
    }
    return divided;
  };
  return {
    take(takes, now) {
      const divided = parts(takes, now);
      const { refused, states } = counters.take(divided, now) as Taken;
      const index = refused === undefined ? -1 : divided.indexOf(refused);
      return { refused: takes[index], states: states.map((state, place) => told(state, takes[place]!)) };
    },
    peek: (takes, now) =>
      (counters.peek(parts(takes, now), now) as readonly LimitState[]).map((state, place) =>
        told(state, takes[place]!),
      ),
    giveBack: (takes, now) => void counters.giveBack(parts(takes, now), now),
    release: (takes) => void counters.release(takes.map(part) as SlotTake[]),
    renew: (takes, now) => void counters.renew(takes.map(part) as SlotTake[], now),
  };
}

/** The parts of all nodes add up to the whole: what cannot be divided goes to the first of them. */
function partOf(limit: Limit, share: Share): Limit {
  const cut = (whole: number) => Math.floor(whole / share.nodes) + (share.rank < whole % share.nodes ? 1 : 0);
  if (limit.kind === "concurrency") return { ...limit, limit: cut(limit.limit) };
  const burst = cut(limit.burst);
  // A rate cannot be a whole number for everybody; what a node may have at one moment can.
  return { ...limit, burst, limit: burst === 0 ? 0 : limit.limit / share.nodes };
}

/** Clients are told the limit that they bought, and what is left of this node's part. */
function told(state: LimitState, { limit }: Take): LimitState {
  return { ...state, limit: limit.limit };
}
