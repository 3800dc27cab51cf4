// Answers to pages of other origins (Fetch, section 3.3): what a preflight is told, and what every answer says beside its own fields.
// It lets nobody in: a page's request is judged like any other.
import type { RenderedAnswer } from "../policy/dialect.ts";
import type { Project } from "../project/compile.ts";
import type { Received } from "./arrival.ts";
import { type Field, valuesOf } from "./fields.ts";

/** The answer to a request that is a preflight, in a project that says which pages may call it; `undefined` for any other. */
export function preflightAnswer(
  { cors, dialect }: Project,
  { method }: Pick<Received, "method">,
  fields: readonly Field[],
): RenderedAnswer | undefined {
  if (cors === undefined || method !== "OPTIONS") return undefined;
  if (valuesOf(fields, "origin").length !== 1) return undefined;
  if (valuesOf(fields, "access-control-request-method").length !== 1) return undefined;
  const origin = allowedOrigin(cors.origins, fields);
  return {
    status: 204,
    headers: {
      "cache-control": "no-store",
      ...(dialect.vary !== "" && { vary: dialect.vary }),
      ...(origin !== undefined && { "access-control-allow-origin": origin, ...cors.preflight }),
    },
    body: "",
  };
}

/** What an answer says to the page that asked; nothing where the project says nothing of pages, or not to this one. */
export function corsFields({ cors }: Project, fields: readonly Field[]): Record<string, string> {
  const origin = cors && allowedOrigin(cors.origins, fields);
  if (cors === undefined || origin === undefined) return {};
  return { "access-control-allow-origin": origin, "access-control-expose-headers": cors.exposed };
}

/** A refusal that the page can read. */
export function withCors(answer: RenderedAnswer, project: Project, fields: readonly Field[]): RenderedAnswer {
  return project.cors === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, ...corsFields(project, fields) } };
}

/**
 * Whether the request comes from a page that may not open a socket here: browsers send those without a preflight and let any page read
 * them (hostile I16). Who sends no Origin is no page.
 */
export function isForeignPage({ cors }: Project, fields: readonly Field[]): boolean {
  const sent = valuesOf(fields, "origin");
  return cors !== undefined && sent.length > 0 && allowedOrigin(cors.origins, fields) === undefined;
}

/** Names that only the project file decides about, where it does. */
export function isCorsField(name: string): boolean {
  return name.startsWith("access-control-");
}

function allowedOrigin(origins: ReadonlySet<string> | "*", fields: readonly Field[]): string | undefined {
  const sent = valuesOf(fields, "origin");
  if (origins === "*") return sent.length > 1 ? undefined : "*";
  const [only] = sent;
  return sent.length === 1 && only !== undefined && origins.has(only) ? only : undefined;
}
