// One id names a request at the client, at the gateway and at the upstream; only the gateway gives it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream, valuesOf } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream((_request, response) => {
  response.writeHead(200, { "X-Request-Id": "theirs" }).end();
});
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url));
const { key } = await gateway.key("acme");

test("an admitted request bears the same id at the upstream and in the answer, whatever either of them says", async () => {
  for (const name of ["X-Request-Id", "x-request-id", "X_Request_Id"]) {
    const answer = await gateway.ask(HOST, { headers: { ...bearer(key), [name]: "mine" } });
    const { rawHeaders } = upstream.received.at(-1)!;
    assert.match(String(answer.headers["x-request-id"]), /^req_[0-9a-f]{20}$/);
    assert.deepEqual(valuesOf(rawHeaders, "x-request-id"), [answer.headers["x-request-id"]]);
    assert.ok(!rawHeaders.includes("mine"));
  }
});

test("a refused request has an id too, and no two requests share one", async () => {
  const ids = new Set<unknown>();
  for (const headers of [{}, bearer("nonsense"), bearer(key), { "X-Request-Id": "mine" }]) {
    ids.add((await gateway.ask(HOST, { headers })).headers["x-request-id"]);
  }
  ids.add((await gateway.ask(HOST, { method: "TRACE" })).headers["x-request-id"]);
  await gateway.apply(plainProject("http://127.0.0.1:1"));
  ids.add((await gateway.ask(HOST, { headers: bearer(key) })).headers["x-request-id"]);
  assert.equal(ids.size, 6);
  for (const id of ids) assert.match(String(id), /^req_[0-9a-f]{20}$/);
});
