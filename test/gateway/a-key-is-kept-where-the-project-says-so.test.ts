// Promise: the key is taken out of what goes on to the upstream, unless the project says `keep`; then it goes on as the client sent
// it, and everything else that is taken out still is.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { issueTicket } from "../../src/manage/tickets.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { namesOf, startUpstream, valuesOf } from "../support/upstream.ts";
import { openSocket } from "../support/websocket.ts";

const gateway = await startGateway({ files: [] });
const upstream = await startUpstream();
const sockets = await startSocketUpstream();
after(async () => {
  await gateway.close();
  await upstream[Symbol.asyncDispose]();
  await sockets[Symbol.asyncDispose]();
});
const file = (name: string, keep: string, url = upstream.url) => `name: ${name}
upstream: ${url}
regions: { eu: { keyPrefix: eu- } }
credentials: { headers: [X-API-Key], query: { name: api_key, on: upgrade }, ticket: {}${keep} }
`;
await gateway.apply(file("taken", ""));
await gateway.apply(file("kept", ", keep: true"));
await gateway.apply(file("live", ", keep: true", sockets.url));

const told = async (project: string, headers: Record<string, string>) => {
  assert.equal((await gateway.ask(`${project}.localhost`, { headers })).status, 204);
  return upstream.received.at(-1)!.rawHeaders;
};

test("without it neither place of a key reaches the upstream", async () => {
  const { key } = await gateway.key("taken");
  for (const headers of [bearer(key), { "X-API-Key": key }] as Record<string, string>[])
    assert.ok(!(await told("taken", headers)).join().includes(key));
});

test("with it the key goes on byte for byte, and what a client made up does not", async () => {
  const { key, id } = await gateway.key("kept");
  const headers = await told("kept", { Authorization: `bearer eu-${key}`, "Claviger-Key-Id": "forged" });
  assert.deepEqual(valuesOf(headers, "authorization"), [`bearer eu-${key}`]);
  assert.deepEqual(valuesOf(headers, "claviger-key-id"), [id]);
  assert.deepEqual(valuesOf(await told("kept", { "X-API-Key": key }), "x-api-key"), [key]);
});

test("over a WebSocket a key in the query goes on, a ticket that is used up does not", async () => {
  const { key, id } = await gateway.key("live");
  const one = await openSocket(gateway.port, "live.localhost", { path: `/a?x=1&api_key=${key}&y=2` });
  assert.equal(sockets.handshakes.at(-1)!.target, `/a?x=1&api_key=${key}&y=2`);
  for (const name of ["ticket", "api_key"]) {
    const { ticket } = await issueTicket(gateway.instance, "live", { key: id });
    const two = await openSocket(gateway.port, "live.localhost", { path: `/a?x=1&${name}=${ticket}&y=2` });
    assert.equal(sockets.handshakes.at(-1)!.target, "/a?x=1&y=2");
    two.socket.terminate();
  }
  one.socket.terminate();
});

test("trace context goes on as it came, and a request id is ours", async () => {
  const trace = {
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    tracestate: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
    baggage: "a=b",
  };
  const { key } = await gateway.key("taken");
  const answer = await gateway.ask("taken.localhost", {
    headers: { ...bearer(key), ...trace, "X-Request-Id": "forged" },
  });
  const { rawHeaders } = upstream.received.at(-1)!;
  for (const [name, value] of Object.entries(trace)) assert.deepEqual(valuesOf(rawHeaders, name), [value]);
  assert.deepEqual(valuesOf(rawHeaders, "x-request-id"), [answer.headers["x-request-id"]]);
  assert.equal(namesOf(rawHeaders).filter((name) => name === "traceparent").length, 1);
});
