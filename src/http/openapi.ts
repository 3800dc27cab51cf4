// The OpenAPI 3.1 document of the control plane, made from the routes as they are registered. It describes and changes nothing.
import swagger, { type SwaggerTransform } from "@fastify/swagger";
import type { FastifySchema, RouteOptions } from "fastify";
import { PROBLEMS, type ProblemCode } from "../base/errors.ts";
import { ProjectFileSchema } from "../project/schema.ts";
import type { Access, App } from "./operation.ts";
import { PROBLEM_TYPE } from "./problem.ts";
import { OAuthError, Problem } from "./shapes/problems.ts";
import { PROJECT_FILE } from "./shapes/projects.ts";

/** The version of the interface, which its paths begin with; not that of the program. */
const API_VERSION = "1";

const SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", description: "A root key." },
  operator: {
    type: "apiKey",
    in: "cookie",
    name: "claviger-console",
    description: "An operator who signed in; changes need X-Claviger-Request too.",
  },
  member: {
    type: "apiKey",
    in: "cookie",
    name: "claviger-portal",
    description: "At the portal: a member who signed in, or a portal token as bearer.",
  },
  basic: {
    type: "http",
    scheme: "basic",
    description: "A project's name and a root key; introspection only.",
  },
} as const;

const IDEMPOTENCY_KEY = {
  type: "object",
  properties: {
    "Idempotency-Key": {
      type: "string",
      minLength: 1,
      maxLength: 257,
      description:
        "Visible ASCII, bare or quoted. A repetition within 24 hours is answered and not carried out.",
    },
  },
} as const;

/** Must be awaited before the routes are added. */
export async function describeRoutes(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Claviger control plane",
        version: API_VERSION,
        description: "Issue, verify, rotate and revoke API keys. Failures are problem details (RFC 9457).",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    convertConstToEnum: false,
    transform: describeRoute,
    transformObject: (document) =>
      "openapiObject" in document ? finish(document.openapiObject as Document) : document.swaggerObject,
  });
}

const describeRoute: SwaggerTransform = ({ schema, url, route }) => {
  const { access = "anyone", documentedBody } = route.config ?? {};
  const described: FastifySchema = {
    ...schema,
    ...(access !== "anyone" && { description: scopeNote(schema?.description, access) }),
    security: securityOf(access, route),
    response: { ...(schema?.response as object), ...failuresOf(route, access) },
    ...(documentedBody !== undefined && { body: bodyByType(documentedBody) }),
    ...(isRepeatable(route, access) && { headers: IDEMPOTENCY_KEY }),
  };
  return { schema: described, url };
};

function scopeNote(description: string | undefined, access: Access): string {
  const scope = access === "client" ? "keys:verify" : access;
  return [description, `Needs the scope \`${scope}\`.`].filter(Boolean).join(" ");
}

function securityOf(access: Access, { config }: RouteOptions): Record<string, string[]>[] {
  if (access === "anyone") return [];
  if (access === "client") return [{ basic: [] }, { bearer: [] }];
  return [{ bearer: [] }, { operator: [] }, ...(config?.member === undefined ? [] : [{ member: [] }])];
}

function bodyByType(schemas: Readonly<Record<string, object>>) {
  const content = Object.entries(schemas).map(([type, schema]) => [type, { schema }]);
  return { content: Object.fromEntries(content) };
}

/** Verdicts read only, so that there is nothing to carry out twice. */
function isRepeatable({ method }: RouteOptions, access: Access): boolean {
  const isChange = (method === "POST" || method === "PATCH") && !access.endsWith(":read");
  return isChange && access !== "anyone" && access !== "keys:verify" && access !== "client";
}

/** One response for each status, which names the codes that it can carry. */
function failuresOf(route: RouteOptions, access: Access): Record<string, object> {
  const codes = [...new Set(problemsOf(route, access))];
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
  const [type, schema] = access === "client" ? ["application/json", OAuthError] : [PROBLEM_TYPE, Problem];
  return Object.fromEntries(
    statuses.map((status) => {
      const named = codes.filter((code) => PROBLEMS[code].status === status);
      return [status, { description: named.join(", "), content: { [type as string]: { schema } } }];
    }),
  );
}

function problemsOf(route: RouteOptions, access: Access): ProblemCode[] {
  const { schema, url, config, method } = route;
  const codes: ProblemCode[] = ["headers_too_large", "internal_error", ...(config?.problems ?? [])];
  if (access !== "anyone")
    codes.push("multiple_credentials", "missing_key", "invalid_key", "insufficient_scope", "forbidden");
  if (access !== "anyone") codes.push("store_unavailable");
  if (access !== "anyone" && access !== "client" && method !== "GET") codes.push("csrf_failed");
  if (config?.fresh === true) codes.push("reauth_required");
  if (config?.member !== undefined) codes.push("session_required", "not_found");
  if (url.includes("/:")) codes.push("not_found");
  if (schema?.querystring !== undefined) codes.push("validation_failed");
  if (schema?.body !== undefined || method === "PUT")
    codes.push(
      "invalid_request",
      "invalid_json",
      "payload_too_large",
      "unsupported_media_type",
      "validation_failed",
    );
  if (isRepeatable(route, access)) codes.push("idempotency_in_progress", "idempotency_key_reused");
  return codes;
}

type Json = Record<string, unknown>;
interface Operation {
  requestBody?: { required?: boolean; content: Json };
  responses: Record<string, { description: string }>;
}
interface Document extends Json {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Json };
}

/** Schemas with a title get one place and are referred to; everything stands in an order that does not depend on chance. */
function finish(document: Document): Document {
  const named = new Map<string, unknown>();
  const paths = sorted(hoist(document.paths, named) as Document["paths"]);
  const { $schema: _, ...projectFile }: Json = { ...ProjectFileSchema };
  named.set(PROJECT_FILE, { ...projectFile, title: PROJECT_FILE });
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { requestBody, responses } = operation;
    if (requestBody !== undefined) requestBody.required = needsBody(requestBody.content, named);
    for (const [status, response] of Object.entries(responses))
      if (response.description === "Default Response") response.description = SUCCESSES[status] ?? "Done.";
  }
  const schemas = sorted(Object.fromEntries(named));
  return { ...document, paths, components: { ...document.components, schemas } };
}

const SUCCESSES: Readonly<Record<string, string>> = { 201: "Created.", 503: "Not ready." };

/** An operation whose fields are all optional takes no body for an empty object. */
function needsBody(content: Json, named: ReadonlyMap<string, unknown>): boolean {
  return Object.values(content).some((media) => {
    const { schema } = media as { schema: { $ref?: string } };
    const target = schema.$ref === undefined ? schema : named.get(schema.$ref.split("/").at(-1)!);
    return (target as Json).required !== undefined;
  });
}

function hoist(value: unknown, named: Map<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, named));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, item]) => [name, hoist(item, named)] as const);
  const plain: Json = Object.fromEntries(entries);
  // A member called `title` of an object's `properties` is a schema, not a text.
  if (typeof plain.title !== "string") return plain;
  const name = plain.title.startsWith("Claviger project") ? PROJECT_FILE : plain.title;
  named.set(name, plain);
  return { $ref: `#/components/schemas/${name}` };
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)),
  );
}
