// Stores that misbehave on purpose: that count, that stop answering, that answer late. Each stands in front of a real one.
import { type Store, StoreUnavailable } from "../../src/store/contract.ts";

type Method = keyof Store;

/** `before` runs ahead of every method named (default: all) and may throw or wait. */
function intercept(
  store: Store,
  before: (method: Method) => Promise<void> | void,
  methods: readonly Method[] = Object.keys(store) as Method[],
): Store {
  const replaced: Record<string, unknown> = { ...store };
  for (const method of methods) {
    // Registration and closing answer at once and are no questions.
    if (method === "onChanges" || method === "close") continue;
    const real = store[method] as (...words: readonly unknown[]) => Promise<unknown>;
    replaced[method] = async (...words: readonly unknown[]) => {
      await before(method);
      return real(...words);
    };
  }
  return replaced as unknown as Store;
}

/** Notes the name of every question asked. */
export function countingStore(store: Store): { store: Store; calls: Method[] } {
  const calls: Method[] = [];
  return { calls, store: intercept(store, (method) => void calls.push(method)) };
}

/** Throws while `failing` is true: what a store does whose database is gone, or, with another error, one with a defect. */
export function failingStore(store: Store, fault: () => Error = () => new StoreUnavailable("gone")) {
  const control = { failing: false };
  const failing = intercept(store, () => {
    if (control.failing) throw fault();
  });
  return { control, store: failing };
}

export interface Held {
  /** Resolves when a call of the method has been answered by the real store and waits to be let go. */
  readonly arrived: Promise<void>;
  release(): void;
}

/** The answers of one method can be held back, one hold for one call: the real store has been asked before the wait. */
export function lateStore<Name extends "keyByDigest" | "project">(store: Store, method: Name) {
  const holds: { arrive: () => void; wait: Promise<void> }[] = [];
  const real = store[method] as (word: string) => Promise<unknown>;
  const late = async (word: string): Promise<unknown> => {
    const hold = holds.shift();
    const answer = await real(word);
    hold?.arrive();
    await hold?.wait;
    return answer;
  };
  const hold = (): Held => {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    holds.push({ arrive: arrived.resolve, wait: released.promise });
    return { arrived: arrived.promise, release: released.resolve };
  };
  return { hold, store: { ...store, [method]: late } as Store };
}
