// How long an answer is waited for. What is asked goes on all the same, and whoever asks again may find it done.
import { StoreUnavailable } from "./contract.ts";

/** A request waits so long for the store, in all, and is then told that it does not answer (hostile F09). */
export const STORE_BUDGET_MS = 2_000;

/**
 * Rejects with StoreUnavailable in these words when `work` has not settled in time. What arrived while this process was busy or stopped
 * counts.
 */
export function within<Result>(ms: number, work: Promise<Result>, words: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(reject, new StoreUnavailable(words)), ms);
    const settle =
      <Value>(end: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer);
        end(value);
      };
    work.then(settle(resolve), settle(reject));
  });
}
