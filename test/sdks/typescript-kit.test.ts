// Promise: what only the TypeScript kit can break it does not: browsers are refused, a caller's signal ends everything at once and
// leaves nothing behind, and what somebody else's fetch throws shows no key.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import {
  type ApiError,
  type ClientOptions,
  ConfigurationError,
  ConnectionError,
  defineClient,
  RateLimitError,
} from "../../sdks/typescript/client/src/index.ts";
import { KEY } from "./conformance-case.ts";
import { startScriptedServer } from "./scripted-server.ts";

const server = await startScriptedServer();
after(() => server.close());
beforeEach(() => server.play([]));

/** As a vendor writes it. */
class Acme extends defineClient({
  name: "Acme",
  environmentVariable: "ACME_API_KEY",
  baseUrl: server.here,
  keyFormat: "acme_{secret:40}",
}) {
  models(): Promise<{ readonly models: readonly string[] }> {
    return this.get("/v1/models");
  }
}

const clientOf = (options: ClientOptions = {}): Acme => new Acme({ apiKey: KEY, ...options });

/** With these globals, and without them afterwards. */
function withGlobals(globals: Record<string, unknown>, work: () => void): void {
  const before = new Map(
    Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
  );
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    work();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}

test("a vendor's class has methods of its own", async () => {
  server.play([{ json: { models: ["one"] } }]);
  assert.deepEqual((await clientOf().models()).models, ["one"]);
});

test("pages, their workers and apps are refused, unless they are allowed by name", () => {
  const places: Record<string, unknown>[] = [
    { document: {}, window: {} },
    { importScripts: () => {}, process: undefined },
    { navigator: { product: "ReactNative" } },
  ];
  for (const place of places)
    withGlobals(place, () => {
      assert.throws(
        () => clientOf(),
        (error: Error) => {
          assert.ok(error instanceof ConfigurationError);
          assert.match(error.message, /Acme.*dangerouslyAllowBrowser/);
          return true;
        },
      );
      assert.ok(clientOf({ dangerouslyAllowBrowser: true }));
    });
});

test("Deno, Bun and Workers are servers", () => {
  withGlobals({ Deno: {}, importScripts: () => {}, process: { env: { ACME_API_KEY: KEY } } }, () =>
    assert.ok(new Acme()),
  );
  withGlobals({ importScripts: () => {} }, () => assert.ok(clientOf()));
  withGlobals({ process: undefined, navigator: { userAgent: "Cloudflare-Workers" } }, () =>
    assert.ok(clientOf()),
  );
});

test("an environment that may not be read is empty", () => {
  const env = new Proxy(
    {},
    {
      get() {
        throw new Error("NotCapable");
      },
    },
  );
  withGlobals({ Deno: {}, process: { env } }, () => assert.throws(() => new Acme(), /set ACME_API_KEY/));
});

test("a client shows its address and no key", () => {
  const client = clientOf();
  assert.equal(JSON.stringify({ client }), JSON.stringify({ client: { baseUrl: server.here } }));
  assert.match(inspect(client), /^Acme \{ baseUrl: /);
});

test("an aborted signal sends nothing", async () => {
  const reason = new Error("never mind");
  await assert.rejects(clientOf().get("/", { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(server.seen.length, 0);
});

test("a signal ends an attempt, with its own reason and without a retry", async () => {
  server.play([{ hangs: "before-headers" }]);
  const controller = new AbortController();
  const reason = new Error("enough");
  const call = clientOf({ sleep: async () => assert.fail("no retry") }).get("/", {
    signal: controller.signal,
  });
  while (server.seen.length === 0) await new Promise(setImmediate);
  controller.abort(reason);
  await assert.rejects(call, reason);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("a signal ends a wait at once", async () => {
  server.play([{ status: 429, headers: { "Retry-After": "50" } }]);
  const controller = new AbortController();
  const call = clientOf().get("/", { signal: controller.signal });
  while (getEventListeners(controller.signal, "abort").length === 0) await new Promise(setImmediate);
  setTimeout(() => controller.abort(), 30);
  await assert.rejects(call, { name: "AbortError" });
  assert.equal(server.seen.length, 1);
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("a signal ends a stream, and while the caller is busy too", async () => {
  server.play([{ chunks: ["a\n"], hangs: "after-chunks" }, { drips: { text: "a\n", everyMs: 5 } }]);
  for (const isBusy of [false, true]) {
    const controller = new AbortController();
    const stream = await clientOf().get("/", { stream: "lines", signal: controller.signal });
    await assert.rejects(
      async () => {
        for await (const line of stream) {
          assert.equal(line, "a");
          if (isBusy) controller.abort();
          else setImmediate(() => controller.abort());
        }
      },
      { name: "AbortError" },
    );
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  }
});

test("many calls on one signal leave no listener behind", async () => {
  const { signal } = new AbortController();
  server.play([{ always: true, json: 1 }]);
  const client = clientOf();
  await Promise.all(Array.from({ length: 30 }, () => client.get("/", { signal })));
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("closing a stream that was never read ends its connection", async () => {
  server.play([{ drips: { text: "x", everyMs: 5 } }]);
  const stream = await clientOf().get("/", { stream: "bytes" });
  stream.close();
  while (!server.seen[0]?.isAbandoned) await new Promise(setImmediate);
});

test("an endless time limit is none, not one of a millisecond", async () => {
  server.play([{ delayMs: 30, json: 1 }]);
  assert.equal(await clientOf({ timeoutMs: Number.POSITIVE_INFINITY }).get("/"), 1);
});

test("what a fetch of the caller's throws is copied without the key", async () => {
  const thrown = Object.assign(new TypeError(`failed for ${KEY}`, { cause: new Error(KEY) }), {
    code: "EFAIL",
    config: { headers: { authorization: `Bearer ${KEY}` } },
  });
  thrown.cause = Object.assign(new Error(`socket of ${KEY}`), { code: "ESOCKET", cause: thrown });
  const client = clientOf({ fetch: () => Promise.reject(thrown), maxRetries: 0 });
  const error = await client.get("/").then(
    () => assert.fail(),
    (failure: ApiError) => failure,
  );
  assert.ok(error instanceof ConnectionError);
  assert.match(error.message, /failed: ESOCKET\.$/);
  assert.equal((error.cause as Error).message, "failed for [redacted]");
  assert.equal((error.cause as { code?: string }).code, "EFAIL");
  assert.ok(!inspect(error, { depth: 12, showHidden: true }).includes(KEY));
});

test("forms, parameters and files go out as the platform writes them", async () => {
  server.play([{ always: true, json: 1 }]);
  const client = clientOf();
  const form = new FormData();
  form.set("model", "kugel-3");
  form.set("file", new Blob(["RIFF"], { type: "audio/wav" }), "a.wav");
  await client.post("/", { body: form });
  await client.post("/", { body: new URLSearchParams({ a: "b c" }) });
  await client.post("/", { body: new Blob(["x"], { type: "audio/wav" }) });
  await client.post("/", { body: new Uint8Array([1, 2]).buffer });
  const [first, ...others] = server.seen.map(({ headers, base64 }) => [
    headers["content-type"],
    Buffer.from(base64, "base64").toString("latin1"),
  ]);
  assert.match(first?.[0] ?? "", /^multipart\/form-data; boundary=/);
  assert.match(first?.[1] ?? "", /name="file"; filename="a\.wav"\r\nContent-Type: audio\/wav\r\n\r\nRIFF/);
  assert.deepEqual(others, [
    ["application/x-www-form-urlencoded;charset=UTF-8", "a=b+c"],
    ["audio/wav", "x"],
    [undefined, "\x01\x02"],
  ]);
});

test("a form is sent again whole", async () => {
  server.play([{ status: 500 }, { json: 1 }]);
  const form = new FormData();
  form.set("file", new Blob(["RIFF"]), "a.wav");
  await clientOf({ sleep: async () => {} }).post("/", { body: form });
  assert.equal(server.seen.length, 2);
  for (const { base64 } of server.seen) assert.match(Buffer.from(base64, "base64").toString(), /RIFF/);
});

test("without the platform's UUIDs an Idempotency-Key is still unique", async () => {
  server.play([{ always: true, json: 1 }]);
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  try {
    await Promise.all([clientOf().post("/"), clientOf().post("/")]);
  } finally {
    Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
  }
  const keys = server.seen.map(({ headers }) => headers["idempotency-key"]);
  assert.equal(new Set(keys).size, 2);
  for (const key of keys) assert.match(key ?? "", /^[\d.e-]{20,}$/);
});

test("undefined options are absent options", async () => {
  server.play([{ status: 500 }, { json: 1 }]);
  const absent = { maxRetries: undefined, timeoutMs: undefined, sleep: async () => {} };
  const client = clientOf(absent as unknown as ClientOptions);
  assert.equal(await client.get("/", { maxRetries: undefined, timeoutMs: undefined } as object), 1);
});

test("calls side by side have each their own error and usage", async () => {
  const answers = [1, 2, 3].map((second) => ({ status: 429, headers: { "Retry-After": String(second) } }));
  server.play(answers);
  const client = clientOf({ maxRetries: 0 });
  const errors = await Promise.all(
    answers.map(() =>
      client.get("/").then(
        () => assert.fail(),
        (error: RateLimitError) => error,
      ),
    ),
  );
  assert.ok(errors.every((error) => error instanceof RateLimitError));
  assert.deepEqual(errors.map((error) => error.retryAfterMs).sort(), [1000, 2000, 3000]);
});

test("the waits are real ones, and no longer than they should be", async () => {
  server.play([{ status: 429, headers: { "retry-after-ms": "20" } }, { json: 1 }]);
  const began = performance.now();
  assert.equal(await clientOf({ random: () => 0 }).get("/"), 1);
  const took = performance.now() - began;
  assert.ok(took >= 19 && took < 2000, String(took));
});
