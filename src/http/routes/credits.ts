// Credits of an account, and the journal of all that its pots gained and lost.
import { Type } from "typebox";
import { changeCredits, creditsOf } from "../../manage/credits.ts";
import { listMovements } from "../../manage/ledger.ts";
import type { App, OperationParts } from "../operation.ts";
import { CreditsChange, Movement, NewCredits } from "../shapes/credits.ts";
import { AccountPath, PageQuery, pageOf, strict } from "../shapes/json.ts";

export function addCredits(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/accounts/:account/credits",
    {
      config: { access: "accounts:write", problems: ["conflict"] },
      schema: {
        operationId: "changeCredits",
        summary: "Add credits to an account, or take them away",
        description:
          "Send an Idempotency-Key: a repetition after a lost answer would otherwise add them twice. More than the account has is not taken, and nothing changes.",
        tags: ["credits"],
        params: AccountPath,
        body: NewCredits,
        response: { 201: CreditsChange },
      },
    },
    async (request, reply) => {
      const { project, account } = request.params;
      const change = await parts.answerOnce(request, reply, 201, (caller) =>
        changeCredits(parts, caller, project, account, request.body),
      );
      // Read after the commit: requests spend meanwhile, so it is no part of what a repetition is promised.
      return { ...change, credits: await creditsOf(parts, project, account) };
    },
  );
  app.get(
    "/v1/projects/:project/accounts/:account/ledger",
    {
      config: { access: "accounts:read", member: { role: "viewer", account: "path" } },
      schema: {
        operationId: "listMovements",
        summary: "What an account's pots gained and lost, newest first",
        description:
          "Spends and refunds can be read one by one for a day; then those of an hour are summed up.",
        tags: ["credits"],
        params: AccountPath,
        querystring: Type.Object(PageQuery, strict),
        response: { 200: pageOf(Movement) },
      },
    },
    ({ params, query }) => listMovements(parts, params.project, params.account, query),
  );
}
