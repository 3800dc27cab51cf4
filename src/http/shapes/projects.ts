// Projects, their pages and their audit log as they are answered. The project file's own shape is the project room's.
import { Type } from "typebox";
import type { ProjectFile } from "../../project/schema.ts";
import { listOf, oneOf, openObject, Texts, Time } from "./json.ts";

/** The file's schema stands in the OpenAPI document under this name; here it only passes through. */
export const PROJECT_FILE = "ProjectFile";

const Endpoint = Type.Object({
  host: Type.String({ description: "As the project file names it." }),
  url: Type.String({
    description: "Where this server answers for the host, for clients that do not resolve it.",
  }),
});

export const Project = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    file: Type.Unsafe<ProjectFile>({ type: "object", additionalProperties: true, title: PROJECT_FILE }),
    version: Type.Integer({ description: "Counts the changes of the file from 1." }),
    endpoints: listOf(Endpoint),
    createdAt: Time,
    updatedAt: Time,
  },
  { title: "Project" },
);

export const AppliedProject = Type.Object(
  {
    project: Project,
    created: Type.Boolean(),
    differences: listOf(
      Type.Object({
        field: Type.String({ description: "Dotted path of the field; empty for the file as a whole." }),
        change: oneOf(["added", "removed", "changed"]),
        before: Type.Optional(Type.Unknown()),
        after: Type.Optional(Type.Unknown()),
      }),
    ),
    warnings: Texts,
  },
  { title: "AppliedProject" },
);

export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    at: Time,
    project: Type.String(),
    actor: Type.String({ description: "The root key's id, or local for a command of the store's owner." }),
    action: Type.String({ description: "Such as key.create." }),
    subject: Type.String({ description: "The id of what was changed." }),
    detail: openObject("What was changed; never a secret."),
  },
  { title: "AuditEntry" },
);
