// Follows the changes log of a shared store: reads it often enough to hold a lease, tells the listeners what came, and lets a change
// wait until every other node has it. It decides nothing about keys.
import type { Clock } from "../base/clock.ts";
import type { Beat, Cluster, News, Nodes } from "./cluster.ts";
import { LEASE_MS } from "./cluster.ts";
import { StoreUnavailable } from "./contract.ts";
import { createParts, type Parts } from "./parts.ts";
import { within } from "./patience.ts";
import type { Change } from "./records.ts";
import { settle } from "./settle.ts";

export interface FollowerOptions {
  readonly nodes: Nodes;
  readonly id: string;
  /** Compared with the store's; a node whose clock is wrong would let expired keys live, or end living ones. */
  readonly clock: Clock;
  /** Milliseconds that only grow, whatever happens to the clock; they go on while the process is stopped. */
  readonly elapsed: () => number;
  /** Asked for while the clock is wrong: to take the machine's time as it is by then, also where it has been set back. */
  readonly resync?: () => void;
  /** Called in the order of the log, and awaited before the lease counts. */
  readonly tell: (changes: readonly Change[]) => Promise<void>;
  /** Of all there are: a change of a project makes everything in it be looked at again. */
  readonly projects: () => Promise<readonly string[]>;
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
/** Hostile B13. */
export const MAX_SKEW_MS = 2_000;
/** A beat that is not answered by then has failed: with nothing said for so long, what is remembered is not used any more. */
const SILENCE_MS = 1_000;
const SILENT = "the database did not say in time what is new";

interface State {
  /** Number of the newest change that the listeners have been told of. */
  applied: number;
  /** On the scale of `elapsed`, as the next one. */
  leaseUntil: number;
  beatDueAt: number;
  /** When the newest beat that is known to be written was asked for. */
  promisedAt: number;
  skewMs: number;
  /** How far the clock was ahead of `elapsed` when `skewMs` was measured. */
  lead: number;
  /** The number up to which the store has gone back, where it has. */
  wentBackTo: number | undefined;
  readonly parts: Parts;
  fault: unknown;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** What other nodes have said that they committed, and nobody has looked at yet. */
  readonly told: Change[];
  /** Somebody has committed something without saying what. */
  mayBeMore: boolean;
  /** Something came while a turn was under way that may have read before it. */
  isWoken: boolean;
  isFollowing: boolean;
  isStopped: boolean;
}

function newState(id: string, lead: number): State {
  return {
    applied: 0,
    leaseUntil: Number.NEGATIVE_INFINITY,
    beatDueAt: Number.NEGATIVE_INFINITY,
    promisedAt: Number.NEGATIVE_INFINITY,
    skewMs: 0,
    lead,
    wentBackTo: undefined,
    parts: createParts(id),
    fault: undefined,
    running: undefined,
    timer: undefined,
    told: [],
    mayBeMore: false,
    isWoken: false,
    isFollowing: false,
    isStopped: false,
  };
}

export function createFollower(options: FollowerOptions): Follower {
  const { nodes, id, elapsed, leaseMs = LEASE_MS, failStaticMs = 0, onFault } = options;
  const state = newState(id, options.clock.now() - elapsed());
  /** A clock that is set between two beats is found at once: it has moved against the one that only grows. */
  const skewMs = () => state.skewMs + (options.clock.now() - elapsed() - state.lead);
  const isTrusted = () => state.wentBackTo === undefined && Math.abs(skewMs()) <= MAX_SKEW_MS;
  const distrust = () => (state.wentBackTo === undefined ? skewWords(skewMs()) : backWords(state));
  const holdsLease = () => elapsed() < state.leaseUntil && isTrusted();
  const isStatic = () =>
    state.fault !== undefined && isTrusted() && !holdsLease() && elapsed() < state.leaseUntil + failStaticMs;
  const isBeatDue = () => !holdsLease() || elapsed() >= state.beatDueAt;
  const turn = (isBeat = true): Promise<void> => {
    const work = () =>
      isBeat ? beatOnce(options, state, leaseMs + failStaticMs, leaseMs) : hear(options, state);
    state.running ??= work()
      .then(() => {
        state.fault = undefined;
      })
      .catch((error) => {
        if (state.fault === undefined) onFault(error);
        state.fault = error;
        throw error;
      })
      .finally(() => {
        if (!isTrusted()) options.resync?.();
        state.running = undefined;
      });
    return state.running;
  };
  const wake = createPulse(
    state,
    () => turn(isBeatDue()),
    () => Math.max(0, state.beatDueAt - elapsed()),
  );
  return {
    isFresh: () => holdsLease() || isStatic(),
    isStatic,
    async catchUp() {
      // A turn that had begun before the call may have read before it.
      await state.running?.catch(() => {});
      // Once: where answers take longer than a lease lasts (hostile F09), what was asked for after the call is good for the call.
      if (!holdsLease()) await turn();
      if (!isTrusted()) throw new StoreUnavailable(distrust());
    },
    async settled(seq) {
      await settle(nodes, seq ?? (await nodes.newest()), id, leaseMs + failStaticMs, elapsed);
    },
    share: () => state.parts.share(),
    distrusts() {
      if (state.wentBackTo !== undefined) return "restored";
      return isTrusted() ? undefined : "clock";
    },
    problem() {
      if (!isTrusted()) return distrust();
      if (holdsLease()) return undefined;
      return isStatic()
        ? "the changes log cannot be read; what is remembered is used for a while"
        : "the changes log cannot be read";
    },
    async start() {
      state.applied = await nodes.join(id, leaseMs + failStaticMs);
      await turn();
      // Not before: a beat of a node that has not joined would read the log from its beginning.
      nodes.onWake((changes) => {
        note(state, changes);
        wake();
      });
      wake();
    },
    async stop() {
      state.isStopped = true;
      state.leaseUntil = Number.NEGATIVE_INFINITY;
      clearTimeout(state.timer);
      await state.running?.catch(() => {});
      await nodes.leave(id).catch(onFault);
    },
  };
}

function note(state: State, changes: readonly Change[] | undefined): void {
  if (changes === undefined) state.mayBeMore = true;
  else state.told.push(...changes);
}

/** Takes a turn every so often, and at once when what it answers is called; `turn` knows which. */
function createPulse(state: State, turn: () => Promise<void>, untilBeatMs: () => number): () => void {
  const follow = async (): Promise<void> => {
    state.isFollowing = true;
    // A turn of somebody else's may have read before what woke us.
    await state.running?.catch(() => {});
    try {
      do {
        state.isWoken = false;
        await turn();
      } while (state.isWoken && !state.isStopped);
    } catch {
      // Told by the turn.
    }
    state.isFollowing = false;
    if (!state.isStopped) state.timer = setTimeout(() => void follow(), untilBeatMs());
  };
  return () => {
    state.isWoken = true;
    if (state.isStopped || state.isFollowing) return;
    clearTimeout(state.timer);
    void follow();
  };
}

/**
 * The lease counts from before the beat ahead of this one was asked for, whose row was written before this one read the log: whoever
 * committed what this one has not read finds that row, and waits for it. The row that this one writes cannot be found before it is
 * committed, and by then a change may have come that found the node gone.
 */
async function beatOnce(
  options: FollowerOptions,
  state: State,
  promisedMs: number,
  leaseMs: number,
): Promise<void> {
  const { nodes, id, clock, elapsed, pollMs = POLL_MS } = options;
  for (;;) {
    const asked = elapsed();
    state.beatDueAt = asked + pollMs;
    const before = clock.now();
    const beat = await within(SILENCE_MS, nodes.beat(id, state.applied, promisedMs), SILENT);
    // Not by the clock, which may have been set meanwhile; if it was, it has moved against the one that only grows.
    state.skewMs = skewOf(beat, before, before + (elapsed() - asked));
    state.lead = before - asked;
    expectNoStepBack(state, beat);
    state.parts.see(beat.live, asked);
    const promisedAt = state.promisedAt;
    state.promisedAt = asked;
    await takeIn(options, state, await wholeOf(options, state, beat));
    // The list may have been cut short.
    if (state.applied < beat.newest) continue;
    if (!state.isStopped) state.leaseUntil = promisedAt + leaseMs;
    return;
  }
}

/** What is new between two beats: the lease stays as it is. What was told is not asked for, unless something before it is missing. */
async function hear(options: FollowerOptions, state: State): Promise<void> {
  const told = state.told.splice(0).sort((a, b) => a.seq - b.seq);
  const news = told.filter(({ seq }) => seq > state.applied);
  const isWhole = news.every(({ seq }, index) => seq === state.applied + 1 + index);
  const mayBeMore = state.mayBeMore;
  state.mayBeMore = false;
  if (isWhole && !mayBeMore) return takeIn(options, state, news);
  for (;;) {
    const news = await within(SILENCE_MS, options.nodes.news(state.applied), SILENT);
    expectNoStepBack(state, news);
    await takeIn(options, state, await wholeOf(options, state, news));
    if (state.applied >= news.newest) return;
  }
}

/**
 * What came after what is known. The log keeps only its newest part: a node that was away for longer is told that everything may have
 * changed.
 */
async function wholeOf(
  { projects }: FollowerOptions,
  { applied }: State,
  { changes, newest }: News,
): Promise<readonly Change[]> {
  if (newest <= applied || changes[0]?.seq === applied + 1) return changes;
  const names = await within(SILENCE_MS, projects(), SILENT);
  return names.map((project) => ({ seq: newest, kind: "project", project, subject: project }));
}

/** Told to the listeners, and then to the registry: somebody waits for it. */
async function takeIn(
  { nodes, id, tell }: FollowerOptions,
  state: State,
  changes: readonly Change[],
): Promise<void> {
  const last = changes.at(-1);
  if (last === undefined) return;
  await tell(changes);
  state.applied = last.seq;
  await within(SILENCE_MS, nodes.applied(id, state.applied), SILENT);
}

/**
 * A store that knows less than it has told is a backup that was restored: in it, keys live that have been revoked since (hostile F23).
 * For good, as far as this process goes: its numbers would grow past what was seen, and then nobody could tell.
 */
function expectNoStepBack(state: State, { newest }: News): void {
  if (newest < state.applied) state.wentBackTo ??= newest;
  if (state.wentBackTo !== undefined) throw new StoreUnavailable(backWords(state));
}

function backWords({ applied, wentBackTo }: State): string {
  return `the store has gone back from change ${applied} to change ${wentBackTo}: it was restored from a backup`;
}

/** 0 where the store's time lies between the two moments, else how far our clock is ahead of it. */
function skewOf({ time }: Beat, before: number, after: number): number {
  if (time < before) return before - time;
  return time > after ? after - time : 0;
}

function skewWords(skewMs: number): string {
  return `the clock of this node is ${Math.round(Math.abs(skewMs))} ms ${skewMs > 0 ? "ahead of" : "behind"} the store's`;
}
