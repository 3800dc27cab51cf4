// The thread that owns the files of the embedded stores: it does, one message at a time, what the process asks of them, so that
// an fsync never holds up a verdict that needs none.
import { parentPort } from "node:worker_threads";
import { type Store, StoreConflict, StoreUnavailable } from "../contract.ts";
import { openDatabase } from "./database.ts";
import { answerPeople } from "./people-thread.ts";
import type { Answered, Asked, AskedAsText, AskedOfPeople, Refused } from "./wire.ts";

const stores = new Map<number, Store>();

parentPort?.on("message", async (asked: Asked | AskedAsText | AskedOfPeople) => {
  parentPort?.postMessage({ id: asked.id, ...(await attempt(asked)) } satisfies Answered);
});

async function attempt(
  asked: Asked | AskedAsText | AskedOfPeople,
): Promise<{ value: unknown } | { refused: Refused }> {
  try {
    if ("people" in asked) return { value: answerPeople(asked) };
    if ("input" in asked) return { value: await answer(asked) };
    return { value: JSON.stringify(await answer({ ...asked, input: JSON.parse(asked.text) })) };
  } catch (error) {
    if (error instanceof StoreConflict) return { refused: { reason: error.reason, what: error.what } };
    const { message, cause } = error as Error;
    return { refused: { message, cause: cause === undefined ? "" : String(cause) } };
  }
}

async function answer({ store: number, method, input }: Asked): Promise<unknown> {
  if (method === "open") {
    stores.set(number, await openDatabase(input[0] as string));
    return undefined;
  }
  const store = stores.get(number);
  if (store === undefined) throw new StoreUnavailable("the store is closed");
  if (method === "close") stores.delete(number);
  const call = store[method] as (...input: readonly unknown[]) => Promise<unknown>;
  return call(...input);
}
