// The audit log of a project, for reading.
import { Readable } from "node:stream";
import { Type } from "typebox";
import { listAudit } from "../../manage/audit.ts";
import { exportAudit } from "../../manage/audit-export.ts";
import { findProject } from "../../manage/save.ts";
import type { App, OperationParts } from "../operation.ts";
import { oneOf, PageQuery, ProjectPath, pageOf, strict } from "../shapes/json.ts";
import { AuditEntry } from "../shapes/projects.ts";

const filters = {
  actor: Type.Optional(Type.String({ maxLength: 100, description: "Such as a root key's id." })),
  action: Type.Optional(Type.String({ maxLength: 60, description: "Such as key.create." })),
  subject: Type.Optional(Type.String({ maxLength: 100, description: "The id of what was changed." })),
  from: Type.Optional(Type.String({ maxLength: 40, description: "A time, inclusive." })),
  to: Type.Optional(Type.String({ maxLength: 40, description: "A time, exclusive." })),
};

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
        querystring: Type.Object({ ...PageQuery, ...filters }, strict),
        response: { 200: pageOf(AuditEntry) },
      },
    },
    ({ params, query }) => listAudit(parts, params.project, query),
  );
  app.get(
    "/v1/projects/:project/audit/export",
    {
      config: { access: "audit:read" },
      schema: {
        operationId: "exportAudit",
        summary: "The audit log as a file, newest first",
        description: "An answer that breaks off is not whole.",
        tags: ["audit"],
        params: ProjectPath,
        querystring: Type.Object({ ...filters, format: Type.Optional(oneOf(["csv", "ndjson"])) }, strict),
        response: {
          200: {
            description: "A line for each entry.",
            content: {
              "text/csv": { schema: Type.Unsafe<Readable>({ type: "string" }) },
              "application/x-ndjson": { schema: Type.Unsafe<Readable>(AuditEntry) },
            },
          },
        },
      },
    },
    async ({ params, query: { format = "csv", ...filter } }, reply) => {
      // Before anything is sent, so that a project that is not there is a problem and no file.
      findProject(parts, params.project);
      reply
        .header("content-disposition", `attachment; filename="audit-${params.project}.${format}"`)
        .type(format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson");
      return reply.send(Readable.from(exportAudit(parts, params.project, filter, format)));
    },
  );
}
