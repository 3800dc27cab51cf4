// One call to a server's control plane: the root key in, an answer or a coded fault out. It repeats nothing and follows no redirect,
// which could carry the root key elsewhere.
import { Agent, request } from "undici";
import {
  ClavigerError,
  type FieldProblem,
  invalidField,
  PROBLEMS,
  type ProblemCode,
} from "../base/errors.ts";

export interface Call {
  readonly method: "GET" | "POST";
  /** Segments are encoded here. */
  readonly path: readonly string[];
  readonly json?: object;
}

export interface Remote {
  /** The parsed body of a success. Throws ClavigerError: the server's own, or `store_unavailable` when it does not answer. */
  call<Answer>(call: Call): Promise<Answer>;
  /** After the calls that run. */
  close(): Promise<void>;
}

export interface RemoteOptions {
  readonly url: string;
  readonly rootKey: string;
  readonly timeoutMs: number;
}

export function createRemote({ url, rootKey, timeoutMs }: RemoteOptions): Remote {
  const base = URL.parse(url);
  if (base === null || !/^https?:$/.test(base.protocol))
    throw invalidField("url", "is no URL of a control plane");
  // Neither a header can carry it nor may a message repeat it.
  if (!/^[!-~]+$/.test(rootKey)) throw invalidField("rootKey", "is not one line of ASCII");
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const headers = { authorization: `Bearer ${rootKey}`, "content-type": "application/json" };
  return {
    async call<Answer>({ method, path, json }: Call): Promise<Answer> {
      const body = json === undefined ? null : JSON.stringify(json);
      const { status, text } = await request(urlOf(base, path), { method, headers, body, dispatcher })
        .then(async (answer) => ({ status: answer.statusCode, text: await answer.body.text() }))
        .catch((error: Error) => {
          throw new ClavigerError("store_unavailable", `${base.origin} does not answer.`, { cause: error });
        });
      const parsed = parse(text);
      if (status !== 200 || parsed === undefined) throw faultOf(base.origin, status, parsed);
      return parsed as Answer;
    },
    close: () => dispatcher.close(),
  };
}

function urlOf(base: URL, path: readonly string[]): URL {
  // Such a segment would be folded away, and the call would reach another operation.
  if (path.some((segment) => typeof segment !== "string" || /^\.{0,2}$/.test(segment)))
    throw new ClavigerError("not_found", "A name or an id is empty.");
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, "")}/${path.map(encodeURIComponent).join("/")}`;
  return url;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A problem as the server told it; any other answer comes from somebody between. */
function faultOf(origin: string, status: number, body: unknown): ClavigerError {
  const { code, detail, errors } = (body ?? {}) as {
    code?: string;
    detail?: string;
    errors?: readonly FieldProblem[];
  };
  if (code !== undefined && Object.hasOwn(PROBLEMS, code))
    return new ClavigerError(code as ProblemCode, detail ?? code, { ...(errors && { fields: errors }) });
  return new ClavigerError(
    status >= 500 ? "store_unavailable" : "internal_error",
    `${origin} answered ${status}, and not as a control plane does.`,
  );
}
