// KugelAudio: where its keys stand, the EU prefix, full access to one's own account, and the two printed errors (rows K0 to K7).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { openSocket } from "../support/websocket.ts";
import { unknownKey } from "./unknown-key.ts";

const HOST = "kugelaudio.localhost";
const EU_HOST = "eu.kugelaudio.localhost";
const UNAUTHORIZED = '{"error":{"code":"unauthorized","message":"Invalid or missing API key"}}';
const FORBIDDEN = '{"error":{"code":"forbidden","message":"API key does not have access to this resource"}}';
const HANDSHAKE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const gateway = await startGateway();
after(() => gateway.close());

const told = ({ status, text }: Answer): [number, string] => [status, text];
const generate = (headers: Record<string, string>, host = HOST): Promise<Answer> =>
  gateway.ask(host, {
    method: "POST",
    path: "/v1/tts/generate",
    headers: { "Content-Type": "application/json", ...headers },
    body: '{"text":"Hello, world!","model_id":"kugel-3"}',
  });

test("K0: keys are ka_ and 40 alphanumerics, the last six a checksum", async () => {
  const { key } = await gateway.key("kugelaudio");
  assert.match(key, /^ka_[0-9A-Za-z]{40}$/);
  const typo = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
  assert.deepEqual(told(await generate(bearer(typo))), [401, UNAUTHORIZED]);
});

test("K0: a key format that begins with a region prefix is refused, one that only resembles it is not", async () => {
  const file = (format: string): string =>
    `name: acme\nkeys: { format: "${format}" }\nregions: { eu: { keyPrefix: eu- } }\n`;
  await assert.rejects(gateway.apply(file("eu-{secret:40}")), /keys\.format.*region prefix "eu-"/);
  await gateway.apply(file("eu_{secret:40}"));
});

/** What the upstream was told of the socket that one key opens. */
async function toldUpstream(host: string, path: string, headers: Record<string, string> = {}) {
  const opened = await openSocket(gateway.port, host, { path, headers });
  opened.socket.send("{}");
  await opened.next();
  const { request } = await opened.nextJson();
  opened.socket.close();
  await opened.closed;
  return request;
}

test("K1: Authorization: Bearer works on HTTP and on a WebSocket handshake", async () => {
  const { key, id } = await gateway.key("kugelaudio");
  assert.equal((await generate(bearer(key))).status, 200);
  const { headers } = await toldUpstream(HOST, "/ws/tts", bearer(key));
  assert.equal(headers["claviger-key-id"], id);
});

test("K1: ?api_key= is admitted on a WebSocket handshake, and never on plain HTTP", async () => {
  const { key } = await gateway.key("kugelaudio");
  const path = `/ws/tts?api_key=${key}`;
  assert.equal((await toldUpstream(HOST, path)).path, "/ws/tts");
  assert.deepEqual(told(await gateway.ask(HOST, { path })), [401, UNAUTHORIZED]);
  for (const method of ["GET", "POST"]) {
    const models = await gateway.ask(HOST, { method, path: `/v1/models?api_key=${key}` });
    assert.deepEqual(told(models), [401, UNAUTHORIZED]);
  }
});

test("K1: a handshake with a wrong, revoked or missing key is refused before any switch of protocols", async () => {
  const revoked = await gateway.key("kugelaudio");
  await revokeKey(gateway.instance, LOCAL_CALLER, "kugelaudio", revoked.id);
  for (const query of ["", "?api_key=", "?api_key=YOUR_API_KEY", `?api_key=${revoked.key}`]) {
    const answer = await gateway.ask(HOST, { path: `/ws/tts${query}`, headers: HANDSHAKE });
    assert.deepEqual(told(answer), [401, UNAUTHORIZED], query);
  }
});

test("K3: a key has full access to its account's resources and cannot be given scopes", async () => {
  const account = await gateway.account("kugelaudio");
  const { key, scopes } = await gateway.key("kugelaudio", { account: account.id });
  assert.deepEqual(scopes, []);
  for (const [method, path] of [
    ["GET", "/v1/models"],
    ["POST", "/v1/tts/generate"],
    ["GET", `/v1/accounts/${account.id}/voices`],
    ["POST", `/v1/accounts/${account.id}/voices`],
    ["DELETE", `/v1/accounts/${account.id}/voices/1`],
    ["GET", "/ws/tts"],
  ] as const) {
    const answer = await gateway.ask(HOST, { method, path, headers: bearer(key) });
    assert.equal(answer.status, 200, `${method} ${path}`);
  }
  await assert.rejects(gateway.key("kugelaudio", { account: account.id, scopes: ["tts:read"] }), {
    status: 422,
  });
});

test("K4: the eu- prefix is accepted on either host, and the upstream is told the region", async () => {
  const { key, id } = await gateway.key("kugelaudio");
  for (const [host, sent, region] of [
    [HOST, key, "-"],
    [HOST, `eu-${key}`, "eu"],
    [EU_HOST, key, "eu"],
    [EU_HOST, `eu-${key}`, "eu"],
  ] as const) {
    const answer = await generate(bearer(sent), host);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.request.headers["claviger-region"], region);
    assert.equal(answer.json.request.headers["claviger-key-id"], id, "it is the same key");
    assert.ok(!answer.text.includes(key));
  }
  const { headers } = await toldUpstream(HOST, `/ws/tts?api_key=eu-${key}`);
  assert.equal(headers["claviger-region"], "eu");
});

test("K4: nothing but exactly eu-, once, is such a prefix", async () => {
  const { key } = await gateway.key("kugelaudio");
  for (const prefix of ["EU-", "eu-eu-", "us-", "eu", "eu_", "-"]) {
    for (const host of [HOST, EU_HOST]) {
      assert.deepEqual(told(await generate(bearer(prefix + key), host)), [401, UNAUTHORIZED], prefix);
    }
  }
});

test("K5: the page's exact 401 for a missing header, an invalid, a revoked key and a malformed header", async () => {
  const { key } = await gateway.key("kugelaudio");
  const revoked = await gateway.key("kugelaudio");
  await revokeKey(gateway.instance, LOCAL_CALLER, "kugelaudio", revoked.id);
  const disabled = await gateway.key("kugelaudio");
  await disableKey(gateway.instance, LOCAL_CALLER, "kugelaudio", disabled.id);
  const expired = await gateway.key("kugelaudio", { expiresAt: "2026-11-21T12:00:01Z" });
  gateway.clock.set(START + 1_000);
  const causes: Record<string, Record<string, string>> = {
    "missing header": {},
    "empty header": { Authorization: "" },
    "invalid key": bearer("YOUR_API_KEY"),
    "unknown key": bearer(unknownKey(gateway, "kugelaudio")),
    "revoked key": bearer(revoked.key),
    "revoked key with a region": bearer(`eu-${revoked.key}`),
    "disabled key": bearer(disabled.key),
    "expired key": bearer(expired.key),
    "no scheme": { Authorization: key },
    "another scheme": { Authorization: `Token ${key}` },
    "scheme only": { Authorization: "Bearer" },
    "another header": { "X-API-Key": key },
  };
  for (const [cause, headers] of Object.entries(causes)) {
    for (const host of [HOST, EU_HOST]) {
      assert.deepEqual(told(await generate(headers, host)), [401, UNAUTHORIZED], cause);
    }
  }
  gateway.clock.set(START);
});

test("K6: another account's resource is the page's exact 403, whoever it is named by", async () => {
  const own = await gateway.account("kugelaudio", { externalId: "customer-7" });
  const other = await gateway.account("kugelaudio", { externalId: "customer-8" });
  const { key } = await gateway.key("kugelaudio", { account: own.id });
  for (const [name, may] of [
    [own.id, true],
    ["customer-7", true],
    [other.id, false],
    ["customer-8", false],
    ["nobody", false],
    ["null", false],
  ] as const) {
    for (const [method, path] of [
      ["GET", `/v1/accounts/${name}/voices`],
      ["DELETE", `/v1/accounts/${name}/voices/1`],
    ] as const) {
      const answer = await gateway.ask(HOST, { method, path, headers: bearer(key) });
      assert.equal(answer.status, may ? 200 : 403, `${method} ${path}`);
      if (!may) assert.equal(answer.text, FORBIDDEN);
    }
  }
});

test("K6: an account without an external id is not reached by the path null or an empty name", async () => {
  const { key } = await gateway.key("kugelaudio");
  for (const name of ["null", "undefined", "%00", "-"]) {
    const answer = await gateway.ask(HOST, { path: `/v1/accounts/${name}/voices`, headers: bearer(key) });
    assert.ok(answer.status === 403 || answer.status === 400, name);
  }
});

test("K6: a feature that the plan lacks is the page's exact 403", async () => {
  const basic = await gateway.account("kugelaudio", { plan: "basic" });
  const { key } = await gateway.key("kugelaudio", { account: basic.id });
  for (const headers of [bearer(key), { ...HANDSHAKE, ...bearer(key) }]) {
    assert.deepEqual(told(await gateway.ask(HOST, { path: "/ws/tts", headers })), [403, FORBIDDEN]);
  }
  const inQuery = await gateway.ask(HOST, { path: `/ws/tts?api_key=${key}`, headers: HANDSHAKE });
  assert.deepEqual(told(inQuery), [403, FORBIDDEN]);
  assert.equal((await generate(bearer(key))).status, 200, "what the plan has is open");
  const standard = await gateway.key("kugelaudio");
  const admitted = await gateway.ask(HOST, { path: "/ws/tts", headers: bearer(standard.key) });
  assert.equal(admitted.status, 200, "an account without a plan has standard, with every feature");
});

test("K7: GET /v1/models answers the page's models", async () => {
  const { key } = await gateway.key("kugelaudio");
  const answer = await gateway.ask(HOST, { path: "/v1/models", headers: bearer(key) });
  assert.deepEqual(told(answer), [
    200,
    '{"models":[{"id":"kugel-3","model_id":"kugel-3","name":"Kugel 3","max_input_length":10000,"sample_rate":24000}]}',
  ]);
});

test("K7: POST /v1/tts/generate accepts the three model ids, and the body arrives as it was sent", async () => {
  const { key } = await gateway.key("kugelaudio");
  for (const model of ["kugel-3", "kugel-2.5", "kugel-2-turbo"]) {
    const body = { text: "Hello, world!", model_id: model };
    const answer = await gateway.ask(HOST, {
      method: "POST",
      path: "/v1/tts/generate",
      headers: { ...bearer(key), "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json.request.body, body);
  }
});
