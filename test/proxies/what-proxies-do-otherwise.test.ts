// What a proxy forces to be otherwise than at the built-in gateway, each told on its page in docs/proxies. Two things of it let a
// request through that the gateway refuses, each with a valid key that is judged for what is served: Caddy escapes bytes of a path
// before it asks, and nginx tells of the first of several Connection lines only.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { drain } from "../../src/gateway/listen.ts";
import { PROXY_NAMES, type RunningProxy, startProxy } from "./proxies.ts";
import { makeCallers, type Sent, send, startWorld } from "./world.ts";

type Name = (typeof PROXY_NAMES)[number];

const world = await startWorld();
const { gateway, app } = world;
const proxies = new Map<Name, RunningProxy>();
for (const name of PROXY_NAMES) proxies.set(name, await startProxy(name, world));
after(async () => {
  for (const proxy of proxies.values()) await proxy.close();
  await world.close();
});

const { good, other } = await makeCallers(world);
const bearer = ["Authorization", `Bearer ${good.key}`];

async function through(way: Name | "gateway", sent: Sent) {
  const before = app.received.length;
  const got = await send(way === "gateway" ? gateway.port : proxies.get(way)!.port, sent);
  return { ...got, reached: app.received.slice(before) };
}

const isTheProxysOwn = (text: string): boolean => !text.startsWith("{");

test("nginx refuses a second Authorization line itself, with its own page", async () => {
  const headers = [...bearer, "Authorization", `Bearer ${other.key}`];
  const expected = JSON.parse((await through("gateway", { target: "/things/1", headers })).text);
  assert.equal(expected.fault, "multiple_credentials");
  for (const way of ["caddy", "haproxy"] as const) {
    const got = await through(way, { target: "/things/1", headers });
    assert.equal(got.status, 400);
    assert.deepEqual(JSON.parse(got.text), expected);
  }
  const got = await through("nginx", { target: "/things/1", headers });
  assert.equal(got.status, 400);
  assert.ok(isTheProxysOwn(got.text));
  assert.deepEqual(got.reached, []);
});

test("nginx tells of the first of several Connection lines, and still lets no key through to the application", async () => {
  const headers = [...bearer, "Connection", "close", "Connection", "Authorization"];
  for (const way of ["gateway", "caddy", "haproxy"] as const)
    assert.equal((await through(way, { target: "/things/1", headers })).status, 401, way);
  const { status, reached } = await through("nginx", { target: "/things/1", headers });
  assert.equal(status, 200);
  assert.ok(!JSON.stringify(reached).includes(good.key));
});

test("nginx cannot remove a name that it does not know: one that begins with Claviger and is none of ours goes on", async () => {
  const sent = { target: "/things/1", headers: [...bearer, "Claviger-Of-Tomorrow", "forged"] };
  const passes = async (way: Name | "gateway") =>
    (await through(way, sent)).reached[0]!.rawHeaders.includes("forged");
  assert.equal(await passes("nginx"), true);
  for (const way of ["gateway", "caddy", "haproxy"] as const) assert.equal(await passes(way), false, way);
});

test("nginx and Caddy drop every name with an underscore, HAProxy only those that look like ours", async () => {
  const sent = { target: "/things/1", headers: [...bearer, "X_Custom", "mine"] };
  const passes = async (way: Name | "gateway") =>
    (await through(way, sent)).reached[0]!.rawHeaders.includes("mine");
  for (const way of ["gateway", "haproxy"] as const) assert.equal(await passes(way), true, way);
  for (const way of ["nginx", "caddy"] as const) assert.equal(await passes(way), false, way);
});

test("Caddy escapes what need not be escaped, and the application sees the path that was judged", async () => {
  const sent = { target: "/things/a|b", headers: bearer };
  const targets = async (way: Name | "gateway") =>
    (await through(way, sent)).reached.map(({ target }) => target);
  for (const way of ["gateway", "nginx", "haproxy"] as const)
    assert.deepEqual(await targets(way), ["/things/a|b"]);
  assert.deepEqual(await targets("caddy"), ["/things/a%7Cb"]);
});

test("a byte past ASCII in the path: refused by all but Caddy, which escapes it before it asks", async () => {
  const sent = { target: "/things/caf\u00c3\u00a9", headers: bearer };
  for (const way of ["gateway", "nginx", "haproxy"] as const) {
    const got = await through(way, sent);
    assert.equal(got.status, 400, way);
    assert.equal(isTheProxysOwn(got.text), way === "haproxy", got.text);
    assert.deepEqual(got.reached, []);
  }
  const { status, reached } = await through("caddy", sent);
  assert.equal(status, 200);
  assert.deepEqual(
    reached.map(({ target }) => target),
    ["/things/caf%C3%A9"],
  );
});

test("a path past the root is refused by nginx itself", async () => {
  for (const way of ["gateway", "caddy", "haproxy", "nginx"] as const) {
    const got = await through(way, { target: "/../things/1", headers: bearer });
    assert.equal(got.status, 400, way);
    assert.equal(isTheProxysOwn(got.text), way === "nginx", got.text);
  }
});

test("a route that is the gateway's alone is a fault of the operator's through a proxy", async () => {
  const sent = { method: "POST", target: "/gateway-only", headers: bearer, body: "12345" };
  assert.equal((await through("gateway", sent)).status, 200);
  for (const way of PROXY_NAMES) {
    const got = await through(way, sent);
    assert.equal(got.status, 500, way);
    assert.equal(JSON.parse(got.text).code, "route_needs_gateway");
    assert.deepEqual(got.reached, []);
  }
});

async function isShut(port: number, way: string): Promise<void> {
  const before = app.received.length;
  const got = await send(port, { target: "/things/1", headers: bearer });
  assert.equal(got.status, 503, `${way}: ${got.text}`);
  assert.equal(got.headers["retry-after"], "1");
  assert.equal(got.headers["cache-control"], "no-store");
  assert.equal(JSON.parse(got.text).error.code, "store_unavailable");
  assert.equal(app.received.length, before);
}

test("HAProxy goes on where Lua fails, and the configuration does not", async () => {
  for (const place of ["local answer = core", "local told = {}"]) {
    const damaged = await startProxy("haproxy", world, (text) => {
      assert.ok(text.includes(place));
      return text.replace(place, `error("broken") ${place}`);
    });
    await isShut(damaged.port, place).finally(() => damaged.close());
  }
});

test("a Claviger that accepts and never answers lets nobody through", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const authPort = (silent.address() as AddressInfo).port;
  await Promise.all(
    PROXY_NAMES.map(async (way) => {
      const waiting = await startProxy(way, { app, authPort });
      await isShut(waiting.port, way).finally(() => waiting.close());
    }),
  );
  silent.close();
  silent.closeAllConnections();
});

test("with Claviger gone every proxy answers 503 with Retry-After, and lets nobody through", async () => {
  await drain(world.auth, 0);
  for (const way of PROXY_NAMES) await isShut(proxies.get(way)!.port, way);
});
