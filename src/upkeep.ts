// What a running instance does by itself while it answers: keeps the places of requests that run, writes usage, keeps the books. It
// decides nothing.
import type { Instance } from "./open.ts";
import { SLOT_TTL_MS } from "./store/counters.ts";

/** Usage is durable within a second of its verdict: the wait and the write. */
const USAGE_MS = 500;
const RENEW_MS = SLOT_TTL_MS / 3;
/** What batches moved is in the journal that long after. */
const BOOKS_MS = 1_000;
/** Single movements can be read for a day before their hour is summed up. */
const KEEP_MOVEMENTS_MS = 24 * 60 * 60 * 1000;

/** Resolves once nothing of it runs any more. */
export type StopUpkeep = () => Promise<void>;

export function startUpkeep(
  instance: Instance,
  onFault: (message: string, error: unknown) => void,
): StopUpkeep {
  const { limiter, usage, store, clock } = instance;
  let books: Promise<void> | undefined;
  const keepBooks = async (): Promise<void> => {
    try {
      // One node is enough; when it dies another is the first.
      if ((store.cluster?.share().rank ?? 0) > 0) return;
      const now = clock.now();
      while (await store.keepBooks(now, now - KEEP_MOVEMENTS_MS));
    } catch (error) {
      onFault("the books could not be kept; they will be at the next turn", error);
    } finally {
      books = undefined;
    }
  };
  const timers = [
    setInterval(() => limiter.renew(), RENEW_MS),
    setInterval(() => void usage.flush(), USAGE_MS),
    setInterval(() => {
      books ??= keepBooks();
    }, BOOKS_MS),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await books;
  };
}
