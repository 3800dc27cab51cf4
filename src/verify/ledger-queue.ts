// Group commit: entries of the ledger gather while the ones before them are being written, and go in one transaction each time, so
// that a hot account costs one commit for a batch and not for a request. Nobody waits for it without end. It decides nothing.
import type { Clock } from "../base/clock.ts";
import type { Balance } from "../policy/pot.ts";
import { StoreUnavailable } from "../store/contract.ts";
import type { BalanceQuery, LedgerAnswer, LedgerEntry, LedgerStore, PostAnswer } from "../store/ledger.ts";
import { STORE_BUDGET_MS } from "../store/patience.ts";

export interface LedgerQueue {
  /**
   * Resolves when the entry is durable. Rejects with StoreUnavailable, after the time of the queue at the latest: then it may or may not
   * have happened, or may still happen unless it is a spend that was not sent yet.
   */
  post(entry: LedgerEntry): Promise<LedgerAnswer>;
  /** Rejects with StoreUnavailable. */
  balance(query: BalanceQuery): Promise<Balance>;
}

/** Bounds how long one transaction holds up the next; a full one takes about 20 ms. */
const MAX_BATCH = 1_000;

export function createLedgerQueue(
  store: Pick<LedgerStore, "post" | "balances">,
  clock: Clock,
  { maxBatch = MAX_BATCH, budgetMs = STORE_BUDGET_MS }: Partial<QueueLimits> = {},
): LedgerQueue {
  const limits = { maxBatch, budgetMs };
  const post = gather<LedgerEntry, LedgerAnswer>({
    ...limits,
    send: async (entries) => (await store.post(entries)).map(orRefusal),
    // Nobody hears of a spend that nobody waits for any more; what is owed to a customer is owed all the same.
    isSentLate: ({ kind }) => kind !== "spend",
  });
  const ask = gather<BalanceQuery, Balance>({
    ...limits,
    send: (queries) => store.balances(queries, clock.now()),
    isSentLate: () => false,
  });
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

export interface QueueLimits {
  readonly maxBatch: number;
  /** How long a caller waits, in milliseconds (hostile F09). */
  readonly budgetMs: number;
}

/** Somebody who does not go on holds the account: a fault of that entry alone. */
function orRefusal(answer: PostAnswer): LedgerAnswer | StoreUnavailable {
  return !answer.done && answer.reason === "busy"
    ? new StoreUnavailable("the account is locked by somebody who does not go on")
    : answer;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  /** On the scale of `performance.now()`. */
  readonly since: number;
  readonly onSent: (() => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Two, so that one batch is made ready while the other is written; more would make batches small and commits many. */
const MAX_IN_FLIGHT = 2;
/** Below it, a batch is not worth dividing. */
const MIN_DIVIDED = 64;

interface Gathering<Item, Answer> extends QueueLimits {
  readonly send: (items: readonly Item[]) => Promise<readonly (Answer | StoreUnavailable)[]>;
  /** Whether it is sent although whoever asked has been told that there is no answer. */
  readonly isSentLate: (item: Item) => boolean;
}

/** Sends all that came since the last batch; answers in the order of the items. */
function gather<Item, Answer>({
  send,
  maxBatch,
  budgetMs,
  isSentLate,
}: Gathering<Item, Answer>): (item: Item, onSent?: () => void) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  const unanswered = keepTime<Waiting<Item, Answer>>(budgetMs, (late) => {
    for (const { onSent, reject } of late) {
      onSent?.();
      reject(new StoreUnavailable("the ledger did not answer in time"));
    }
    waiting = waiting.filter((one) => !late.has(one) || isSentLate(one.item));
  });
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
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index]!;
        if (answer instanceof StoreUnavailable) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    for (const one of batch) unanswered.delete(one);
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
      const one = { item, since: performance.now(), onSent, resolve, reject };
      waiting.push(one);
      unanswered.add(one);
      plan();
    });
}

/** Those that wait, in the order in which they came. `giveUp` is told of those that have waited for too long, and they are let go. */
function keepTime<One extends { readonly since: number }>(
  budgetMs: number,
  giveUp: (late: ReadonlySet<One>) => void,
): Pick<Set<One>, "add" | "delete"> {
  const all = new Set<One>();
  let isSweeping = false;
  const sweep = (): void => {
    const from = performance.now() - budgetMs;
    const late = new Set<One>();
    for (const one of all) {
      if (one.since > from) break;
      late.add(one);
      all.delete(one);
    }
    if (late.size > 0) giveUp(late);
    isSweeping = false;
    plan();
  };
  const plan = (): void => {
    if (isSweeping || all.size === 0) return;
    isSweeping = true;
    // What arrived while this process was busy or stopped is heard first.
    setTimeout(() => setImmediate(sweep), budgetMs / 8).unref();
  };
  return {
    add(one) {
      all.add(one);
      plan();
      return all;
    },
    delete: (one) => all.delete(one),
  };
}
