// Token introspection (RFC 7662), for resource servers that speak OAuth. It tells an unknown key, another project's key and a
// dead one apart for nobody.
import type { FastifyReply, FastifyRequest } from "fastify";
import { ClavigerError, type ProblemCode } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { effectiveScopes } from "../../policy/scope.ts";
import type { Allowed } from "../../policy/verdict.ts";
import type { Project } from "../../project/compile.ts";
import { readBodies } from "../body.ts";
import { authenticateClient } from "../client.ts";
import type { App, OperationParts } from "../operation.ts";
import { noteFault, publicError } from "../problem.ts";
import { Introspection, IntrospectionForm } from "../shapes/verdicts.ts";

/** Read before the client is known, so it is no larger than a form can need. */
const MAX_FORM_BYTES = 65_536;
const FORM = "application/x-www-form-urlencoded";

export function addIntrospect(root: App, parts: OperationParts, log: Logger): void {
  root.register(async (app: App) => {
    readBodies(app, [FORM], (text) => new URLSearchParams(text));
    app.setErrorHandler((error, request, reply) => sendOAuthError(log, error, request, reply));
    app.post(
      "/v1/introspect",
      {
        bodyLimit: MAX_FORM_BYTES,
        config: {
          access: "client",
          problems: ["unsupported_media_type", "payload_too_large", "invalid_request"],
          documentedBody: { [FORM]: IntrospectionForm },
        },
        schema: {
          operationId: "introspectKey",
          summary: "Introspect a key (RFC 7662)",
          description:
            "The client authenticates with Basic (the project's name and a root key) or with Bearer (a root key, and the project in the form). A key that has an allowlist is inactive here, because no address is known.",
          tags: ["verdicts"],
          response: { 200: Introspection },
        },
      },
      async (request, reply) => {
        const client = await authenticateClient(parts, request, reply);
        const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
        const project = projectOf(parts, client.project, form);
        return introspect(parts, project, onlyValue(form, "token"));
      },
    );
  });
}

/** RFC 6749 section 3.1: a parameter may stand once, and one without a value counts as left out. */
function onlyValue(form: URLSearchParams, name: string): string {
  const value = optionalValue(form, name);
  if (value === undefined) throw new ClavigerError("invalid_request", `The form lacks ${name}.`);
  return value;
}

function optionalValue(form: URLSearchParams, name: string): string | undefined {
  const values = form.getAll(name);
  if (values.length > 1) throw new ClavigerError("invalid_request", `The form holds ${name} more than once.`);
  return values[0] === "" ? undefined : values[0];
}

function projectOf(
  { directory }: OperationParts,
  client: string | undefined,
  form: URLSearchParams,
): Project {
  const named = optionalValue(form, "project");
  if (client !== undefined && named !== undefined && client !== named)
    throw new ClavigerError("invalid_request", "The form names another project than the client.");
  const project = directory.project(client ?? named ?? onlyValue(form, "project"));
  if (project === undefined) throw new ClavigerError("invalid_request", "There is no such project.");
  return project;
}

async function introspect(parts: OperationParts, project: Project, token: string) {
  const verdict = await parts.verify({ project, credential: { kind: "key", text: token } });
  if (verdict.code === "store_unavailable")
    throw new ClavigerError("store_unavailable", "The key cannot be checked at the moment; try again.");
  return verdict.allowed ? describe(parts, project, verdict) : { active: false };
}

/** Inactive too when the key went away between verdict and read. */
async function describe({ store }: OperationParts, project: Project, { key }: Allowed) {
  const record = await store.key(project.name, key.id);
  if (record === undefined || record.revokedAt !== null) return { active: false };
  const { createdAt, notBefore, expiresAt } = record;
  const granted = effectiveScopes(project.scopes, record.scopes, record.frozenScopes);
  const scopes = [...new Set([...record.scopes, ...granted])].filter((name) => granted.has(name));
  return {
    active: true,
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    client_id: key.account,
    sub: key.id,
    token_type: "Bearer",
    iat: epochSeconds(createdAt),
    ...(notBefore !== null && { nbf: epochSeconds(notBefore) }),
    ...(expiresAt !== null && { exp: epochSeconds(expiresAt) }),
    claviger: {
      project: project.name,
      environment: key.environment,
      ...(key.tier !== undefined && { tier: key.tier }),
      ...(key.plan !== undefined && { plan: key.plan }),
    },
  };
}

/** Rounded down: a key is never said to live longer than it does. */
function epochSeconds(at: number): number {
  return Math.floor(at / 1000);
}

/** RFC 6749 section 5.2, and section 4.1.2.1 for a server that is out of order. */
const OAUTH_CODES: Partial<Record<ProblemCode, string>> = {
  missing_key: "invalid_client",
  invalid_key: "invalid_client",
  forbidden: "invalid_client",
  insufficient_scope: "insufficient_scope",
  store_unavailable: "temporarily_unavailable",
  internal_error: "server_error",
};

function sendOAuthError(log: Logger, thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const error = publicError(thrown);
  noteFault(log, error, request);
  const code = OAUTH_CODES[error.code] ?? "invalid_request";
  if (error.code === "store_unavailable") reply.header("retry-after", 1);
  return reply
    .code(code === "invalid_client" ? 401 : error.status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ error: code, error_description: error.message }));
}
