// Accounts: create, list, read, change.
import { Type } from "typebox";
import { createAccount, getAccount, listAccounts, updateAccount } from "../../manage/accounts.ts";
import type { App, OperationParts } from "../operation.ts";
import { Account, AccountChange, NewAccount } from "../shapes/accounts.ts";
import { AccountPath, PageQuery, ProjectPath, pageOf, strict } from "../shapes/json.ts";

export function addAccounts(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/accounts",
    {
      config: { access: "accounts:write", problems: ["conflict"] },
      schema: {
        operationId: "createAccount",
        summary: "Create an account",
        tags: ["accounts"],
        params: ProjectPath,
        body: NewAccount,
        response: { 201: Account },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 201, (caller) =>
        createAccount(parts, caller, request.params.project, request.body),
      ),
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
        querystring: Type.Object(PageQuery, strict),
        response: { 200: pageOf(Account) },
      },
    },
    ({ params, query }) => listAccounts(parts, params.project, query),
  );
  addOneAccount(app, parts);
}

function addOneAccount(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/accounts/:account",
    {
      config: { access: "accounts:read" },
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
    ({ params, query }) => getAccount(parts, params.project, params.account, query),
  );
  app.patch(
    "/v1/projects/:project/accounts/:account",
    {
      config: { access: "accounts:write", problems: ["conflict"] },
      schema: {
        operationId: "updateAccount",
        summary: "Change or suspend an account",
        tags: ["accounts"],
        params: AccountPath,
        body: AccountChange,
        response: { 200: Account },
      },
    },
    (request, reply) =>
      parts.answerOnce(request, reply, 200, (caller) =>
        updateAccount(parts, caller, request.params.project, request.params.account, request.body),
      ),
  );
}
