// Shows what fails open, what fails closed, for how long, and what of it is so at this moment.
import { FAIL_POLICY } from "../../verify/fail-policy.ts";
import type { App, OperationParts } from "../operation.ts";
import { FailPolicies } from "../shapes/policy.ts";

export function addPolicy(app: App, { condition }: OperationParts): void {
  app.get(
    "/v1/policy",
    {
      config: { access: "projects:read" },
      schema: {
        operationId: "getFailPolicy",
        summary: "What each layer does when what it depends on fails",
        description:
          "While the database is away this needs a root key that is still held in memory; /readyz needs none.",
        tags: ["health"],
        response: { 200: FailPolicies },
      },
    },
    async () => {
      const now = await condition();
      const { nodes, failStaticSeconds, staleAdmissions, countedAlone } = now;
      return {
        layers: FAIL_POLICY.map(({ isNow, ...row }) => ({ ...row, now: isNow(now) })),
        ...(nodes !== undefined && { nodes }),
        ...{ failStaticSeconds, staleAdmissions, countedAlone },
      };
    },
  );
}
