// Promise: sockets that say nothing, headers that never end and bodies that stop are given up in time, one address holds only so many
// sockets, and whoever speaks is served meanwhile (hostile I21).
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { createHttpServer, drain, type ListenerOptions, listen } from "../../src/gateway/listen.ts";
import { askPort } from "../support/gateway.ts";

/** Short enough to be waited for; the proportions are those of the gateway. */
const QUICK = { headersTimeoutMs: 100, lookEveryMs: 10, bodyStallMs: 100 };

interface Listening {
  readonly port: number;
  readonly server: Server;
}

async function listening(context: TestContext, options: ListenerOptions): Promise<Listening> {
  const server = createHttpServer(
    (request, response) => {
      let bytes = 0;
      request.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on("end", () => response.end(String(bytes)));
      request.on("error", () => {});
    },
    undefined,
    options,
  );
  context.after(() => drain(server, 0));
  return { server, port: await listen(server, 0, "127.0.0.1") };
}

interface Caller {
  readonly socket: Socket;
  /** All that came until the other side closed. */
  readonly closed: Promise<string>;
}

async function call(port: number, from = "127.0.0.1"): Promise<Caller> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  let got = "";
  socket.on("data", (chunk: Buffer) => {
    got += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(got)));
  await once(socket, "connect");
  return { socket, closed };
}

const HEAD = "POST / HTTP/1.1\r\nHost: a\r\n";

test("a socket that says nothing, and headers that never end, are answered 408", async (t) => {
  const { port } = await listening(t, QUICK);
  const silent = await call(port);
  const slow = await call(port);
  slow.socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
  const drip = setInterval(() => slow.socket.write("x"), 10);
  for (const { closed } of [silent, slow]) assert.match(await closed, /^HTTP\/1\.1 408 .*request_timeout/s);
  clearInterval(drip);
});

test("a body that stops is answered 408; one that keeps coming is taken, however slowly", async (t) => {
  const { port } = await listening(t, QUICK);
  const stopped = await call(port);
  stopped.socket.write(`${HEAD}Content-Length: 100\r\n\r\nabc`);
  const steady = await call(port);
  steady.socket.write(`${HEAD}Connection: close\r\nContent-Length: 20\r\n\r\n`);
  for (let sent = 0; sent < 20; sent += 1) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    steady.socket.write("x");
  }
  assert.match(await stopped.closed, /^HTTP\/1\.1 408 /);
  assert.match(await steady.closed, /^HTTP\/1\.1 200 .*20$/s);
});

test("an answer that takes its time is waited for, with a body before it and without", async (t) => {
  const server = createHttpServer(
    (request, response) => {
      // A body that nobody reads yet is no silence of the client's.
      if (request.url === "/read") request.resume();
      setTimeout(() => response.end("late"), 400);
    },
    undefined,
    QUICK,
  );
  t.after(() => drain(server, 0));
  const port = await listen(server, 0, "127.0.0.1");
  for (const path of ["/read", "/unread"])
    for (const more of [{}, { method: "POST", body: "abc" }])
      assert.equal((await askPort(port, "a", { path, ...more })).text, "late");
});

test("after a body the connection is kept for the next request, as ever", async (t) => {
  const { port } = await listening(t, QUICK);
  const client = await call(port);
  client.socket.write(`${HEAD}Content-Length: 3\r\n\r\nabc`);
  await once(client.socket, "data");
  await new Promise((resolve) => setTimeout(resolve, 60));
  client.socket.write(`${HEAD}Connection: close\r\nContent-Length: 4\r\n\r\nabcd`);
  assert.match(await client.closed, /4$/);
});

test("one address holds so many sockets and no more; another address has its own, and closing gives room", async (t) => {
  const { port, server } = await listening(t, { maxPerAddress: 10 });
  const held = await Promise.all(Array.from({ length: 10 }, () => call(port)));
  for (const one of await Promise.all(Array.from({ length: 5 }, () => call(port))))
    assert.equal(await one.closed, "", "closed unread");
  await assert.rejects(askPort(port, "a"));
  const other = await call(port, "127.0.0.2");
  other.socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  assert.match(await other.closed, /^HTTP\/1\.1 200 /);
  held[0]!.socket.destroy();
  while ((await connectionsOf(server)) > 9) await new Promise(setImmediate);
  assert.equal((await askPort(port, "a")).status, 200);
  for (const { socket } of held) socket.destroy();
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}

test("two thousand idle sockets do not keep anybody waiting", async (t) => {
  const { port, server } = await listening(t, {});
  const idle = await Promise.all(Array.from({ length: 2_000 }, () => call(port)));
  assert.ok((server.address() as AddressInfo).port === port);
  const before = performance.now();
  for (let count = 0; count < 100; count += 1) assert.equal((await askPort(port, "a")).status, 200);
  const eachMs = (performance.now() - before) / 100;
  assert.ok(eachMs < 50, `${eachMs} ms for a request`);
  for (const { socket } of idle) socket.destroy();
});
