// KugelAudio over WebSocket: where the key stands, what it opens, how it is refused, and that a revoked key works no longer, not even
// on a socket that is open (rows K1, K2, K4, K5, K6, K8).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { deleteKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, rawStatus, startGateway } from "../support/gateway.ts";
import { handshakeLines, rawUpgrade } from "../support/raw-upgrade.ts";
import { type OpenSocket, openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "kugelaudio.localhost";
const EU_HOST = "eu.kugelaudio.localhost";
const UNAUTHORIZED = '{"error":{"code":"unauthorized","message":"Invalid or missing API key"}}';
const FORBIDDEN = '{"error":{"code":"forbidden","message":"API key does not have access to this resource"}}';

const gateway = await startGateway();
after(() => gateway.close());
const port = await gateway.hostPort(HOST);

/** Says a sentence: a moment of audio, and what the upstream was told. */
async function speak({ socket, next, nextJson }: OpenSocket) {
  socket.send(JSON.stringify({ text: "Hello, world!", model_id: "kugel-3" }));
  const audio = await next();
  const { request, message } = await nextJson();
  return { audio, request, message };
}

test("K1, K8: the page's JavaScript opens the socket with only host and key replaced, and audio comes back", async () => {
  const { key, id } = await gateway.key("kugelaudio");
  const ws = new WebSocket(`ws://127.0.0.1:${port}/ws/tts?api_key=${key}`);
  ws.binaryType = "arraybuffer";
  const messages: unknown[] = [];
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  ws.onmessage = ({ data }) => {
    messages.push(data);
    if (messages.length === 2) resolve();
  };
  ws.onopen = () => ws.send(JSON.stringify({ text: "Hello, world!" }));
  await answered;
  assert.ok(messages[0] instanceof ArrayBuffer && messages[0].byteLength > 0);
  const { request, message } = JSON.parse(String(messages[1]));
  assert.deepEqual(message.body, { text: "Hello, world!" });
  assert.equal(request.headers["claviger-key-id"], id);
  ws.close();
});

test("K1, K8: the handshake that the page's Python sends is let in by its header", async () => {
  const { key } = await gateway.key("kugelaudio");
  const more = [
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    `Authorization: Bearer ${key}`,
    "User-Agent: Python/3.11 websockets/13.1",
  ];
  const client = await rawUpgrade(port, handshakeLines(`127.0.0.1:${port}`, "/ws/tts", more));
  assert.match(client.head, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
  assert.match(client.head, /\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
  client.socket.destroy();
});

test("K1: the key in the URL reaches nobody behind the gateway", async () => {
  const { key } = await gateway.key("kugelaudio");
  const client = await openSocket(gateway.port, HOST, { path: `/ws/tts?voice=warm&api_key=${key}&speed=1` });
  const told = await speak(client);
  assert.equal(told.request.path, "/ws/tts?voice=warm&speed=1");
  assert.ok(!JSON.stringify(told).includes(key));
  client.socket.close();
});

test("K1: one key in two places is two credentials, and a key in the URL opens no plain request", async () => {
  const { key } = await gateway.key("kugelaudio");
  const twice = await refusedSocket(gateway.port, HOST, {
    path: `/ws/tts?api_key=${key}`,
    headers: bearer(key),
  });
  assert.equal(twice.status, 400);
  const plain = await gateway.ask(HOST, { path: `/v1/models?api_key=${key}` });
  assert.deepEqual([plain.status, plain.text], [401, UNAUTHORIZED]);
});

test("K4: the eu- prefix and the EU host are told to the upstream of a socket too", async () => {
  const { key } = await gateway.key("kugelaudio");
  for (const [host, sent, region] of [
    [HOST, key, "-"],
    [HOST, `eu-${key}`, "eu"],
    [EU_HOST, key, "eu"],
  ] as const) {
    for (const ask of [{ path: `/ws/tts?api_key=${sent}` }, { path: "/ws/tts", headers: bearer(sent) }]) {
      const client = await openSocket(gateway.port, host, ask);
      const { request } = await speak(client);
      assert.equal(request.headers["claviger-region"], region);
      client.socket.close();
    }
  }
});

test("K5: the page's exact 401, and no switch, for a missing, an invalid, a revoked key and a malformed header", async () => {
  const { key, id } = await gateway.key("kugelaudio");
  await revokeKey(gateway.instance, LOCAL_CALLER, "kugelaudio", id);
  for (const ask of [
    { path: "/ws/tts" },
    { path: "/ws/tts?api_key=" },
    { path: "/ws/tts?api_key=YOUR_API_KEY" },
    { path: `/ws/tts?api_key=${key}` },
    { path: "/ws/tts", headers: bearer(key) },
    { path: "/ws/tts", headers: { Authorization: key } },
  ]) {
    const answer = await refusedSocket(gateway.port, HOST, ask);
    assert.deepEqual([answer.status, answer.text], [401, UNAUTHORIZED], ask.path);
    assert.equal(answer.headers.connection, "close");
  }
  const raw = await gateway.raw(handshakeLines(HOST, `/ws/tts?api_key=${key}`));
  assert.equal(rawStatus(raw), 401);
});

test("K6: a plan without WebSocket is the page's exact 403 on the upgrade", async () => {
  const { id: account } = await gateway.account("kugelaudio", { plan: "basic" });
  const { key } = await gateway.key("kugelaudio", { account });
  for (const ask of [{ path: `/ws/tts?api_key=${key}` }, { path: "/ws/tts", headers: bearer(key) }]) {
    const answer = await refusedSocket(gateway.port, HOST, ask);
    assert.deepEqual([answer.status, answer.text], [403, FORBIDDEN]);
  }
});

test("K2: a key that is revoked or deleted stops working at once on the sockets that it has open", async () => {
  for (const end of [revokeKey, deleteKey]) {
    const { key, id } = await gateway.key("kugelaudio");
    const byUrl = await openSocket(gateway.port, HOST, { path: `/ws/tts?api_key=${key}` });
    const byHeader = await openSocket(gateway.port, HOST, { path: "/ws/tts", headers: bearer(key) });
    const other = await openSocket(gateway.port, HOST, {
      path: "/ws/tts",
      headers: bearer((await gateway.key("kugelaudio")).key),
    });
    await speak(byUrl);
    await end(gateway.instance, LOCAL_CALLER, "kugelaudio", id);
    for (const { closed } of [byUrl, byHeader])
      assert.deepEqual(await closed, { code: 4401, reason: "unauthorized: Invalid or missing API key" });
    await speak(other);
    other.socket.close();
  }
});
