// PUT of a project file, as JSON or YAML. The text goes to the loader as it came, so that every problem carries its line.
import { Type } from "typebox";
import { ClavigerError } from "../../base/errors.ts";
import { applyProject } from "../../manage/projects.ts";
import { type LoadedProject, loadProjectText, ProjectFileError } from "../../project/load.ts";
import { ProjectFileSchema } from "../../project/schema.ts";
import { parseJson, readBodies } from "../body.ts";
import type { App, OperationParts } from "../operation.ts";
import { callerOf } from "../principal.ts";
import { ProjectPath } from "../shapes/json.ts";
import { AppliedProject } from "../shapes/projects.ts";
import { withEndpoints } from "./projects.ts";

const YAML_TYPES = ["application/yaml", "application/x-yaml", "text/yaml"];

export function addApplyProject(root: App, parts: OperationParts): void {
  // A scope of its own, because here bodies are text.
  root.register(async (app: App) => {
    readBodies(app, YAML_TYPES, (text) => text);
    readBodies(app, ["application/json"], checkedJson);
    app.put(
      "/v1/projects/:project",
      {
        config: {
          access: "projects:write",
          problems: ["conflict"],
          documentedBody: Object.fromEntries(
            ["application/json", ...YAML_TYPES].map((type) => [type, ProjectFileSchema]),
          ),
        },
        schema: {
          operationId: "applyProject",
          summary: "Create or change a project by its file",
          description:
            "Idempotent: the same file again changes nothing. The name in the file must be the path's.",
          tags: ["projects"],
          params: ProjectPath,
          querystring: Type.Object(
            {
              dryRun: Type.Optional(
                Type.Boolean({ description: "Say what would change, and change nothing." }),
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: AppliedProject, 201: AppliedProject },
        },
      },
      async (request, reply) => {
        const { dryRun = false } = request.query;
        const loaded = readProject(request.body, request.params.project);
        const applied = await applyProject(parts, callerOf(request), loaded, { dryRun });
        reply.code(applied.created && !dryRun ? 201 : 200);
        return { ...applied, project: withEndpoints(parts, applied.project) };
      },
    );
  });
}

/** The text still, because the loader finds lines in it. */
function checkedJson(text: string): string {
  parseJson(text);
  return text;
}

/** Throws ProjectFileError, or `validation_failed` for a body that is missing. */
function readProject(body: unknown, name: string): LoadedProject {
  if (typeof body !== "string")
    throw new ClavigerError("validation_failed", "The body must be a project file.");
  const loaded = loadProjectText(body, "body");
  if (loaded.file.name !== name) {
    const line = loaded.locate(["name"]);
    throw new ProjectFileError("body", [
      { field: "name", message: "must equal the name in the path", ...(line !== undefined && { line }) },
    ]);
  }
  return loaded;
}
