// The two documents that are generated and committed, as the text of their files: the OpenAPI document and the JSON Schema of
// project files.
import type { FastifyInstance } from "fastify";
import { ProjectFileSchema } from "../project/schema.ts";

/** Both must be ready. What the portal has beyond the control plane is added, with a word on where it is served. */
export function openApiText(app: FastifyInstance, portal?: FastifyInstance): string {
  const document = app.swagger() as unknown as Document;
  if (portal === undefined) return fileText(document);
  const { paths, components } = portal.swagger() as unknown as Document;
  for (const [path, operations] of Object.entries(paths)) {
    if (document.paths[path] === undefined)
      document.paths[path] = Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, { ...operation, servers: PORTAL }]),
      );
  }
  return fileText({
    ...document,
    paths: sorted(document.paths),
    components: {
      ...document.components,
      schemas: sorted({ ...components.schemas, ...document.components.schemas }),
    },
  });
}

const PORTAL = [{ url: "http://127.0.0.1:4002", description: "The portal" }];

interface Document {
  readonly paths: Record<string, object>;
  readonly components: { readonly schemas: Record<string, object> };
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Editors read `$schema` to know the dialect, and tools know the schema by its `$id`. */
export function projectSchemaText(): string {
  const { $schema, ...shape }: Record<string, unknown> = { ...ProjectFileSchema };
  return fileText({ $schema, $id: "urn:claviger:schema:project-file", ...shape });
}

function fileText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
