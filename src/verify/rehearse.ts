// A verdict that takes nothing: the same order of checks over limits that are only looked at and pots that are only told, with each step
// said in words. Nobody is counted, and nothing is paid.
import { reasonOf } from "../policy/reasons.ts";
import { VERDICT_CODES, type Verdict, type VerdictCode } from "../policy/verdict.ts";
import type { Cashier } from "./cashier.ts";
import type { Limiter } from "./limiter.ts";
import type { Question } from "./question.ts";
import { createVerify, type VerifyParts } from "./verify.ts";

export interface Step {
  /** What was looked at. */
  readonly step: string;
  readonly outcome: "passed" | "failed" | "not_reached";
  /** What it means that it passed, or why it failed. */
  readonly words: string;
}

export interface Rehearsal {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
}

export type Rehearse = (question: Question) => Promise<Rehearsal>;

/** In the order of ARCHITECTURE.md, with the codes by which each refuses. */
const STEPS: readonly {
  readonly step: string;
  readonly codes: readonly VerdictCode[];
  readonly words: string;
}[] = [
  { step: "request", codes: ["malformed_request"], words: "The request can be read." },
  { step: "path", codes: ["ambiguous_path"], words: "The path can be read in one way only." },
  { step: "credential", codes: ["missing_key", "multiple_credentials"], words: "Exactly one key was sent." },
  { step: "key", codes: ["invalid_key"], words: "The key has the right form and is known." },
  { step: "status", codes: ["revoked_key", "disabled_key", "expired_key"], words: "The key is alive." },
  { step: "account", codes: ["account_suspended"], words: "The account is not suspended." },
  { step: "environment", codes: ["wrong_environment"], words: "The key is for this environment." },
  { step: "address", codes: ["ip_not_allowed"], words: "The key may be used from this address." },
  { step: "route", codes: ["no_route"], words: "There is something for keys at this path and method." },
  { step: "scope", codes: ["insufficient_scope"], words: "The key has the scopes that the route asks for." },
  { step: "ownership", codes: ["wrong_account"], words: "The path names no other account." },
  { step: "plan", codes: ["feature_not_in_plan"], words: "The plan includes it." },
  {
    step: "concurrency",
    codes: ["concurrency_exceeded"],
    words: "There is room for one more request at once.",
  },
  { step: "rate", codes: ["rate_exceeded"], words: "The rate limits admit it." },
  { step: "cost", codes: ["unmeasurable_request", "request_too_large"], words: "What it costs can be told." },
  { step: "payment", codes: ["allowance_exceeded", "insufficient_credits"], words: "It can be paid." },
];

/** A code's place among the checks; those of a step that comes later are not reached. */
const placeOf = (code: VerdictCode): number =>
  code === "ok" ? VERDICT_CODES.length : STEPS.findIndex(({ codes }) => codes.includes(code));

export function createRehearsal(parts: VerifyParts): Rehearse {
  const { onVerdict: _, ...kept } = parts;
  const verify = createVerify({
    ...kept,
    limiter: onlyLooking(parts.limiter),
    cashier: onlyTelling(parts.cashier),
    usage: { note: () => {}, addUnits: () => {} },
  });
  return async (question) => {
    const verdict = await verify({ ...question, tellPots: true });
    return { verdict, steps: stepsOf(verdict) };
  };
}

function stepsOf(verdict: Verdict): Step[] {
  const failed = placeOf(verdict.code);
  return STEPS.map(({ step, words }, place) => {
    if (place === failed) return { step, outcome: "failed", words: reasonOf(verdict) };
    return { step, outcome: place < failed ? "passed" : "not_reached", words };
  });
}

function onlyLooking(limiter: Limiter): Limiter {
  return {
    ...limiter,
    async take(held, place, _slot, client) {
      const states = await limiter.peek(held, place, client);
      const weight =
        place.route === undefined || place.route === "none" ? 1 : (place.route.policy.weight ?? 1);
      const refused = states.find(({ kind, remaining }) => remaining < (kind === "rate" ? weight : 1));
      return { refused, states };
    },
    giveBack: () => {},
  };
}

function onlyTelling(cashier: Cashier): Cashier {
  return {
    ...cashier,
    async pay({ held, pots, units }) {
      const facts = await cashier.tell(held, pots);
      const allowance =
        facts.allowance === undefined ? 0 : (facts.allowance.remaining ?? Number.POSITIVE_INFINITY);
      const there = pots.reduce(
        (sum, pot) => sum + (pot === "allowance" ? allowance : (facts.credits ?? 0)),
        0,
      );
      return { ...facts, cost: units, refusedBy: there >= units ? undefined : pots.at(-1) };
    },
  };
}
