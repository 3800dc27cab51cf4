// What only operators do at their sign-in: the set-up of the first one, and see what their role admits.
import { isoTime } from "../../base/clock.ts";
import { ClavigerError } from "../../base/errors.ts";
import { claimSetup } from "../../people/operators.ts";
import type { App } from "../operation.ts";
import { operatorOf, scopesOf } from "../operator.ts";
import { Nothing } from "../shapes/json.ts";
import { OperatorSession, Setup } from "../shapes/people.ts";
import { type AuthParts, ownPageOnly } from "./auth.ts";

export function addAuthOperator(app: App, parts: AuthParts): void {
  const { door, side } = parts;
  app.post(
    "/auth/setup",
    {
      onRequest: ownPageOnly(parts),
      config: { access: "anyone", problems: ["csrf_failed", "forbidden", "overloaded"] },
      schema: {
        operationId: "claimSetup",
        summary: "Become the first operator, by the link that the start printed",
        tags: ["people"],
        body: Setup,
        response: { 204: Nothing },
      },
    },
    async ({ body }, reply) => {
      await claimSetup(side, door.people.tables, body);
      return reply.code(204).send(null);
    },
  );
  app.get(
    "/auth/session",
    {
      config: { access: "anyone", problems: ["session_required"] },
      schema: {
        operationId: "getOperatorSession",
        summary: "Which operator is signed in, and what they may do",
        tags: ["people"],
        response: { 200: OperatorSession },
      },
    },
    async (request) => {
      const operator = await operatorOf(door, request);
      if (operator === undefined) throw new ClavigerError("session_required", "Sign in first.");
      const { person, session, role } = operator;
      return {
        person,
        authenticatedAt: isoTime(session.authenticatedAt),
        expiresAt: isoTime(session.expiresAt),
        role,
        scopes: [...scopesOf(role)].sort(),
      };
    },
  );
}
