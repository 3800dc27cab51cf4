// Follows the changes log of a shared store: reads it often enough to hold a lease, tells the listeners what came, and lets a change
// wait until every other node has it. It decides nothing about keys.
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../base/clock.ts";
import type { Beat, Cluster, Nodes, Share } from "./cluster.ts";
import { LEASE_MS } from "./cluster.ts";
import { StoreUnavailable } from "./contract.ts";
import type { Change } from "./records.ts";

export interface FollowerOptions {
  readonly nodes: Nodes;
  readonly id: string;
  /** Compared with the store's; a node whose clock is wrong would let expired keys live, or end living ones. */
  readonly clock: Clock;
  /** Milliseconds that only grow, whatever happens to the clock; they go on while the process is stopped. */
  readonly elapsed: () => number;
  /** Called in the order of the log, and awaited before the lease counts. */
  readonly tell: (changes: readonly Change[]) => Promise<void>;
  readonly leaseMs?: number;
  readonly pollMs?: number;
  /** Up to which long after the lease what is remembered is used when the store does not answer; 0 for never. */
  readonly failStaticMs?: number;
  readonly onFault: (error: unknown) => void;
}

export interface Follower extends Cluster {
  /** Enters the registry and begins to follow. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 100;
/** Between two looks at who is behind: most nodes need a few milliseconds. */
const SETTLE_PAUSE_MS = 2;
const MAX_SETTLE_PAUSE_MS = 20;
/** Beyond the longest lease: then something is wrong that waiting does not mend. */
const SETTLE_SPARE_MS = 1_000;
/** Hostile B13. */
export const MAX_SKEW_MS = 2_000;

interface State {
  /** Number of the newest change that the listeners have been told of. */
  applied: number;
  /** On the scale of `elapsed`. */
  leaseUntil: number;
  skewMs: number;
  share: Share;
  fault: unknown;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  isStopped: boolean;
}

export function createFollower(options: FollowerOptions): Follower {
  const { nodes, id, elapsed, leaseMs = LEASE_MS, pollMs = POLL_MS, failStaticMs = 0, onFault } = options;
  const state: State = {
    applied: 0,
    leaseUntil: 0,
    skewMs: 0,
    share: { nodes: 1, rank: 0 },
    fault: undefined,
    running: undefined,
    timer: undefined,
    isStopped: false,
  };
  const isTrusted = () => Math.abs(state.skewMs) <= MAX_SKEW_MS;
  const holdsLease = () => elapsed() < state.leaseUntil && isTrusted();
  const isStatic = () =>
    state.fault !== undefined && isTrusted() && !holdsLease() && elapsed() < state.leaseUntil + failStaticMs;
  const turn = (): Promise<void> => {
    state.running ??= beatOnce(options, state, leaseMs + failStaticMs, leaseMs).finally(() => {
      state.running = undefined;
    });
    return state.running;
  };
  const follow = async (): Promise<void> => {
    try {
      await turn();
      state.fault = undefined;
    } catch (error) {
      if (state.fault === undefined) onFault(error);
      state.fault = error;
    }
    if (!state.isStopped) state.timer = setTimeout(() => void follow(), pollMs);
  };
  const wake = (): void => {
    if (state.isStopped || state.running !== undefined) return;
    clearTimeout(state.timer);
    void follow();
  };
  return {
    isFresh: () => holdsLease() || isStatic(),
    isStatic,
    async catchUp() {
      // A turn that had begun before the call may have read before it.
      await state.running?.catch(() => {});
      while (!holdsLease()) {
        if (!isTrusted()) throw new StoreUnavailable(skewWords(state.skewMs));
        await turn();
      }
    },
    async settled() {
      await settle(nodes, await nodes.newest(), id, leaseMs + failStaticMs, elapsed);
    },
    share: () => state.share,
    problem() {
      if (!isTrusted()) return skewWords(state.skewMs);
      if (holdsLease()) return undefined;
      return isStatic()
        ? "the changes log cannot be read; what is remembered is used for a while"
        : "the changes log cannot be read";
    },
    async start() {
      nodes.onWake(wake);
      state.applied = await nodes.join(id, leaseMs + failStaticMs);
      await turn();
      state.timer = setTimeout(() => void follow(), pollMs);
    },
    async stop() {
      state.isStopped = true;
      clearTimeout(state.timer);
      await state.running?.catch(() => {});
      await nodes.leave(id).catch(onFault);
    },
  };
}

/** The lease counts from before the question was sent: what was committed after that may be missing in the answer. */
async function beatOnce(
  { nodes, id, clock, elapsed, tell }: FollowerOptions,
  state: State,
  promisedMs: number,
  leaseMs: number,
): Promise<void> {
  for (;;) {
    const asked = elapsed();
    const before = clock.now();
    const beat = await nodes.beat(id, state.applied, promisedMs);
    state.skewMs = skewOf(beat, before, clock.now());
    state.share = shareOf(beat.live, id);
    const last = beat.changes.at(-1);
    if (last === undefined) {
      state.leaseUntil = asked + leaseMs;
      return;
    }
    await tell(beat.changes);
    // Said to the others by the next question, which is asked at once: somebody waits for it.
    state.applied = last.seq;
  }
}

/** 0 where the store's time lies between the two moments, else how far our clock is ahead of it. */
function skewOf({ time }: Beat, before: number, after: number): number {
  if (time < before) return before - time;
  return time > after ? after - time : 0;
}

function shareOf(live: readonly string[], id: string): Share {
  const all = live.includes(id) ? live : [...live, id].sort();
  return { nodes: all.length, rank: all.indexOf(id) };
}

function skewWords(skewMs: number): string {
  return `the clock of this node is ${Math.abs(skewMs)} ms ${skewMs > 0 ? "ahead of" : "behind"} the store's`;
}

async function settle(
  nodes: Nodes,
  seq: number,
  id: string,
  promisedMs: number,
  elapsed: () => number,
): Promise<void> {
  const deadline = elapsed() + promisedMs + SETTLE_SPARE_MS;
  let pauseMs = SETTLE_PAUSE_MS;
  let fault: unknown;
  while (elapsed() < deadline) {
    try {
      if (!(await nodes.isBehind(seq, id))) return;
    } catch (error) {
      fault = error;
    }
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, MAX_SETTLE_PAUSE_MS);
  }
  throw new StoreUnavailable(
    "it is not known whether every node has the change; it is made, and may be repeated",
    {
      cause: fault,
    },
  );
}
