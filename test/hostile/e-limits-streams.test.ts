// Rows E25 and E26: a place belongs to whoever renews it. A stream keeps its place for as long as it runs, a holder that fell silent
// loses it after ten seconds, and what it says afterwards frees nobody else's.
import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { SLOT_TTL_MS } from "../../src/store/counters.ts";
import { openExchange } from "../support/exchange.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";
import { plainProject } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const held = await startHeldUpstream();
after(() => held[Symbol.asyncDispose]());
const { instance, clock } = gateway;
const AT_ONCE = 5;
await gateway.apply(plainProject(held.url, `limits: { at-once: { concurrency: ${AT_ONCE} } }\n`));

const ask = (key: string): Promise<Answer> => gateway.ask(HOST, { headers: bearer(key) });

/** Places that are free, without one being taken. */
async function free(key: string): Promise<number | undefined> {
  const verdict = await instance.verify({
    project: instance.directory.project("acme")!,
    credential: { kind: "key", text: key },
    scopes: ["none:held"],
  });
  return verdict.limits?.[0]?.remaining;
}

async function open(key: string, times: number) {
  const exchanges = [];
  for (let opened = 0; opened < times; opened += 1) {
    const before = held.received.length;
    const exchange = openExchange(gateway.port, HOST, { headers: bearer(key) });
    exchange.request.end();
    await held.arrived(before + 1);
    exchanges.push(exchange);
  }
  return exchanges;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

test("E26: a stream that is open for an hour keeps its place, and no other does", async () => {
  clock.set(START);
  const { key } = await gateway.key("acme");
  const [stream] = await open(key, 1);
  let end: () => void = () => {};
  held.letGo((response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: 1\n\n");
    end = () => response.end();
  });
  const response = await stream!.response;
  const HOUR_MS = 3_600_000;
  for (let atMs = 0; atMs <= HOUR_MS; atMs += SLOT_TTL_MS / 3) {
    clock.set(START + atMs);
    instance.limiter.renew();
    assert.equal(await free(key), AT_ONCE - 1, `after ${atMs / 1000} seconds`);
  }
  const others = await open(key, AT_ONCE - 1);
  assert.equal((await ask(key)).status, 429, "after an hour its place is still taken");
  end();
  assert.equal(await text(response), "data: 1\n\n");
  await until(async () => (await free(key)) === 1);
  while (held.waiting() > 0) held.letGo();
  for (const other of others) await text(await other.response);
  await until(async () => (await free(key)) === AT_ONCE);
});

test("E25: places that nobody renews are free after ten seconds, and their late release frees no other", async () => {
  clock.set(START);
  const { key } = await gateway.key("acme");
  const silent = await open(key, AT_ONCE);
  clock.set(START + SLOT_TTL_MS - 1);
  assert.equal((await ask(key)).status, 429);
  clock.set(START + SLOT_TTL_MS);
  assert.equal(await free(key), AT_ONCE, "as after the death of their holder");
  const others = await open(key, AT_ONCE);
  for (const exchange of silent) {
    held.letGo();
    await text(await exchange.response);
    assert.equal(await free(key), 0);
    assert.equal((await ask(key)).status, 429);
  }
  while (held.waiting() > 0) held.letGo();
  for (const other of others) await text(await other.response);
  await until(async () => (await free(key)) === AT_ONCE);
});
