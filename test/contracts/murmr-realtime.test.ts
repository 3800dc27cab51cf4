// murmr's WebSocket: which plans have it, and that what is sent over it draws on the one allowance of the account (rows M2, M4, M5, M7).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { type OpenSocket, openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "murmr.localhost";
const PATH = "/v1/realtime";
const gateway = await startGateway();
after(() => gateway.close());

async function customer(plan: string) {
  const { id: account } = await gateway.account("murmr", { plan });
  const { key, id } = await gateway.key("murmr", { account });
  const used = async (environment = "live") => (await gateway.balance("murmr", account, environment)).used;
  return { account, key, id, used };
}

/** Uses up so many characters by plain requests of at most a million. */
async function useUp(key: string, characters: number): Promise<void> {
  for (let left = characters; left > 0; left -= 1_000_000) {
    const text = "x".repeat(Math.min(left, 1_000_000));
    const { status } = await gateway.ask(HOST, {
      method: "POST",
      path: "/v1/voices/design",
      headers: { "Content-Type": "application/json", ...bearer(key) },
      body: JSON.stringify({ text }),
    });
    assert.equal(status, 200);
  }
}

/** Says it; answers what the upstream got of it. */
async function say({ socket, next, nextJson }: OpenSocket, text: string): Promise<unknown> {
  socket.send(JSON.stringify({ text }));
  assert.ok(Buffer.isBuffer(await next()), "audio");
  return (await nextJson()).message.body;
}

test("M5: Free, Starter and Pro get the 403 of the dialect on an upgrade", async () => {
  for (const plan of ["free", "starter", "pro"]) {
    const { key, used } = await customer(plan);
    const answer = await refusedSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
    assert.equal(answer.status, 403, plan);
    assert.equal(
      answer.text,
      '{"error":{"code":"forbidden","message":"The account\'s plan does not include this."}}',
    );
    assert.match(String(answer.headers["x-ratelimit-limit"]), /^\d+$/, "a valid key is told its usage");
    assert.equal(await used(), 0);
  }
});

test("M5, M4: Realtime and Scale open a socket, and the switch tells what is left", async () => {
  for (const [plan, limit] of [
    ["realtime", "3000000"],
    ["scale", "10000000"],
  ] as const) {
    const { key } = await customer(plan);
    await useUp(key, 1_234);
    const client = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
    assert.equal(client.headers["x-ratelimit-limit"], limit);
    assert.equal(client.headers["x-ratelimit-remaining"], String(Number(limit) - 1_234));
    assert.equal(client.headers["x-ratelimit-reset"], "2026-12-01T00:00:00.000Z");
    assert.deepEqual(await say(client, "Hello"), { text: "Hello" });
    client.socket.close();
  }
});

test("M5: text over the socket draws on the same allowance as requests, from every key of the account", async () => {
  const { key, account, used } = await customer("realtime");
  const other = (await gateway.key("murmr", { account })).key;
  const clients = await Promise.all(
    [key, other].map((one) => openSocket(gateway.port, HOST, { path: PATH, headers: bearer(one) })),
  );
  for (const client of clients) await say(client, "grüße 😀");
  assert.equal(await used(), 14);
  await useUp(other, 100);
  assert.equal(await used(), 114);
  const { headers } = await gateway.ask(HOST, { path: "/v1/nothing", headers: bearer(key) });
  assert.equal(headers["x-ratelimit-remaining"], String(3_000_000 - 114));
  for (const client of clients) client.socket.close();
});

test("M5: when it is used up the socket closes with 1008, and nothing that was not paid reaches the upstream", async () => {
  const { key, used } = await customer("realtime");
  await useUp(key, 2_999_990);
  const client = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  assert.deepEqual(await say(client, "12345"), { text: "12345" });
  assert.deepEqual(await say(client, ""), { text: "" }, "nothing costs nothing");
  client.socket.send(JSON.stringify({ text: "123456" }));
  assert.deepEqual(await client.closed, {
    code: 1008,
    reason: "quota_exceeded: The monthly characters do not cover the request.",
  });
  assert.equal(await used(), 2_999_995);
  await assert.rejects(client.next(), /closed with 1008/);
  // What is left is there for a message that it covers.
  const again = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  assert.deepEqual(await say(again, "12345"), { text: "12345" });
  assert.equal(await used(), 3_000_000);
  again.socket.close();
});

test("M5: a message without a text that can be counted closes with 1007 and costs nothing", async () => {
  const { key, used } = await customer("scale");
  for (const message of ["hello", "{}", '{"text":5}', '{"text":"a","text":"b"}']) {
    const client = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
    client.socket.send(message);
    const { code, reason } = await client.closed;
    assert.equal(code, 1007, message);
    assert.match(reason, /^invalid_request: The characters of the text cannot be counted\./);
  }
  assert.equal(await used(), 0);
});

test("M7: a test key's socket never spends the live allowance", async () => {
  const { account, used } = await customer("realtime");
  const { key } = await gateway.key("murmr", { account, environment: "test" });
  const client = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  await say(client, "12345");
  assert.deepEqual([await used("live"), await used("test")], [0, 5]);
  client.socket.close();
});

test("M7: a key that is revoked is revoked on its open socket at once", async () => {
  const { key, id } = await customer("scale");
  const client = await openSocket(gateway.port, HOST, { path: PATH, headers: bearer(key) });
  await say(client, "12345");
  await revokeKey(gateway.instance, LOCAL_CALLER, "murmr", id);
  assert.deepEqual(await client.closed, {
    code: 4401,
    reason: "unauthorized: The API key has been revoked.",
  });
});
