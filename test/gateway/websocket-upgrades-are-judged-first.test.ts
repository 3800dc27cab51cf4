// Promise: an upgrade is judged as any request before anything is switched. A refusal is an HTTP answer in the project's dialect, and
// the upstream hears of nobody who was refused (hostile I14, I15, I18, I19).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, rawJson, rawStatus, startGateway } from "../support/gateway.ts";
import { HANDSHAKE_KEY, handshakeLines, rawUpgrade } from "../support/raw-upgrade.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { namesOf, valuesOf } from "../support/upstream.ts";
import { openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`name: acme
upstream: ${upstream.url}/base
credentials: { headers: [X-API-Key], query: { name: token, on: upgrade } }
scopes: { live: Live }
plans:
  all: { features: [sockets], allowance: 100 }
  none: { features: [], allowance: 100 }
  slow: { allowance: 100, limits: { tries: { rate: 1, windowSeconds: 60 } } }
defaultPlan: all
routes:
  - { match: GET /open }
  - { match: GET /scoped, scopes: [live] }
  - { match: GET /feature, feature: sockets }
  - { match: GET /paid, cost: 60, pot: allowance }
keys: { defaultScopes: [] }
dialect:
  body: { oops: "{code}" }
  headers: { X-Left: "{allowance.remaining}" }
  answers: { feature_not_in_plan: { status: 402, code: buy_more } }
`);
const { key, id } = await gateway.key("acme");
const count = () => upstream.handshakes.length;

test("each refusal has the status and the body of the dialect, and ends the connection", async () => {
  const revoked = await gateway.key("acme");
  await revokeKey(gateway.instance, LOCAL_CALLER, "acme", revoked.id);
  const poor = await gateway.account("acme", { plan: "none" });
  const slow = await gateway.account("acme", { plan: "slow" });
  const unfeatured = (await gateway.key("acme", { account: poor.id })).key;
  const slowed = (await gateway.key("acme", { account: slow.id })).key;
  const elsewhere = (await gateway.key("acme", { allowedIps: ["203.0.113.7"] })).key;
  const before = count();
  for (const [path, headers, status, code] of [
    ["/open", {}, 401, "missing_api_key"],
    ["/open", bearer("nonsense"), 401, "invalid_api_key"],
    ["/open", bearer(revoked.key), 401, "revoked_api_key"],
    ["/open", bearer(elsewhere), 403, "ip_not_allowed"],
    ["/else", bearer(key), 403, "forbidden"],
    ["/open%2fscoped", bearer(key), 400, "ambiguous_path"],
    ["/scoped", bearer(key), 403, "insufficient_scope"],
    ["/feature", bearer(unfeatured), 402, "buy_more"],
  ] as const) {
    const answer = await refusedSocket(gateway.port, HOST, { path, headers });
    assert.deepEqual([answer.status, answer.text], [status, `{"oops":"${code}"}`], path);
    assert.equal(answer.headers.connection, "close");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.match(String(answer.headers["x-request-id"]), /^req_/);
  }
  assert.equal(count(), before);
  (await openSocket(gateway.port, HOST, { path: "/open", headers: bearer(slowed) })).socket.terminate();
  const tooFast = await refusedSocket(gateway.port, HOST, { path: "/open", headers: bearer(slowed) });
  assert.equal(tooFast.status, 429);
  assert.equal(tooFast.headers["retry-after"], "60");
  assert.equal(count(), before + 1);
});

test("an upgrade costs what its route costs, once, and its answer tells what is left", async () => {
  const { key: payer, account } = await gateway.key("acme");
  const ask = { path: "/paid", headers: bearer(payer) };
  const { headers, socket } = await openSocket(gateway.port, HOST, ask);
  assert.equal(headers["x-left"], "40");
  assert.match(String(headers["x-request-id"]), /^req_/);
  const refused = await refusedSocket(gateway.port, HOST, ask);
  assert.deepEqual([refused.status, refused.text], [429, '{"oops":"quota_exceeded"}']);
  assert.equal(refused.headers["x-left"], "40");
  assert.equal((await gateway.balance("acme", account)).used, 60);
  socket.terminate();
});

test("the key may stand in the query of an upgrade, goes no further, and may not stand in two places", async () => {
  const path = `/open?a=%20&token=${key}&b`;
  const { socket } = await openSocket(gateway.port, HOST, { path });
  const { target, rawHeaders } = upstream.handshakes.at(-1)!;
  assert.equal(target, "/base/open?a=%20&b");
  assert.ok(!rawHeaders.join().includes(key));
  socket.terminate();
  const before = count();
  for (const [path, headers] of [
    [`/open?token=${key}`, bearer(key)],
    [`/open?token=${key}`, { "X-API-Key": key }],
    [`/open?token=${key}&token=${key}`, {}],
    ["/open", { ...bearer(key), "X-API-Key": key }],
  ] as const) {
    const answer = await refusedSocket(gateway.port, HOST, { path, headers });
    assert.deepEqual([answer.status, answer.text], [400, '{"oops":"multiple_credentials"}']);
    assert.ok(!JSON.stringify(answer).includes(key));
  }
  assert.equal(count(), before);
});

test("the upstream is told who calls, by the gateway alone, and is asked with the client's own handshake", async () => {
  const forged = {
    "Claviger-Key-Id": "key_forged",
    claviger_account: "acc_forged",
    "X-Forwarded-For": "1.2.3.4",
  };
  const lines = Object.entries({ ...bearer(key), ...forged, Origin: "https://app.example", "X-End": "kept" });
  const more = [...lines.map(([name, value]) => `${name}: ${value}`), "Keep-Alive: timeout=5", "X-Hop: 1"];
  const handshake = handshakeLines(HOST, "/open", more).replace(
    "Connection: Upgrade",
    "Connection: Upgrade, X-Hop",
  );
  const client = await rawUpgrade(gateway.port, handshake);
  assert.match(client.head, /^HTTP\/1\.1 101 /);
  client.socket.destroy();
  const { rawHeaders, method } = upstream.handshakes.at(-1)!;
  assert.equal(method, "GET");
  assert.deepEqual(valuesOf(rawHeaders, "claviger-key-id"), [id]);
  assert.deepEqual(valuesOf(rawHeaders, "x-forwarded-for"), ["127.0.0.1"]);
  assert.deepEqual(valuesOf(rawHeaders, "x-forwarded-host"), [HOST]);
  assert.deepEqual(valuesOf(rawHeaders, "sec-websocket-key"), [HANDSHAKE_KEY]);
  assert.deepEqual(valuesOf(rawHeaders, "sec-websocket-version"), ["13"]);
  assert.deepEqual(valuesOf(rawHeaders, "origin"), ["https://app.example"]);
  assert.deepEqual(valuesOf(rawHeaders, "x-end"), ["kept"]);
  assert.deepEqual(valuesOf(rawHeaders, "upgrade"), ["websocket"]);
  const names = namesOf(rawHeaders);
  for (const name of ["authorization", "claviger_account", "keep-alive", "x-hop"])
    assert.ok(!names.includes(name), name);
});

test("a handshake that is none is refused with the version that is spoken, and what stands behind it is not read", async () => {
  const inner = `GET /open HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const good = handshakeLines(HOST, "/open", [`Authorization: Bearer ${key}`]);
  const before = count();
  for (const bad of [
    good.replace("Version: 13", "Version: 8"),
    good.replace("Sec-WebSocket-Version: 13\r\n", ""),
    good.replace(
      "Sec-WebSocket-Version: 13\r\n",
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n",
    ),
    good.replace(HANDSHAKE_KEY, "short"),
    good.replace(`Sec-WebSocket-Key: ${HANDSHAKE_KEY}\r\n`, ""),
    good.replace("Connection: Upgrade", "Connection: Upgrade, Sec-WebSocket-Key"),
    good.replace(`Host: ${HOST}`, `Host: ${HOST}\r\nHost: ${HOST}`),
  ]) {
    const answer = await gateway.raw(bad + inner);
    assert.equal(rawStatus(answer), 400, bad);
    assert.deepEqual(rawJson(answer), { oops: "invalid_request" });
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
    if (!bad.includes("Host: acme.localhost\r\nHost"))
      assert.match(answer, /\r\nsec-websocket-version: 13\r\n/i);
  }
  assert.equal(count(), before);
});

test("bytes behind a refused handshake reach nobody", async () => {
  const before = count();
  const inner = `GET /open HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const answer = await gateway.raw(handshakeLines(HOST, "/open") + inner);
  assert.equal(rawStatus(answer), 401);
  assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
  assert.equal(count(), before);
});

test("what asks for another protocol, by another method, version or with a body, is plain HTTP", async () => {
  const good = handshakeLines(HOST, `/open?token=${key}`);
  const before = count();
  for (const plain of [
    good.replace("Upgrade: websocket", "Upgrade: h2c"),
    good.replace("Upgrade: websocket", "Upgrade: h2c, websocket"),
    good.replace("Connection: Upgrade", "Connection: close"),
    good.replace("HTTP/1.1", "HTTP/1.0"),
    good.replace("GET ", "POST "),
    `${good.replace("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n")}hi`,
  ]) {
    // Where no key may stand in the URL, nobody is let in by one.
    const answer = await gateway.raw(plain);
    assert.equal(rawStatus(answer), 401, plain);
  }
  assert.equal(count(), before);
});

test("an upgrade behind a request that is not answered yet is answered after it, as plain HTTP", async () => {
  const first = `GET /open HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const before = count();
  const answers = await gateway.raw(first + handshakeLines(HOST, `/open?token=${key}`));
  assert.deepEqual(answers.match(/HTTP\/1\.1 \d{3}/g), ["HTTP/1.1 426", "HTTP/1.1 401"]);
  assert.equal(count(), before);
});

test("a host that nobody is served under is told so", async () => {
  const answer = await refusedSocket(gateway.port, "nobody.localhost", { headers: bearer(key) });
  assert.equal(answer.status, 421);
});

test("too many fields are refused", async () => {
  const lines = Array.from({ length: 200 }, (_, index) => `X-${index}: 1`);
  const answer = await gateway.raw(handshakeLines(HOST, "/open", [`Authorization: Bearer ${key}`, ...lines]));
  assert.equal(rawStatus(answer), 431);
});
