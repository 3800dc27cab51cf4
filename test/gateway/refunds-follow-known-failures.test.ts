// What a request has paid comes back when its upstream is known to have failed, before the client hears of it, and under no other
// circumstances.
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { after, mock, test } from "node:test";
import { Agent, buildConnector } from "undici";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { openExchange } from "../support/exchange.ts";
import { type Answer, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";
import {
  METERED_HOST as HOST,
  meteredProject,
  type Payer,
  payer,
  startRecordingUpstream,
} from "../support/metered.ts";

const gateway = await startGateway({ files: [], dispatcher: { headersTimeout: 200, connectTimeout: 2_000 } });
after(() => gateway.close());
const upstream = await startRecordingUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(meteredProject(upstream.url));

const ask = (path: string, { headers }: Payer, body = '{"text":"hello","units":10}'): Promise<Answer> =>
  gateway.ask(HOST, { method: "POST", path, headers, body });
const told = ({ status, headers }: Answer) => [status, headers["x-credits"], headers["x-cost"]];
/** Waits for what the other side of a socket is about to notice. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test("a 5xx gives everything back, and its own headers say so", async () => {
  const one = await payer(gateway, 100);
  for (const status of [500, 502, 503, 599]) {
    upstream.answering = (response) => response.writeHead(status, { "X-Credits": "1" }).end("failed");
    for (const path of ["/held", "/text", "/value", "/settled"]) {
      const answer = await ask(path, one);
      assert.deepEqual([...told(answer), answer.text], [status, "100", "0", "failed"], path);
    }
  }
  assert.equal(await one.credits(), 100);
});

test("every other answer of the upstream keeps what was paid", async () => {
  const one = await payer(gateway, 100);
  let left = 100;
  for (const status of [200, 204, 301, 400, 401, 404, 429, 499]) {
    upstream.answering = (response) => response.writeHead(status).end();
    left -= 10;
    assert.deepEqual(told(await ask("/held", one)), [status, String(left), "10"]);
  }
  assert.equal(await one.credits(), left);
});

test("a route that holds nothing keeps what was paid, whatever becomes of it", async () => {
  const one = await payer(gateway, 100);
  upstream.answering = (response) => response.writeHead(500).end();
  assert.deepEqual(told(await ask("/fixed", one)), [500, "90", "10"]);
  await gateway.apply(meteredProject("http://127.0.0.1:1"));
  assert.deepEqual(told(await ask("/fixed", one)), [502, "80", "10"]);
  await gateway.apply(meteredProject(upstream.url));
});

test("an upstream that cannot be reached gives everything back", async () => {
  const one = await payer(gateway, 100);
  // Takes the connection and speaks no TLS: it never sees a request.
  const silent = createServer((socket) => void socket.end("not TLS\r\n").resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  for (const url of ["http://127.0.0.1:1", "http://no-such-host.invalid", `https://127.0.0.1:${port}`]) {
    await gateway.apply(meteredProject(url));
    for (const path of ["/held", "/text"])
      assert.deepEqual(told(await ask(path, one)), [502, "100", "0"], url);
  }
  silent.close();
  assert.equal(await one.credits(), 100);
  await gateway.apply(meteredProject(upstream.url));
});

test("an upstream that hangs up or says nothing in time may have done the work: it stays spent", async () => {
  const one = await payer(gateway, 100);
  upstream.answering = (_response, request) => request.socket.destroy();
  assert.deepEqual(told(await ask("/held", one)), [502, "90", "10"]);
  upstream.answering = (response) => response.socket!.end("HTTP/1.1 nonsense\r\n\r\n");
  assert.deepEqual(told(await ask("/held", one)), [502, "80", "10"]);
  upstream.answering = () => {};
  assert.deepEqual(told(await ask("/held", one)), [504, "70", "10"]);
  upstream.answering = (response) => {
    response.writeHead(200, { "Content-Length": "100" }).write("half");
    setImmediate(() => response.destroy());
  };
  await assert.rejects(ask("/held", one));
  assert.equal(await one.credits(), 60);
});

test("a client that leaves while the upstream works leaves it spent", async () => {
  const one = await payer(gateway, 100);
  await using held = await startHeldUpstream();
  await gateway.apply(meteredProject(held.url));
  const exchange = openExchange(gateway.port, HOST, { method: "POST", path: "/held", headers: one.headers });
  exchange.request.end();
  await held.arrived(1);
  assert.equal(await one.credits(), 90, "and it is spent while it works");
  exchange.request.destroy();
  await until(() => held.waiting() === 0);
  assert.equal(await one.credits(), 90);
  await gateway.apply(meteredProject(upstream.url));
});

/** A listener of its own, which tells when the client of its only request has gone and when that request is done with. */
async function listenOnce(dispatcher: Agent) {
  const [left, handled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const handler = createGateway({ ...gateway.instance, dispatcher, upstreamOf: () => upstream.url });
  const server = createHttpServer((request, response) => {
    response.once("close", left.resolve);
    void handler(request, response).then(handled.resolve, handled.reject);
  });
  const port = await listen(server, 0, "127.0.0.1");
  return {
    port,
    left: left.promise,
    handled: handled.promise,
    async [Symbol.asyncDispose]() {
      await drain(server, 0);
      await dispatcher.destroy();
    },
  };
}

test("a client that leaves while its payment is written gets it back", async () => {
  const one = await payer(gateway, 100);
  const { store } = gateway.instance;
  const post = store.post.bind(store);
  await using listener = await listenOnce(new Agent());
  const spent = Promise.withResolvers<void>();
  mock.method(store, "post", async (entries: Parameters<typeof post>[0]) => {
    const answers = await post(entries);
    spent.resolve();
    await listener.left;
    return answers;
  });
  const before = upstream.received.length;
  const exchange = openExchange(listener.port, HOST, { method: "POST", path: "/held", headers: one.headers });
  exchange.request.end();
  await spent.promise;
  assert.equal(await one.credits(), 90);
  exchange.request.destroy();
  await listener.handled;
  mock.restoreAll();
  assert.equal(await one.credits(), 100);
  assert.equal(upstream.received.length, before);
});

test("a client that leaves while the upstream is being connected gets everything back", async () => {
  const one = await payer(gateway, 100);
  const connecting = Promise.withResolvers<void>();
  const open = buildConnector({});
  await using listener = await listenOnce(
    new Agent({
      connect: (options, callback) => {
        connecting.resolve();
        void listener.left.then(() => open(options, callback));
      },
    }),
  );
  const before = upstream.received.length;
  const exchange = openExchange(listener.port, HOST, { method: "POST", path: "/held", headers: one.headers });
  exchange.request.end();
  await connecting.promise;
  assert.equal(await one.credits(), 90);
  exchange.request.destroy();
  await listener.handled;
  assert.equal(await one.credits(), 100);
  assert.equal(upstream.received.length, before);
});

test("a ledger that does not answer keeps no answer from its client, and the operator hears of it", async () => {
  const one = await payer(gateway, 100);
  upstream.answering = (response) => response.writeHead(500).end("failed");
  const { store } = gateway.instance;
  const post = store.post.bind(store);
  mock.method(store, "post", async (entries: Parameters<typeof post>[0]) => {
    if (entries.some(({ kind }) => kind === "give-back")) throw new StoreUnavailable("it is away");
    return post(entries);
  });
  const before = gateway.faults.length;
  const answer = await ask("/held", one);
  mock.restoreAll();
  assert.deepEqual([...told(answer), answer.text], [500, "90", "10", "failed"]);
  assert.equal(await one.credits(), 90);
  const [fault = ""] = gateway.faults.slice(before);
  assert.match(fault, new RegExp(`could not be settled at 0 units: 10 units of account ${one.account}`));
});
