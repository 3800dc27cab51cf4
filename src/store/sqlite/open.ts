// Opens the embedded store in a thread of its own and speaks for it: the contract on this side, messages in between.
import { Worker } from "node:worker_threads";
import { type Batch, type ChangeListener, type Store, StoreConflict, StoreUnavailable } from "../contract.ts";
import type { Change } from "../records.ts";
import type { Answered, Asked, Refused, StoreMethod } from "./wire.ts";

/** The messages of one store, answered in any order. */
interface Wire {
  ask(method: StoreMethod, ...input: readonly unknown[]): Promise<never>;
  /** Ends the thread; what is asked afterwards is refused. */
  end(): Promise<void>;
}

/**
 * `file` is made with mode 0600, and SQLite gives the files beside it the same. The exclusive lock lives as long as the store
 * is open: a second process is refused in words instead of losing writes. Throws StoreUnavailable.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const { ask, end } = await openWire(file);
  const listeners: ChangeListener[] = [];
  let closed: Promise<void> | undefined;
  return {
    projects: () => ask("projects"),
    project: (name) => ask("project", name),
    account: (project, id) => ask("account", project, id),
    accountByExternalId: (project, externalId) => ask("accountByExternalId", project, externalId),
    accounts: (project, page) => ask("accounts", project, page),
    key: (project, id) => ask("key", project, id),
    keyByDigest: (digest) => ask("keyByDigest", digest),
    keys: (project, filter, page) => ask("keys", project, filter, page),
    countLiveKeys: (project, filter) => ask("countLiveKeys", project, filter),
    audit: (project, page) => ask("audit", project, page),
    replay: (id, now) => ask("replay", id, now),
    changesSince: (seq, limit) => ask("changesSince", seq, limit),
    onChanges: (listener) => void listeners.push(listener),
    async commit(batch: Batch) {
      const changes: readonly Change[] = await ask("commit", batch);
      await tellAll(listeners, changes);
      return changes;
    },
    setting: (name) => ask("setting", name),
    settle: (name, value) => ask("settle", name, value),
    close: () => {
      closed ??= ask("close").then(end);
      return closed;
    },
  };
}

/** The batch is durable: a listener that fails has to mend itself and cannot make it look refused. */
async function tellAll(listeners: readonly ChangeListener[], changes: readonly Change[]): Promise<void> {
  await Promise.allSettled(listeners.map(async (listener) => listener(changes)));
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The thread keeps the process alive only while an answer is awaited. */
async function openWire(file: string): Promise<Wire> {
  const script = import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js";
  const worker = new Worker(new URL(script, import.meta.url), { workerData: file, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let fault: Error | undefined;

  const settle = (id: number, act: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (one !== undefined) act(one);
  };
  const wait = (id: number): Promise<never> =>
    new Promise((resolve, reject) => {
      worker.ref();
      waiting.set(id, { resolve, reject });
    });
  worker.on("message", (answer: Answered) => {
    if ("value" in answer) settle(answer.id, ({ resolve }) => resolve(answer.value as never));
    else settle(answer.id, ({ reject }) => reject(refusal(answer.refused)));
  });
  worker.on("error", (error) => {
    fault = error;
  });
  worker.on("exit", () => {
    fault = new StoreUnavailable("the store is closed", fault === undefined ? {} : { cause: fault });
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(fault!));
  });
  const end = async (): Promise<void> => {
    await worker.terminate();
  };
  await wait(0).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return {
    end,
    ask(method, ...input) {
      if (fault instanceof StoreUnavailable) return Promise.reject(fault);
      lastId += 1;
      const answer = wait(lastId);
      worker.postMessage({ id: lastId, method, input } satisfies Asked);
      return answer;
    },
  };
}

function refusal(refused: Refused): Error {
  if ("reason" in refused) return new StoreConflict(refused.reason, refused.what);
  return new StoreUnavailable(
    refused.message,
    refused.cause === "" ? {} : { cause: new Error(refused.cause) },
  );
}
