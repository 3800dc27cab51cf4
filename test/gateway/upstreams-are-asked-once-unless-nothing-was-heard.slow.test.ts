// Promise: a request whose kept connection breaks before anything is answered is sent once more where that is safe, and never
// otherwise; an upstream that is late, silent or gone is told of in the dialect, within the time that the project gives it.
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { createSamples } from "../../src/gateway/samples.ts";
import { createUpstreamPool } from "../../src/gateway/upstream-pool.ts";
import { type Ask, askPort, bearer, startGateway } from "../support/gateway.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
/** How often each target came, over all connections. */
const seen = new Map<string, number>();
const connections: Socket[] = [];
/** What the upstream makes of a request: an answer, silence, the first half of an answer, or the end of the connection. */
type Making = "answer" | "silence" | "half" | "break";
let make: (target: string, onConnection: number) => Making = () => "answer";
const upstream = createServer((socket) => {
  connections.push(socket);
  let count = 0;
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    const target = / (\S+) HTTP/.exec(chunk.toString("latin1"))?.[1];
    if (target === undefined) return;
    seen.set(target, (seen.get(target) ?? 0) + 1);
    const made = make(target, count++);
    if (made === "break") socket.destroy();
    if (made === "half") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    if (made === "answer") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const { port: upstreamPort } = upstream.address() as { port: number };
const pool = createUpstreamPool({ connectTimeoutMs: 200, headersTimeoutMs: 300, bodyTimeoutMs: 300 });
const { upstreamOf } = createSamples();
const handler = createGateway({ ...gateway.instance, dispatcher: pool, upstreamOf });
const server = createHttpServer((request, response) => void handler(request, response));
const port = await listen(server, 0, "127.0.0.1");
after(async () => {
  await drain(server, 0);
  await pool.destroy();
  for (const socket of connections) socket.destroy();
  upstream.close();
  await gateway.close();
});
const file = (more = "") =>
  `name: acme\nupstream: http://127.0.0.1:${upstreamPort}\ndialect: { body: { fault: "{code}" } }\n${more}`;
await gateway.apply(file());
const { key } = await gateway.key("acme");
const ask = (path: string, more: Ask = {}) => askPort(port, HOST, { path, headers: bearer(key), ...more });

/** A connection that has carried an answer, and breaks at its next request; all later ones hold. */
async function breakNext(): Promise<void> {
  for (const socket of connections.splice(0)) socket.destroy();
  await new Promise(setImmediate);
  make = () => "answer";
  assert.equal((await ask("/first")).status, 200);
  let broken = 0;
  make = (_target, onConnection) => (onConnection > 0 && broken++ === 0 ? "break" : "answer");
}

test("a request without a body goes out once more when the kept connection breaks", async () => {
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    await breakNext();
    const answer = await ask(`/again-${method}`, { method });
    assert.equal(answer.status, 200, method);
    assert.equal(seen.get(`/again-${method}`), 2, method);
  }
});

test("what may have changed something, or had a body, is not sent again", async () => {
  for (const [method, body] of [
    ["POST", "x"],
    ["PUT", "x"],
    ["DELETE", undefined],
    ["PATCH", undefined],
    ["GET", "x"],
  ] as const) {
    await breakNext();
    const path = `/once-${method}-${body}`;
    const answer = await ask(path, { method, ...(body && { body }) });
    assert.deepEqual([answer.status, answer.json.fault], [502, "upstream_unavailable"], path);
    assert.equal(seen.get(path), 1, path);
  }
});

test("a connection of its own that breaks is the upstream's answer, and no second one is asked for", async () => {
  for (const socket of connections.splice(0)) socket.destroy();
  make = () => "break";
  const answer = await ask("/new");
  assert.deepEqual([answer.status, answer.json.fault, seen.get("/new")], [502, "upstream_unavailable", 1]);
});

test("a second break is told", async () => {
  await breakNext();
  make = () => "break";
  const answer = await ask("/twice");
  assert.deepEqual([answer.status, seen.get("/twice")], [502, 2]);
});

test("an upstream that does not answer in time is 504 and is asked once; one that stops within its answer breaks off", async () => {
  make = () => "answer";
  await ask("/warm");
  make = () => "silence";
  const late = await ask("/late");
  assert.deepEqual([late.status, late.json.fault, seen.get("/late")], [504, "upstream_timeout", 1]);
  make = () => "half";
  await assert.rejects(ask("/half"), { code: "ECONNRESET" });
});

test("a project gives its upstream a time of its own", async () => {
  await gateway.apply(file("upstreamTimeouts: { answerSeconds: 1, silenceSeconds: 1 }\n"));
  const { upstreamTimeouts } = gateway.instance.directory.project("acme")!;
  assert.deepEqual(upstreamTimeouts, { headersTimeout: 1_000, bodyTimeout: 1_000 });
  make = () => "silence";
  const before = performance.now();
  const late = await ask("/own");
  assert.equal(late.status, 504);
  assert.ok(performance.now() - before >= 900, "longer than the gateway's own 300 ms");
  await gateway.apply(file());
});

test("an upstream that refuses connections is 502, and nothing of the request went anywhere", async () => {
  await gateway.apply("name: gone\nupstream: http://127.0.0.1:1\n");
  const made = await gateway.key("gone");
  const answer = await askPort(port, "gone.localhost", { headers: bearer(made.key) });
  assert.deepEqual([answer.status, answer.json.error.code], [502, "upstream_unavailable"]);
});
