// Promise: a socket holds its place of a concurrency limit for as long as it is open, and gives it back whichever way it ends
// (hostile E24 to E26).
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { SLOT_TTL_MS } from "../../src/store/counters.ts";
import { bearer, START, startGateway } from "../support/gateway.ts";
import { handshakeLines } from "../support/raw-upgrade.ts";
import { startSocketUpstream, type UpstreamSocket } from "../support/socket-upstream.ts";
import { type OpenSocket, openSocket, trySocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`name: acme
upstream: ${upstream.url}
limits:
  sockets: { concurrency: 1, per: account }
  tries: { rate: 1000, windowSeconds: 3600, per: key }
plans: { one: { allowance: 3 } }
defaultPlan: one
routes: [{ match: GET /free }, { match: GET /paid, messages: { cost: 1, pot: allowance } }]
dialect: { headers: { X-Tries: "{limit.tries.remaining}" } }
`);

async function fresh(path = "/free") {
  const { key, id, account } = await gateway.key("acme");
  const ask = { path, headers: bearer(key) };
  const open = async () => {
    const client = await openSocket(gateway.port, HOST, ask);
    return { client, server: await upstream.opened() };
  };
  const status = async () => {
    const tried = await trySocket(gateway.port, HOST, ask);
    if ("status" in tried) return tried.status;
    (await upstream.opened()).socket.terminate();
    await tried.closed;
    return 101;
  };
  return { id, account, open, status, key };
}

/** The place is free as soon as the gateway has heard of the end. */
async function comesBack(status: () => Promise<number>): Promise<void> {
  for (let turns = 0; turns < 500; turns += 1) {
    if ((await status()) === 101) return;
    await setImmediate();
  }
  assert.fail("the place is still taken");
}

const ENDS: Readonly<Record<string, (client: OpenSocket, server: UpstreamSocket, id: string) => unknown>> = {
  "closed by the client": (client) => client.socket.close(),
  "closed by the upstream": (_client, server) => server.socket.close(),
  "cut off by the client": (client) => client.socket.terminate(),
  "cut off by the upstream": (_client, server) => server.socket.terminate(),
  "ended with its key": (_client, _server, id) => revokeKey(gateway.instance, LOCAL_CALLER, "acme", id),
};

for (const path of ["/free", "/paid"]) {
  for (const [name, end] of Object.entries(ENDS)) {
    test(`a socket that is ${name} gives its place back (${path})`, async () => {
      const { open, status, id, account } = await fresh(path);
      const { client, server } = await open();
      assert.equal(await status(), 429);
      await end(client, server, id);
      await client.closed;
      const another = await gateway.key("acme", { account });
      const ask = { path, headers: bearer(another.key) };
      await comesBack(async () => {
        const tried = await trySocket(gateway.port, HOST, ask);
        if ("status" in tried) return tried.status;
        tried.socket.terminate();
        await upstream.opened();
        return 101;
      });
    });
  }
}

test("messages take no limit again, and a socket that is closed over one gives its place back", async () => {
  const { open, status, key } = await fresh("/paid");
  const { client, server } = await open();
  for (const message of ["a", "b", "c"]) client.socket.send(message);
  await server.received(3);
  const { headers } = await gateway.ask(HOST, { path: "/free", headers: bearer(key) });
  assert.equal(headers["x-tries"], "999", "the refused request and the upgrade took one between them");
  client.socket.send("d");
  assert.equal((await client.closed).code, 1008);
  await comesBack(status);
  const after = await gateway.ask(HOST, { path: "/free", headers: bearer(key) });
  assert.equal(after.headers["x-tries"], "997", "nothing was given back of what the upgrade took");
});

test("where the upstream has closed, the place is free although the client lingers", async () => {
  const { status, key } = await fresh();
  const client = connect({ port: gateway.port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => {}).write(handshakeLines(HOST, "/free", [`Authorization: Bearer ${key}`]));
  await once(client, "data");
  const server = await upstream.opened();
  assert.equal(await status(), 429);
  client.resume();
  server.socket.terminate();
  await comesBack(status);
  assert.equal(client.writable, true);
  client.destroy();
});

test("a message that cannot be paid leaves the place taken until the socket has closed", async () => {
  const { open, status } = await fresh("/paid");
  const { client } = await open();
  assert.equal(await status(), 429);
  client.socket.send("a");
  assert.equal(await status(), 429);
  client.socket.terminate();
  await comesBack(status);
});

test("the place is held as long as the socket is open, and lapses where nobody renews it", async () => {
  const { open, status } = await fresh();
  const { client } = await open();
  const { limiter } = gateway.instance;
  for (let step = 1; step <= 6; step += 1) {
    gateway.clock.set(START + step * (SLOT_TTL_MS / 2));
    limiter.renew();
    assert.equal(await status(), 429, `after ${step * 5} s`);
  }
  gateway.clock.set(START + 4 * SLOT_TTL_MS);
  assert.equal(await status(), 101);
  gateway.clock.set(START);
  client.socket.terminate();
});

test("an upstream that does not switch gives the place back with its answer", async () => {
  const { status } = await fresh();
  await gateway.apply(`name: other\nupstream: http://127.0.0.1:9\nlimits: { sockets: { concurrency: 1 } }\n`);
  const { key } = await gateway.key("other");
  for (let tries = 0; tries < 3; tries += 1) {
    const tried = await trySocket(gateway.port, "other.localhost", { headers: bearer(key) });
    assert.equal("status" in tried && tried.status, 502);
  }
  assert.equal(await status(), 101);
});
