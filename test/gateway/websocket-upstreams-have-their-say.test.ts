// Promise: an upstream that does not switch answers for itself; one that cannot be reached, is late, or says it switched and did not,
// is told of in the project's dialect. What the upgrade has paid follows what is known of its end.
import assert from "node:assert/strict";
import { createServer as createHttp } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { bearer, type GatewayUnderTest, startGateway } from "../support/gateway.ts";
import { handshakeLines, rawUpgrade, startRawUpstream } from "../support/raw-upgrade.ts";
import { startUpstream } from "../support/upstream.ts";
import { refusedSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [], dispatcher: { headersTimeout: 300 } });
after(() => gateway.close());

/** A key with 100 credits at `url`; an upgrade of /held costs 10 and is given back where it failed. */
async function payerAt(url: string, at: GatewayUnderTest = gateway) {
  await at.apply(`name: acme
upstream: ${url}
routes:
  - { match: GET /free }
  - { match: GET /held, cost: 10, pot: credits, hold: true }
dialect: { headers: { X-Credits: "{credits}" }, answers: { upstream_unavailable: { code: nobody_there } } }
`);
  const { key, account } = await at.key("acme");
  await at.grant("acme", account, 100);
  return { key, credits: async () => (await at.balance("acme", account)).credits };
}

/** Answers every connection with these bytes, and keeps it. */
async function bareUpstream(answer: string | undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.once("data", () => answer !== undefined && socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("an upstream's own refusal reaches the client: status, fields and body, with ours beside them", async () => {
  await using upstream = await startUpstream((_request, response) => {
    response.writeHead(418, [
      "X-Own",
      "1",
      "X-Own",
      "2",
      "X-Request-Id",
      "theirs",
      "Keep-Alive",
      "timeout=9",
    ]);
    response.write("no ");
    response.end("sockets here");
  });
  const { key, credits } = await payerAt(upstream.url);
  const answer = await refusedSocket(gateway.port, HOST, { path: "/held", headers: bearer(key) });
  assert.deepEqual([answer.status, answer.text], [418, "no sockets here"]);
  assert.equal(answer.headers["x-own"], "1, 2");
  assert.match(String(answer.headers["x-request-id"]), /^req_/);
  assert.equal(answer.headers["x-credits"], "90");
  assert.equal(answer.headers["keep-alive"], undefined);
  assert.equal(answer.headers.connection, "close");
  assert.equal(await credits(), 90, "a refusal is no failure");
});

test("an upstream that takes an upgrade for a plain request is passed on whole, at any size", async () => {
  const body = "x".repeat(3_000_000);
  await using upstream = await startUpstream((_request, response) => void response.end(body));
  const { key } = await payerAt(upstream.url);
  const answer = await refusedSocket(gateway.port, HOST, { path: "/free", headers: bearer(key) });
  assert.deepEqual([answer.status, answer.text.length], [200, body.length]);
});

test("a failure of the upstream gives back what the upgrade has paid", async () => {
  await using upstream = await startUpstream(
    (_request, response) => void response.writeHead(503).end("later"),
  );
  const { key, credits } = await payerAt(upstream.url);
  const answer = await refusedSocket(gateway.port, HOST, { path: "/held", headers: bearer(key) });
  assert.deepEqual([answer.status, answer.text, answer.headers["x-credits"]], [503, "later", "100"]);
  assert.equal(await credits(), 100);
});

test("an upstream that is not there is a 502 in the dialect, and nothing is paid", async () => {
  const { key, credits } = await payerAt("http://127.0.0.1:9");
  const answer = await refusedSocket(gateway.port, HOST, { path: "/held", headers: bearer(key) });
  assert.equal(answer.status, 502);
  assert.equal(JSON.parse(answer.text).error.code, "nobody_there");
  assert.equal(answer.headers["x-credits"], "100");
  assert.equal(await credits(), 100);
});

test("an upstream that says nothing is a 504, and what it did stays paid", async () => {
  await using upstream = await bareUpstream(undefined);
  const { key, credits } = await payerAt(upstream.url);
  const answer = await refusedSocket(gateway.port, HOST, { path: "/held", headers: bearer(key) });
  assert.equal(answer.status, 504);
  assert.equal(JSON.parse(answer.text).error.code, "upstream_timeout");
  assert.equal(await credits(), 90);
});

test("a switch that is none is a 502, and no byte behind it reaches the client", async () => {
  const accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  for (const lines of [
    ["Upgrade: websocket", "Connection: Upgrade"],
    ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    ["Upgrade: websocket", "Connection: Upgrade", accept, accept],
    ["Upgrade: h2c", "Connection: Upgrade", accept],
    ["Upgrade: websocket, h2c", "Connection: Upgrade", accept],
  ]) {
    await using upstream = await bareUpstream(
      `${["HTTP/1.1 101 Switching Protocols", ...lines].join("\r\n")}\r\n\r\nsecret`,
    );
    const { key } = await payerAt(upstream.url);
    const authorization = `Authorization: Bearer ${key}`;
    const answer = await gateway.raw(handshakeLines(HOST, "/free", [authorization]));
    assert.match(answer, /^HTTP\/1\.1 502 /, lines.join());
    assert.doesNotMatch(answer, /secret/);
  }
});

test("what the upstream says in its switch reaches the client, but for what is of one hop", async () => {
  const lines = ["Set-Cookie: a=1", "Set-Cookie: b=2", "X-Own: 1", "Keep-Alive: timeout=9"];
  await using upstream = await startRawUpstream(() => {}, [...lines, "Content-Length: 0"]);
  const { key } = await payerAt(upstream.url);
  const authorization = `Authorization: Bearer ${key}`;
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/free", [authorization]));
  assert.match(
    client.head,
    /^HTTP\/1\.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n/,
  );
  assert.equal(client.head.match(/\r\nUpgrade:/gi)?.length, 1);
  assert.equal(client.head.match(/\r\nConnection:/gi)?.length, 1);
  assert.match(client.head, /\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n/);
  assert.match(client.head, /\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i);
  assert.doesNotMatch(client.head, /keep-alive|content-length/i);
  client.socket.destroy();
});

for (const leave of ["destroy", "resetAndDestroy"] as const)
  test(`a client that leaves before the upstream has answered ends the question (${leave})`, async () => {
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    const { promise: left, resolve: hasLeft } = Promise.withResolvers<void>();
    const server = createHttp();
    server.on("upgrade", (_request, socket) => {
      isAsked();
      socket
        .on("error", () => {})
        .once("end", hasLeft)
        .once("close", hasLeft);
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const patient = await startGateway({ files: [] });
    const { key } = await payerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, patient);
    const authorization = `Authorization: Bearer ${key}`;
    const client = connect(patient.port, "127.0.0.1");
    client.on("error", () => {});
    client.write(handshakeLines(HOST, "/held", [authorization]));
    await asked;
    client[leave]();
    await left;
    await patient.close();
    server.closeAllConnections();
    server.close();
  });
