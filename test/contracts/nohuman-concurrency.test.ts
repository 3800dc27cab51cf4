// Nohuman: at most five requests of a key run at once (row H3).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import type { CreatedKey, NewKey } from "../../src/manage/create-key.ts";
import { deleteKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Exchange, openExchange } from "../support/exchange.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";

const HOST = "nohuman.localhost";
const PATH = "/v1/videos/generate";
const FILE = readFileSync(new URL("../../projects/nohuman.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());
const upstream = await startHeldUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`${FILE}upstream: ${upstream.url}\n`);
const { instance } = gateway;

const BODY = '{"prompt": "A sunset over the ocean", "duration": 1}';
const headersOf = (key: string) => ({ "Content-Type": "application/json", ...bearer(key) });
const open = (key: string): Exchange => {
  const exchange = openExchange(gateway.port, HOST, { method: "POST", path: PATH, headers: headersOf(key) });
  exchange.request.end(BODY);
  return exchange;
};
const ask = (key: string, path = PATH): Promise<Answer> =>
  gateway.ask(HOST, { method: "POST", path, headers: headersOf(key), body: BODY });

/** A key of an account that can pay. */
async function payingKey(input: Partial<NewKey> = {}, of = gateway): Promise<CreatedKey> {
  const account = input.account ?? (await of.account("nohuman")).id;
  await of.grant("nohuman", account, 1_000);
  return of.key("nohuman", { ...input, account });
}

/** Opens a request of each key, one after the other; the upstream holds them and lets them go in this order. */
async function running(...keys: string[]): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const key of keys) {
    const before = upstream.received.length;
    exchanges.push(open(key));
    await upstream.arrived(before + 1);
  }
  return exchanges;
}
const five = (key: string): Promise<Exchange[]> => running(...Array<string>(5).fill(key));

async function end(exchanges: readonly Exchange[]): Promise<number[]> {
  const statuses: number[] = [];
  while (upstream.waiting() > 0) upstream.letGo();
  for (const { response } of exchanges) {
    const answer = await response;
    await text(answer);
    statuses.push(answer.statusCode ?? 0);
  }
  return statuses;
}

/** How many places of the key are free, found by taking them. */
async function free(key: string): Promise<number> {
  const verdict = await instance.verify({
    project: instance.directory.project("nohuman")!,
    credential: { kind: "key", text: key },
  });
  return verdict.limits?.[0]?.remaining ?? -1;
}

/** Waits for what the other side of a socket is about to notice. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

test("H3: five requests run at once, the sixth is refused word for word", async () => {
  const { key } = await payingKey();
  const exchanges = await five(key);
  const sixth = await ask(key);
  assert.equal(sixth.status, 429);
  assert.equal(
    sixth.text,
    '{"error":{"code":"rate_limit_exceeded","message":"Too many concurrent requests. Please retry after 2 seconds.","status":429}}',
  );
  const names = ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
  assert.deepEqual(
    names.map((name) => sixth.headers[name]),
    ["2", "5", "0", String(START / 1000 + 2)],
  );
  assert.equal(upstream.waiting(), 5, "the sixth never reached the upstream");
  assert.deepEqual(await end(exchanges), [200, 200, 200, 200, 200]);
});

test("H3: with the bundled sample, too", async () => {
  const bundled = await startGateway();
  try {
    const { key } = await payingKey({}, bundled);
    // Warms the sample and the key, so that all six are judged before the first of them is answered.
    const generate = () =>
      bundled.ask(HOST, {
        method: "POST",
        path: PATH,
        headers: headersOf(key),
        body: BODY,
      });
    assert.equal((await generate()).status, 200);
    const statuses = (await Promise.all(Array.from({ length: 6 }, generate))).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 200, 429]);
    assert.equal((await generate()).status, 200);
  } finally {
    await bundled.close();
  }
});

test("H3: a place is free as soon as its response has ended", async () => {
  const { key } = await payingKey();
  const exchanges = await five(key);
  for (let times = 0; times < 20; times += 1) {
    assert.equal((await ask(key)).status, 429);
    upstream.letGo();
    const first = exchanges.shift()!;
    await text(await first.response);
    exchanges.push(...(await running(key)));
  }
  assert.equal((await ask(key)).status, 429);
  await end(exchanges);
  assert.equal(await free(key), 5);
});

test("H3: a response that has begun and not ended still holds its place", async () => {
  const { key } = await payingKey();
  const exchanges = await five(key);
  const last = Promise.withResolvers<() => void>();
  upstream.letGo((response) => {
    response.writeHead(200).write("first piece");
    last.resolve(() => response.end());
  });
  const begun = await exchanges[0]!.response;
  assert.equal((await ask(key)).status, 429);
  (await last.promise)();
  assert.equal(await text(begun), "first piece");
  assert.equal(await free(key), 1);
  await end(exchanges.slice(1));
});

test("H3: a client that goes gives its place back, answered or not, and its upstream request is broken off", async () => {
  const { key } = await payingKey();
  const exchanges = await five(key);
  for (const [index, { request }] of exchanges.entries()) {
    request.destroy();
    await until(async () => (await free(key)) === index + 1);
  }
  await until(() => upstream.waiting() === 0);
  await end(await five(key));
  assert.equal(await free(key), 5);
});

test("H3: keys of one rotation family share the limit", async () => {
  const old = await payingKey();
  const exchanges = await running(old.key, old.key, old.key);
  const next = await rotateKey(instance, LOCAL_CALLER, "nohuman", old.id, { graceSeconds: 60 });
  exchanges.push(...(await running(next.key, next.key)));
  for (const { key } of [old, next]) assert.equal((await ask(key)).status, 429);
  const last = await rotateKey(instance, LOCAL_CALLER, "nohuman", next.id);
  assert.equal((await ask(last.key)).status, 429);
  await end(exchanges);
  assert.equal(await free(last.key), 5);
});

test("H3: other keys, of the same account too, have places of their own", async () => {
  const account = (await gateway.account("nohuman")).id;
  const [busy, idle] = [await payingKey({ account }), await payingKey({ account })];
  const stranger = await payingKey();
  const exchanges = await five(busy.key);
  exchanges.push(...(await running(idle.key, stranger.key)));
  assert.equal((await ask(busy.key)).status, 429);
  await end(exchanges);
});

test("H3: failures of the upstream and refused requests leave no place taken", async () => {
  const { key } = await payingKey({ scopes: ["videos:generate"] });
  for (let times = 0; times < 7; times += 1) {
    const [failing] = await running(key);
    upstream.letGo((response) => response.writeHead(500).end());
    assert.equal((await failing!.response).statusCode, 500);
    await text(await failing!.response);
    const [broken] = await running(key);
    upstream.letGo((response) => response.destroy());
    assert.equal((await broken!.response).statusCode, 502);
    await text(await broken!.response);
    assert.equal((await ask(key, "/v1/nowhere")).status, 403);
    assert.equal((await gateway.ask(HOST, { path: "/v1/videos/7", headers: bearer(key) })).status, 403);
  }
  assert.equal(await free(key), 5);
  const exchanges = await five(key);
  for (let times = 0; times < 7; times += 1) assert.equal((await ask(key)).status, 429);
  await end(exchanges.slice(0, 4));
  assert.equal(await free(key), 5, "refusals hold nothing");
});

test("H3: an upstream that breaks off in the middle of its answer gives the place back", async () => {
  const { key } = await payingKey();
  const [exchange] = await running(key);
  const cut = Promise.withResolvers<() => void>();
  upstream.letGo((response) => {
    response.writeHead(200, { "Content-Length": "100" }).write("half");
    cut.resolve(() => response.destroy());
  });
  const answer = await exchange!.response;
  (await cut.promise)();
  await assert.rejects(text(answer));
  await until(async () => (await free(key)) === 5);
});

test("H3: a key that is deleted while its requests run leaves them to end and no place behind", async () => {
  const old = await payingKey();
  const exchanges = await five(old.key);
  const next = await rotateKey(instance, LOCAL_CALLER, "nohuman", old.id, { graceSeconds: 60 });
  await deleteKey(instance, LOCAL_CALLER, "nohuman", old.id);
  assert.equal((await ask(old.key)).status, 401);
  assert.equal((await ask(next.key)).status, 429);
  assert.deepEqual(await end(exchanges), [200, 200, 200, 200, 200]);
  assert.equal(await free(next.key), 5);
});
