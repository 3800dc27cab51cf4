// A connection is nobody's: each request on it is judged by its own key, and one that fails leaves the next one whole.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { after, test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { converse, openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream, valuesOf } from "../support/upstream.ts";

const HOST = "acme.localhost";
/** More than sockets and streams hold back, so that an unread body would be in the way. */
const LARGE = Buffer.alloc(8 * 1024 * 1024);
const gateway = await startGateway();
after(() => gateway.close());
const upstream = await startUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url));

interface Sent {
  readonly host?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

/** One connection, on which the answer's status and whether the connection was an old one are told. */
function connection() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async send({ host = HOST, path = "/", headers = {} }: Sent = {}) {
      const exchange = openExchange(gateway.port, host, { agent, path, headers });
      exchange.request.end();
      const response = await exchange.response;
      await response.resume().toArray();
      return [response.statusCode, exchange.request.reusedSocket];
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

test("different keys, wrong keys and no key each get their own verdict and identity", async () => {
  const [one, other] = [await gateway.key("acme"), await gateway.key("acme")];
  using kept = connection();
  assert.deepEqual(await kept.send({ headers: bearer(one.key) }), [204, false]);
  assert.deepEqual(await kept.send(), [401, true]);
  assert.deepEqual(await kept.send({ headers: bearer(other.key) }), [204, true]);
  assert.deepEqual(await kept.send({ headers: bearer("nonsense") }), [401, true]);
  assert.deepEqual(await kept.send({ headers: bearer(one.key) }), [204, true]);
  const seen = upstream.received
    .slice(-3)
    .flatMap(({ rawHeaders }) => valuesOf(rawHeaders, "claviger-key-id"));
  assert.deepEqual(seen, [one.id, other.id, one.id]);
});

test("a key that is revoked between two requests of a connection is refused on the second", async () => {
  const { key, id } = await gateway.key("acme");
  using kept = connection();
  assert.deepEqual(await kept.send({ headers: bearer(key) }), [204, false]);
  await revokeKey(gateway.instance, LOCAL_CALLER, "acme", id);
  assert.deepEqual(await kept.send({ headers: bearer(key) }), [401, true]);
});

test("requests of one connection may be for different projects", async () => {
  const acme = await gateway.key("acme");
  const nur = await gateway.key("nur", { scopes: ["voices:read"] });
  using kept = connection();
  assert.deepEqual(await kept.send({ headers: bearer(acme.key) }), [204, false]);
  const toNur = { host: "nur.localhost", path: "/v1/voices" };
  assert.deepEqual(await kept.send({ ...toNur, headers: bearer(nur.key) }), [200, true]);
  assert.deepEqual(await kept.send({ ...toNur, headers: bearer(acme.key) }), [401, true]);
  assert.deepEqual(await kept.send({ headers: bearer(nur.key) }), [401, true]);
});

/** One request as bytes; a large body is in the way of whatever stands behind it. */
function bytesOf(authorization: string, body: Buffer | undefined, isLast: boolean): Buffer {
  const head = `${body === undefined ? "GET" : "POST"} / HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: ${authorization}\r\n`;
  const length = body === undefined ? "" : `Content-Length: ${body.length}\r\n`;
  return Buffer.concat([
    Buffer.from(`${head}${length}${isLast ? "Connection: close\r\n" : ""}\r\n`),
    ...(body === undefined ? [] : [body]),
  ]);
}

const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

test("pipelined requests are answered in order, each for its own key", async () => {
  const { key } = await gateway.key("acme");
  const requests = [
    bytesOf(`Bearer ${key}`, undefined, false),
    bytesOf("Bearer nonsense", undefined, false),
    bytesOf(`Bearer ${key}`, undefined, true),
  ];
  assert.deepEqual(statusesOf(await converse(gateway.port, Buffer.concat(requests))), [204, 401, 204]);
});

test("a refused upload that nobody reads does not stand in the next request's way", {
  timeout: 20_000,
}, async () => {
  const { key } = await gateway.key("acme");
  const requests = [bytesOf("Bearer nonsense", LARGE, false), bytesOf(`Bearer ${key}`, undefined, true)];
  assert.deepEqual(statusesOf(await converse(gateway.port, Buffer.concat(requests))), [401, 204]);
});

test("nor does one whose upstream is out of reach, hangs up or answers early", {
  timeout: 20_000,
}, async () => {
  const { key } = await gateway.key("acme");
  await using hangingUp = await startUpstream((request) => void request.socket.destroy());
  await using early = await startUpstream((_request, response) => void response.writeHead(413).end());
  for (const [url, status] of [
    ["http://127.0.0.1:1", 502],
    [hangingUp.url, 502],
    [early.url, 413],
  ] as const) {
    await gateway.apply(plainProject(url));
    const requests = [bytesOf(`Bearer ${key}`, LARGE, false), bytesOf(`Bearer ${key}`, undefined, true)];
    assert.deepEqual(
      statusesOf(await converse(gateway.port, Buffer.concat(requests))),
      [status, status],
      url,
    );
  }
  await gateway.apply(plainProject(upstream.url));
});
