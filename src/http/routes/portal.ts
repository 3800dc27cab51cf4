// The portal's public page data of a project.
import { describePortal } from "../../manage/portal.ts";
import { findProject } from "../../manage/save.ts";
import { BUILTIN_NAME } from "../../project/builtin.ts";
import type { App, OperationParts } from "../operation.ts";
import { ProjectPath } from "../shapes/json.ts";
import { PortalFacts } from "../shapes/portal.ts";

export function addPortal(app: App, parts: OperationParts, mail: boolean): void {
  app.get(
    "/v1/projects/:project/portal",
    {
      config: { access: "anyone" },
      schema: {
        operationId: "getPortal",
        summary: "What the project's portal page shows to everybody",
        tags: ["portal"],
        params: ProjectPath,
        response: { 200: PortalFacts },
      },
    },
    async ({ params }) => {
      const project = portalProject(parts, params.project);
      const endpoint = parts.endpoints().find((one) => one.project === project.name)?.url;
      return describePortal(project, { endpoint, mail });
    },
  );
}

/** The control plane's own project has no customers. Throws `not_found`. */
export function portalProject(parts: OperationParts, name: string) {
  return findProject(parts, name === BUILTIN_NAME ? "" : name);
}
