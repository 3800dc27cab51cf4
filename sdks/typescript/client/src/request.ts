// Makes a call's request once, before its first attempt: method, address, headers, body. It sends nothing.
import type { Query, QueryValue, RequestOptions } from "./definition.ts";
import { uniqueId } from "./runtime.ts";

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: RequestInit["body"] | undefined;
  /** False for streams, which can be sent once. */
  readonly isReplayable: boolean;
  /** Whether a second arrival does no harm: an idempotent method, or an Idempotency-Key. */
  readonly isSafeToRepeat: boolean;
}

/** What the client adds to every request. */
export interface Base {
  readonly baseUrl: string;
  readonly key: string;
  readonly headers: Headers;
  /** Name and value. */
  readonly credential: readonly [string, string];
}

/** No slash at the beginning, or characters and dot segments by which a path could mean another than the one that was written. */
const UNCLEAR = /^(?!\/)|[\s\\#\p{Cc}]|^[^?]*\/(\.|%2e){1,2}([/?]|$)/iu;

/** The URL of a path below the base. Throws a TypeError for a path that does not begin with a slash or has two readings. */
export function addressOf(baseUrl: string, path: string, query: Query = {}): URL {
  if (UNCLEAR.test(path))
    throw new TypeError('A path begins with "/" and has no dot segments: use encodeURIComponent.');
  const url = new URL(baseUrl + path);
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat() as QueryValue[])
      if (value != null) url.searchParams.append(name, String(value));
  return url;
}

/** Throws a TypeError for what no server could understand: such a call is a mistake in the program. */
export function prepare(base: Base, verb: string, path: string, options: RequestOptions): Outgoing {
  const method = verb.toUpperCase();
  const url = addressOf(base.baseUrl, path, options.query);
  const headers = new Headers(base.headers);
  if (options.stream === "events") headers.set("accept", "text/event-stream");
  setAll(headers, options.headers);
  let body = options.body ?? undefined;
  if (body !== undefined && /^(GET|HEAD)$/.test(method)) throw new TypeError(`${method} takes no body.`);
  const isReplayable = !(Symbol.asyncIterator in Object(body));
  if (body !== undefined && isReplayable && !goesAsItIs(body)) {
    body = JSON.stringify(body);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
  }
  // draft-ietf-httpapi-idempotency-key-header: for the methods that are not idempotent (RFC 9110 section 9.2.2).
  const isIdempotent = !/^(POST|PATCH)$/.test(method);
  const needsOne = !isIdempotent && !headers.has("idempotency-key");
  const idempotencyKey = options.idempotencyKey ?? (needsOne && uniqueId());
  if (idempotencyKey) headers.set("idempotency-key", idempotencyKey);
  headers.set(...base.credential);
  const isSafeToRepeat = isIdempotent || headers.has("idempotency-key");
  return { method, url, headers, body: body as Outgoing["body"], isReplayable, isSafeToRepeat };
}

/** Text, and what the platform makes: bytes, forms and files have a tag, objects of a program have none. */
function goesAsItIs(body: unknown): boolean {
  return typeof body === "string" || Symbol.toStringTag in Object(body);
}

/** Later ones replace earlier ones, however they are spelled. */
export function setAll(headers: Headers, more: Readonly<Record<string, string>> = {}): Headers {
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return headers;
}
