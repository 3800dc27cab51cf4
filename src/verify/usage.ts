// Counts verdicts and writes the counts to the store in bulk. No verdict waits for it or depends on it; a process that is killed
// loses what was noted since the last flush, and never money: that is the ledger's.
import type { Clock } from "../base/clock.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Origin } from "../store/ledger.ts";
import type { UsageStore } from "../store/usage.ts";
import { type Count, createTally } from "./tally.ts";

export interface Usage {
  /** Counts the verdict in the hour of `at`, which is now unless it is said. Never throws and waits for nothing. */
  note(project: Project | string, verdict: Verdict, at?: number): void;
  /** What a payment came to beyond what its verdict cost, below 0 for units given back; counted in the hour of `at`, when it was paid. */
  addUnits(origin: Origin, units: number, at: number): void;
  /**
   * When it resolves, everything noted before is in the store, or `onFault` has been told and it is kept for the next flush. Never
   * rejects. An answer of the store that was lost on its way makes one batch count twice.
   */
  flush(): Promise<void>;
}

/** So many counts begin a flush by themselves; each takes some 500 bytes. */
const MAX_WAITING = 20_000;
/** Counts in one write: they keep the store's thread for some 7 ms, and payments wait that long behind them. */
const BATCH = 500;

/** `onFault` hears of a store that did not take the counts. */
export function createUsage(
  store: Pick<UsageStore, "addUsage">,
  clock: Clock,
  onFault: (error: unknown) => void,
): Usage {
  let waiting = createTally();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const send = async (): Promise<void> => {
    const sending = waiting;
    waiting = createTally();
    const counts = sending.counts.filter(({ requests, units }) => requests !== 0 || units !== 0);
    let sent = 0;
    try {
      for (; sent < counts.length; sent += BATCH) await store.addUsage(counts.slice(sent, sent + BATCH));
    } catch (error) {
      for (const count of counts.slice(0, sent)) Object.assign(count, { requests: 0, units: 0 });
      // The new into the old, which is the larger one while a store is away for long.
      for (const count of waiting.counts)
        add(sending.countOf(count.hour, count.project, count, count.route, count.outcome), count);
      waiting = sending;
      onFault(error);
    }
  };
  /** One at a time. Whoever comes while one runs waits for the one after it, which takes what was noted meanwhile. */
  const flush = (): Promise<void> => {
    if (running !== undefined) {
      next ??= running.then(() => {
        next = undefined;
        return flush();
      });
      return next;
    }
    running = send().finally(() => {
      running = undefined;
    });
    return running;
  };
  /** After a count has been made and filled. Not at every one past the bound: a store that is away is tried at intervals only. */
  const flushWhenFull = (): void => {
    if (waiting.counts.length === MAX_WAITING) void flush();
  };

  return {
    note(project, verdict, at = clock.now()) {
      const count = waiting.countFor(at, typeof project === "string" ? project : project.name, verdict);
      count.requests += 1;
      if (verdict.allowed && verdict.cost !== undefined) count.units += verdict.cost;
      if (at > count.lastAt) count.lastAt = at;
      if (count.requests === 1) flushWhenFull();
    },
    addUnits(origin, units, at) {
      const count = waiting.countOf(at, origin.project, origin, origin.route, "ok");
      add(count, { requests: 0, units, lastAt: at });
      flushWhenFull();
    },
    flush,
  };
}

function add(count: Count, { requests, units, lastAt }: Pick<Count, "requests" | "units" | "lastAt">): void {
  count.requests += requests;
  count.units += units;
  if (lastAt > count.lastAt) count.lastAt = lastAt;
}
