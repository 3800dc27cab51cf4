// Tries a request without taking anything: what would the verdict be, and at which step.

import { invalidField } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { findKey } from "../../manage/find-key.ts";
import { findProject } from "../../manage/save.ts";
import { renderDenial } from "../../policy/dialect.ts";
import { parseAddress } from "../../policy/network.ts";
import { reasonOf } from "../../policy/reasons.ts";
import type { Project } from "../../project/compile.ts";
import type { Credential } from "../../verify/question.ts";
import type { App, OperationParts } from "../operation.ts";
import { ProjectPath } from "../shapes/json.ts";
import { TestedRequest, TestRequest } from "../shapes/rehearsal.ts";

export function addTestRequest(app: App, parts: OperationParts): void {
  app.post(
    "/v1/projects/:project/test-request",
    {
      config: { access: "keys:verify" },
      schema: {
        operationId: "testRequest",
        summary: "Try a request, and see each step of its verdict",
        description: "Takes nothing: no limit, no unit, no place in the usage.",
        tags: ["verdicts"],
        params: ProjectPath,
        body: TestRequest,
        response: { 200: TestedRequest },
      },
    },
    async ({ params, body }) => {
      const project = findProject(parts, params.project);
      const host = body.host ?? project.hosts[0]?.host;
      const served = project.hosts.find((one) => one.host === host);
      if (body.host !== undefined && served === undefined)
        throw invalidField("host", "is not a host of the project");
      const clientAddress = body.clientAddress === undefined ? undefined : parseAddress(body.clientAddress);
      if (body.clientAddress !== undefined && clientAddress === undefined)
        throw invalidField("clientAddress", "is not an IP address");
      const { verdict, steps } = await parts.rehearse({
        project,
        credential: await credentialOf(parts, project, body),
        clientAddress,
        environment: served?.environment,
        request: { method: body.method, target: body.path, host },
        cost: body.cost,
      });
      const answer = verdict.allowed
        ? null
        : renderDenial(project.dialect, verdict, { requestId: newId("req"), now: parts.clock.now() });
      return {
        allowed: verdict.allowed,
        code: verdict.code,
        reason: reasonOf(verdict),
        key: verdict.key?.id ?? null,
        route: verdict.route ?? null,
        answer: answer && { status: answer.status, body: String(answer.body) },
        steps,
      };
    },
  );
}

/** Throws `not_found` for an id that is none. */
async function credentialOf(
  parts: OperationParts,
  project: Project,
  { key, keyId }: { key?: string; keyId?: string },
): Promise<Credential> {
  if (key !== undefined && keyId !== undefined)
    throw invalidField("keyId", "stands beside key: give one of them");
  if (keyId !== undefined)
    return { kind: "digest", digest: (await findKey(parts, project.name, keyId)).digest };
  return key === undefined || key === "" ? { kind: "none" } : { kind: "key", text: key };
}
