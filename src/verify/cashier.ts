// What a request pays: from a key, a route and a number of units to entries of the ledger, and from their answers to what a verdict
// tells. It knows the pots and no request.
import type { Clock } from "../base/clock.ts";
import { newTimedId } from "../base/ids.ts";
import { periodAt } from "../policy/month.ts";
import { allowanceState, type Balance, type Draw, lastParts, type Pot, type Receipt } from "../policy/pot.ts";
import type { UsageFacts } from "../policy/verdict.ts";
import type { HeldKey } from "../store/directory.ts";
import type { LedgerAnswer, LedgerStore } from "../store/ledger.ts";
import type { LedgerQueue } from "./ledger-queue.ts";
import type { Usage } from "./usage.ts";

/** How long a hold can be settled; after that it stays spent. */
export const HOLD_TTL_MS = 60 * 60 * 1000;

export interface Charge {
  readonly held: HeldKey;
  /** Pattern; empty where no route was consulted. */
  readonly route: string;
  readonly pots: readonly Pot[];
  /** 0 to MAX_COST. */
  readonly units: number;
  /** Keep it open under an id. */
  readonly hold: boolean;
}

export interface Payment extends UsageFacts {
  /** `undefined` when it was paid: the pot whose emptiness refused it, the last that would have paid. */
  readonly refusedBy: Pot | undefined;
  /** Where anything was paid. */
  readonly receipt?: Receipt;
  readonly hold?: { readonly id: string; readonly expiresAt: number };
}

export interface Cashier {
  /** Durable when it resolves. Rejects with StoreUnavailable. */
  pay(charge: Charge): Promise<Payment>;
  /** What is in the pots. Rejects with StoreUnavailable. */
  tell(held: HeldKey, pots: readonly Pot[]): Promise<UsageFacts>;
  /** Gives back all that was paid. Rejects with StoreUnavailable. */
  refund(receipt: Receipt): Promise<UsageFacts>;
  /** Ends at `units` what was paid: less is given back, of more what is there is taken. Rejects with StoreUnavailable. */
  settle(receipt: Receipt, units: number): Promise<UsageFacts>;
  /** See `Settle` of store/ledger.ts. Rejects with StoreUnavailable. */
  settleHold(id: string, units: number): Promise<LedgerAnswer>;
}

export function createCashier(
  store: Pick<LedgerStore, "hold">,
  queue: LedgerQueue,
  clock: Clock,
  usage: Pick<Usage, "addUnits">,
): Cashier {
  const giveBack = async (receipt: Receipt, units: number): Promise<UsageFacts> => {
    const parts = lastParts(receipt.parts, units);
    const answer = await queue.post({ kind: "give-back", ...originOf(receipt), at: clock.now(), parts });
    usage.addUnits(receipt, -units, receipt.at);
    return factsOf(receipt, balanceOf(answer), clock.now());
  };
  return {
    pay: (charge) => pay(queue, clock, charge),
    async tell(held, pots) {
      const now = clock.now();
      const period = periodAt(now, held.allowance?.day).start;
      const balance = await queue.balance({ ...purseOf(held), period });
      return factsOf({ allowance: held.allowance, tellsCredits: pots.includes("credits") }, balance, now);
    },
    refund: (receipt) => giveBack(receipt, receipt.units),
    settle: (receipt, units) =>
      units <= receipt.units
        ? giveBack(receipt, receipt.units - units)
        : payMore(queue, clock, usage, receipt, units - receipt.units),
    async settleHold(id, units) {
      const before = await store.hold(id);
      const answer = await queue.post({ kind: "settle", hold: id, units, at: clock.now() });
      // A repetition that overtakes the first makes usage, and not the ledger, count the difference twice.
      if (answer.done && before?.settledUnits === null) {
        const more = units - before.units;
        usage.addUnits(before, more, more > 0 ? clock.now() : before.createdAt);
      }
      return answer;
    },
  };
}

async function pay(queue: LedgerQueue, clock: Clock, charge: Charge): Promise<Payment> {
  const { held, route, pots, units } = charge;
  const at = clock.now();
  const told = { allowance: held.allowance, tellsCredits: pots.includes("credits") };
  const draws = drawsOf(held, pots, at);
  const origin = { ...purseOf(held), key: held.id, route };
  const hold = charge.hold ? { id: newTimedId("hld", at), expiresAt: at + HOLD_TTL_MS } : undefined;
  const answer = await queue.post({
    kind: "spend",
    ...origin,
    at,
    units,
    draws,
    ...(hold !== undefined && { hold }),
  });
  const facts = { ...factsOf(told, balanceOf(answer), at), cost: units };
  if (!answer.done) return { ...facts, refusedBy: pots.at(-1) ?? "credits" };
  const receipt: Receipt = { ...origin, at, units, parts: answer.parts, draws, ...told };
  return { ...facts, refusedBy: undefined, receipt, ...(hold !== undefined && { hold }) };
}

/** A pot that the account does not have pays nothing. */
function drawsOf({ allowance }: HeldKey, pots: readonly Pot[], at: number): Draw[] {
  return pots.flatMap((pot): Draw[] => {
    if (pot === "credits") return [{ pot }];
    if (allowance === undefined) return [];
    const { limit, overage, day } = allowance;
    return [{ pot, period: periodAt(at, day).start, limit, overage }];
  });
}

/** What has been used up is the customer's: the upstream has done the work, and the account ends at nothing rather than below. */
async function payMore(
  queue: LedgerQueue,
  clock: Clock,
  usage: Pick<Usage, "addUnits">,
  receipt: Receipt,
  wanted: number,
): Promise<UsageFacts> {
  const origin = originOf(receipt);
  const spend = (units: number) =>
    queue.post({ kind: "spend", ...origin, at: clock.now(), units, draws: receipt.draws });
  for (let units = wanted; ; ) {
    const answer = await spend(units);
    const balance = balanceOf(answer);
    if (answer.done) usage.addUnits(receipt, units, clock.now());
    const left = Math.min(units - 1, available(receipt.draws, balance));
    if (answer.done || left <= 0) return factsOf(receipt, balance, clock.now());
    units = left;
  }
}

/** What the pots could pay together. */
function available(draws: readonly Draw[], { used, over, credits }: Balance): number {
  let units = 0;
  for (const draw of draws) {
    if (draw.pot === "credits") units += credits;
    else if (draw.limit === null || draw.overage === null) return Number.MAX_SAFE_INTEGER;
    else units += Math.max(0, draw.limit - used) + Math.max(0, draw.overage - over);
  }
  return units;
}

type Told = Pick<Receipt, "allowance" | "tellsCredits">;

function factsOf({ allowance, tellsCredits }: Told, balance: Balance, now: number): UsageFacts {
  return {
    ...(allowance !== undefined && { allowance: allowanceState(allowance, balance, now) }),
    ...(tellsCredits && { credits: balance.credits }),
  };
}

function purseOf({ project, account, facts: { environment } }: HeldKey) {
  return { project, account, environment };
}

function originOf({ project, account, environment, key, route }: Receipt) {
  return { project, account, environment, key, route };
}

/** Spends and refunds are always answered with what is there. */
function balanceOf(answer: LedgerAnswer): Balance {
  if ("balance" in answer) return answer.balance;
  throw new Error(`the ledger answered ${answer.reason} to an entry that names no hold`);
}
