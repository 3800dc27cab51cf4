// Nudg3: the form of its keys, its two headers, its printed errors, rotation, and sandbox beside production (rows D1, D2, D6 to D8).
import assert from "node:assert/strict";
import { after, mock, test } from "node:test";
import { deleteKey, disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { unknownKey } from "./unknown-key.ts";

const HOST = "nudg3.localhost";
const SANDBOX = "sandbox.nudg3.localhost";
const FORM = "It is not in the form of this API's keys; copy the whole key.";
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

const dashboard = (headers: Record<string, string>, host = HOST): Promise<Answer> =>
  gateway.ask(host, { path: "/dashboard", headers });
const error = (code: string, message: string): string => JSON.stringify({ error: { code, message } });
const REVOKED = error("expired_api_key", "API key has been revoked.");

test("D1: keys are nudg3_{live|test}_ak_, an id of 8 characters and 32 random ones", async () => {
  for (const environment of ["live", "test"]) {
    const { key, id } = await gateway.key("nudg3", { environment });
    const pattern = new RegExp(`^nudg3_${environment}_ak_([0-9A-Za-z]{8})_[0-9A-Za-z]{32}$`);
    assert.equal(`key_${pattern.exec(key)?.[1]}`, id, "the part in the key is the key's public id");
  }
});

test("D1: an ill-formed key is refused without any database look-up", async () => {
  const { key } = await gateway.key("nudg3");
  const lookUps = mock.method(instance.store, "keyByDigest");
  const last = key.endsWith("a") ? "b" : "a";
  for (const illFormed of [
    "x",
    "YOUR_API_KEY",
    key.slice(0, -1),
    `${key}0`,
    key.slice(0, -1) + last,
    key.replace("_ak_", "_sk_"),
    key.replace("_live_", "_prod_"),
    key.replace("_live_", "_test_"),
    key.replace("nudg3_", "nudg4_"),
    key.toUpperCase(),
    key.replace(/_[^_]{8}_/, "_short_"),
    `${key}.${key}`,
    "a".repeat(15_000),
  ]) {
    for (const headers of [bearer(illFormed), { "X-API-Key": illFormed }]) {
      const answer = await dashboard(headers);
      assert.deepEqual(
        [answer.status, answer.text],
        [401, error("invalid_api_key", `API key is invalid or malformed. ${FORM}`)],
      );
    }
  }
  assert.equal(lookUps.mock.callCount(), 0);
  await dashboard(bearer(unknownKey(gateway, "nudg3")));
  assert.equal(lookUps.mock.callCount(), 1, "a well-formed one has to be looked up");
  lookUps.mock.restore();
});

test("D2: Authorization: Bearer and X-API-Key are the same to it, and neither reaches the upstream", async () => {
  const { key, id } = await gateway.key("nudg3");
  for (const headers of [bearer(key), { "X-API-Key": key }, { "x-api-key": key }]) {
    const answer = await dashboard(headers);
    assert.equal(answer.status, 200);
    const { headers: received } = answer.json.request;
    assert.equal(received["claviger-key-id"], id);
    assert.equal(received.authorization, undefined);
    assert.equal(received["x-api-key"], undefined);
  }
});

test("D6: 401 invalid_api_key for an invalid, a malformed and a missing key", async () => {
  const { key } = await gateway.key("nudg3");
  const disabled = await gateway.key("nudg3");
  await disableKey(instance, LOCAL_CALLER, "nudg3", disabled.id);
  const malformed = "API key is invalid or malformed.";
  for (const [headers, message] of [
    [{}, "API key is missing."],
    [bearer(unknownKey(gateway, "nudg3")), malformed],
    [{ "X-API-Key": "nonsense" }, `${malformed} ${FORM}`],
    [{ Authorization: key }, `${malformed} The Authorization header must be: Bearer <key>.`],
    [bearer(disabled.key), "API key is disabled."],
  ] as [Record<string, string>, string][]) {
    const answer = await dashboard(headers);
    assert.deepEqual([answer.status, answer.text], [401, error("invalid_api_key", message)]);
  }
});

test("D6: 401 expired_api_key for a revoked key and for one past its expiry", async () => {
  const revoked = await gateway.key("nudg3");
  await revokeKey(instance, LOCAL_CALLER, "nudg3", revoked.id);
  const expiring = await gateway.key("nudg3", { expiresAt: "2026-11-21T13:00:00Z" });
  gateway.clock.set(START + 3_599_999);
  assert.equal((await dashboard(bearer(expiring.key))).status, 200, "good up to the last millisecond");
  gateway.clock.set(START + 3_600_000);
  const answers = [await dashboard(bearer(revoked.key)), await dashboard(bearer(expiring.key))];
  gateway.clock.set(START);
  assert.deepEqual(
    answers.map(({ status, text }) => [status, text]),
    [
      [401, REVOKED],
      [401, error("expired_api_key", "API key has expired.")],
    ],
  );
});

test("D6: 403 insufficient_scope and 403 ip_not_allowed", async () => {
  const basic = await gateway.key("nudg3", { tier: "basic" });
  const exports = await gateway.ask(HOST, { path: "/exports/1.csv", headers: bearer(basic.key) });
  const needed = "The key lacks a required scope. Needed: read:analytics export:data.";
  assert.deepEqual([exports.status, exports.text], [403, error("insufficient_scope", needed)]);
  const elsewhere = await gateway.key("nudg3", { allowedIps: ["203.0.113.7"] });
  const refused = await dashboard(bearer(elsewhere.key));
  const listed = "This address is not on the key's allowlist.";
  assert.deepEqual([refused.status, refused.text], [403, error("ip_not_allowed", listed)]);
});

test("D7: a new key with the same scopes works beside the old one until the old one is revoked", async () => {
  const account = (await gateway.account("nudg3")).id;
  const old = await gateway.key("nudg3", { account, tier: "premium" });
  const next = await gateway.key("nudg3", { account, scopes: old.scopes });
  for (const { key } of [old, next]) assert.equal((await dashboard(bearer(key))).status, 200);
  await revokeKey(instance, LOCAL_CALLER, "nudg3", old.id);
  const refused = await dashboard(bearer(old.key));
  assert.deepEqual([refused.status, refused.text], [401, REVOKED]);
  assert.equal((await dashboard(bearer(next.key))).status, 200);
});

test("D7: one call rotates with a grace period in which both work, to the millisecond", async () => {
  const old = await gateway.key("nudg3", { tier: "premium", allowedIps: ["127.0.0.1"] });
  const next = await rotateKey(instance, LOCAL_CALLER, "nudg3", old.id, { graceSeconds: 60 });
  assert.deepEqual(
    [next.scopes, next.tier, next.allowedIps, next.environment],
    [old.scopes, "premium", ["127.0.0.1"], "live"],
  );
  const statuses = async () => [
    (await dashboard(bearer(old.key))).status,
    (await dashboard(bearer(next.key))).status,
  ];
  assert.deepEqual(await statuses(), [200, 200]);
  gateway.clock.set(START + 59_999);
  assert.deepEqual(await statuses(), [200, 200]);
  gateway.clock.set(START + 60_000);
  assert.deepEqual(await statuses(), [401, 200]);
  gateway.clock.set(START);
});

test("D7: an old key can be revoked or deleted inside its grace period, and fails at once", async () => {
  for (const end of [revokeKey, deleteKey]) {
    const old = await gateway.key("nudg3");
    const next = await rotateKey(instance, LOCAL_CALLER, "nudg3", old.id, { graceSeconds: 3_600 });
    assert.equal((await dashboard(bearer(old.key))).status, 200);
    await end(instance, LOCAL_CALLER, "nudg3", old.id);
    const refused = await dashboard(bearer(old.key));
    assert.deepEqual([refused.status, refused.text], [401, REVOKED]);
    assert.equal((await dashboard(bearer(next.key))).status, 200);
  }
});

test("D8: test keys work against the sandbox only, live keys against production only", async () => {
  const live = await gateway.key("nudg3", { environment: "live" });
  const trial = await gateway.key("nudg3", { environment: "test" });
  const elsewhere = "API key belongs to another environment than this address.";
  for (const [host, good, bad] of [
    [HOST, live, trial],
    [SANDBOX, trial, live],
  ] as const) {
    const admitted = await dashboard(bearer(good.key), host);
    assert.equal(admitted.status, 200);
    assert.equal(admitted.json.request.headers["claviger-environment"], good.environment);
    for (const headers of [bearer(bad.key), { "X-API-Key": bad.key }]) {
      const refused = await dashboard(headers, host);
      assert.deepEqual([refused.status, refused.text], [401, error("invalid_api_key", elsewhere)]);
    }
  }
});
