// What is said for one connection is not passed on to the next one, in either direction (RFC 9110 section 7.6.1).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startGateway } from "../support/gateway.ts";
import { namesOf, plainProject, startUpstream, valuesOf } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream((_request, response) => {
  const fields = {
    "Keep-Alive": "timeout=99",
    "Proxy-Authenticate": "Basic",
    "X-Hop": "1",
    "X-Other-Hop": "2",
  };
  const trailing = { Trailer: "X-Sum", Upgrade: "h2c", TE: "trailers", "Proxy-Connection": "close" };
  response.writeHead(200, { ...fields, ...trailing, Connection: "X-Hop, x-other-hop", "X-End": "kept" });
  response.write("body");
  response.addTrailers({ "X-Sum": "4" });
  response.end();
});
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`${plainProject(upstream.url)}credentials: { headers: [X-API-Key] }\n`);
const { key } = await gateway.key("acme");

test("a request's hop-by-hop fields, named ones included, do not reach the upstream", async () => {
  const hops = [
    "Keep-Alive",
    "timeout=5",
    "Proxy-Authorization",
    "Basic YTpi",
    "Proxy-Connection",
    "keep-alive",
  ];
  const more = ["TE", "trailers", "Upgrade", "h2c", "X-Hop", "1", "X-Other-Hop", "2", "X-End", "kept"];
  const connection = ["Connection", "X-Hop, close", "Connection", "x-other-hop"];
  const headers = ["Authorization", `Bearer ${key}`, ...hops, ...more, ...connection];
  assert.equal((await gateway.ask(HOST, { headers })).status, 200);
  const { rawHeaders } = upstream.received.at(-1)!;
  const stopped = "keep-alive proxy-authorization proxy-connection te upgrade x-hop x-other-hop";
  for (const name of stopped.split(" ")) assert.ok(!namesOf(rawHeaders).includes(name), name);
  assert.deepEqual(valuesOf(rawHeaders, "x-end"), ["kept"]);
  assert.deepEqual(valuesOf(rawHeaders, "connection"), ["keep-alive"], "the gateway's own word");
});

test("an answer's hop-by-hop fields, named ones included, do not reach the client", async () => {
  const answer = await gateway.ask(HOST, { headers: ["Authorization", `Bearer ${key}`] });
  assert.equal(answer.text, "body");
  const stopped = "keep-alive proxy-authenticate proxy-connection te trailer x-hop x-other-hop upgrade x-sum";
  for (const name of stopped.split(" ")) assert.equal(answer.headers[name], undefined, name);
  assert.equal(answer.headers["x-end"], "kept");
  assert.equal(answer.headers.connection, "close", "the gateway's own word");
});

test("naming a credential in Connection takes it away and never lets anyone in", async () => {
  const count = upstream.received.length;
  for (const headers of [
    ["Authorization", `Bearer ${key}`, "Connection", "close, Authorization"],
    ["X-API-Key", key, "Connection", "x-api-key"],
  ]) {
    const answer = await gateway.ask(HOST, { headers });
    assert.deepEqual([answer.status, answer.json.error.code], [401, "missing_api_key"]);
  }
  assert.equal(upstream.received.length, count);
});

test("naming an identity field in Connection does not take ours away", async () => {
  const named = ["Connection", "Claviger-Key-Id, Claviger-Account, X-Forwarded-For, Content-Length"];
  const headers = ["Authorization", `Bearer ${key}`, ...named];
  assert.equal((await gateway.ask(HOST, { method: "POST", headers, body: "x" })).status, 200);
  const { rawHeaders } = upstream.received.at(-1)!;
  for (const name of ["claviger-key-id", "claviger-account", "x-forwarded-for"]) {
    assert.equal(valuesOf(rawHeaders, name).length, 1, name);
  }
});
