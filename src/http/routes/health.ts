// Whether the process lives and whether it can do its work. Both need no key and tell nothing that is secret.
import { Type } from "typebox";
import type { App, OperationParts } from "../operation.ts";
import { oneOf } from "../shapes/json.ts";

const Readiness = Type.Object(
  {
    ready: Type.Boolean(),
    checks: Type.Unsafe<Readonly<Record<string, string>>>({
      type: "object",
      additionalProperties: { type: "string" },
      description: "What was looked at: ok, or what is wrong.",
    }),
  },
  { title: "Readiness" },
);

export function addHealth(app: App, parts: OperationParts): void {
  app.get(
    "/healthz",
    {
      config: { access: "anyone" },
      schema: {
        operationId: "getHealth",
        summary: "Whether the process answers",
        tags: ["health"],
        response: { 200: Type.Object({ status: oneOf(["ok"]) }) },
      },
    },
    async () => ({ status: "ok" as const }),
  );
  app.get(
    "/readyz",
    {
      config: { access: "anyone" },
      schema: {
        operationId: "getReadiness",
        summary: "Whether projects, gateway and upstreams answer",
        tags: ["health"],
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const readiness = await parts.ready();
      reply.code(readiness.ready ? 200 : 503);
      return readiness;
    },
  );
}
