// The one place that calls the API. It keeps nothing: no answer is cached, logged or stored here.
import { ApiProblem, type FieldProblem, unreachable } from "./problem.ts";

export type QueryValue = string | number | boolean | undefined;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The same for a repetition of the same intent, so that a double click changes one thing. */
  readonly idempotencyKey?: string;
  /** When the body is a project file, or another text that is no JSON. */
  readonly contentType?: string;
}

export interface Client {
  request<Answer>(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** The answer itself, for streams and downloads. Rejects like `request`. */
  open(method: string, path: string, options?: RequestOptions): Promise<Response>;
}

export interface ClientOptions {
  /** Read at each request: an embedded page gets its token later, and gets new ones. */
  readonly token?: () => string | undefined;
  /** Told of each answer that says the session is over. */
  readonly onSignedOut?: () => void;
}

/** A foreign page cannot send it without asking (docs/portal.md, cookies). */
const OWN_PAGE = { "x-claviger-request": "1" } as const;

/** A client of the API at this page's own origin. */
export function createClient({ token, onSignedOut }: ClientOptions = {}): Client {
  const open = async (method: string, path: string, options: RequestOptions = {}): Promise<Response> => {
    const response = await send(method, path, options, token?.());
    if (response.ok) return response;
    const problem = await readProblem(response);
    if (problem.status === 401 && problem.code !== "invalid_credentials") onSignedOut?.();
    throw problem;
  };
  return {
    open,
    request: async <Answer>(method: string, path: string, options?: RequestOptions): Promise<Answer> => {
      const response = await open(method, path, options);
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
  };
}

async function send(
  method: string,
  path: string,
  { query = {}, body, signal, idempotencyKey, contentType = "application/json" }: RequestOptions,
  token: string | undefined,
): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...OWN_PAGE };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = contentType;
  if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
  try {
    return await fetch(withQuery(path, query), {
      method,
      headers,
      credentials: token === undefined ? "same-origin" : "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable();
  }
}

function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

interface ProblemBody {
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly instance?: unknown;
  readonly errors?: readonly FieldProblem[];
}

/** Problem details of the API, or the `{ code, message }` of the sign-in operations. */
async function readProblem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiProblem({
    status: response.status,
    code: text(body.code) ?? `http_${response.status}`,
    detail: text(body.detail) ?? text(body.message) ?? `The server answered ${response.status}.`,
    fields: Array.isArray(body.errors) ? body.errors : [],
    instance: text(body.instance),
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
