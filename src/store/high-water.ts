// Remembers outside the store how far its changes had come, so that an older backup that was put in its place is noticed: in it, keys
// live that have been revoked since (hostile F23). It may not open a store or change one.
import { randomBytes } from "node:crypto";
import { type Store, StoreUnavailable } from "./contract.ts";
import type { Change } from "./records.ts";

/** Keeps the highest number that it was given for a store. */
export interface MarkKeeper {
  /** 0 where none is known. */
  read(store: string): Promise<number>;
  keep(store: string, newest: number): Promise<void>;
  /** Puts this number in the place of a higher one. */
  replace(store: string, newest: number): Promise<void>;
  close?(): Promise<void>;
}

export interface HighWaterOptions {
  /** In the first, every change of this process is marked before its commit resolves; in the others soon after. */
  readonly keepers: readonly [MarkKeeper, ...MarkKeeper[]];
  /** The operator knows that the store has gone back, from this change or an earlier one. */
  readonly accepted?: number | undefined;
  /** Hears of keepers that do not answer. */
  readonly onFault: (error: unknown) => void;
}

/** Whoever committed something has marked it; what others did is marked here so often. */
const OTHERS_MS = 1_000;

/** Which store it is, whatever its address: a setting that is made with it and restored with it. */
const SETTING = "store.id";

/**
 * The same store, in which every change is marked. Throws StoreUnavailable when the store is behind its mark; a keeper that does not
 * answer is passed over.
 */
export async function keepHighWater(
  store: Store,
  { keepers, accepted = 0, onFault }: HighWaterOptions,
): Promise<Store> {
  const id = await store.settle(SETTING, randomBytes(16).toString("hex"));
  const newest = await store.newestChange();
  const marks = await Promise.all(keepers.map((keeper) => keeper.read(id).catch(passOver(onFault))));
  const highest = Math.max(0, ...marks);
  if (newest < highest && highest > accepted) throw new StoreUnavailable(refusal(newest, highest));
  const act = newest < highest ? "replace" : "keep";
  await Promise.all(keepers.map((keeper) => keeper[act](id, newest).catch(passOver(onFault))));
  const writers = keepers.map((keeper) =>
    createWriter((number) => keeper.keep(id, number).catch(passOver(onFault))),
  );
  const mark = async (changes: readonly Change[]): Promise<void> => {
    const last = changes.at(-1);
    if (last !== undefined) await writers.map((write) => write(last.seq))[0];
  };
  let commits = 0;
  let ofOthers: readonly Change[] = [];
  let timer: NodeJS.Timeout | undefined;
  const markOthers = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    return mark(ofOthers);
  };
  store.onChanges((changes) => {
    // Not waited for: other nodes wait for what this one says that it has applied.
    if (commits > 0) return void mark(changes);
    ofOthers = changes;
    timer ??= setTimeout(() => void markOthers(), OTHERS_MS).unref();
  });
  return {
    ...store,
    async commit(batch) {
      commits += 1;
      try {
        const changes = await store.commit(batch);
        await mark(changes);
        return changes;
      } finally {
        commits -= 1;
      }
    },
    async close() {
      await markOthers();
      await Promise.all(keepers.map((keeper) => keeper.close?.()));
      await store.close();
    },
  };
}

function refusal(newest: number, mark: number): string {
  return (
    `the store stands at change ${newest} and was seen at change ${mark}: it was restored from an older backup, and keys that have been ` +
    `revoked since would live again. Revoke them anew after a start with --accept-restored-store ${mark}, or restore a newer backup`
  );
}

function passOver(onFault: (error: unknown) => void): (error: unknown) => 0 {
  return (error) => {
    // What is wrong with the mark itself is for the operator to decide.
    if (error instanceof DamagedMark) throw error;
    onFault(error);
    return 0;
  };
}

/** One write at a time; those that come meanwhile are one. */
function createWriter(write: (newest: number) => Promise<unknown>): (newest: number) => Promise<unknown> {
  let highest = 0;
  let running: Promise<unknown> | undefined;
  let next: Promise<unknown> | undefined;
  const start = (): Promise<unknown> => {
    next = undefined;
    running = write(highest).finally(() => {
      running = undefined;
    });
    return running;
  };
  return (newest) => {
    highest = Math.max(highest, newest);
    if (running === undefined) return start();
    next ??= running.then(start);
    return next;
  };
}

/** A keeper that says something that no mark can be. */
export class DamagedMark extends StoreUnavailable {}
