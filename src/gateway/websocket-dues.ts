// What a client has sent and not paid yet, in the order in which it came: each message is measured and its payment begun at once, so
// that payments go to the ledger together, and what was paid for nothing is given back. It writes to no socket.
import { type Cost, type Measured, measureBody } from "../policy/cost.ts";
import type { Receipt } from "../policy/pot.ts";
import type { Denied, Verdict } from "../policy/verdict.ts";
import type { Message, Sent } from "./websocket-messages.ts";

/** Why nothing more of a client's is passed on: what a verdict says, or a closing code with its reason. */
export type Refusal = Denied | { readonly code: number; readonly reason: string };

export interface Payment {
  readonly cost: Cost;
  /** Allowed when the units are paid, durably. Payments that are asked for one after the other are made in that order. */
  pay(units: number): Verdict | Promise<Verdict>;
  /** For what was paid and never passed on. Never rejects. */
  refund(receipt: Receipt): Promise<void>;
}

export interface Dues {
  add(sent: Sent): void;
  isEmpty(): boolean;
  /** Also when something is refused already: nothing behind it is passed on. */
  isFull(): boolean;
  /** The frames of the first, which is then gone, or why it is not passed on; `undefined` while nobody knows. */
  next(): readonly Buffer[] | Refusal | undefined;
  /** Nothing of it is passed on any more, and nothing that is added. */
  abandon(): void;
  /** Resolves when no payment and no refund is under way. */
  settled(): Promise<void>;
}

/** So many messages wait at most, and so many bytes of them and one message. */
const MAX_WAITING = 256;
const MAX_WAITING_BYTES = 262_144;

type Outcome = { readonly receipt?: Receipt } | { readonly refusal: Refusal };

interface Due {
  readonly frames: readonly Buffer[];
  readonly bytes: number;
  /** `undefined` while nobody knows. */
  outcome: Outcome | undefined;
}

/** `onDecided` hears of every payment that took its time. */
export function createDues({ cost, pay, refund }: Payment, onDecided: () => void): Dues {
  let waiting: Due[] = [];
  let waitingBytes = 0;
  let hasRefusal = false;
  let isAbandoned = false;
  const underWay = new Set<Promise<void>>();

  const follow = (work: Promise<void>): void => {
    underWay.add(work);
    void work.then(() => underWay.delete(work));
  };
  const giveBack = (outcome: Outcome | undefined): void => {
    if (outcome !== undefined && "receipt" in outcome) follow(refund(outcome.receipt));
  };
  const decide = (due: Due, outcome: Outcome): void => {
    due.outcome = outcome;
    hasRefusal ||= "refusal" in outcome;
    if (isAbandoned) giveBack(outcome);
  };
  return {
    add(sent) {
      const due: Due = { ...contentOf(sent), outcome: undefined };
      waiting.push(due);
      waitingBytes += due.bytes;
      const outcome = judge(sent, cost, pay);
      if (!(outcome instanceof Promise)) decide(due, outcome);
      else
        follow(
          outcome.then((decided) => {
            decide(due, decided);
            onDecided();
          }),
        );
    },
    isEmpty: () => waiting.length === 0,
    isFull: () => hasRefusal || waiting.length >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES,
    next() {
      const [first] = waiting;
      if (first?.outcome === undefined) return undefined;
      if ("refusal" in first.outcome) return first.outcome.refusal;
      waiting.shift();
      waitingBytes -= first.bytes;
      return first.frames;
    },
    abandon() {
      isAbandoned = true;
      for (const { outcome } of waiting) giveBack(outcome);
      waiting = [];
      waitingBytes = 0;
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function contentOf(sent: Sent): Pick<Due, "frames" | "bytes"> {
  if (sent.kind === "message") return { frames: sent.message.frames, bytes: sent.message.bytes };
  return sent.kind === "control"
    ? { frames: [sent.frame], bytes: sent.frame.length }
    : { frames: [], bytes: 0 };
}

const FREE: Outcome = {};

/** A message is the unit of a cost; what only keeps the connection up, or ends it, costs nothing. */
function judge(sent: Sent, cost: Cost, pay: Payment["pay"]): Outcome | Promise<Outcome> {
  if (sent.kind === "control") return FREE;
  if (sent.kind === "broken") return { refusal: { code: sent.code, reason: sent.reason } };
  const measured = measure(sent.message, cost);
  if (!measured.ok) return { refusal: { allowed: false, code: measured.code, hint: measured.hint } };
  if (measured.units === 0) return FREE;
  const verdict = pay(measured.units);
  return verdict instanceof Promise ? verdict.then(outcomeOf) : outcomeOf(verdict);
}

function outcomeOf(verdict: Verdict): Outcome {
  if (!verdict.allowed) return { refusal: verdict };
  return verdict.receipt === undefined ? FREE : { receipt: verdict.receipt };
}

/** Text and binary alike: there are readers of JSON that take both. */
function measure(message: Message, cost: Cost): Measured {
  if (cost.kind === "fixed") return { ok: true, units: cost.units };
  if (cost.kind === "bytes") return { ok: true, units: message.payloadBytes };
  return measureBody(cost, message.payload(), {
    contentType: "application/json",
    contentEncoding: undefined,
  });
}
