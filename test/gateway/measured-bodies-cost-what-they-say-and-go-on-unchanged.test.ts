// A request that pays by its body is paid by the very bytes that go on; what is refused costs nothing and reaches nobody; what pays
// nothing by its body is never held back to be read.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Agent as Dispatcher } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { converse, openExchange } from "../support/exchange.ts";
import { startGateway } from "../support/gateway.ts";
import { METERED_HOST as HOST, meteredProject, payer, startRecordingUpstream } from "../support/metered.ts";
import { startUpstream, valuesOf } from "../support/upstream.ts";

const MIB = 1_048_576;
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startRecordingUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(meteredProject(upstream.url));

/** Sends the pieces chunked, or whole with a Content-Length. */
async function send(path: string, headers: Record<string, string>, body: Buffer | readonly Buffer[]) {
  const whole = body instanceof Buffer;
  const length: Record<string, string> = whole ? { "Content-Length": String(body.length) } : {};
  const exchange = openExchange(gateway.port, HOST, {
    method: "POST",
    path,
    headers: { ...headers, ...length },
  });
  for (const piece of whole ? [body] : body) exchange.request.write(piece);
  exchange.request.end();
  const response = await exchange.response;
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

const ODD = Buffer.from(
  '\r\n{ "a":1.0e0, "a" : [ ],\t"te\\u0078t":"h\\u00e9llo 😀\\ud83d\\ude00" , "z":"\u2028" }\n\n ',
);

test("the body goes on byte for byte, with its length, however it was sent", async () => {
  const one = await payer(gateway, 100);
  for (const body of [ODD, [ODD], [ODD.subarray(0, 7), ODD.subarray(7, 60), ODD.subarray(60)]]) {
    const before = upstream.received.length;
    const answer = await send("/text", one.headers, body);
    assert.deepEqual([answer.status, answer.text, answer.headers["x-cost"]], [200, "done", "8"]);
    assert.deepEqual(upstream.bodies.at(-1), ODD);
    const { rawHeaders } = upstream.received[before]!;
    assert.deepEqual(valuesOf(rawHeaders, "content-length"), [String(ODD.length)]);
    assert.deepEqual(valuesOf(rawHeaders, "transfer-encoding"), []);
    assert.deepEqual(valuesOf(rawHeaders, "content-type"), ["application/json"]);
  }
  assert.equal(await one.credits(), 100 - 3 * 8);
});

test("bytes are counted, of a chunked body and of none too", async () => {
  const one = await payer(gateway, 5_000);
  const headers = { ...one.headers, "Content-Type": "audio/wav" };
  const piece = Buffer.alloc(1_000, 0xff);
  for (const [body, cost] of [
    [piece, "1000"],
    [[piece, piece, Buffer.from("x")], "2001"],
    [[], "0"],
    [Buffer.alloc(0), "0"],
  ] as const) {
    const answer = await send("/bytes", headers, body as Buffer | readonly Buffer[]);
    assert.deepEqual([answer.status, answer.headers["x-cost"]], [200, cost]);
    assert.equal(String(upstream.bodies.at(-1)!.length), cost);
  }
  assert.equal(await one.credits(), 5_000 - 1_000 - 2_001);
});

test("a body of 1 MiB passes; one byte more is refused, told beforehand or not", async () => {
  const one = await payer(gateway, 2 * MIB);
  const most = Buffer.alloc(MIB, " ");
  assert.equal((await send("/bytes", one.headers, most)).status, 200);
  assert.equal((await send("/bytes", one.headers, [most.subarray(1), most.subarray(0, 1)])).status, 200);
  const before = upstream.received.length;
  for (const body of [Buffer.alloc(MIB + 1), [most, Buffer.from("x")], [Buffer.alloc(3 * MIB), most]]) {
    const answer = await send("/bytes", one.headers, body);
    assert.deepEqual([answer.status, JSON.parse(answer.text).error.code], [413, "request_too_large"]);
  }
  assert.equal(upstream.received.length, before);
  assert.equal(await one.credits(), 0);
});

test("a body whose length is too large is refused before it is sent", async () => {
  const one = await payer(gateway, 10);
  const exchange = openExchange(gateway.port, HOST, {
    method: "POST",
    path: "/text",
    headers: { ...one.headers, "Content-Length": String(MIB + 1) },
  });
  const response = await exchange.response;
  assert.equal(response.statusCode, 413);
  exchange.request.destroy();
});

test("a body without a cost is refused, spends nothing and reaches nobody", async () => {
  const one = await payer(gateway, 100);
  const before = upstream.received.length;
  const good = Buffer.from('{"text":"hello"}');
  const refused: [Buffer, Record<string, string>][] = [
    [Buffer.from('{"text":"a","text":"long"}'), {}],
    [Buffer.from('{"text":"a","te\\u0078t":"long"}'), {}],
    [Buffer.from("{}"), {}],
    [Buffer.from('{"text":"a"} x'), {}],
    [Buffer.from('{"text":"é"}', "latin1"), {}],
    [Buffer.alloc(0), {}],
    [gzipSync(good), { "Content-Encoding": "gzip" }],
    [good, { "Content-Encoding": "gzip" }],
    [good, { "Content-Type": "text/plain" }],
    [good, { "Content-Type": "application/json; charset=utf-16" }],
  ];
  for (const [body, headers] of refused) {
    const answer = await send("/text", { ...one.headers, ...headers }, body);
    assert.deepEqual([answer.status, JSON.parse(answer.text).error.code], [400, "invalid_request"]);
    assert.equal(answer.headers["x-credits"], "100");
  }
  assert.equal(upstream.received.length, before);
  assert.equal(await one.credits(), 100);
});

test("two Content-Type lines, and one that Connection takes away, do not count as JSON", async () => {
  const { headers } = await payer(gateway, 100);
  const before = upstream.received.length;
  const body = '{"text":"a"}';
  const ask = (...more: string[]) =>
    gateway.ask(HOST, {
      method: "POST",
      path: "/text",
      headers: [...Object.entries(headers).flat(), ...more],
      body,
    });
  assert.equal((await ask("Content-Type", "application/json")).status, 400);
  assert.equal((await ask("Connection", "content-type")).status, 400);
  assert.equal(upstream.received.length, before);
});

test("a body is read for nobody whose key, route or limits refuse", { timeout: 10_000 }, async () => {
  const { headers } = await payer(gateway, 100);
  for (const [path, sent, status] of [
    ["/text", { ...headers, Authorization: "Bearer nonsense" }, 401],
    ["/nowhere", headers, 403],
  ] as const) {
    const exchange = openExchange(gateway.port, HOST, { method: "POST", path, headers: sent });
    exchange.request.write('{"text":');
    assert.equal((await exchange.response).statusCode, status, "answered while the body is still under way");
    exchange.request.destroy();
  }
});

test("a fixed cost, a cost of nothing and no cost stream as ever", { timeout: 10_000 }, async () => {
  const { headers } = await payer(gateway, 100);
  for (const path of ["/fixed", "/none", "/free"]) {
    const first = Promise.withResolvers<string>();
    await using streaming = await startUpstream(async (request: IncomingMessage, response) => {
      request.once("data", (chunk: Buffer) => first.resolve(String(chunk)));
      await once(request, "end");
      response.end("done");
    });
    await gateway.apply(meteredProject(streaming.url));
    const exchange = openExchange(gateway.port, HOST, { method: "POST", path, headers });
    exchange.request.write("one");
    assert.equal(await first.promise, "one");
    exchange.request.end("two");
    assert.equal(await text(await exchange.response), "done");
  }
  await gateway.apply(meteredProject(upstream.url));
});

test("a client that waits for 100 Continue is told to go on", async () => {
  const one = await payer(gateway, 100);
  const body = '{"text":"hello"}';
  const request = httpRequest({
    host: "127.0.0.1",
    port: gateway.port,
    method: "POST",
    path: "/text",
    agent: false,
    headers: { ...one.headers, Host: HOST, Expect: "100-continue", "Content-Length": String(body.length) },
  });
  request.flushHeaders();
  await once(request, "continue");
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  assert.deepEqual([response.statusCode, await text(response)], [200, "done"]);
  assert.equal(String(upstream.bodies.at(-1)), body);
});

test("a connection serves its next request after every outcome", async () => {
  const one = await payer(gateway, 100);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const reused: (boolean | number | undefined)[][] = [];
  for (const body of [
    '{"text":"a"}',
    "{",
    '{"text":"a"}',
    `{"text":"${"x".repeat(101)}"}`,
    " ".repeat(MIB + 1),
    '{"text":"a"}',
  ]) {
    const exchange = openExchange(gateway.port, HOST, {
      method: "POST",
      path: "/text",
      agent,
      headers: one.headers,
    });
    exchange.request.end(body);
    const response = await exchange.response;
    await text(response);
    reused.push([response.statusCode, exchange.request.reusedSocket]);
  }
  agent.destroy();
  assert.deepEqual(reused, [
    [200, false],
    [400, true],
    [200, true],
    [402, true],
    [413, true],
    [200, true],
  ]);
});

test("pipelined requests are answered in order, each for its own body", async () => {
  const one = await payer(gateway, 20);
  const head = (path: string, length: number, more = "") =>
    `POST ${path} HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: ${one.headers.Authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;
  const requests: readonly (readonly [string, string])[] = [
    ["/text", '{"text":"abc"}'],
    ["/text", '{"text":"abc"} GET / HTTP/1.1'],
    ["/bytes", "x".repeat(MIB + 1)],
    ["/text", '{"text":"way more than twenty characters"}'],
    ["/text", '{"text":"defg"}'],
  ];
  const bytes = requests.map(([path, body], index) =>
    Buffer.from(head(path, body.length, index === requests.length - 1 ? "Connection: close\r\n" : "") + body),
  );
  const answer = await converse(gateway.port, Buffer.concat(bytes));
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  assert.deepEqual(statuses, [200, 400, 413, 402, 200]);
  assert.equal(await one.credits(), 20 - 3 - 4);
});

test("a client that breaks off within its body spends nothing and causes no request", async () => {
  const one = await payer(gateway, 100);
  const before = upstream.received.length;
  const faults = gateway.faults.length;
  for (const head of ["Content-Length: 100", "Transfer-Encoding: chunked"]) {
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(
      `POST /text HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: ${one.headers.Authorization}\r\n` +
        `Content-Type: application/json\r\nExpect: 100-continue\r\n${head}\r\n\r\n`,
    );
    // The body is waited for from here on.
    await once(socket, "data");
    socket.write(head.startsWith("T") ? '8\r\n{"text":\r\n' : '{"text":"a"}');
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  }
  // Whatever the two have set going is over once a later request was answered.
  assert.equal((await send("/text", one.headers, Buffer.from('{"text":"ab"}'))).status, 200);
  assert.equal(await one.credits(), 98);
  assert.equal(upstream.received.length, before + 1);
  assert.equal(gateway.faults.length, faults);
});

test("nor does one that has left before its body is asked for", { timeout: 10_000 }, async () => {
  const one = await payer(gateway, 100);
  const { store } = gateway.instance;
  const keyByDigest = store.keyByDigest.bind(store);
  const [asked, left, handled] = [1, 2, 3].map(() => Promise.withResolvers<void>());
  mock.method(store, "keyByDigest", async (digest: string) => {
    asked!.resolve();
    await left!.promise;
    return keyByDigest(digest);
  });
  const dispatcher = new Dispatcher();
  const handler = createGateway({ ...gateway.instance, dispatcher, upstreamOf: () => upstream.url });
  const server = createHttpServer((request, response) => {
    response.once("close", left!.resolve);
    void handler(request, response).then(handled!.resolve, handled!.reject);
  });
  const port = await listen(server, 0, "127.0.0.1");
  const before = upstream.received.length;
  const { headers } = one;
  const exchange = openExchange(port, HOST, { method: "POST", path: "/text", headers });
  exchange.request.write('{"text":');
  await asked!.promise;
  exchange.request.destroy();
  await handled!.promise;
  mock.restoreAll();
  assert.equal(await one.credits(), 100);
  assert.equal(upstream.received.length, before);
  await drain(server, 0);
  await dispatcher.destroy();
});
