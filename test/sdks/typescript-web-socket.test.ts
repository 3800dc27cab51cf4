// Promise: the TypeScript kit opens WebSockets with the key in a header where the runtime sends one, else with a ticket or in the
// query, loses no message, and says what went wrong without the key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  type ClientDefinition,
  ConfigurationError,
  ConnectionError,
  defineClient,
  TimeoutError,
} from "../../sdks/typescript/client/src/index.ts";
import { KEY } from "./conformance-case.ts";
import { startWebSocketServer } from "./web-socket-server.ts";

const NativeWebSocket = globalThis.WebSocket;

function clientOf(baseUrl: string, more: Partial<ClientDefinition> = {}, options = {}) {
  const Client = defineClient({ name: "Acme", environmentVariable: "ACME_API_KEY", baseUrl, ...more });
  return new Client({ apiKey: KEY, ...options });
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) =>
    socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
  );
}

/** The standard's constructor, which takes no headers, as in Deno, Workers and browsers. */
async function withoutHeaders(work: () => Promise<void>): Promise<void> {
  globalThis.WebSocket = class extends NativeWebSocket {
    constructor(url: string, protocols?: string[]) {
      if (protocols !== undefined && !Array.isArray(protocols)) throw new SyntaxError("no options here");
      super(url, protocols ?? []);
    }
  } as typeof WebSocket;
  Object.assign(globalThis, { Deno: {} });
  try {
    await work();
  } finally {
    globalThis.WebSocket = NativeWebSocket;
    Reflect.deleteProperty(globalThis, "Deno");
  }
}

test("in Node the key goes in a header, and the first message is not lost", async () => {
  await using server = await startWebSocketServer();
  const client = clientOf(server.url, { webSocket: { keyParameter: "api_key" }, headers: { "X-A": "1" } });
  const socket = await client.websocket("/ws/tts", { query: { voice: "a b" }, protocols: ["tts.v1"] });
  assert.equal(await nextMessage(socket), "hello");
  const echo = nextMessage(socket);
  socket.send("Grüße");
  assert.equal(await echo, "Grüße");
  assert.equal(socket.protocol, "tts.v1");
  const [{ target, headers } = assert.fail()] = server.handshakes;
  assert.equal(target, "/ws/tts?voice=a+b");
  assert.equal(headers.authorization, `Bearer ${KEY}`);
  assert.equal(headers["x-a"], "1");
  assert.ok(!inspect(socket, { depth: 12, showHidden: true }).includes(KEY));
  socket.close();
});

test("a key header of the vendor's own is sent", async () => {
  await using server = await startWebSocketServer();
  (await clientOf(server.url, { keyHeader: "X-API-Key" }).websocket("/")).close();
  assert.equal(server.handshakes[0]?.headers["x-api-key"], KEY);
  assert.equal(server.handshakes[0]?.headers.authorization, undefined);
});

test("a runtime without header uses the query parameter", async () => {
  await using server = await startWebSocketServer();
  await withoutHeaders(async () => {
    const client = clientOf(server.url, { webSocket: { keyParameter: "api_key" } });
    const socket = await client.websocket("/ws/tts", { query: { a: 1 }, protocols: ["tts.v1"] });
    assert.equal(await nextMessage(socket), "hello");
    socket.close();
  });
  assert.equal(server.handshakes[0]?.target, `/ws/tts?a=1&api_key=${KEY}`);
  assert.equal(server.handshakes[0]?.headers.authorization, undefined);
});

test("a first message that comes at once after the opening is not lost, nor overtaken", async () => {
  await withoutHeaders(async () => {
    // As in Deno: no turn of the event loop lies between the two.
    globalThis.WebSocket = class extends EventTarget {
      constructor() {
        super();
        const tell = (data: string): boolean => this.dispatchEvent(new MessageEvent("message", { data }));
        setTimeout(() => {
          this.dispatchEvent(new Event("open"));
          queueMicrotask(() => tell("first") && tell("second"));
          setTimeout(() => tell("third"), 5);
        });
      }
    } as unknown as typeof WebSocket;
    const socket = await clientOf("http://x", { webSocket: { keyParameter: "api_key" } }).websocket("/");
    const heard: unknown[] = [];
    socket.addEventListener("message", ({ data }) => heard.push(data));
    while (heard.at(-1) !== "third") await new Promise((resolve) => setTimeout(resolve, 2));
    assert.deepEqual(heard, ["first", "second", "third"]);
  });
});

test("a ticket goes before the query parameter", async () => {
  await using server = await startWebSocketServer();
  await withoutHeaders(async () => {
    const client = clientOf(server.url, {
      webSocket: {
        keyParameter: "api_key",
        ticket: async (own) =>
          JSON.parse(new TextDecoder().decode(await own.post<Uint8Array>("/v1/tickets"))),
      },
    });
    (await client.websocket("/ws/tts")).close();
  });
  assert.equal(server.handshakes[0]?.target, "/ws/tts?ticket=once");
});

test("a runtime without header, ticket and parameter is told what to pass", async () => {
  await using server = await startWebSocketServer();
  await withoutHeaders(async () => {
    await assert.rejects(clientOf(server.url).websocket("/"), ConfigurationError);
    const client = clientOf(server.url, { webSocket: { keyParameter: "api_key" } });
    // Headers of the caller's own cannot be dropped in silence.
    await assert.rejects(client.websocket("/", { headers: { "X-A": "1" } }), ConfigurationError);
  });
  assert.equal(server.handshakes.length, 0);
});

test("a constructor that is passed gets URL, headers and protocols", async () => {
  await using server = await startWebSocketServer();
  await withoutHeaders(async () => {
    const client = clientOf(
      server.url,
      {},
      {
        webSocket: (url: string, init: object) => new NativeWebSocket(url, init as never),
      },
    );
    (await client.websocket("/x", { headers: { "X-A": "1" } })).close();
  });
  assert.equal(server.handshakes[0]?.headers.authorization, `Bearer ${KEY}`);
  assert.equal(server.handshakes[0]?.headers["x-a"], "1");
});

test("a refusal, a redirect and silence are errors, and none shows the key or takes it elsewhere", async () => {
  await using server = await startWebSocketServer();
  await using other = await startWebSocketServer();
  const failures: unknown[] = [];
  const attempt = async (options = {}): Promise<unknown> => {
    const failure = await clientOf(server.url)
      .websocket("/", options)
      .then(
        () => undefined,
        (error) => error,
      );
    failures.push(failure);
    return failure;
  };
  server.manner = "HTTP/1.1 401 Unauthorized";
  assert.ok((await attempt()) instanceof ConnectionError);
  server.manner = `HTTP/1.1 302 Found\r\nLocation: ${other.url}/`;
  assert.ok((await attempt()) instanceof ConnectionError);
  server.manner = "silence";
  assert.ok((await attempt({ timeoutMs: 100 })) instanceof TimeoutError);
  const reason = new Error("enough");
  assert.equal(await attempt({ signal: AbortSignal.abort(reason) }), reason);
  const later = new AbortController();
  const pending = attempt({ signal: later.signal });
  later.abort(reason);
  assert.equal(await pending, reason);
  for (const failure of failures) assert.ok(!inspect(failure, { depth: 12, showHidden: true }).includes(KEY));
  assert.equal(other.handshakes.length, 0);
});

test("an opened socket is the caller's: neither time nor signal ends it", async () => {
  await using server = await startWebSocketServer();
  const controller = new AbortController();
  const socket = await clientOf(server.url).websocket("/", { timeoutMs: 50, signal: controller.signal });
  await nextMessage(socket);
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 80));
  const echo = nextMessage(socket);
  socket.send("still here");
  assert.equal(await echo, "still here");
  socket.close();
});
