// Promise: nothing is passed on before its payment is durable; payments go together and messages in their order; no more is read than
// may wait; and what was paid and cannot be passed on any more is given back.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Agent } from "undici";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { createWatch } from "../../src/gateway/watch.ts";
import { createWebSockets } from "../../src/gateway/websocket.ts";
import type { Verdict } from "../../src/policy/verdict.ts";
import type { Verify } from "../../src/verify/verify.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { openSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`name: acme
upstream: ${upstream.url}
routes: [{ match: GET /, messages: { cost: { bytes: body }, pot: credits } }]
`);

interface HeldPayment {
  readonly units: number;
  /** Makes it, or says another verdict. */
  letGo(verdict?: Verdict): Promise<void>;
}

/** A second gateway over the same instance, in which a test says when each payment is made, and a key with a socket through it. */
async function hold(credits = 1_000_000_000) {
  const { instance } = gateway;
  const payments: HeldPayment[] = [];
  /** Of these, what nobody has let go. */
  const waiting = new Set<HeldPayment>();
  let isOver = false;
  const verify: Verify = (question) => {
    const isPayment = question.continuing === true && question.cost !== undefined;
    if (!isPayment || isOver) return instance.verify(question);
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const payment: HeldPayment = {
      units: question.cost!,
      letGo: async (verdict) => {
        waiting.delete(payment);
        resolve(verdict ?? (await instance.verify(question)));
      },
    };
    waiting.add(payment);
    payments.push(payment);
    return promise;
  };
  const dispatcher = new Agent();
  const refunds: number[] = [];
  const faults: string[] = [];
  let refundsFail = false;
  const sockets = createWebSockets({
    ...instance,
    verify,
    dispatcher,
    cashier: {
      ...instance.cashier,
      refund: (receipt) => {
        refunds.push(receipt.units);
        return refundsFail ? Promise.reject(new Error("away")) : instance.cashier.refund(receipt);
      },
    },
    upstreamOf: () => upstream.url,
    watch: createWatch({ ...instance, verify, alarm: () => () => {} }),
    onFault: (message) => void faults.push(message),
  });
  const server = createHttpServer(
    () => {},
    (request, socket, head) => void sockets.handle(request, socket, head),
  );
  const port = await listen(server, 0, "127.0.0.1");
  const { key, account } = await gateway.key("acme");
  await gateway.grant("acme", account, credits);
  const client = await openSocket(port, HOST, { headers: bearer(key) });
  return {
    payments,
    refunds,
    faults,
    client,
    upstream: await upstream.opened(),
    failRefunds: () => {
      refundsFail = true;
    },
    /** From now on, also those that the test has not seen: a client that is gone may have sent more. */
    letAllGo() {
      isOver = true;
      for (const payment of waiting) void payment.letGo();
    },
    left: async () => (await gateway.balance("acme", account)).credits,
    /** Resolves when all is over, refunds included. */
    async [Symbol.asyncDispose]() {
      await Promise.all([sockets.drain(0), drain(server, 0)]);
      await dispatcher.destroy();
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

/** As many turns of the event loop as anything that could go wrong would need. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) await setImmediate();
}

test("nothing is passed on before it is paid", async () => {
  await using held = await hold();
  held.client.socket.send("abc");
  await until(() => held.payments.length === 1);
  await quiet();
  assert.deepEqual(held.upstream.messages, []);
  await held.payments[0]!.letGo();
  assert.deepEqual(await held.upstream.received(1), ["abc"]);
  assert.equal(held.payments[0]!.units, 3);
});

test("payments are begun without waiting for those before, and messages keep their order whichever is paid first", async () => {
  await using held = await hold();
  for (const message of ["a", "bb", "ccc", "dddd"]) held.client.socket.send(message);
  held.client.socket.ping("in its place");
  const pinged = new Promise((resolve) => held.upstream.socket.once("ping", resolve));
  await until(() => held.payments.length === 4);
  assert.deepEqual(
    held.payments.map(({ units }) => units),
    [1, 2, 3, 4],
  );
  for (const index of [3, 1, 2]) await held.payments[index]!.letGo();
  await quiet();
  assert.deepEqual(held.upstream.messages, []);
  await held.payments[0]!.letGo();
  assert.deepEqual(await held.upstream.received(4), ["a", "bb", "ccc", "dddd"]);
  await pinged;
});

test("no more is read than may wait, and it goes on when there is room", async () => {
  await using held = await hold();
  const sent = Array.from({ length: 600 }, (_, index) => String(index));
  for (const message of sent) held.client.socket.send(message);
  await until(() => held.payments.length === 256);
  await quiet();
  assert.equal(held.payments.length, 256);
  for (let next = 0; next < sent.length; next += 1) {
    await until(() => held.payments.length > next);
    void held.payments[next]!.letGo();
  }
  assert.deepEqual(await held.upstream.received(sent.length), sent);
});

test("of large messages only a few wait", async () => {
  await using held = await hold();
  for (let index = 0; index < 40; index += 1) held.client.socket.send(Buffer.alloc(200_000, index));
  await until(() => held.payments.length === 2);
  await quiet();
  assert.equal(held.payments.length, 2, "400,000 bytes are past the bound of 262,144");
  held.client.socket.terminate();
  held.letAllGo();
});

test("an upstream that takes nothing makes the client wait, and pays for no more than was read", async () => {
  await using held = await hold();
  held.upstream.socket.pause();
  const message = Buffer.alloc(500_000);
  for (let index = 0; index < 60; index += 1) held.client.socket.send(message);
  let made = 0;
  for (let turns = 0; turns < 300; turns += 1) {
    for (; made < held.payments.length; made += 1) await held.payments[made]!.letGo();
    await setImmediate();
  }
  assert.ok(made < 40, `${made} of 60 messages were paid`);
  held.upstream.socket.resume();
  for (; made < 60; made += 1) {
    await until(() => held.payments.length > made);
    await held.payments[made]!.letGo();
  }
  assert.equal((await held.upstream.received(60)).length, 60);
});

test("what was paid behind a message that was refused is given back, and nothing behind it is passed on", async () => {
  const held = await hold(100);
  for (const message of ["12345", "x".repeat(200), "123", "1234567"]) held.client.socket.send(message);
  await until(() => held.payments.length === 4);
  for (const payment of held.payments.toReversed()) await payment.letGo();
  assert.equal((await held.client.closed).code, 1008);
  await held[Symbol.asyncDispose]();
  assert.deepEqual(held.upstream.messages, ["12345"]);
  assert.deepEqual(held.refunds.toSorted(), [3, 7]);
  assert.equal(await held.left(), 95);
});

test("a payment that is made after the socket closed is given back", async () => {
  for (const end of ["client", "upstream"] as const) {
    const held = await hold(100);
    held.client.socket.send("12345");
    await until(() => held.payments.length === 1);
    if (end === "upstream") {
      held.upstream.socket.terminate();
      await held.client.closed;
      await quiet();
    }
    const over = held[Symbol.asyncDispose]();
    if (end === "client") await held.client.closed;
    await held.payments[0]!.letGo();
    await over;
    assert.deepEqual(held.refunds, [5], end);
    assert.equal(await held.left(), 100);
    assert.deepEqual(held.upstream.messages, []);
  }
});

test("a client that goes away has its messages passed on as far as they are paid", async () => {
  await using held = await hold(100);
  held.client.socket.send("12345");
  await until(() => held.payments.length === 1);
  held.client.socket.terminate();
  await quiet();
  await held.payments[0]!.letGo();
  assert.deepEqual(await held.upstream.received(1), ["12345"]);
  await held.upstream.closed;
  assert.deepEqual(held.refunds, []);
});

test("a store that does not answer closes with 1013: the message may be paid, and is not passed on", async () => {
  await using held = await hold();
  held.client.socket.send("12345");
  await until(() => held.payments.length === 1);
  await held.payments[0]!.letGo({ allowed: false, code: "store_unavailable" });
  const { code, reason } = await held.client.closed;
  assert.equal(code, 1013);
  assert.match(reason, /^store_unavailable: /);
  assert.deepEqual(held.upstream.messages, []);
});

test("a refund that the store does not take is told to the operator, without the key", async () => {
  const held = await hold(100);
  held.failRefunds();
  held.client.socket.send("12345");
  await until(() => held.payments.length === 1);
  held.upstream.socket.terminate();
  await held.client.closed;
  await held.payments[0]!.letGo();
  await held[Symbol.asyncDispose]();
  assert.equal(held.faults.length, 1);
  assert.match(
    held.faults[0]!,
    /^a message that was paid .* 5 units of account acc_\w+ \(acme, live\), key key_\w+$/,
  );
});
