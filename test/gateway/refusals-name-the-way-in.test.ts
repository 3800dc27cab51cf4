// Every refusal tells clients how to authenticate and caches to keep away (RFC 9110 section 11.6.1, RFC 6750 section 3).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Ask, bearer, START, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const NUDG3 = "nudg3.localhost";
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

async function challenge(request: Ask, host = NUDG3): Promise<string | undefined> {
  return (await gateway.ask(host, { path: "/dashboard", ...request })).headers["www-authenticate"];
}

test("no credential: the realm and no error, because nothing was wrong with what was not sent", async () => {
  assert.equal(await challenge({}), 'Bearer realm="Nudg3"');
  assert.equal(await challenge({}, "nur.localhost"), 'Bearer realm="Nur"');
  assert.equal(await challenge({ path: "/dashboard?api_key=x" }), 'Bearer realm="Nudg3"');
});

test("any other 401: the realm and invalid_token", async () => {
  const create = (more: object = {}) => gateway.key("nudg3", more);
  const [revoked, disabled] = [await create(), await create()];
  await revokeKey(instance, LOCAL_CALLER, "nudg3", revoked.id);
  await disableKey(instance, LOCAL_CALLER, "nudg3", disabled.id);
  const expired = await create({ expiresAt: "2026-11-21T12:00:00.001Z" });
  const sandbox = await create({ environment: "test" });
  gateway.clock.set(START + 1);
  for (const key of ["nonsense", revoked.key, disabled.key, expired.key, sandbox.key]) {
    assert.equal(await challenge({ headers: bearer(key) }), 'Bearer realm="Nudg3", error="invalid_token"');
  }
  assert.equal(
    await challenge({ headers: { Authorization: "Basic YTpi" } }),
    'Bearer realm="Nudg3", error="invalid_token"',
  );
  gateway.clock.set(START);
});

test("a missing scope: insufficient_scope with all the scopes that are needed", async () => {
  const { key } = await gateway.key("nudg3", { tier: "basic" });
  assert.equal(
    await challenge({ path: "/exports/1", headers: bearer(key) }),
    'Bearer realm="Nudg3", error="insufficient_scope", scope="read:analytics export:data"',
  );
});

test("a 403 that another key or scope would not mend, and an admitted request: no challenge", async () => {
  const { key } = await gateway.key("nudg3");
  const elsewhere = await gateway.key("nudg3", { allowedIps: ["203.0.113.7"] });
  assert.equal(await challenge({ path: "/nowhere", headers: bearer(key) }), undefined);
  assert.equal(await challenge({ headers: bearer(elsewhere.key) }), undefined);
  assert.equal(await challenge({ headers: bearer(key) }), undefined);
});

test("no refusal may be stored, and those of a project vary by every header that may hold a key", async () => {
  const { key } = await gateway.key("nudg3");
  const nur = await gateway.key("nur", { scopes: ["stt:read"] });
  for (const [host, request, status, vary] of [
    [NUDG3, {}, 401, "Authorization, X-API-Key"],
    [NUDG3, { headers: { ...bearer(key), "X-API-Key": key } }, 400, "Authorization, X-API-Key"],
    [NUDG3, { path: "/exports", headers: bearer(key) }, 403, "Authorization, X-API-Key"],
    [NUDG3, { path: "//dashboard", headers: bearer(key) }, 400, "Authorization, X-API-Key"],
    ["nur.localhost", { path: "/v1/voices", headers: bearer(nur.key) }, 403, "Authorization"],
    ["nur.localhost", { method: "TRACE" }, 405, "Authorization"],
    ["nobody.localhost", {}, 421, undefined],
  ] as const) {
    const answer = await gateway.ask(host, { path: "/dashboard", ...request });
    assert.equal(answer.status, status);
    assert.equal(answer.headers["cache-control"], "no-store", String(status));
    assert.equal(answer.headers.vary, vary);
  }
});

test("an admitted answer varies by the key too, beside what the upstream says, and keeps its own caching", async () => {
  await using upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { Vary: "Accept-Encoding", "Cache-Control": "max-age=60" }).end();
  });
  await gateway.apply(`${plainProject(upstream.url)}credentials: { headers: [X-API-Key] }\n`);
  const { key } = await gateway.key("acme");
  const { headers } = await gateway.ask("acme.localhost", { headers: { "X-API-Key": key } });
  assert.equal(headers.vary, "Accept-Encoding, Authorization, X-API-Key");
  assert.equal(headers["cache-control"], "max-age=60");
});

test("a method that no route can name is a 405 that lists the methods there are", async () => {
  const answer = await gateway.ask(NUDG3, { method: "TRACE", path: "/dashboard" });
  assert.deepEqual([answer.status, answer.json.error.code], [405, "method_not_allowed"]);
  assert.equal(answer.headers.allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
});
