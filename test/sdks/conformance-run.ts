// Runs one shared case with a client that is handed in, and judges the outcome. It knows of the client what the cases ask of it.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { inspect } from "node:util";
import * as kit from "../../sdks/typescript/client/src/index.ts";
import type { Case, CaseCall, ExpectedError } from "./conformance-case.ts";
import type { ScriptedServer, Seen } from "./scripted-server.ts";

/** Of a client without `exchange` or `usage`, cases that need them are not run. */
export type CaseClient = Pick<kit.ApiClient, "request"> & Partial<Pick<kit.ApiClient, "exchange" | "usage">>;

const classes: Record<string, typeof kit.ApiError> = Object.fromEntries(
  Object.entries(kit).filter(([name]) => name.endsWith("Error")),
) as never;

interface Outcome {
  readonly value: unknown;
  readonly error: unknown;
  readonly stream: unknown;
}

/** Makes the client of the case, which says how long it would wait. */
export type ClientOf = (one: Case, waitsMs: number[]) => CaseClient;

/** Plays the case on the server, and throws where the outcome is not what it says. `key` must show nowhere. */
export async function runCase(
  one: Case,
  server: ScriptedServer,
  clientOf: ClientOf,
  key: string,
): Promise<void> {
  const waitsMs: number[] = [];
  server.play(one.server ?? []);
  for (const name of ["ACME_API_KEY", "ACME_BASE_URL"]) delete process.env[name];
  Object.assign(process.env, one.environment);
  const shown: unknown[] = [];
  let client: CaseClient | undefined;
  const outcomes: Outcome[] = [];
  try {
    client = clientOf(one, waitsMs);
    shown.push(client);
    for (const call of one.calls ?? (one.call ? [one.call] : []))
      outcomes.push(await outcomeOf(client, call));
  } catch (error) {
    outcomes.push({ value: undefined, error, stream: undefined });
  }
  for (const { error, stream } of outcomes) shown.push(error, stream);
  shown.push(client?.usage);
  checkOutcomes(one, outcomes);
  if (one.waitsMs) assert.deepEqual(waitsMs, one.waitsMs, "waits");
  if ("usage" in one) assert.deepEqual(plain(client?.usage ?? null), one.usage, "usage");
  await checkRequests(one, server);
  checkSecrecy(shown, one.secret ?? key);
}

async function outcomeOf(client: CaseClient, call: CaseCall): Promise<Outcome> {
  const { method, path, exchange, bytes, bodyStream, take, ...options } = call;
  const body =
    bytes === undefined ? (bodyStream ? streamOf(bodyStream) : call.body) : Buffer.from(bytes, "base64");
  const items: unknown[] = [];
  let stream: kit.Stream<unknown> | undefined;
  try {
    if (exchange)
      return {
        value: factsOf(await client.exchange!(method, path, { ...options, body } as object)),
        error: undefined,
        stream,
      };
    const value = await client.request(method, path, { ...options, body } as object);
    if (!call.stream) return { value, error: undefined, stream };
    stream = value as kit.Stream<unknown>;
    for await (const item of stream) if (items.push(item) === take) break;
    return {
      value: call.stream === "bytes" ? Buffer.concat(items as Uint8Array[]) : items,
      error: undefined,
      stream,
    };
  } catch (error) {
    return { value: items, error, stream };
  }
}

async function* streamOf(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

function factsOf({ status, requestId, headers, usage, body }: kit.Answer<unknown>): unknown {
  return { status, requestId, header: headers.get("x-other"), remaining: usage.remaining, body };
}

/** As JSON would have it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") };
  return value === undefined
    ? null
    : JSON.parse(JSON.stringify(value, (_, inner) => (inner === undefined ? null : inner)));
}

function checkOutcomes(one: Case, outcomes: readonly Outcome[]): void {
  const errors = one.errors ?? (one.error ? [one.error] : []);
  const results = one.results ?? ("result" in one ? [one.result] : []);
  assert.ok(outcomes.length >= Math.max(errors.length, results.length), "fewer outcomes than expected");
  outcomes.forEach(({ value, error, stream }, index) => {
    const expected = errors[index];
    if (expected) checkError(error, expected);
    else if (error !== undefined) throw error;
    if (index in results && !expected) assert.deepEqual(plain(value), results[index], "result");
    if (one.items) assert.deepEqual(value, one.items, "items before the error");
    if (one.stream) {
      const { status, requestId, usage } = stream as kit.Stream<unknown>;
      assert.deepEqual({ status, requestId, remaining: usage.remaining }, one.stream, "stream");
    }
  });
}

function checkError(error: unknown, expected: ExpectedError): void {
  const { type, is = [], message, messageMatches, bodyLength, headers, remaining, ...fields } = expected;
  assert.ok(error instanceof Error, `an error, not ${inspect(error)}`);
  if (type) assert.equal(error.name, type, error.message);
  if (type && classes[type]) assert.equal(error.constructor, classes[type]);
  for (const name of is) assert.ok(error instanceof (classes[name] ?? assert.fail(name)), name);
  if (message !== undefined) assert.equal(error.message, message);
  if (messageMatches) assert.match(error.message, new RegExp(messageMatches));
  const found = error as kit.ApiError;
  if (bodyLength) {
    const { length } = String(found.body);
    assert.ok(length >= bodyLength[0] && length <= bodyLength[1], `${length} characters`);
  }
  for (const [name, value] of Object.entries(headers ?? {})) assert.equal(found.headers?.get(name), value);
  if (remaining !== undefined) assert.equal(found.usage?.remaining, remaining);
  for (const [name, value] of Object.entries(fields))
    assert.deepEqual(plain(found[name as keyof kit.ApiError]), value, name);
}

async function checkRequests(one: Case, server: ScriptedServer): Promise<void> {
  if (one.connectionEnds) while (!server.seen[0]?.isAbandoned) await turn();
  const { seen } = server;
  if (one.requestCount !== undefined) assert.equal(seen.length, one.requestCount, "requests");
  for (const name of [one.sameHeader, one.differentHeader].filter((header) => header !== undefined)) {
    const values = seen.map(({ headers }) => headers[name]);
    assert.ok(values.every((value) => value !== undefined && value !== ""));
    assert.equal(new Set(values).size, name === one.sameHeader ? 1 : values.length, name);
  }
  if (!one.requests) return;
  assert.equal(
    seen.length,
    one.requests.length,
    inspect(seen.map(({ method, target }) => `${method} ${target}`)),
  );
  for (const [index, expected] of one.requests.entries()) checkRequest(seen[index]!, expected);
}

function checkRequest(
  found: Seen,
  { headers = {}, json, body, path, query, ...fields }: NonNullable<Case["requests"]>[number],
): void {
  const url = new URL(`http://x${found.target}`);
  const bytes = Buffer.from(found.base64, "base64").toString("utf8");
  for (const [name, value] of Object.entries(fields)) assert.equal(found[name as keyof Seen], value, name);
  if (path !== undefined) assert.equal(url.pathname, path);
  if (query) {
    const names = [...new Set(url.searchParams.keys())];
    assert.deepEqual(Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)])), query);
  }
  if (json !== undefined) assert.deepEqual(JSON.parse(bytes), json);
  if (body !== undefined) assert.equal(bytes, body);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "object" && value !== null)
      assert.match(found.headers[name] ?? "", new RegExp(value.matches), name);
    else assert.equal(found.headers[name] ?? null, value, name);
  }
}

function checkSecrecy(shown: readonly unknown[], secret: string): void {
  for (const value of shown) {
    const all = { depth: 12, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null };
    const texts = [inspect(value), inspect(value, all), String(value), JSON.stringify(value) ?? ""];
    for (let error = value; error instanceof Error; error = error.cause)
      texts.push(error.message, error.stack ?? "");
    for (const text of texts) assert.ok(!text.includes(secret), `the key shows in ${text.slice(0, 200)}`);
  }
}
