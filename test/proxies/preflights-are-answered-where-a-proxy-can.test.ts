// Promise: a page learns through every proxy why it was refused; its preflight is answered through nginx and both of Envoy's services
// without reaching the application, and through proxies that take every 2xx for leave it is judged like any other request (hostile
// C15).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createExtAuthz, drainExtAuthz, listenExtAuthz } from "../../src/gateway/ext-authz.ts";
import { checkClient, startFilter } from "./envoy.ts";
import { PROXY_NAMES, type RunningProxy, startProxy } from "./proxies.ts";
import { makeCallers, projectText, SECRET, send, startWorld } from "./world.ts";

const APP = "https://app.example.com";
const world = await startWorld();
const { gateway, app } = world;
await gateway.apply(`${projectText(app.url)}cors: { origins: ["${APP}"] }\n`);
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
const { good } = await makeCallers(world);

const ASKED = ["Origin", APP, "Access-Control-Request-Method", "POST"];
/** Any answer below 300 lets the request pass. */
const TAKES_IT_FOR_LEAVE = new Set(["caddy", "haproxy"]);

for (const [way, { port }] of ways) {
  test(`${way}: a preflight`, async () => {
    const before = app.received.length;
    const { status, headers } = await send(port, { method: "OPTIONS", target: "/things/1", headers: ASKED });
    assert.equal(app.received.length, before, "never reaches the application");
    assert.equal(headers["access-control-allow-origin"], APP);
    if (TAKES_IT_FOR_LEAVE.has(way)) return assert.equal(status, 401);
    assert.equal(status, 204);
    assert.match(String(headers["access-control-allow-headers"]), /^Authorization, X-API-Key/);
    assert.match(String(headers.vary), /Origin/);
  });

  test(`${way}: a refusal that the page can read`, async () => {
    const { status, headers, text } = await send(port, { target: "/things/1", headers: ["Origin", APP] });
    assert.deepEqual([status, JSON.parse(text).fault], [401, "missing_api_key"]);
    assert.equal(headers["access-control-allow-origin"], APP);
    assert.match(String(headers["access-control-expose-headers"]), /X-Credits/);
  });

  test(`${way}: a request after its preflight needs its key all the same, and is served with it`, async () => {
    const headers = ["Origin", APP, "Authorization", `Bearer ${good.key}`];
    const { status, text } = await send(port, { method: "POST", target: "/things/1", headers, body: "x" });
    assert.deepEqual([status, text], [200, "served"]);
  });
}
