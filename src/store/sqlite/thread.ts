// The thread that owns the file: it opens the embedded store and does, one message at a time, what the process asks of it, so
// that an fsync never holds up a verdict that needs none.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type Store, StoreConflict } from "../contract.ts";
import { openDatabase } from "./database.ts";
import type { Answered, Asked, Refused } from "./wire.ts";

async function serve(port: MessagePort, file: string): Promise<void> {
  const opened = await attempt(() => openDatabase(file));
  port.postMessage({ id: 0, ...("value" in opened ? { value: null } : opened) } satisfies Answered);
  if (!("value" in opened)) return;
  const store = opened.value as Store;
  port.on("message", async ({ id, method, input }: Asked) => {
    const call = store[method] as (...input: readonly unknown[]) => Promise<unknown>;
    port.postMessage({ id, ...(await attempt(() => call(...input))) } satisfies Answered);
  });
}

async function attempt(work: () => Promise<unknown>): Promise<{ value: unknown } | { refused: Refused }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof StoreConflict) return { refused: { reason: error.reason, what: error.what } };
    const { message, cause } = error as Error;
    return { refused: { message, cause: cause === undefined ? "" : String(cause) } };
  }
}

await serve(parentPort!, workerData as string);
