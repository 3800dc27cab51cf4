// The process's end of the wire: one thread for all its embedded stores, started at the first, which keeps the process alive
// only while an answer is awaited.
import { Worker } from "node:worker_threads";
import { StoreConflict, StoreUnavailable } from "../contract.ts";
import type { Answered, Asked, AskedAsText, AskedOfPeople, Refused } from "./wire.ts";

/** Rejects with StoreConflict or StoreUnavailable. */
export type Ask = (
  question: Omit<Asked, "id"> | Omit<AskedAsText, "id"> | Omit<AskedOfPeople, "id">,
) => Promise<never>;
export type AskPeople = (question: Omit<AskedOfPeople, "id">) => Promise<never>;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

let shared: Ask | undefined;

/** A thread that ended by a fault is replaced at the next opening; stores that it held stay unavailable. */
export function threadOfStores(): Ask {
  shared ??= startThread(() => {
    shared = undefined;
  });
  return shared;
}

export const threadOfPeople: () => AskPeople = threadOfStores;

function startThread(onEnd: () => void): Ask {
  const script = import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js";
  const worker = new Worker(new URL(script, import.meta.url), { execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let fault: Error | undefined;

  const settle = (id: number, act: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (one !== undefined) act(one);
  };
  worker.on("message", (answer: Answered) => {
    if ("value" in answer) settle(answer.id, ({ resolve }) => resolve(answer.value as never));
    else settle(answer.id, ({ reject }) => reject(refusal(answer.refused)));
  });
  worker.on("error", (error) => {
    fault = error;
  });
  worker.on("exit", () => {
    fault = new StoreUnavailable("the thread of the store has ended", { cause: fault });
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(fault!));
    onEnd();
  });
  return (question) => {
    if (fault instanceof StoreUnavailable) return Promise.reject(fault);
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      // First: what cannot be sent is nothing to wait for.
      worker.postMessage({ id, ...question } satisfies Asked | AskedAsText | AskedOfPeople);
      waiting.set(id, { resolve, reject });
      worker.ref();
    });
  };
}

function refusal(refused: Refused): Error {
  if ("reason" in refused) return new StoreConflict(refused.reason, refused.what);
  return new StoreUnavailable(
    refused.message,
    refused.cause === "" ? {} : { cause: new Error(refused.cause) },
  );
}
