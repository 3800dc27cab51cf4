// Reads the body of an answer, and makes an error of one that is no success; a body that is not what it says never hides the status.
import { ApiError, errorClassOf } from "./errors.ts";
import type { Redact } from "./redact.ts";
import type { Usage } from "./usage.ts";

/** What is told of every answer. */
export interface Facts {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string | undefined;
  readonly usage: Usage;
}

export interface Answer<T> extends Facts {
  /** JSON parsed, `text/*` as text, anything else as bytes; undefined when there is none. */
  readonly body: T;
}

/** Of an error's body, in characters; what comes after the chunk that passes it is not read. */
const MAX_ERROR_LENGTH = 1_000_000;

const JSON_TYPE = /^[^;]*[/+]json\s*(;|$)/i;

/** The body of a success. Throws an ApiError when it is called JSON and is not. */
export async function readBody(response: Response, facts: Facts, redact: Redact): Promise<unknown> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  const type = facts.headers.get("content-type") ?? "";
  const isJson = JSON_TYPE.test(type);
  if (!isJson && !/^text\//i.test(type)) return bytes;
  const text = new TextDecoder().decode(bytes);
  if (!isJson) return text;
  try {
    return JSON.parse(text);
  } catch {
    const words = `${facts.status} The answer is not the JSON it says.`;
    throw new ApiError(words, { ...facts, body: redact.text(text) });
  }
}

/** The error for an answer that is no success; reads what it can of the body, and never throws. */
export async function errorOf(
  response: Response,
  facts: Facts,
  redact: Redact,
  refusal?: string,
): Promise<ApiError> {
  const text = await readSome(response);
  let body: unknown = redact.text(text) || undefined;
  try {
    body = redact.json(JSON.parse(text));
  } catch {
    // Then its text will have to do.
  }
  const { code, message = "The answer gives no reason." } = wordsOf(body);
  const words = refusal ? `The redirect is not followed: ${refusal}.` : message;
  return new (errorClassOf(facts.status))(`${facts.status} ${words}`, { ...facts, body, code });
}

async function readSome({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = "";
  try {
    while (reader && text.length < MAX_ERROR_LENGTH) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // Broken off or out of time: the status is known, and what came of the body may still say why.
  }
  // Not awaited: a connection that has gone may never confirm.
  reader?.cancel().catch(() => {});
  return text;
}

/** `{error:{code,message}}`, `{error,error_description}` (RFC 6749), `{code,message}` and problem details (RFC 9457). */
function wordsOf(body: unknown): { code?: string | undefined; message?: string | undefined } {
  const outer = fieldsOf(body);
  const fields = { ...outer, ...fieldsOf(outer.error) };
  const first = (form: RegExp, ...names: string[]): string | undefined =>
    names
      .filter((name) => /^(string|number)$/.test(typeof fields[name]))
      .map((name) => String(fields[name]))
      .find((value) => form.test(value));
  return {
    code: first(/^\S+$/, "code", "type", "error"),
    message: first(/\S/, "message", "detail", "error_description", "title", "error"),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" ? { ...value } : {};
}
