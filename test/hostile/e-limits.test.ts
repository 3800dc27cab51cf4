// Rows E01, E06, E23, E24, E27: many callers at once, several limits, clients and upstreams that leave, limits that change.
import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { deleteKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { LimitState } from "../../src/policy/limit.ts";
import { openExchange } from "../support/exchange.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const quick = await startUpstream();
after(() => quick[Symbol.asyncDispose]());
const held = await startHeldUpstream();
after(() => held[Symbol.asyncDispose]());
const { instance } = gateway;

const applyLimits = (url: string, limits: string): Promise<void> =>
  gateway.apply(plainProject(url, `limits: ${limits}\n`));
const ask = (key: string): Promise<Answer> => gateway.ask(HOST, { headers: bearer(key) });
const many = (key: string, times: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, () => ask(key)));
const count = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

/** What the limits say, without a place being taken; every rate is looked at by a request that no route lets through. */
async function limitsOf(key: string): Promise<readonly LimitState[]> {
  const verdict = await instance.verify({
    project: instance.directory.project("acme")!,
    credential: { kind: "key", text: key },
    scopes: ["none:held"],
  });
  assert.equal(verdict.code, "insufficient_scope");
  return verdict.limits ?? [];
}
const left = async (key: string) =>
  Object.fromEntries((await limitsOf(key)).map(({ name, remaining }) => [name, remaining]));

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** Opens requests one after the other; the held upstream lets them go in this order. */
async function running(key: string, times: number) {
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

test("E01: of 1,000 callers at once over a limit of 100 exactly 100 get through", async () => {
  await applyLimits(quick.url, "{ requests: { rate: 100, windowSeconds: 60 } }");
  const { key } = await gateway.key("acme");
  const before = quick.received.length;
  const answers = await many(key, 1_000);
  assert.deepEqual([count(answers, 204), count(answers, 429)], [100, 900]);
  assert.equal(quick.received.length - before, 100);
  for (const answer of answers.filter(({ status }) => status === 429)) {
    assert.equal(answer.json.error.code, "rate_limit_exceeded");
    assert.equal(answer.headers["retry-after"], "1");
  }
});

test("E06: when one of several limits denies, none of them is used, and the request is denied", async () => {
  await applyLimits(
    quick.url,
    "{ minute: { rate: 10, windowSeconds: 60 }, day: { rate: 3, windowSeconds: 86400, per: account }, at-once: { concurrency: 2 } }",
  );
  const account = (await gateway.account("acme")).id;
  const [first, second] = [await gateway.key("acme", { account }), await gateway.key("acme", { account })];
  for (const { key } of [first, second, first]) assert.equal((await ask(key)).status, 204);
  assert.deepEqual(await left(first.key), { minute: 8, day: 0, "at-once": 2 });
  for (const { key } of [first, second]) {
    const before = await left(key);
    // One after the other: the places at once are few.
    for (let times = 0; times < 20; times += 1) {
      const answer = await ask(key);
      assert.deepEqual([answer.status, answer.json.error.code], [429, "rate_limit_exceeded"]);
      assert.equal(answer.headers["retry-after"], "28800");
    }
    assert.deepEqual(await left(key), before);
  }
  gateway.clock.set(START + 28_800_000);
  assert.equal((await ask(second.key)).status, 204, "waiting exactly that long is enough (E07)");
  assert.equal((await ask(first.key)).status, 429);
  gateway.clock.set(START);
});

test("E06: a request without a place uses no rate, and one above the rate takes no place", async () => {
  await applyLimits(held.url, "{ minute: { rate: 4, windowSeconds: 60 }, at-once: { concurrency: 2 } }");
  const { key } = await gateway.key("acme");
  const exchanges = await running(key, 2);
  for (const answer of await many(key, 10)) {
    assert.deepEqual([answer.status, answer.json.error.code], [429, "concurrency_limit_exceeded"]);
    assert.equal(answer.headers["retry-after"], "1");
  }
  assert.deepEqual(await left(key), { minute: 2, "at-once": 0 });
  while (held.waiting() > 0) held.letGo();
  for (const { response } of exchanges) await text(await response);
  for (const { response } of await running(key, 2)) {
    held.letGo();
    await text(await response);
  }
  for (const answer of await many(key, 10)) assert.equal(answer.json.error.code, "rate_limit_exceeded");
  assert.deepEqual(await left(key), { minute: 0, "at-once": 2 });
});

test("E23: of fifty at once five run", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 5, retryAfterSeconds: 2 } }");
  const { key } = await gateway.key("acme");
  // All fifty are judged before the upstream lets one of them go.
  const before = held.received.length;
  const answers: Promise<Answer>[] = Array.from({ length: 50 }, () => ask(key));
  let refused = 0;
  const refusals = new Promise<void>((resolve) => {
    for (const answer of answers)
      void answer.then(({ status }) => {
        if (status === 429) refused += 1;
        if (refused === 45) resolve();
      });
  });
  await Promise.all([held.arrived(before + 5), refusals]);
  assert.equal(held.waiting(), 5);
  while (held.waiting() > 0) held.letGo();
  const all = await Promise.all(answers);
  assert.deepEqual([count(all, 200), count(all, 429)], [5, 45]);
  for (const answer of all.filter(({ status }) => status === 429))
    assert.equal(answer.headers["retry-after"], "2");
  assert.deepEqual(await left(key), { "at-once": 5 });
});

test("E24: a reset by the client gives the place back before the answer and in the middle of it", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 5 } }");
  const { key } = await gateway.key("acme");
  const exchanges = await running(key, 5);
  assert.deepEqual(await left(key), { "at-once": 0 });
  held.letGo((response) => void response.writeHead(200).write("a piece"));
  held.letGo((response) => void response.writeHead(200, { "Content-Length": "100" }).write("a piece"));
  await Promise.all(exchanges.slice(0, 2).map(({ response }) => response));
  for (const [index, { request }] of exchanges.entries()) {
    const { socket } = request;
    assert.ok(socket);
    socket.resetAndDestroy();
    await until(async () => (await left(key))["at-once"] === index + 1);
  }
  await until(async () => held.waiting() === 0);
});

test("E24: a client that leaves while the upstream hangs frees its place", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 1 } }");
  const { key } = await gateway.key("acme");
  for (let times = 0; times < 5; times += 1) {
    const [exchange] = await running(key, 1);
    assert.equal((await ask(key)).status, 429);
    exchange!.request.destroy();
    await until(async () => (await left(key))["at-once"] === 1);
  }
  const [last] = await running(key, 1);
  held.letGo();
  assert.equal((await last!.response).statusCode, 200);
});

test("E24: a client that leaves before its upload has ended frees its place", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 1 } }");
  const { key } = await gateway.key("acme");
  const before = held.received.length;
  const { request } = openExchange(gateway.port, HOST, { method: "POST", headers: bearer(key) });
  request.write("half of it");
  await held.arrived(before + 1);
  assert.deepEqual(await left(key), { "at-once": 0 });
  request.destroy();
  await until(async () => (await left(key))["at-once"] === 1);
});

test("E27: a limit lowered below its use has nothing left until enough have ended, and is never below zero", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 5 }, minute: { rate: 100, windowSeconds: 60 } }");
  const { key } = await gateway.key("acme");
  const exchanges = await running(key, 5);
  await applyLimits(held.url, "{ at-once: { concurrency: 2 }, minute: { rate: 3, windowSeconds: 60 } }");
  assert.deepEqual(await left(key), { "at-once": 0, minute: 0 });
  for (let running = 5; running > 2; running -= 1) {
    assert.equal((await ask(key)).json.error.code, "concurrency_limit_exceeded");
    held.letGo();
    await text(await exchanges.shift()!.response);
  }
  assert.equal((await ask(key)).json.error.code, "concurrency_limit_exceeded", "two still run");
  held.letGo();
  await text(await exchanges.shift()!.response);
  const refused = await ask(key);
  assert.equal(refused.json.error.code, "rate_limit_exceeded");
  // The one that still runs keeps its place through these seconds.
  gateway.clock.set(START + Number(refused.headers["retry-after"]) * 1000);
  instance.limiter.renew();
  exchanges.push(...(await running(key, 1)));
  assert.deepEqual(await left(key), { "at-once": 0, minute: 0 });
  gateway.clock.set(START);
  while (held.waiting() > 0) held.letGo();
  for (const { response } of exchanges) await text(await response);
  assert.equal((await left(key))["at-once"], 2);
});

test("E27: a key that is deleted while its requests run leaves its account's places to be freed", async () => {
  await applyLimits(held.url, "{ at-once: { concurrency: 3, per: account } }");
  const account = (await gateway.account("acme")).id;
  const [gone, other] = [await gateway.key("acme", { account }), await gateway.key("acme", { account })];
  const exchanges = await running(gone.key, 3);
  await deleteKey(instance, LOCAL_CALLER, "acme", gone.id);
  assert.equal((await ask(other.key)).status, 429, "they still run");
  for (let free = 1; free <= 3; free += 1) {
    held.letGo();
    await text(await exchanges.shift()!.response);
    assert.deepEqual(await left(other.key), { "at-once": free });
  }
});

test("E27: zero admits nobody, no limit admits everybody", async () => {
  await applyLimits(quick.url, "{}");
  const { key } = await gateway.key("acme");
  assert.equal(count(await many(key, 150), 204), 150);
  assert.deepEqual(await limitsOf(key), []);
  const before = quick.received.length;
  for (const [limits, code, retryAfter] of [
    ["{ none: { rate: 0, windowSeconds: 60 } }", "rate_limit_exceeded", "60"],
    ["{ none: { concurrency: 0 } }", "concurrency_limit_exceeded", "1"],
  ] as const) {
    await applyLimits(quick.url, limits);
    for (const answer of await many(key, 5)) {
      assert.deepEqual([answer.status, answer.json.error.code], [429, code]);
      assert.equal(answer.headers["retry-after"], retryAfter);
    }
    assert.deepEqual(await left(key), { none: 0 });
  }
  assert.equal(quick.received.length, before);
});
