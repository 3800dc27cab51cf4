// Nur: how its keys look, how they are refused, and how scopes are named, kept and added (rows N1 to N3, N7).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, mock, test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { unknownKey } from "./unknown-key.ts";

const HOST = "nur.localhost";
const FILE = readFileSync(new URL("../../projects/nur.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());

const nurKey = (scopes: string[] = ["voices:read"], more: object = {}) =>
  gateway.key("nur", { scopes, ...more });
const listVoices = (headers: Record<string, string>, path = "/v1/voices"): Promise<Answer> =>
  gateway.ask(HOST, { path, headers });

test("N1: keys are nur_ and 40 alphanumerics, and Authorization: Bearer admits them", async () => {
  const { key } = await nurKey();
  assert.match(key, /^nur_[0-9A-Za-z]{40}$/);
  assert.equal((await listVoices({ Authorization: `Bearer ${key}` })).status, 200);
});

test("N1: the last six characters are a checksum, so that a mistyped key is refused without a look-up", async () => {
  const { key } = await nurKey();
  const lookUps = mock.method(gateway.instance.store, "keyByDigest");
  for (const position of [4, 20, 37, 38, 43]) {
    const typo = key.slice(0, position) + (key[position] === "a" ? "b" : "a") + key.slice(position + 1);
    assert.equal((await listVoices(bearer(typo))).status, 401);
  }
  assert.equal(lookUps.mock.callCount(), 0);
  lookUps.mock.restore();
});

test("N1: a key anywhere but in Authorization: Bearer is not admitted", async () => {
  const { key } = await nurKey();
  const basic = Buffer.from(`${key}:`).toString("base64");
  for (const answer of [
    await listVoices({ "X-API-Key": key }),
    await listVoices({ Authorization: key }),
    await listVoices({ Authorization: `Token ${key}` }),
    await listVoices({ Authorization: `Basic ${basic}` }),
    await listVoices({ Cookie: `api_key=${key}` }),
    await listVoices({}, `/v1/voices?api_key=${key}`),
    await listVoices({}, `/v1/voices?access_token=${key}`),
  ]) {
    assert.equal(answer.status, 401);
    assert.ok(!answer.text.includes(key));
  }
});

test("N2: no credential answers the page's exact body", async () => {
  for (const path of ["/v1/voices", "/v1/tts", "/no/such/path"]) {
    const answer = await gateway.ask(HOST, { path });
    assert.equal(answer.status, 401);
    assert.equal(answer.text, '{"error":{"code":"unauthorized","message":"Missing Authorization header."}}');
    assert.equal(answer.headers["content-type"], "application/json; charset=utf-8");
  }
});

test("N2: every other failed authentication is a 401 of the same shape that says what to mend", async () => {
  const revoked = await nurKey();
  await revokeKey(gateway.instance, LOCAL_CALLER, "nur", revoked.id);
  const disabled = await nurKey();
  await disableKey(gateway.instance, LOCAL_CALLER, "nur", disabled.id);
  const expired = await nurKey(["voices:read"], { expiresAt: "2026-11-21T12:00:00.001Z" });
  gateway.clock.set(START + 1);
  const invalid = "Invalid API key. Send a key from the Dashboard.";
  const form = "It is not in the form of this API's keys; copy the whole key.";
  const cases: [authorization: string, message: string][] = [
    [`Bearer ${unknownKey(gateway, "nur")}`, invalid],
    [`Bearer ${revoked.key.slice(0, -1)}`, `${invalid} ${form}`],
    ["Bearer nur_your_api_key_here", `${invalid} ${form}`],
    [`Token ${revoked.key}`, `${invalid} The Authorization header must be: Bearer <key>.`],
    [`Bearer ${revoked.key}`, "This API key has been revoked. Create a new one in the Dashboard."],
    [`Bearer ${disabled.key}`, "This API key is disabled. Enable it in the Dashboard."],
    [`Bearer ${expired.key}`, "This API key has expired. Create a new one in the Dashboard."],
  ];
  for (const [authorization, message] of cases) {
    const answer = await listVoices({ Authorization: authorization });
    assert.equal(answer.status, 401);
    assert.equal(answer.text, JSON.stringify({ error: { code: "unauthorized", message } }));
    const sent = authorization.split(" ")[1]!;
    assert.ok(!JSON.stringify(answer.rawHeaders).includes(sent), "nor does a header echo the key");
  }
  gateway.clock.set(START);
});

test("N3: the catalogue is the page's eleven scopes", () => {
  const wanted =
    "tts:read tts:write stt:read voices:read voices:write agents:read agents:write dubbing:write music:write audio:write *";
  assert.deepEqual([...gateway.instance.directory.project("nur")!.scopes.keys()], wanted.split(" "));
});

test("N3: a key made without scopes, or with one that is not in the catalogue, is refused with 422", async () => {
  const account = (await gateway.account("nur")).id;
  for (const scopes of [undefined, [], ["tts:admin"], ["tts:*"], ["TTS:READ"], ["voices:read", ""]]) {
    await assert.rejects(
      gateway.key("nur", { account, ...(scopes && { scopes }) }),
      { code: "validation_failed", status: 422 },
      JSON.stringify(scopes),
    );
  }
});

test("N3: * reaches scopes added later, and no other old key does, not even by a new implication", async () => {
  const full = await nurKey(["*"]);
  const narrow = await nurKey(["tts:write"]);
  const film = { method: "POST", path: "/v1/film/jobs" };
  assert.equal(
    (await gateway.ask(HOST, { ...film, headers: bearer(full.key) })).status,
    403,
    "no such route",
  );
  await gateway.apply(
    FILE.replace("scopes:\n", 'scopes:\n  "film:write": { description: Make films }\n')
      .replace('implies: ["tts:read"]', 'implies: ["tts:read", "film:write"]')
      .replace("routes:\n", 'routes:\n  - { match: /v1/film/**, scopes: ["film:write"] }\n'),
  );
  assert.equal((await gateway.ask(HOST, { ...film, headers: bearer(full.key) })).status, 200);
  const refused = await gateway.ask(HOST, { ...film, headers: bearer(narrow.key) });
  assert.equal(refused.status, 403);
  assert.equal(refused.json.error.code, "insufficient_scope");
  const speech = { method: "POST", path: "/v1/tts" };
  assert.equal((await gateway.ask(HOST, { ...speech, headers: bearer(narrow.key) })).status, 200);
  const young = await nurKey(["tts:write"]);
  assert.equal((await gateway.ask(HOST, { ...film, headers: bearer(young.key) })).status, 200);
  await gateway.apply(FILE);
});

test("N7: a new key is made beside the old one, and revoking the old one leaves the new one at work", async () => {
  const account = (await gateway.account("nur")).id;
  const old = await nurKey(["voices:read"], { account });
  const next = await nurKey(["voices:read"], { account });
  for (const { key } of [old, next]) assert.equal((await listVoices(bearer(key))).status, 200);
  await revokeKey(gateway.instance, LOCAL_CALLER, "nur", old.id);
  assert.equal((await listVoices(bearer(old.key))).status, 401);
  assert.equal((await listVoices(bearer(next.key))).status, 200);
});

test("N7: one call rotates a key: the successor has the chosen scopes, the old key is dead at once", async () => {
  const old = await nurKey(["voices:read", "stt:read"]);
  const next = await rotateKey(gateway.instance, LOCAL_CALLER, "nur", old.id);
  assert.deepEqual(next.scopes, ["voices:read", "stt:read"]);
  assert.equal((await listVoices(bearer(old.key))).status, 401);
  assert.equal((await listVoices(bearer(next.key))).status, 200);
  assert.equal((await gateway.ask(HOST, { path: "/v1/agents", headers: bearer(next.key) })).status, 403);
});
