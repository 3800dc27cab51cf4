// Group commit: entries of the ledger gather while the ones before them are being written, and go in one transaction each time, so
// that a hot account costs one commit for a batch and not for a request. It decides nothing.
import type { Clock } from "../base/clock.ts";
import type { Balance } from "../policy/pot.ts";
import type { BalanceQuery, LedgerAnswer, LedgerEntry, LedgerStore } from "../store/ledger.ts";

export interface LedgerQueue {
  /** Resolves when the entry is durable. Rejects with StoreUnavailable, and then it may or may not have happened. */
  post(entry: LedgerEntry): Promise<LedgerAnswer>;
  /** Rejects with StoreUnavailable. */
  balance(query: BalanceQuery): Promise<Balance>;
}

/** Bounds how long one transaction holds up the next; a full one takes about 20 ms. */
const MAX_BATCH = 1_000;

export function createLedgerQueue(
  store: Pick<LedgerStore, "post" | "balances">,
  clock: Clock,
  maxBatch = MAX_BATCH,
): LedgerQueue {
  const post = gather<LedgerEntry, LedgerAnswer>((entries) => store.post(entries), maxBatch);
  const ask = gather<BalanceQuery, Balance>((queries) => store.balances(queries, clock.now()), maxBatch);
  /** Requests of one account ask the same at the same time. */
  const asked = new Map<string, Promise<Balance>>();
  return {
    post,
    balance(query) {
      const name = `${query.project}\n${query.account}\n${query.environment}\n${query.period}`;
      const known = asked.get(name);
      if (known !== undefined) return known;
      // Only what waits to be sent is shared: an answer that is on its way may be older than the question.
      const answer = ask(query, () => asked.delete(name));
      asked.set(name, answer);
      return answer;
    },
  };
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly onSent: (() => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Two, so that one batch is made ready while the other is written; more would make batches small and commits many. */
const MAX_IN_FLIGHT = 2;
/** Below it, a batch is not worth dividing. */
const MIN_DIVIDED = 64;

/** Sends all that came since the last batch; answers in the order of the items. */
function gather<Item, Answer>(
  send: (items: readonly Item[]) => Promise<readonly Answer[]>,
  maxBatch: number,
): (item: Item, onSent?: () => void) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  let isPlanned = false;
  /** With nothing in flight, half of what waits: callers that all waited for one batch would wait for one batch for ever. */
  const sizeOfNext = (): number => {
    const size = inFlight === 0 && waiting.length >= MIN_DIVIDED ? waiting.length >> 1 : waiting.length;
    return Math.min(size, maxBatch);
  };
  const sendBatch = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    for (const { onSent } of batch) onSent?.();
    try {
      const answers = await send(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    inFlight -= 1;
    plan();
  };
  const run = (): void => {
    isPlanned = false;
    while (waiting.length > 0 && inFlight < MAX_IN_FLIGHT) {
      const size = sizeOfNext();
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      inFlight += 1;
      void sendBatch(batch);
    }
  };
  /** What arrives in the same turn of the event loop goes together. */
  const plan = (): void => {
    if (isPlanned || waiting.length === 0 || inFlight === MAX_IN_FLIGHT) return;
    isPlanned = true;
    setImmediate(run);
  };
  return (item, onSent) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, onSent, resolve, reject });
      plan();
    });
}
