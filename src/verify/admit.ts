// The end of the order, for a key that may pass: limits, then what the request costs, then the pots. All of it is taken or none.
import type { Clock } from "../base/clock.ts";
import type { Cost, Measured, MeasuredCost } from "../policy/cost.ts";
import type { Pot } from "../policy/pot.ts";
import {
  type Allowed,
  type Denied,
  speaksOfUsage,
  type UsageFacts,
  type Verdict,
} from "../policy/verdict.ts";
import type { HeldKey } from "../store/directory.ts";
import type { Cashier, Payment } from "./cashier.ts";
import type { Limiter, LimitOutcome } from "./limiter.ts";
import type { Place } from "./locate.ts";
import type { Question } from "./question.ts";

/** A request that is being admitted, and what it may take from. */
export interface Spending {
  readonly limiter: Limiter;
  readonly cashier: Cashier;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
  readonly question: Question;
  readonly place: Place;
  readonly held: HeldKey;
}

/** Answers at once where nothing has to be paid and the counters are at hand. */
export function admit(spending: Spending, admitted: Allowed): Verdict | Promise<Verdict> {
  const { limiter, question, place, held } = spending;
  const settle = ({ refused, states }: LimitOutcome): Verdict | Promise<Verdict> => {
    const limited = held.limits.length === 0 ? admitted : { ...admitted, limits: states };
    if (refused === undefined) return charge(spending, limited);
    const code = refused.kind === "rate" ? "rate_exceeded" : "concurrency_exceeded";
    const retryAfterSeconds = refused.retryAfterSeconds ?? 1;
    return withPots(spending, { ...denied(limited, code), retryAfterSeconds });
  };
  if (held.limits.length === 0 || question.continuing === true) return charge(spending, admitted);
  const outcome = limiter.take(held, place, question.slot, question.clientAddress);
  return outcome instanceof Promise
    ? outcome.then(settle, (error) => unavailable(spending, error))
    : settle(outcome);
}

/** A refusal of a valid key tells its usage too (CONTRACTS D5, M4), and consumes none of it. */
export function refuse(spending: Spending, refusal: Denied): Verdict | Promise<Verdict> {
  const { limiter, question, place, held } = spending;
  if (!speaksOfUsage(refusal.code)) return refusal;
  if (held.limits.length === 0) return withPots(spending, refusal);
  const limits = limiter.peek(held, place, question.clientAddress);
  if (!(limits instanceof Promise)) return withPots(spending, { ...refusal, limits });
  return limits.then(
    (states) => withPots(spending, { ...refusal, limits: states }),
    // The refusal stands without the counters.
    (error) => {
      spending.onFault(error);
      return withPots(spending, refusal);
    },
  );
}

function charge(spending: Spending, admitted: Allowed): Verdict | Promise<Verdict> {
  const cost = costOf(spending);
  if (cost === undefined || (cost.kind === "fixed" && cost.units === 0))
    return withPots(spending, cost === undefined ? admitted : { ...admitted, cost: 0 });
  return pay(spending, admitted, cost).catch(async (error) => {
    await giveBackLimits(spending);
    return unavailable(spending, error);
  });
}

/** What the caller says comes before what the project file says, which a request that runs already has paid. */
function costOf({ question, place }: Spending): Cost | undefined {
  if (question.cost !== undefined) return { kind: "fixed", units: question.cost };
  return question.continuing === true ? undefined : policyOf(place)?.cost;
}

const unmeasurable = (hint: string): Measured => ({ ok: false, code: "unmeasurable_request", hint });
const MEASURED_ELSEWHERE = unmeasurable("Its route takes the cost from the request: say cost, in units.");
const BROKEN_OFF = unmeasurable("The body broke off.");

async function measure({ measure: measureBody }: Question, cost: MeasuredCost): Promise<Measured> {
  if (measureBody === undefined) return MEASURED_ELSEWHERE;
  return measureBody(cost).catch(() => BROKEN_OFF);
}

async function pay(spending: Spending, admitted: Allowed, cost: Cost): Promise<Verdict> {
  const { cashier, question, place, held } = spending;
  // A cost that is known is paid in the moment of the verdict, which says its month.
  const measured: Measured =
    cost.kind === "fixed" ? { ok: true, units: cost.units } : await measure(question, cost);
  if (!measured.ok)
    return giveBackAndRefuse(spending, { ...denied(admitted, measured.code), hint: measured.hint });
  const { units } = measured;
  if (units === 0) return withPots(spending, { ...admitted, cost: 0 });
  const { refusedBy, ...paid } = await cashier.pay({
    held,
    route: place.pattern ?? "",
    pots: potsOf(spending),
    units,
    hold: question.hold === true,
  });
  const settlement = question.continuing === true ? undefined : policyOf(place)?.hold;
  if (refusedBy === undefined)
    return { ...admitted, ...paid, ...(settlement !== undefined && { settlement }) };
  const facts = told(paid);
  if (refusedBy === "credits")
    return giveBackAndRefuse(spending, { ...denied(admitted, "insufficient_credits"), ...facts });
  const retryAfterSeconds = secondsUntil(facts.allowance?.resetsAt, spending.clock.now());
  return giveBackAndRefuse(spending, {
    ...denied(admitted, "allowance_exceeded"),
    ...facts,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** Hostile E07: whole, and at least 1. */
function secondsUntil(at: number | undefined, now: number): number | undefined {
  return at === undefined ? undefined : Math.max(1, Math.ceil((at - now) / 1000));
}

const told = ({ allowance, credits, cost }: Omit<Payment, "refusedBy">): UsageFacts => ({
  ...(allowance !== undefined && { allowance }),
  ...(credits !== undefined && { credits }),
  ...(cost !== undefined && { cost }),
});

async function giveBackAndRefuse(spending: Spending, refusal: Denied): Promise<Verdict> {
  await giveBackLimits(spending);
  return refuse(spending, refusal);
}

/** A request that was refused has consumed nothing; one whose counters do not answer is refused all the same. */
async function giveBackLimits({ limiter, held, place, question, onFault }: Spending): Promise<void> {
  if (held.limits.length === 0 || question.continuing === true) return;
  try {
    await limiter.giveBack(held, place, question.slot, question.clientAddress);
  } catch (error) {
    onFault(error);
  }
}

/** What is in the pots, where somebody wants to know and the verdict does not say it yet. */
function withPots(spending: Spending, verdict: Verdict): Verdict | Promise<Verdict> {
  const { cashier, question, held, onFault } = spending;
  const known = verdict.allowance !== undefined || verdict.credits !== undefined;
  if (known || question.tellPots !== true || !question.project.isMetered) return verdict;
  return cashier.tell(held, potsOf(spending)).then(
    (facts) => ({ ...verdict, ...facts }),
    // The verdict needs nothing of the ledger: it stands without what the pots hold.
    (error) => {
      onFault(error);
      return verdict;
    },
  );
}

function policyOf({ route }: Place) {
  return route === undefined || route === "none" ? undefined : route.policy;
}

function potsOf({ place, question }: Spending): readonly Pot[] {
  const { messages, pots } = policyOf(place) ?? {};
  const [first, second] = question.continuing === true ? [messages?.pots, pots] : [pots, messages?.pots];
  return first ?? second ?? question.project.pots;
}

/** The same facts with a denial; where a region was asked for plays no part any more. */
function denied({ region: _, ...about }: Allowed, code: Denied["code"]): Denied {
  return { ...about, allowed: false, code };
}

function unavailable({ onFault }: Spending, error: unknown): Denied {
  onFault(error);
  return { allowed: false, code: "store_unavailable" };
}
