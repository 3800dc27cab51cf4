// What the five vendors share on the wire: bodies stream both ways, connections are kept, and an upstream that fails is told in
// the project's own words (row S1).
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent as HttpAgent, type IncomingMessage } from "node:http";
import { after, test } from "node:test";
import { Agent } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
await gateway.apply(plainProject("http://127.0.0.1:1"));
const headers = bearer((await gateway.key("acme")).key);

const DIALECT = `dialect:
  body: { failure: "{code}" }
  answers:
    upstream_unavailable: { code: asleep }
    upstream_timeout: { code: slow }
`;

/** Forwards the project to a new upstream for as long as the test runs. */
async function forwardTo(...answering: Parameters<typeof startUpstream>) {
  const upstream = await startUpstream(...answering);
  await gateway.apply(plainProject(upstream.url, DIALECT));
  return upstream;
}

const textOf = async (message: IncomingMessage): Promise<string> =>
  (await message.setEncoding("utf8").toArray()).join("");

test("S1: an upload of 20 MB arrives whole and unchanged", async () => {
  await using upstream = await forwardTo(async (request, response) => {
    const hash = createHash("sha256");
    for await (const chunk of request) hash.update(chunk);
    response.end(hash.digest("hex"));
  });
  const body = randomBytes(20 * 1024 * 1024);
  const answer = await gateway.ask(HOST, { method: "PUT", path: "/file", headers, body });
  assert.equal(answer.text, createHash("sha256").update(body).digest("hex"));
  assert.equal(upstream.received.length, 1);
});

test("S1: a chunked upload is passed on as it comes, before its end is known", async () => {
  const first = Promise.withResolvers<string>();
  await using upstream = await forwardTo(async (request, response) => {
    let received = "";
    for await (const chunk of request.setEncoding("utf8")) {
      received += chunk;
      first.resolve(received);
    }
    response.end(received);
  });
  const exchange = openExchange(gateway.port, HOST, { method: "POST", headers });
  exchange.request.write("one,");
  assert.equal(await first.promise, "one,");
  exchange.request.write("two,");
  exchange.request.end("three");
  assert.equal(await textOf(await exchange.response), "one,two,three");
  assert.equal(upstream.received.length, 1);
});

test("S1: a chunked answer is passed on as it comes, before its end is known", async () => {
  const more = Promise.withResolvers<void>();
  await using _ = await forwardTo(async (_request, response) => {
    response.write("one,");
    await more.promise;
    response.end("two");
  });
  const exchange = openExchange(gateway.port, HOST, { headers });
  exchange.request.end();
  const response = (await exchange.response).setEncoding("utf8");
  const [piece] = await once(response, "data");
  assert.equal(piece, "one,");
  more.resolve();
  assert.equal(await textOf(response), "two");
  assert.equal(response.headers["transfer-encoding"], "chunked");
});

test("S1: a client's connection is kept for its next requests, and so is the upstream's", async () => {
  const ports = new Set<number | undefined>();
  await using _ = await forwardTo((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("ok");
  });
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const reused: boolean[] = [];
  for (let count = 0; count < 4; count++) {
    const exchange = openExchange(gateway.port, HOST, { headers, agent });
    exchange.request.end();
    const response = await exchange.response;
    assert.deepEqual([response.statusCode, await textOf(response)], [200, "ok"]);
    reused.push(exchange.request.reusedSocket);
  }
  agent.destroy();
  assert.deepEqual(reused, [false, true, true, true]);
  assert.equal(ports.size, 1);
});

test("S1: a client that goes away ends the request at the upstream, before and within the answer", async () => {
  for (const isAnswering of [false, true]) {
    const arrived = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    await using _ = await forwardTo((_request, response) => {
      response.once("close", ended.resolve);
      if (isAnswering) response.write("one,");
      arrived.resolve();
    });
    const exchange = openExchange(gateway.port, HOST, { headers });
    exchange.request.end();
    await arrived.promise;
    if (isAnswering) await exchange.response;
    exchange.request.destroy();
    await ended.promise;
  }
});

test("S1: a client that goes away within its upload ends the request at the upstream", async () => {
  const arrived = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<boolean>();
  await using _ = await forwardTo((request) => {
    request.once("data", () => arrived.resolve());
    request.on("error", () => {});
    request.once("close", () => broken.resolve(!request.complete));
  });
  const exchange = openExchange(gateway.port, HOST, { method: "POST", headers });
  exchange.request.write("half");
  await arrived.promise;
  exchange.request.destroy();
  assert.equal(await broken.promise, true, "the upstream does not take half an upload for a whole one");
});

test("S1: an upstream that cannot be reached is a 502 in the project's dialect", async () => {
  await gateway.apply(plainProject("http://127.0.0.1:1", DIALECT));
  for (const method of ["GET", "POST"]) {
    const answer = await gateway.ask(HOST, {
      method,
      headers,
      body: method === "GET" ? "" : "x".repeat(1e6),
    });
    assert.deepEqual([answer.status, answer.text], [502, '{"failure":"asleep"}']);
    assert.equal(answer.headers["cache-control"], "no-store");
  }
});

test("S1: an upstream that hangs up instead of answering is a 502", async () => {
  await using _ = await forwardTo((request) => void request.socket.destroy());
  const answer = await gateway.ask(HOST, { headers });
  assert.deepEqual([answer.status, answer.text], [502, '{"failure":"asleep"}']);
});

test("S1: an upstream that does not begin its answer in time is a 504 in the project's dialect", async () => {
  await using upstream = await forwardTo(() => {});
  const dispatcher = new Agent({ headersTimeout: 20 });
  const handler = createGateway({ ...gateway.instance, dispatcher, upstreamOf: () => upstream.url });
  const server = createHttpServer((request, response) => void handler(request, response));
  const exchange = openExchange(await listen(server, 0, "127.0.0.1"), HOST, { headers });
  exchange.request.end();
  const response = await exchange.response;
  assert.deepEqual([response.statusCode, await textOf(response)], [504, '{"failure":"slow"}']);
  await drain(server, 0);
  await dispatcher.destroy();
});

test("S1: an answer that the upstream breaks off is broken off for the client too, never rounded off", async () => {
  await using _ = await forwardTo((request, response) => {
    response.write("half");
    setImmediate(() => request.socket.destroy());
  });
  const exchange = openExchange(gateway.port, HOST, { headers });
  exchange.request.end();
  await assert.rejects(async () => textOf(await exchange.response), { code: "ECONNRESET" });
});
