// The audit log of a project, for reading.
import { Type } from "typebox";
import { listAudit } from "../../manage/audit.ts";
import type { App, OperationParts } from "../operation.ts";
import { PageQuery, ProjectPath, pageOf, strict } from "../shapes/json.ts";
import { AuditEntry } from "../shapes/projects.ts";

export function addAudit(app: App, parts: OperationParts): void {
  app.get(
    "/v1/projects/:project/audit",
    {
      config: { access: "audit:read" },
      schema: {
        operationId: "listAudit",
        summary: "Who changed what, newest first",
        tags: ["audit"],
        params: ProjectPath,
        querystring: Type.Object(PageQuery, strict),
        response: { 200: pageOf(AuditEntry) },
      },
    },
    ({ params, query }) => listAudit(parts, params.project, query),
  );
}
