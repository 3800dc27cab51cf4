// The two documents that are generated and committed, as the text of their files: the OpenAPI document and the JSON Schema of
// project files.
import type { FastifyInstance } from "fastify";
import { ProjectFileSchema } from "../project/schema.ts";

/** `app` must be ready. */
export function openApiText(app: FastifyInstance): string {
  return fileText(app.swagger());
}

/** Editors read `$schema` to know the dialect, and tools know the schema by its `$id`. */
export function projectSchemaText(): string {
  const { $schema, ...shape }: Record<string, unknown> = { ...ProjectFileSchema };
  return fileText({ $schema, $id: "urn:claviger:schema:project-file", ...shape });
}

function fileText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
