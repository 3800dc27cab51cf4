// Usage of an account and of a project, and the export of a month for billing.
import { Readable } from "node:stream";
import { Type } from "typebox";
import { getAccountUsage, getProjectUsage } from "../../manage/usage.ts";
import { exportUsage } from "../../manage/usage-export.ts";
import type { App, OperationParts } from "../operation.ts";
import { AccountPath, ProjectPath } from "../shapes/json.ts";
import { AccountUsageQuery, BillingLine, ExportQuery, ProjectUsageQuery, Usage } from "../shapes/usage.ts";

export function addUsage(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/accounts/:account/usage",
    {
      config: { access: "accounts:read", member: { role: "viewer", account: "path" } },
      schema: {
        operationId: "getAccountUsage",
        summary: "Usage of an account",
        description: "At most a second behind the verdicts.",
        tags: ["usage"],
        params: AccountPath,
        querystring: AccountUsageQuery,
        response: { 200: Usage },
      },
    },
    ({ params, query }) => getAccountUsage(parts, params.project, params.account, query),
  );
  app.get(
    "/v1/projects/:project/usage",
    {
      config: { access: "accounts:read" },
      schema: {
        operationId: "getProjectUsage",
        summary: "Usage of a project",
        description:
          "Of all accounts, and of verdicts without a proven key. At most a second behind the verdicts.",
        tags: ["usage"],
        params: ProjectPath,
        querystring: ProjectUsageQuery,
        response: { 200: Usage },
      },
    },
    ({ params, query }) => getProjectUsage(parts, params.project, query),
  );
  addExport(app, parts);
}

const NDJSON = "application/x-ndjson";

function addExport(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/usage/export",
    {
      config: { access: "accounts:read" },
      schema: {
        operationId: "exportUsage",
        summary: "What each account consumed in a month, for billing",
        description:
          "A line of JSON for each account and environment, accounts newest first. An answer that breaks off is not whole.",
        tags: ["usage"],
        params: ProjectPath,
        querystring: ExportQuery,
        response: {
          200: {
            description: "A BillingLine on each line.",
            content: { [NDJSON]: { schema: Type.Unsafe<Readable>(BillingLine) } },
          },
        },
      },
    },
    async ({ params, query }, reply) => {
      const pages = exportUsage(parts, params.project, query.month);
      return reply.type(NDJSON).send(Readable.from(pages));
    },
  );
}
