// Operators: who they are, what they may do, and how another one comes in. For owners, and for root keys that may.
import { isoTime } from "../../base/clock.ts";
import { ClavigerError } from "../../base/errors.ts";
import { note } from "../../manage/note.ts";
import { issueResetLink } from "../../people/credentials.ts";
import { invite, listInvitations } from "../../people/invitations.ts";
import { changeOperator, listOperators, operatorRole } from "../../people/operators.ts";
import type { OperatorRole } from "../../people/tables.ts";
import { BUILTIN_NAME } from "../../project/builtin.ts";
import type { App } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { NoFields, Nothing } from "../shapes/json.ts";
import {
  NewOperator,
  OneTimeLink,
  OperatorChange,
  OperatorInvitation,
  OperatorPath,
  Operators,
} from "../shapes/members.ts";
import type { PeopleParts } from "./members.ts";

const SUBJECT = "operators";
const write = { access: "people:write", fresh: true, problems: ["conflict"] } as const;

export function addOperators(app: App, parts: PeopleParts): void {
  const { people } = parts;
  const pages = () => ({ url: `${people.urls.console}/console`, title: "Claviger" });
  app.get(
    "/v1/operators",
    {
      config: { access: "people:read" },
      schema: {
        operationId: "listOperators",
        summary: "The operators, and who is invited",
        tags: ["people"],
        response: { 200: Operators },
      },
    },
    async () => ({
      ...(await listOperators(people.operators, people.tables)),
      invitations: (await listInvitations<OperatorRole>(people.operators, SUBJECT)).items,
    }),
  );
  app.post(
    "/v1/operators",
    {
      config: { ...write, problems: ["limit_reached"] },
      schema: {
        operationId: "inviteOperator",
        summary: "Invite an operator",
        description: "By mail; where none can be sent, the answer holds the link.",
        tags: ["people"],
        body: NewOperator,
        response: { 201: OperatorInvitation },
      },
    },
    async (request, reply) => {
      const { email, role } = request.body;
      const invitation = { email, role, title: "Claviger" };
      const made = await invite(people.operators, SUBJECT, invitation, pages());
      await note(parts, callerOf(request), BUILTIN_NAME, "operator.invite", made.id, { role });
      reply.code(201);
      return made;
    },
  );
  addOneOperator(app, parts);
  app.post(
    "/v1/operators/:operator/reset-link",
    {
      config: write,
      schema: {
        operationId: "makeOperatorResetLink",
        summary: "A link by which an operator sets a new password, to be handed over",
        tags: ["people"],
        params: OperatorPath,
        body: NoFields,
        response: { 200: OneTimeLink },
      },
    },
    async (request) => {
      const { operator } = request.params;
      if ((await operatorRole(people.tables, operator)) === undefined)
        throw new ClavigerError("not_found", "There is no such operator.");
      const { link, expiresAt } = await issueResetLink(people.operators, operator, pages());
      await note(parts, callerOf(request), BUILTIN_NAME, "operator.reset-link", operator);
      return { link, expiresAt: isoTime(expiresAt) };
    },
  );
}

function addOneOperator(app: App, parts: PeopleParts): void {
  const { people } = parts;
  app.patch(
    "/v1/operators/:operator",
    {
      config: write,
      schema: {
        operationId: "changeOperator",
        summary: "Give an operator another role, which holds at once",
        tags: ["people"],
        params: OperatorPath,
        body: OperatorChange,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { operator } = request.params;
      const { role } = request.body;
      await changeOperator(people.operators, people.tables, operator, role);
      await note(parts, callerOf(request), BUILTIN_NAME, "operator.change", operator, { role });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    "/v1/operators/:operator",
    {
      config: write,
      schema: {
        operationId: "removeOperator",
        summary: "Take an operator out; every session of theirs ends",
        description: "With an invitation's id it takes the invitation back.",
        tags: ["people"],
        params: OperatorPath,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { operator } = request.params;
      if (!(await people.tokens.end("operator-invitation", SUBJECT, operator)))
        await changeOperator(people.operators, people.tables, operator, undefined);
      await note(parts, callerOf(request), BUILTIN_NAME, "operator.remove", operator);
      return reply.code(204).send(null);
    },
  );
}
