// Promise: without a cost on its messages a socket is a tunnel: what one side says, extensions, pings and closing codes included, is
// what the other side hears, at any size and in bounded memory.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { bearer, startGateway } from "../support/gateway.ts";
import { handshakeLines, rawUpgrade, startRawUpstream } from "../support/raw-upgrade.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { plainProject } from "../support/upstream.ts";
import { openSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
await gateway.apply(plainProject("http://127.0.0.1:9"));
const { key } = await gateway.key("acme");
const AUTHORIZATION = `Authorization: Bearer ${key}`;

test("bytes pass as they are, whatever they mean, in both directions at once", async () => {
  const [there, back] = [randomBytes(3_000_000), randomBytes(3_000_000)];
  const heard: Buffer[] = [];
  await using upstream = await startRawUpstream((socket, head) => {
    heard.push(head);
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.once("end", () => socket.end());
    socket.write(back);
  });
  await gateway.apply(plainProject(upstream.url));
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/", [AUTHORIZATION]));
  client.socket.write(there);
  assert.deepEqual(await client.received(back.length), back);
  client.socket.end();
  await client.ended;
  assert.deepEqual(Buffer.concat(heard), there);
  assert.deepEqual(client.bytes(), back);
});

test("what comes in one packet with the handshake is not lost, on either side", async () => {
  const heard: Buffer[] = [];
  await using upstream = await startRawUpstream((socket, head) => {
    heard.push(head);
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.once("end", () => socket.end());
    socket.write("at once");
  });
  await gateway.apply(plainProject(upstream.url));
  const handshake = handshakeLines(HOST, "/", [AUTHORIZATION]);
  const client = await rawUpgrade(gateway.port, `${handshake}too early`);
  assert.equal(String(await client.received(7)), "at once");
  client.socket.end();
  await client.ended;
  assert.equal(String(Buffer.concat(heard)), "too early");
});

test("a side that takes nothing makes the other one wait", async () => {
  const chunk = randomBytes(65_536);
  let written = 0;
  await using upstream = await startRawUpstream((socket) => {
    const fill = (): void => {
      do written += chunk.length;
      while (socket.write(chunk));
    };
    socket.on("drain", fill);
    fill();
  });
  await gateway.apply(plainProject(upstream.url));
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/", [AUTHORIZATION]));
  client.socket.pause();
  // Until nothing moves in so many turns: what is under way then is in the buffers of four sockets.
  for (let [before, turns] = [-1, 0]; turns < 1_000; turns = before === written ? turns + 1 : 0) {
    before = written;
    assert.ok(written < 64_000_000, `${written} bytes were taken from the upstream`);
    await setImmediate();
  }
  const stalledAt = written;
  client.socket.resume();
  await client.received(stalledAt);
  client.socket.destroy();
});

test("subprotocols, texts, bytes, fragments, pings and large messages reach the other side as they are", async () => {
  await using upstream = await startSocketUpstream({
    handleProtocols: (protocols) => [...protocols][1] ?? false,
  });
  await gateway.apply(plainProject(upstream.url));
  const client = await openSocket(gateway.port, HOST, {
    headers: bearer(key),
    protocols: ["one.v1", "two.v1", "three.v1"],
  });
  const server = await upstream.opened();
  assert.equal(client.socket.protocol, "two.v1");
  assert.equal(server.socket.protocol, "two.v1");
  const large = randomBytes(5_000_000);
  client.socket.send("grüße 😀");
  client.socket.send(large);
  client.socket.send("in ", { fin: false });
  client.socket.send("three ", { fin: false });
  client.socket.send("pieces", { fin: true });
  const messages = await server.received(3);
  assert.equal(messages[0], "grüße 😀");
  assert.deepEqual(messages[1], large);
  assert.equal(messages[2], "in three pieces");
  server.socket.send(large);
  assert.deepEqual(await client.next(), large);
  const pinged = new Promise((resolve) => server.socket.once("ping", (data) => resolve(String(data))));
  const ponged = new Promise((resolve) => client.socket.once("pong", (data) => resolve(String(data))));
  client.socket.ping("are you there");
  assert.equal(await pinged, "are you there");
  assert.equal(await ponged, "are you there", "answered by the upstream");
  client.socket.close();
  await client.closed;
});

test("no subprotocol is made up where the upstream chooses none", async () => {
  await using upstream = await startRawUpstream((socket) => socket.once("data", () => socket.end()));
  await gateway.apply(plainProject(upstream.url));
  const lines = [AUTHORIZATION, "Sec-WebSocket-Protocol: one.v1, two.v1"];
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/", lines));
  assert.equal(upstream.requests[0]!.headers["sec-websocket-protocol"], "one.v1, two.v1");
  assert.doesNotMatch(client.head, /sec-websocket-protocol/i);
  client.socket.destroy();
});

test("compression is agreed on end to end", async () => {
  await using upstream = await startSocketUpstream({ perMessageDeflate: { threshold: 0 } });
  await gateway.apply(plainProject(upstream.url));
  const client = await openSocket(gateway.port, HOST, {
    headers: bearer(key),
    options: { perMessageDeflate: { threshold: 0 } },
  });
  const server = await upstream.opened();
  assert.equal(client.socket.extensions, "permessage-deflate");
  client.socket.send("a".repeat(100_000));
  assert.deepEqual(await server.received(1), ["a".repeat(100_000)]);
  server.socket.send("b".repeat(100_000));
  assert.equal(await client.next(), "b".repeat(100_000));
  client.socket.close();
  await client.closed;
});

test("closing codes and reasons pass, whoever closes", async () => {
  await using upstream = await startSocketUpstream();
  await gateway.apply(plainProject(upstream.url));
  for (const [code, reason] of [
    [1000, "done"],
    [4999, "ünusual"],
  ] as const) {
    const byClient = await openSocket(gateway.port, HOST, { headers: bearer(key) });
    const server = await upstream.opened();
    byClient.socket.close(code, reason);
    assert.deepEqual(await server.closed, { code, reason });
    assert.deepEqual(await byClient.closed, { code, reason });
    const byServer = await openSocket(gateway.port, HOST, { headers: bearer(key) });
    const other = await upstream.opened();
    other.socket.close(code, reason);
    assert.deepEqual(await byServer.closed, { code, reason });
    assert.deepEqual(await other.closed, { code, reason });
  }
});

test("a side that breaks off is gone for the other one too", async () => {
  await using upstream = await startSocketUpstream();
  await gateway.apply(plainProject(upstream.url));
  const one = await openSocket(gateway.port, HOST, { headers: bearer(key) });
  const itsServer = await upstream.opened();
  one.socket.terminate();
  assert.equal((await itsServer.closed).code, 1006);
  const other = await openSocket(gateway.port, HOST, { headers: bearer(key) });
  const server = await upstream.opened();
  server.socket.terminate();
  assert.equal((await other.closed).code, 1006);
});
