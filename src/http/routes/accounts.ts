// Accounts: create, list, read, change.
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { ClavigerError } from "../../base/errors.ts";
import {
  createAccount,
  findAccounts,
  getAccount,
  listAccounts,
  updateAccount,
} from "../../manage/accounts.ts";
import type { AccountDescription } from "../../manage/describe.ts";
import { eraseAccount } from "../../manage/erase-account.ts";
import { findProject } from "../../manage/save.ts";
import { forgetAccount } from "../../people/forget.ts";
import { addMembership } from "../../people/memberships.ts";
import { refuseForMembers } from "../member.ts";
import type { App, OperationParts } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { Account, AccountChange, NewAccount } from "../shapes/accounts.ts";
import { AccountPath, Nothing, PageQuery, ProjectPath, pageOf, strict } from "../shapes/json.ts";

/** Members neither set nor see what the operator keeps for itself. */
const OPERATORS_FIELDS = ["externalId", "plan", "metadata"];

function toldTo({ member }: FastifyRequest, account: AccountDescription): AccountDescription {
  return member === null ? account : { ...account, externalId: null, metadata: {} };
}

/** Of one project; whoever needs more asks the operator. */
const MOST_OWN_ACCOUNTS = 10;

/** Throws `limit_reached`, and `forbidden` where nobody makes accounts by themselves. */
function assertRoom(parts: OperationParts, { member }: FastifyRequest, project: string): void {
  if (member === null) return;
  if (findProject(parts, project).portal.signUp !== "open")
    throw new ClavigerError("forbidden", "Accounts are made by invitation here.");
  const own = member.memberships.filter((one) => one.project === project && one.role === "owner");
  if (own.length >= MOST_OWN_ACCOUNTS)
    throw new ClavigerError("limit_reached", `A person may own at most ${MOST_OWN_ACCOUNTS} accounts.`);
}

/** After the answer of a repeated request too: the first may have broken off in between. */
async function own(
  { people }: OperationParts,
  { member }: FastifyRequest,
  project: string,
  account: string,
): Promise<void> {
  if (member?.person === undefined || people === undefined) return;
  await addMembership(people.tables, people.clock, member.person.id, { project, account, role: "owner" });
}

const search = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 100,
    description: "An id, an externalId or a name, or a part of one; at most 100 are found, on one page.",
  }),
);

export function addAccounts(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/accounts",
    {
      config: {
        access: "accounts:write",
        member: { role: "viewer", account: "none" },
        problems: ["conflict", "limit_reached"],
      },
      schema: {
        operationId: "createAccount",
        summary: "Create an account",
        tags: ["accounts"],
        params: ProjectPath,
        body: NewAccount,
        response: { 201: Account },
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      refuseForMembers(request, request.body, OPERATORS_FIELDS);
      assertRoom(parts, request, project);
      const account = await parts.answerOnce(request, reply, 201, (caller) =>
        createAccount(parts, caller, project, request.body),
      );
      await own(parts, request, project, account.id);
      return toldTo(request, account);
    },
  );
  app.get(
    "/v1/projects/:project/accounts",
    {
      config: { access: "accounts:read" },
      schema: {
        operationId: "listAccounts",
        summary: "List accounts, newest first",
        tags: ["accounts"],
        params: ProjectPath,
        querystring: Type.Object({ ...PageQuery, search }, strict),
        response: { 200: pageOf(Account) },
      },
    },
    ({ params, query }) =>
      query.search === undefined
        ? listAccounts(parts, params.project, query)
        : findAccounts(parts, params.project, query.search, Math.min(query.limit ?? 50, 100)),
  );
  addOneAccount(app, parts);
  addErasure(app, parts);
}

function addErasure(app: App, parts: OperationParts): void {
  app.delete(
    "/v1/projects/:project/accounts/:account",
    {
      config: { access: "accounts:write", fresh: true, problems: ["confirmation_required", "conflict"] },
      schema: {
        operationId: "eraseAccount",
        summary: "Erase an account for good, with its keys and its members",
        description:
          "What it used and paid stays under its id, without a name; export a month that is not billed yet before.",
        tags: ["accounts"],
        params: AccountPath,
        querystring: Type.Object(
          { confirm: Type.String({ maxLength: 200, description: "The account's name." }) },
          strict,
        ),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { project, account } = request.params;
      await eraseAccount(parts, callerOf(request), project, account, request.query.confirm);
      if (parts.people !== undefined) await forgetAccount(parts.people, project, account);
      return reply.code(204).send(null);
    },
  );
}

function addOneAccount(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/accounts/:account",
    {
      config: { access: "accounts:read", member: { role: "viewer", account: "path" } },
      schema: {
        operationId: "getAccount",
        summary: "Read an account",
        tags: ["accounts"],
        params: AccountPath,
        querystring: Type.Object(
          {
            environment: Type.Optional(
              Type.String({
                maxLength: 100,
                description: "Whose allowance is told; the project's first when absent.",
              }),
            ),
          },
          strict,
        ),
        response: { 200: Account },
      },
    },
    async (request) => {
      const { params, query } = request;
      return toldTo(request, await getAccount(parts, params.project, params.account, query));
    },
  );
  app.patch(
    "/v1/projects/:project/accounts/:account",
    {
      config: {
        access: "accounts:write",
        member: { role: "owner", account: "path" },
        problems: ["conflict"],
      },
      schema: {
        operationId: "updateAccount",
        summary: "Change or suspend an account",
        tags: ["accounts"],
        params: AccountPath,
        body: AccountChange,
        response: { 200: Account },
      },
    },
    async (request, reply) => {
      const { project, account } = request.params;
      refuseForMembers(request, request.body, [...OPERATORS_FIELDS, "suspended"]);
      const updated = await parts.answerOnce(request, reply, 200, (caller) =>
        updateAccount(parts, caller, project, account, request.body),
      );
      return toldTo(request, updated);
    },
  );
}
