// Takes the key out of what came from outside before it becomes part of an error; may not touch what a call returns.
import { known } from "./known.ts";

const MASK = "[redacted]";

export interface Redact {
  text(text: string): string;
  /** Of JSON, strings at any depth and names. */
  json(value: unknown): unknown;
  headers(headers: Headers): Headers;
  /** A copy with name, message, code and cause only: the original may hold the request, and with it the key. */
  cause(error: unknown): Error | undefined;
}

export function redactor(key: string): Redact {
  const text = (from: string): string => from.replaceAll(key, MASK).replaceAll(encodeURIComponent(key), MASK);
  const cause = (error: unknown, depth = 0): Error | undefined => {
    if (!(error instanceof Error) || depth > 4) return undefined;
    const inner = cause(error.cause, depth + 1);
    const copy = new Error(text(error.message), inner && { cause: inner });
    const { name, code } = error as { name: string; code?: unknown };
    return Object.assign(copy, known({ name, code }));
  };
  return {
    text,
    json: (value) => JSON.parse(text(JSON.stringify(value))),
    headers: (headers) => new Headers([...headers].map(([name, value]) => [name, text(value)])),
    cause,
  };
}
