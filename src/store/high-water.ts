// Remembers outside the store how far its changes had come, so that an older backup that was put in its place is noticed: in it, keys
// live that have been revoked since (hostile F23). It may not open a store or change one.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type Store, StoreUnavailable } from "./contract.ts";
import type { Change } from "./records.ts";

/** Keeps the highest number that it was given for a store. */
export interface MarkKeeper {
  /** 0 where none is known. */
  read(store: string): Promise<number>;
  keep(store: string, newest: number): Promise<void>;
  /** Puts this number in the place of a higher one. */
  replace(store: string, newest: number): Promise<void>;
}

export interface HighWaterOptions {
  /** In the first, every change of this process is marked before its commit resolves; in the others, and those of others, soon after. */
  readonly keepers: readonly [MarkKeeper, ...MarkKeeper[]];
  /** The operator knows that the store has gone back, from this change or an earlier one. */
  readonly accepted?: number | undefined;
  /** Hears of keepers that do not answer. */
  readonly onFault: (error: unknown) => void;
}

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
  // Not waited for: other nodes wait for what this one says that it has applied.
  store.onChanges((changes) => void mark(changes));
  return {
    ...store,
    async commit(batch) {
      const changes = await store.commit(batch);
      await mark(changes);
      return changes;
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

class DamagedMark extends StoreUnavailable {}

/** A file of JSON: the id of a store to the number, for every store that this folder was used with. */
export function fileKeeper(file: string): MarkKeeper {
  const marks = readMarks(file);
  const save = async (): Promise<void> => {
    const draft = `${file}.${randomBytes(6).toString("hex")}.new`;
    await writeFile(draft, `${JSON.stringify(Object.fromEntries(marks))}\n`, { mode: 0o600, flag: "wx" });
    await rename(draft, file);
  };
  return {
    read: async (store) => marks.get(store) ?? 0,
    async keep(store, newest) {
      if (newest <= (marks.get(store) ?? 0)) return;
      marks.set(store, newest);
      await save();
    },
    async replace(store, newest) {
      marks.set(store, newest);
      await save();
    },
  };
}

function readMarks(file: string): Map<string, number> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw new StoreUnavailable(`the file ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, number>);
    if (entries.every(([, mark]) => Number.isSafeInteger(mark))) return new Map(entries);
  } catch {
    // Said below.
  }
  throw new DamagedMark(
    `the file ${file} is damaged: it says how far the store had come; remove it if you know`,
  );
}
