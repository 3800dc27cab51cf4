// Ends holds: what a verdict has spent under an id is settled at what the request really cost, or given back. Safe to repeat.
import { isoTime } from "../../base/clock.ts";
import { ClavigerError, invalidField } from "../../base/errors.ts";
import { describeAllowance } from "../../manage/describe.ts";
import { allowanceState, type Balance } from "../../policy/pot.ts";
import { allowanceOf } from "../../store/directory.ts";
import type { HoldRecord, LedgerAnswer } from "../../store/ledger.ts";
import type { App, ControlledInstance, OperationParts } from "../operation.ts";
import { Hold, HoldPath, Settlement } from "../shapes/credits.ts";
import { NoFields } from "../shapes/json.ts";

export function addHolds(app: App, parts: OperationParts): void {
  app.post(
    "/v1/holds/:hold/settle",
    {
      config: { access: "keys:verify", problems: ["conflict", "insufficient_credits"] },
      schema: {
        operationId: "settleHold",
        summary: "Settle a hold at what the request really cost",
        description:
          "Where the account has too little for more than was held, nothing is taken and the hold stays open. A repetition with the same cost changes nothing and is a 200 again; another cost is a conflict. The pots are told as they are at the answer.",
        tags: ["verdicts"],
        params: HoldPath,
        body: Settlement,
        response: { 200: Hold },
      },
    },
    ({ params, body }) => {
      // Hostile E17: JSON can say it, and a schema admits it as 0.
      if (Object.is(body.cost, -0)) throw invalidField("cost", "must not be -0");
      return settle(parts, params.hold, body.cost);
    },
  );
  app.post(
    "/v1/holds/:hold/release",
    {
      config: { access: "keys:verify", problems: ["conflict"] },
      schema: {
        operationId: "releaseHold",
        summary: "Give back all that was held",
        tags: ["verdicts"],
        params: HoldPath,
        body: NoFields,
        response: { 200: Hold },
      },
    },
    ({ params }) => settle(parts, params.hold, 0),
  );
}

/** Throws `not_found`, `conflict` (expired, or settled at another cost) and `insufficient_credits` (hostile E21). */
export async function settle(parts: ControlledInstance, id: string, units: number) {
  const answer = await parts.cashier.settleHold(id, units);
  if (!answer.done) throw refusal(answer);
  const hold = await parts.store.hold(id);
  if (hold === undefined) throw refusal({ done: false, reason: "not_found" });
  return describe(parts, hold, answer.balance);
}

function refusal({ reason }: Extract<LedgerAnswer, { done: false }>): ClavigerError {
  switch (reason) {
    case "not_found":
      return new ClavigerError("not_found", "There is no such hold.");
    case "expired":
      return new ClavigerError("conflict", "The hold has expired; what it held stays spent.");
    case "closed":
      return new ClavigerError("conflict", "The hold was settled before, at another cost.");
    case "unpaid":
      return new ClavigerError(
        "insufficient_credits",
        "The account has too little for what the request cost beyond the hold; the hold is still open.",
      );
  }
}

/** An account whose project is no longer served has no allowance to tell. */
async function describe({ directory, store, clock }: ControlledInstance, hold: HoldRecord, balance: Balance) {
  const { id, environment, units } = hold;
  const settledUnits = hold.settledUnits ?? units;
  const now = clock.now();
  const project = directory.project(hold.project);
  const account = project && (await store.account(hold.project, hold.account));
  const allowance = project && account && allowanceOf(account, project);
  return {
    id,
    project: hold.project,
    account: hold.account,
    environment,
    units,
    settledUnits,
    status: settledUnits === 0 ? ("released" as const) : ("settled" as const),
    settledAt: isoTime(hold.settledAt ?? now),
    ...(allowance && { allowance: describeAllowance(allowanceState(allowance, balance, now)) }),
    credits: balance.credits,
  };
}
