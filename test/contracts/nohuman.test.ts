// Nohuman: the form of its keys, its printed 401 and 403, and what a key may be permitted (rows H1, H2, H6).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CreatedKey, NewKey } from "../../src/manage/create-key.ts";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { listKeys } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, startGateway } from "../support/gateway.ts";
import { unknownKey } from "./unknown-key.ts";

const HOST = "nohuman.localhost";
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

/** The page's request, with another host and key. */
const generate = (headers: Record<string, string>): Promise<Answer> =>
  gateway.ask(HOST, {
    method: "POST",
    path: "/v1/videos/generate",
    headers: { "Content-Type": "application/json", ...headers },
    body: '{"prompt": "A sunset over the ocean", "duration": 5, "aspect_ratio": "16:9"}',
  });
const videos = (key: string, path = "/v1/videos/7"): Promise<Answer> =>
  gateway.ask(HOST, { path, headers: bearer(key) });
/** A key of an account that can pay. */
async function payingKey(input: Partial<NewKey> = {}): Promise<CreatedKey> {
  const { id: account } = await gateway.account("nohuman");
  await gateway.grant("nohuman", account, 100);
  return gateway.key("nohuman", { ...input, account });
}
const error = (status: number, code: string, message: string): string =>
  JSON.stringify({ error: { code, message, status } });

test("H1: keys are nh_ and 40 alphanumerics, sent as Authorization: Bearer", async () => {
  const { key } = await payingKey();
  assert.match(key, /^nh_[0-9A-Za-z]{40}$/);
  const answer = await generate(bearer(key));
  assert.equal(answer.status, 200);
  assert.equal(answer.json.request.body.prompt, "A sunset over the ocean");
});

test("H1: the last six characters are a checksum", async () => {
  const { key } = await gateway.key("nohuman");
  const typo = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
  const answer = await generate(bearer(typo));
  assert.equal(answer.status, 401);
  assert.equal(answer.json.error.code, "invalid_api_key");
});

test("H2: 401 missing_api_key without a header, status repeated in the body", async () => {
  const { key } = await gateway.key("nohuman");
  const body = error(401, "missing_api_key", "No Authorization header provided");
  for (const headers of [{}, { Authorization: "" }, { "X-API-Key": key }]) {
    const answer = await generate(headers);
    assert.deepEqual([answer.status, answer.text], [401, body]);
  }
});

test("H2: 401 invalid_api_key for a malformed and for a revoked key", async () => {
  const { key } = await gateway.key("nohuman");
  const revoked = await gateway.key("nohuman");
  await revokeKey(instance, LOCAL_CALLER, "nohuman", revoked.id);
  const disabled = await gateway.key("nohuman");
  await disableKey(instance, LOCAL_CALLER, "nohuman", disabled.id);
  const dead = "API key is malformed or revoked";
  const form = "It is not in the form of this API's keys; copy the whole key.";
  for (const [authorization, message] of [
    ["Bearer nh_your_api_key_here", `${dead}. ${form}`],
    [`Bearer ${key.slice(0, 20)}`, `${dead}. ${form}`],
    [key, `${dead}. The Authorization header must be: Bearer <key>.`],
    [`Bearer ${unknownKey(gateway, "nohuman")}`, `${dead}.`],
    [`Bearer ${revoked.key}`, dead],
    [`Bearer ${disabled.key}`, "API key is disabled"],
  ] as const) {
    const answer = await generate({ Authorization: authorization });
    assert.deepEqual([answer.status, answer.text], [401, error(401, "invalid_api_key", message)]);
  }
});

test("H2: 403 insufficient_permissions for a permission that the key lacks and for a path without one", async () => {
  const reader = await gateway.key("nohuman", { scopes: ["videos:read"] });
  const body = error(403, "insufficient_permissions", "Key lacks permission for this endpoint");
  const refused = await generate(bearer(reader.key));
  assert.deepEqual([refused.status, refused.text], [403, body]);
  const full = await gateway.key("nohuman");
  const unknown = await videos(full.key, "/v1/images");
  assert.deepEqual([unknown.status, unknown.text], [403, body]);
});

test("H6: videos:generate opens POST /v1/videos/generate, videos:read opens GET below /v1/videos", async () => {
  const maker = await payingKey({ scopes: ["videos:generate"] });
  const reader = await payingKey({ scopes: ["videos:read"] });
  const both = await payingKey({ scopes: ["videos:generate", "videos:read"] });
  for (const [{ key }, may] of [
    [maker, [200, 403, 403]],
    [reader, [403, 200, 200]],
    [both, [200, 200, 200]],
  ] as const) {
    const answers = [await generate(bearer(key)), await videos(key), await videos(key, "/v1/videos")];
    assert.deepEqual(
      answers.map(({ status }) => status),
      may,
    );
  }
});

test("H6: other methods on those paths are closed", async () => {
  const { key } = await gateway.key("nohuman");
  for (const [method, path] of [
    ["DELETE", "/v1/videos/7"],
    ["POST", "/v1/videos"],
    ["PUT", "/v1/videos/generate"],
    ["POST", "/v1/videos/generate/7"],
  ] as const) {
    const answer = await gateway.ask(HOST, { method, path, headers: bearer(key) });
    assert.equal(answer.status, 403, `${method} ${path}`);
  }
});

test("H6: one named key per environment, which the upstream can tell apart", async () => {
  const account = (await gateway.account("nohuman")).id;
  const names = { production: "prod-backend", staging: "staging", development: "dev-testing" };
  for (const [environment, name] of Object.entries(names)) {
    const { key } = await gateway.key("nohuman", { account, environment, name });
    const { headers } = (await videos(key)).json.request;
    assert.deepEqual([headers["claviger-environment"], headers["claviger-key-name"]], [environment, name]);
  }
  const { items } = await listKeys(instance, "nohuman", { account });
  assert.deepEqual(items.map(({ name }) => name).sort(), Object.values(names).sort());
});

test("H6: after an exposure one call rotates the key: same permissions and name, the exposed one dead", async () => {
  const exposed = await gateway.key("nohuman", { name: "prod-backend", scopes: ["videos:read"] });
  const next = await rotateKey(instance, LOCAL_CALLER, "nohuman", exposed.id);
  assert.deepEqual([next.name, next.scopes], ["prod-backend", ["videos:read"]]);
  assert.equal((await videos(exposed.key)).status, 401);
  assert.equal((await videos(next.key)).status, 200);
  assert.equal((await generate(bearer(next.key))).status, 403);
});
