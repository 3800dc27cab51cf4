// Promise: limits and money hold over many nodes, also when the server of the counters is emptied, replaced, full, frozen or away
// (hostile E02, E19, E20, E25, F01 to F06).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { changeCredits } from "../../src/manage/credits.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { openLink } from "../support/faulty-link.ts";
import { type GroupNode, keyOn, startGroup, through, until } from "../support/node-group.ts";
import { startOwnValkey, startPostgres, startValkey } from "../support/services.ts";

const PROJECT = {
  limits: {
    hourly: { rate: 100, windowSeconds: 3_600 },
  },
  routes: [{ match: "POST /v1/speak", cost: 1, pot: "credits" as const }, { match: "GET /v1/**" }],
};
const SPEAK = { request: { method: "POST", target: "/v1/speak" } };
const UNLIMITED = { routes: PROJECT.routes };

/** One request of each of so many callers, by turns on each node, without a place of their own. */
async function codes(
  nodes: readonly GroupNode[],
  key: string,
  count: number,
  asked = {},
): Promise<Record<string, number>> {
  const all = await Promise.all(
    Array.from({ length: count }, (_, index) => nodes[index % nodes.length]!.code(key, asked)),
  );
  return Object.fromEntries([...Map.groupBy(all, (code) => code)].map(([code, list]) => [code, list.length]));
}

async function withCredits(nodes: readonly GroupNode[], amount: number) {
  const made = await keyOn(nodes[0]!);
  await changeCredits(nodes[0]!.instance, LOCAL_CALLER, "acme", made.account, { amount });
  return made;
}

async function creditsOf({ instance }: GroupNode, account: string): Promise<number> {
  const environment = instance.directory.project("acme")!.environments[0]!;
  const purse = { project: "acme", account, environment, period: 0 };
  return (await instance.store.balances([purse], Date.now()))[0]!.credits;
}

async function ownValkey(context: TestContext) {
  const { url, server } = await startOwnValkey(context);
  const admin = new Redis(server.port, "127.0.0.1");
  admin.on("error", () => {});
  context.after(() => admin.disconnect());
  return { url, server, admin };
}

test("E02 a hundred an hour over four nodes and one Valkey are a hundred", async (context) => {
  const [database, valkey] = [(await startPostgres(context)).url, (await startValkey()).url];
  const nodes = await startGroup(context, 4, { database, valkey }, PROJECT);
  const { key } = await keyOn(nodes[0]!);
  assert.deepEqual(await codes(nodes, key, 400), { ok: 100, rate_exceeded: 300 });
});

test("E19 a hundred credits, four nodes, one of them gone in the middle: never more than a hundred", async (context) => {
  const database = (await startPostgres(context)).url;
  const nodes = await startGroup(context, 4, { database }, UNLIMITED);
  const { key, account } = await withCredits(nodes, 100);
  const asked = codes(nodes, key, 200, SPEAK);
  await nodes[3]!.close();
  const during = await asked;
  const after = await codes(nodes.slice(0, 3), key, 200, SPEAK);
  const admitted = (during.ok ?? 0) + (after.ok ?? 0);
  const left = await creditsOf(nodes[0]!, account);
  assert.equal(left, 0);
  assert.ok(admitted <= 100 && admitted >= 50, `${admitted}`);
});

test("E20 a Valkey that is emptied while credits are spent: accepted is what was granted", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url: valkey, admin } = await ownValkey(context);
  const nodes = await startGroup(context, 4, { database, valkey }, PROJECT);
  const { key, account } = await withCredits(nodes, 60);
  let isOver = false;
  const emptying = (async () => {
    while (!isOver) await admin.flushall().then(() => delay(1));
  })();
  const spent = await codes(nodes, key, 300, SPEAK);
  isOver = true;
  await emptying;
  assert.equal(spent.ok, 60);
  assert.equal(await creditsOf(nodes[1]!, account), 0);
});

test("E25 places of a node that is gone lapse, are never counted twice, and a late release frees nobody else's", async (context) => {
  const [database, valkey] = [(await startPostgres(context)).url, (await startValkey()).url];
  const nodes = await startGroup(
    context,
    2,
    { database, valkey },
    { limits: { "at-once": { concurrency: 5 } } },
  );
  const { key } = await keyOn(nodes[0]!);
  for (let slot = 0; slot < 5; slot += 1) assert.equal(await nodes[0]!.code(key, { slot: `a${slot}` }), "ok");
  assert.equal(await nodes[1]!.code(key, { slot: "b0" }), "concurrency_exceeded");
  nodes[0]!.instance.limiter.release("a0");
  await until(async () => (await nodes[1]!.code(key, { slot: "b1" })) === "ok");
  // Again, and one that was never given.
  nodes[0]!.instance.limiter.release("a0");
  nodes[0]!.instance.limiter.release("b1");
  await delay(50);
  assert.equal(await nodes[1]!.code(key, { slot: "b2" }), "concurrency_exceeded");
});

test("F01 nodes start without their Valkey, say so, divide the limits, and find it when it comes", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url: valkey, server } = await ownValkey(context);
  await server.stop();
  const nodes = await startGroup(context, 2, { database, valkey }, PROJECT);
  const { key } = await keyOn(nodes[0]!);
  await until(() => nodes.every(({ instance }) => instance.store.cluster?.share().nodes === 2));
  const seen = await codes(nodes, key, 200);
  assert.equal(seen.ok, 100, "each admitted its half");
  for (const { instance } of nodes) assert.equal((await instance.condition()).isCountingAlone, true);
  await server.restart();
  const other = await keyOn(nodes[0]!);
  await until(async () => {
    for (const node of nodes) await node.code(other.key);
    return nodes.every(({ instance }) => instance.counters?.isAlone() === false);
  });
});

test("F01 a Valkey that is slow at the moment of the start is as good as away, and keeps no node from starting", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url, server } = await ownValkey(context);
  const link = await openLink(context, server.port);
  link.slow(120);
  const [node] = await startGroup(context, 1, { database, valkey: through(url, link) }, PROJECT);
  assert.match(node!.faults.join(), /did not answer in time/);
  const { key } = await keyOn(node!);
  assert.equal(await node!.code(key), "ok");
  link.slow(0);
  await until(async () => {
    await node!.code(key);
    return node!.instance.counters?.isAlone() === false;
  });
});

test("F02 Valkey killed under load: answers within 200 ms, and together never above the limit", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url: valkey, server } = await ownValkey(context);
  const nodes = await startGroup(context, 2, { database, valkey }, PROJECT);
  const { key } = await keyOn(nodes[0]!);
  assert.deepEqual(await codes(nodes, key, 40), { ok: 40 });
  const slowest = { ms: 0 };
  const dying = server.stop();
  let ok = 40;
  for (let turn = 0; turn < 300; turn += 1) {
    const start = performance.now();
    if ((await nodes[turn % 2]!.code(key)) === "ok") ok += 1;
    slowest.ms = Math.max(slowest.ms, performance.now() - start);
  }
  await dying;
  assert.ok(ok <= 100, `${ok}`);
  assert.ok(slowest.ms < 200, `${slowest.ms} ms`);
});

test("F03 Valkey takes connections and never replies: the same, and nothing is gathered up", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url, server } = await ownValkey(context);
  const link = await openLink(context, server.port);
  const nodes = await startGroup(context, 1, { database, valkey: through(url, link) }, PROJECT);
  const { key } = await keyOn(nodes[0]!);
  assert.equal(await nodes[0]!.code(key), "ok");
  link.freeze();
  const start = performance.now();
  const seen = await codes(nodes, key, 200);
  assert.ok(performance.now() - start < 400, `${performance.now() - start} ms`);
  assert.equal(seen.store_unavailable, undefined);
  const again = performance.now();
  await nodes[0]!.code(key);
  assert.ok(performance.now() - again < 20, "the server is left alone for a while");
  link.thaw();
  await until(async () => {
    await nodes[0]!.code(key);
    return nodes[0]!.instance.counters?.isAlone() === false;
  });
});

for (const [what, spoil] of [
  ["2 s of latency", (link: { slow(ms: number): void }) => link.slow(2_000)],
  ["half-closed connections", (link: { halfClose(): void }) => link.halfClose()],
] as const) {
  test(`F04 ${what} to Valkey hold up no key, with limits or without`, async (context) => {
    const database = (await startPostgres(context)).url;
    const { url, server } = await ownValkey(context);
    const link = await openLink(context, server.port);
    const nodes = await startGroup(context, 1, { database, valkey: through(url, link) }, PROJECT);
    const keys = await Promise.all(Array.from({ length: 10 }, () => keyOn(nodes[0]!)));
    // In memory; whether each was counted by Valkey or by its part depends on how busy this machine is.
    for (const { key } of keys) assert.notEqual(await nodes[0]!.code(key), "store_unavailable");
    spoil(link as never);
    for (let turn = 0; turn < 100; turn += 1) {
      const start = performance.now();
      const code = await nodes[0]!.code(keys[turn % 10]!.key);
      assert.ok(["ok", "rate_exceeded"].includes(code), code);
      assert.ok(performance.now() - start < 250, `${performance.now() - start} ms`);
    }
    link.slow(0);
  });
}

test("F05 an old Valkey with old counters brings back no credit and no key", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url: valkey, admin } = await ownValkey(context);
  const nodes = await startGroup(context, 2, { database, valkey }, PROJECT);
  const { id, key, account } = await withCredits(nodes, 30);
  const old = new Map<string, Buffer | null>();
  for (const name of await admin.keys("*")) old.set(name, await admin.dumpBuffer(name));
  assert.equal((await codes(nodes, key, 20, SPEAK)).ok, 20);
  await revokeKey(nodes[0]!.instance, LOCAL_CALLER, "acme", id);
  const other = await keyOn(nodes[0]!, { account });
  await admin.flushall();
  for (const [name, dump] of old) if (dump !== null) await admin.restore(name, 0, dump);
  assert.equal(await nodes[1]!.code(key), "revoked_key");
  assert.equal((await codes(nodes, other.key, 40, SPEAK)).ok, 10);
});

test("F06 a full Valkey, a read-only one and one without the script admit nothing uncounted", async (context) => {
  const database = (await startPostgres(context)).url;
  const { url: valkey, admin } = await ownValkey(context);
  const nodes = await startGroup(context, 2, { database, valkey }, PROJECT);
  const { key } = await keyOn(nodes[0]!);
  let ok = 0;
  const ask = async () => {
    ok += (await codes(nodes, key, 60)).ok ?? 0;
  };
  await admin.script("FLUSH");
  await admin.config("SET", "maxmemory", "1");
  await ask();
  await admin.config("SET", "maxmemory", "0");
  await admin.replicaof("127.0.0.1", "1");
  await delay(600);
  await ask();
  await admin.replicaof("NO", "ONE");
  await delay(1_200);
  await ask();
  await ask();
  // A node that loses the shared counters counts from what it may have at once, and the shared ones go on from where they were.
  assert.ok(ok >= 100 && ok <= 200, `${ok}`);
  for (const { instance } of nodes) assert.ok(instance.counters!.decidedAlone() > 0);
});
