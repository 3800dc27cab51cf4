// Promise: whose address counts, what may be remembered by a cache, and which bytes are one request is the same through every way in:
// the gateway, nginx, Caddy and HAProxy with their example configurations, and both of Envoy's services (hostile D02 to D07, D11, D12,
// I14, I18 to I20, I22). The client is a trusted proxy here, so that its word counts.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import { createExtAuthz, drainExtAuthz, listenExtAuthz } from "../../src/gateway/ext-authz.ts";
import { valuesOf } from "../support/upstream.ts";
import { checkClient, startFilter } from "./envoy.ts";
import { PROXY_NAMES, type RunningProxy, startProxy } from "./proxies.ts";
import { CLIENT, HOST, makeCallers, projectText, SECRET, send, startWorld } from "./world.ts";

const world = await startWorld();
const { gateway, app } = world;
await gateway.apply(
  projectText(app.url)
    .replace("trustedProxies: [127.0.0.1]", `trustedProxies: [127.0.0.1, ${CLIENT}]`)
    .replace("limits:\n", "limits:\n  near: { rate: 1, windowSeconds: 60, per: address }\n")
    .replace("routes:\n", "routes:\n  - { match: GET /near, limits: [near] }\n"),
);
const extAuthz = createExtAuthz({ ...gateway.instance, secret: SECRET });
const client = checkClient(await listenExtAuthz(extAuthz, 0, "127.0.0.1"));
const proxies = await Promise.all(
  PROXY_NAMES.map(async (name): Promise<[string, RunningProxy]> => [name, await startProxy(name, world)]),
);
const ways = new Map<string, { readonly port: number; close?: () => Promise<void> }>([
  ["gateway", { port: gateway.port }],
  ...proxies,
  ["ext_authz by gRPC", await startFilter(world, client.check)],
  ["ext_authz by HTTP", await startFilter(world)],
]);
after(async () => {
  for (const way of ways.values()) await way.close?.();
  client.close();
  await drainExtAuthz(extAuthz, 0);
  await world.close();
});
const { good, revoked, rich } = await makeCallers(world);
const keyFor = async (address: string) =>
  (await gateway.key("acme", { account: rich, scopes: ["things:read"], allowedIps: [address] })).key;

const V4 = "198.51.100.9";
const V6 = "2001:db8::1";
const keys: Readonly<Record<string, string>> = {
  [V4]: await keyFor(V4),
  [V6]: await keyFor(V6),
  [CLIENT]: await keyFor(CLIENT),
};

/** Caddy trusts no hop before it unless its configuration says so: whoever connected is the client. */
const KNOWS_ONLY_ITS_PEER = new Set(["caddy"]);

const FORWARDED: readonly (readonly [name: string, values: readonly string[], key: string, ok: boolean])[] = [
  ["D02: the rightmost that is not trusted", [`203.0.113.7, ${V4}`], V4, true],
  ["D02: and not one before it", [`${V4}, 203.0.113.7`], V4, false],
  ["D03: two lines", ["203.0.113.7", V4], V4, true],
  ["D03: two lines, the other way about", [V4, "203.0.113.7"], V4, false],
  ["D04: what cannot be read", [`${V4}, unknown`], V4, false],
  ["D04: an empty element", [`${V4}, ,`], V4, false],
  ["D04: more than 100 hops", [Array.from({ length: 200 }, () => V4).join(",")], V4, false],
  ["D06: an IPv4-mapped address", [`::ffff:${V4}`], V4, true],
  ["D07: another address that holds it", ["64:ff9b::c633:6409"], V4, false],
  ["D11: a port", [`${V4}:5678`], V4, true],
  ["D11: brackets and a port", [`[${V6}]:443`], V6, true],
  ["D11: quotes", [`"${V4}"`], V4, true],
];

for (const [name, values, address, isAdmitted] of FORWARDED) {
  test(name, async () => {
    const headers = values.flatMap((value) => ["X-Forwarded-For", value]);
    for (const [way, { port }] of ways) {
      const asked = {
        target: "/things/1",
        headers: [...headers, "Authorization", `Bearer ${keys[address]}`],
      };
      const { status, text } = await send(port, asked);
      const expected = isAdmitted && !KNOWS_ONLY_ITS_PEER.has(way) ? 200 : 403;
      assert.equal(status, expected, `${way}: ${text}`);
      if (status === 403) assert.equal(JSON.parse(text).fault, "ip_not_allowed", way);
    }
  });
}

test("D05: an address under another name is nobody's", async () => {
  const names = ["X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"];
  const headers = names.flatMap((name) => [name, name === "Forwarded" ? `for=${V4}` : V4]);
  for (const [way, { port }] of ways) {
    const ask = (key: string | undefined) =>
      send(port, { target: "/things/1", headers: [...headers, "Authorization", `Bearer ${key}`] });
    assert.equal((await ask(keys[V4])).status, 403, way);
    assert.equal((await ask(keys[CLIENT])).status, 200, way);
    assert.ok(!JSON.stringify(app.received.at(-1)).includes(V4), `${way}: nor is the application told it`);
  }
});

test("D12: a client within its /64 uses one limit up, another /64 has its own", async () => {
  let block = 1;
  for (const [way, { port }] of ways) {
    if (KNOWS_ONLY_ITS_PEER.has(way)) continue;
    block += 2;
    const ask = (address: string) =>
      send(port, {
        target: "/near",
        headers: ["X-Forwarded-For", address, "Authorization", `Bearer ${good.key}`],
      });
    const statuses = [];
    for (const address of [`2001:db8:${block}::1`, `2001:db8:${block}::2`, `2001:db8:${block}:1::1`])
      statuses.push((await ask(address)).status);
    assert.deepEqual(statuses, [200, 429, 200], way);
  }
});

test("I22: no refusal is stored, answers differ by their key, and a host that the client made up is nobody's", async () => {
  for (const [way, { port }] of ways) {
    const auth = ["Authorization", `Bearer ${good.key}`, "X-Forwarded-Host", "evil.example"];
    for (const [headers, target, wanted] of [
      [[], "/things/1", 401],
      [[], "/things/1/x.css", 401],
      [auth, "/elsewhere/x.css", 403],
      [auth, "/things//1", 400],
    ] as const) {
      const { status, headers: got } = await send(port, { target, headers });
      assert.equal(status, wanted, `${way} ${target}`);
      assert.equal(got["cache-control"], "no-store", `${way} ${target}`);
      assert.match(String(got.vary), /Authorization/, `${way} ${target}`);
    }
    const { status, headers } = await send(port, { target: "/things/1", headers: auth });
    assert.equal(status, 200, way);
    assert.match(String(headers.vary), /Authorization/, way);
    const { rawHeaders } = app.received.at(-1)!;
    assert.deepEqual(valuesOf(rawHeaders, "x-forwarded-host"), [HOST], way);
  }
});

test("I14: a socket without a key, or with one that is revoked, is refused before anything is switched", async () => {
  const words = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  const handshake = `${words}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`;
  for (const [way, { port }] of ways) {
    if (way.startsWith("ext_authz")) continue;
    for (const auth of ["", `Authorization: Bearer ${revoked.key}\r\n`, `X-API-Key: x${good.key}\r\n`]) {
      const before = app.received.length;
      const got = await raw(port, `GET /things/1 HTTP/1.1\r\nHost: ${HOST}\r\n${auth}${handshake}\r\n`);
      assert.match(got, /^HTTP\/1\.1 401 /, way);
      assert.equal(app.received.length, before, way);
    }
    // I15: a key in the query is read nowhere in this project.
    const before = app.received.length;
    const target = `/things/1?api_key=${good.key}`;
    const got = await raw(port, `GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${handshake}\r\n`);
    assert.match(got, /^HTTP\/1\.1 401 .*missing_api_key/s, way);
    assert.ok(!got.includes(good.key), way);
    assert.equal(app.received.length, before, way);
  }
});

/** The bytes as they are, from the client's address; all that came back until it was quiet. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let got = "";
    const socket = connect({ port, host: "127.0.0.1", localAddress: CLIENT }, () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      resolve(got);
    };
    socket.setTimeout(150, finish);
    socket.on("data", (chunk: Buffer) => {
      got += chunk.toString("latin1");
    });
    socket.on("end", finish);
    socket.on("error", finish);
  });
}

const HEAD = `Host: ${HOST}\r\nAuthorization: Bearer ${good.key}\r\n`;
/** Stands where another reading of the bytes before it would see a request. */
const HIDDEN = `GET /things/hidden HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const BYTES: readonly (readonly [name: string, bytes: string])[] = [
  [
    "I20: both lengths",
    `POST /things/1 HTTP/1.1\r\n${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    "I20: two lengths",
    `POST /things/1 HTTP/1.1\r\n${HEAD}Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ],
  [
    "I20: a length with a sign",
    `POST /things/1 HTTP/1.1\r\n${HEAD}Content-Length: +${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  ],
  [
    "I20: two transfer codings",
    `POST /things/1 HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    "I20: a coding that is hidden",
    `POST /things/1 HTTP/1.1\r\n${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ["I20: a GET with a body", `GET /things/1 HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nabcde${HIDDEN}`],
  [
    "I18: an upgrade that is none",
    `GET /things/1 HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 7\r\n\r\n${HIDDEN}`,
  ],
  [
    "I19: an upgrade to h2c",
    `GET /things/1 HTTP/1.1\r\n${HEAD}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n${HIDDEN}`,
  ],
  ["I19: the preface of HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0${HIDDEN}`],
];

for (const [name, bytes] of BYTES) {
  test(`${name}: whatever is made of it, nothing hidden in it is served, and nothing is switched`, async () => {
    for (const [way, { port }] of ways) {
      // What stands in for Envoy's filter is a test's own server, and no proxy.
      if (way.startsWith("ext_authz")) continue;
      const before = app.received.length;
      const got = await raw(port, bytes);
      assert.ok(!got.startsWith("HTTP/1.1 101"), way);
      const reached = app.received.slice(before).map(({ target }) => target);
      assert.ok(!reached.includes("/things/hidden"), way);
      assert.ok(reached.length <= 1, way);
      // The next request over whatever connection to the application is the one that is asked for.
      const next = await send(port, {
        target: "/things/2",
        headers: ["Authorization", `Bearer ${good.key}`],
      });
      assert.deepEqual([next.status, app.received.at(-1)!.target], [200, "/things/2"], way);
    }
  });
}
