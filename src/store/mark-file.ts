// Keeps high-water marks in a file of the node's own folder. It knows no store.
import { constants, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { StoreUnavailable } from "./contract.ts";
import { DamagedMark, type MarkKeeper } from "./high-water.ts";

/** The text is filled up to a multiple of it: one that is written over another covers it whole. */
const BLOCK_BYTES = 512;

/**
 * A file of JSON: the id of a store to the number, for every store that this folder was used with. It is written over in its place, because
 * every commit waits for it: one write where a new file would take four. Throws StoreUnavailable where it cannot be read.
 */
export function fileKeeper(file: string): MarkKeeper {
  const marks = readMarks(file);
  let handle: Promise<FileHandle> | undefined;
  const save = async (store: string, newest: number): Promise<void> => {
    marks.set(store, newest);
    handle ??= open(file, constants.O_RDWR | constants.O_CREAT, 0o600).catch((error: unknown) => {
      handle = undefined;
      throw error;
    });
    const text = JSON.stringify(Object.fromEntries(marks));
    const bytes = Math.ceil((text.length + 1) / BLOCK_BYTES) * BLOCK_BYTES;
    await (await handle).write(`${text.padEnd(bytes - 1)}\n`, 0);
  };
  return {
    read: async (store) => marks.get(store) ?? 0,
    async keep(store, newest) {
      if (newest > (marks.get(store) ?? 0)) await save(store, newest);
    },
    replace: save,
    close: async () => void (await (await handle?.catch(() => undefined))?.close()),
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
  // A process that was killed before its first mark leaves an empty one.
  if (text === "") return new Map();
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
