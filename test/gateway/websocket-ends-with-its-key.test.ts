// Promise: an open socket ends when its key may not go on: revoked, disabled, expired, suspended, or without the right any more. It
// closes with 4401 and the reason when the change is made, before whoever made it is answered (hostile I17, K2).
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import { isoTime } from "../../src/base/clock.ts";
import { updateAccount } from "../../src/manage/accounts.ts";
import { deleteKey, disableKey, enableKey, revokeKey } from "../../src/manage/end-key.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, START, startGateway } from "../support/gateway.ts";
import { handshakeLines, rawUpgrade, startRawUpstream } from "../support/raw-upgrade.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
const { instance } = gateway;

const project = (more: Record<string, string> = {}): string => `name: acme
upstream: ${more.url ?? upstream.url}
hosts: [${more.hosts ?? "acme.localhost, second.localhost"}]
scopes: { live: Live, other: Other }
keys: { defaultScopes: [live] }
plans: { all: { features: [sockets], allowance: 100 }, none: { features: [], allowance: 100 } }
defaultPlan: all
routes:
  - { match: GET /free, scopes: [live], feature: sockets }
  - { match: GET /paid, messages: { cost: ${more.cost ?? "1"}, pot: allowance } }
  ${more.route ?? ""}
dialect: { answers: { revoked_key: { code: dead, message: This key is dead. } } }
`;
await gateway.apply(project());

async function open(path = "/free", host = HOST, input = {}) {
  const made = await gateway.key("acme", input);
  const client = await openSocket(gateway.port, host, { path, headers: bearer(made.key) });
  return { ...made, client, server: await upstream.opened() };
}

type Opened = Awaited<ReturnType<typeof open>>;

const CHANGES: Readonly<
  Record<string, readonly [change: (opened: Opened) => Promise<unknown>, reason: RegExp]>
> = {
  revoked: [({ id }) => revokeKey(instance, LOCAL_CALLER, "acme", id), /^dead: This key is dead\.$/],
  deleted: [({ id }) => deleteKey(instance, LOCAL_CALLER, "acme", id), /^dead: /],
  disabled: [({ id }) => disableKey(instance, LOCAL_CALLER, "acme", id), /^disabled_api_key: /],
  "rotated without grace": [({ id }) => rotateKey(instance, LOCAL_CALLER, "acme", id, {}), /^dead: /],
  "without the scope": [
    ({ id }) => updateKey(instance, LOCAL_CALLER, "acme", id, { scopes: ["other"] }),
    /^insufficient_scope: The API key lacks a scope\. Needed: live\.$/,
  ],
  "kept to another address": [
    ({ id }) => updateKey(instance, LOCAL_CALLER, "acme", id, { allowedIps: ["203.0.113.7"] }),
    /^ip_not_allowed: /,
  ],
  "of a suspended account": [
    ({ account }) => updateAccount(instance, LOCAL_CALLER, "acme", account, { suspended: true }),
    /^account_suspended: /,
  ],
  "of an account whose plan lacks the feature": [
    ({ account }) => updateAccount(instance, LOCAL_CALLER, "acme", account, { plan: "none" }),
    /^feature_not_in_plan: /,
  ],
};

for (const [name, [change, reason]] of Object.entries(CHANGES)) {
  test(`a socket whose key is ${name} closes with 4401, and the upstream's with 1001`, async () => {
    const [one, another] = [await open(), await open()];
    await change(one);
    const closed = await one.client.closed;
    assert.equal(closed.code, 4401);
    assert.match(closed.reason, reason);
    assert.deepEqual(await one.server.closed, { code: 1001, reason: "" });
    another.client.socket.send("still here");
    assert.deepEqual(await another.server.received(1), ["still here"], "other keys go on");
    another.client.socket.terminate();
  });
}

test("a metered socket ends in the same way, and what is sent afterwards is neither paid nor passed on", async () => {
  const { client, server, id, account } = await open("/paid");
  client.socket.send("one");
  await server.received(1);
  await revokeKey(instance, LOCAL_CALLER, "acme", id);
  client.socket.send("two");
  assert.equal((await client.closed).code, 4401);
  assert.equal((await server.closed).code, 1001);
  assert.deepEqual(server.messages, ["one"]);
  assert.equal((await gateway.balance("acme", account)).used, 1);
});

test("the closing frame follows the revocation without a word from either side", async () => {
  await using bare = await startRawUpstream((socket) => socket.resume());
  await gateway.apply(project({ url: bare.url }));
  const { key, id } = await gateway.key("acme");
  const lines = [`Authorization: Bearer ${key}`];
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/free", lines));
  await revokeKey(instance, LOCAL_CALLER, "acme", id);
  const frame = await client.received(4);
  assert.deepEqual([frame[0], frame.readUInt16BE(2)], [0x88, 4401]);
  client.socket.destroy();
  await gateway.apply(project());
});

test("in the middle of a message from the upstream its frame is finished first, and no other begun", async () => {
  let upstreamSocket: Socket | undefined;
  await using bare = await startRawUpstream((socket) => {
    upstreamSocket = socket;
    socket.resume();
  });
  await gateway.apply(project({ url: bare.url }));
  const { key, id } = await gateway.key("acme");
  const client = await rawUpgrade(
    gateway.port,
    handshakeLines(HOST, "/free", [`Authorization: Bearer ${key}`]),
  );
  upstreamSocket!.write(Buffer.from([0x82, 6, 1, 2, 3]));
  await client.received(5);
  const toldUpstream = once(upstreamSocket!, "data");
  await revokeKey(instance, LOCAL_CALLER, "acme", id);
  await toldUpstream;
  upstreamSocket!.write(Buffer.from([4, 5, 6, 0x82, 1, 7]));
  const heard = await client.ended;
  assert.deepEqual([...heard.subarray(0, 8)], [0x82, 6, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual([heard[8], heard.readUInt16BE(10)], [0x88, 4401]);
  client.socket.destroy();
  await gateway.apply(project());
});

test("a socket ends at the moment at which its key expires, also where that was set while it was open", async () => {
  gateway.clock.set(START);
  const first = await open("/free", HOST, { expiresAt: isoTime(START + 60_000) });
  const second = await open();
  await updateKey(instance, LOCAL_CALLER, "acme", second.id, { expiresAt: isoTime(START + 60_000) });
  const rotated = await open();
  await rotateKey(instance, LOCAL_CALLER, "acme", rotated.id, { graceSeconds: 60 });
  const prolonged = await open("/free", HOST, { expiresAt: isoTime(START + 60_000) });
  await updateKey(instance, LOCAL_CALLER, "acme", prolonged.id, { expiresAt: null });
  gateway.clock.set(START + 59_999);
  gateway.alarms.ringDue();
  first.client.socket.send("still here");
  await first.server.received(1);
  gateway.clock.set(START + 60_000);
  gateway.alarms.ringDue();
  for (const { client, server } of [first, second, rotated]) {
    const { code, reason } = await client.closed;
    assert.equal(code, 4401);
    assert.match(reason, /^expired_api_key: /);
    assert.equal((await server.closed).code, 1001);
  }
  prolonged.client.socket.send("still here");
  await prolonged.server.received(1);
  prolonged.client.socket.terminate();
  gateway.clock.set(START);
});

test("a key that comes back opens sockets again, and revives none", async () => {
  const { client, key, id } = await open();
  await disableKey(instance, LOCAL_CALLER, "acme", id);
  assert.equal((await client.closed).code, 4401);
  assert.equal(
    (await refusedSocket(gateway.port, HOST, { path: "/free", headers: bearer(key) })).status,
    401,
  );
  await enableKey(instance, LOCAL_CALLER, "acme", id);
  (await openSocket(gateway.port, HOST, { path: "/free", headers: bearer(key) })).socket.terminate();
  await upstream.opened();
});

test("a changed project file holds for open sockets too", async () => {
  await gateway.apply(project({ route: "- { match: GET /gone }" }));
  const kept = await open("/free");
  const gone = await open("/gone");
  const paid = await open("/paid");
  const elsewhere = await open("/free", "second.localhost");
  await gateway.apply(project({ hosts: "acme.localhost", cost: "2" }));
  assert.equal((await gone.client.closed).code, 4401);
  assert.match((await gone.client.closed).reason, /^forbidden: /);
  assert.equal((await elsewhere.client.closed).code, 4401);
  // A socket cannot change what it costs while it is open; the next one can.
  assert.deepEqual(await paid.client.closed, {
    code: 1012,
    reason: "The terms of this endpoint have changed; connect again.",
  });
  kept.client.socket.send("still here");
  await kept.server.received(1);
  kept.client.socket.terminate();
  await gateway.apply(project());
});

test("what a message costs is told in the words of the project file as it is now", async () => {
  const { client } = await open("/paid");
  const words = "allowance_exceeded: { code: now_called_so, message: Used up. }";
  await gateway.apply(project().replace("answers: {", `answers: { ${words},`));
  for (let index = 0; index < 101; index += 1) client.socket.send("x");
  assert.deepEqual(await client.closed, { code: 1008, reason: "now_called_so: Used up." });
  await gateway.apply(project());
});

test("a key that is revoked between the verdict and the switch has no open socket afterwards", async () => {
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
  const { promise: revoked, resolve: isRevoked } = Promise.withResolvers<void>();
  await using slow = await startSocketUpstream({
    verifyClient: (_info, done) => {
      isAsked();
      void revoked.then(() => done(true));
    },
  });
  await gateway.apply(project({ url: slow.url }));
  const { key, id } = await gateway.key("acme");
  const opening = openSocket(gateway.port, HOST, { path: "/free", headers: bearer(key) });
  await asked;
  await revokeKey(instance, LOCAL_CALLER, "acme", id);
  isRevoked();
  assert.equal((await (await opening).closed).code, 4401);
  await gateway.apply(project());
});

test("a store that does not say whether the key may go on closes with 1013", async () => {
  const { client, id } = await open();
  const { find } = instance.directory;
  const away = () => Promise.reject(new Error("away"));
  Object.assign(instance.directory, { find: away });
  await updateKey(instance, LOCAL_CALLER, "acme", id, { name: "Another name" });
  Object.assign(instance.directory, { find });
  const { code, reason } = await client.closed;
  assert.equal(code, 1013);
  assert.match(reason, /^store_unavailable: /);
});

test("a drain closes what is still open after the grace with 1001, and a peer that does not answer is cut off", async () => {
  await using bare = await startRawUpstream((socket) => void socket.pause());
  const draining = await startGateway({ files: [] });
  await draining.apply(project({ url: bare.url }));
  const { key } = await draining.key("acme");
  const polite = await openSocket(draining.port, HOST, { path: "/free", headers: bearer(key) });
  const stubborn = connect({ port: draining.port, host: "127.0.0.1", allowHalfOpen: true });
  stubborn.on("error", () => {}).write(handshakeLines(HOST, "/free", [`Authorization: Bearer ${key}`]));
  await once(stubborn, "data");
  await draining.drainSockets(0);
  const { code, reason } = await polite.closed;
  assert.deepEqual([code, reason], [1001, "The gateway is going away; connect again."]);
  stubborn.destroy();
  await draining.close();
});
