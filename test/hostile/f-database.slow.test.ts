// Promise: while the database is away, slow, frozen or contended, keys are admitted inside the lease and no longer, nothing is answered
// that is not so, nobody waits without end, and all is well again once it is back (hostile F07 to F11, F20).
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { checkReady } from "../../src/cli/ready.ts";
import { drain, listen } from "../../src/gateway/listen.ts";
import { createSamples } from "../../src/gateway/samples.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { createAccount } from "../../src/manage/accounts.ts";
import { changeCredits } from "../../src/manage/credits.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { Instance } from "../../src/open.ts";
import { LEASE_MS } from "../../src/store/cluster.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { STORE_BUDGET_MS } from "../../src/store/patience.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { openLink } from "../support/faulty-link.ts";
import { type GroupNode, keyOn, startGroup, startNode, through, until } from "../support/node-group.ts";
import { startOwnPostgres, startPostgres } from "../support/services.ts";

const SPEAK = { request: { method: "POST", target: "/v1/speak" } };
const METERED = {
  routes: [{ match: "POST /v1/speak", cost: 1, pot: "credits" as const }, { match: "GET /v1/**" }],
};

const revoke = (node: GroupNode, id: string) => revokeKey(node.instance, LOCAL_CALLER, "acme", id);
const grant = (node: GroupNode, account: string, amount: number) =>
  changeCredits(node.instance, LOCAL_CALLER, "acme", account, { amount });

async function creditsOf(node: GroupNode, account: string): Promise<number> {
  const { store, directory } = node.instance;
  const environment = directory.project("acme")!.environments[0]!;
  const [balance] = await store.balances([{ project: "acme", account, environment, period: 0 }], Date.now());
  return balance!.credits;
}

/** The node hears of its own changes too, and forgets the key once more: only then it stays in memory. */
async function remember(node: GroupNode, key: string): Promise<void> {
  await delay(LEASE_MS);
  assert.equal(await node.code(key), "ok");
}

/** The milliseconds until the answer. */
async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const start = performance.now();
  return [await work, performance.now() - start];
}

test("F08 a database that is down: memory inside the lease, then 503, never a false 200", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const [node] = await startGroup(context, 1, { database: url });
  const [held, other] = [await keyOn(node!), await keyOn(node!)];
  assert.equal(await node!.code(held.key), "ok");
  await server.stop();
  const downAt = performance.now();
  const seen: [number, string][] = [];
  while (performance.now() - downAt < 3 * LEASE_MS) {
    const startedAt = performance.now();
    seen.push([startedAt - downAt, await node!.code(held.key)]);
    await delay(20);
  }
  for (const [at, code] of seen)
    assert.ok(code === "store_unavailable" || at < LEASE_MS, `${code} ${at} ms after`);
  assert.equal(await node!.code(other.key), "store_unavailable");
  await assert.rejects(revoke(node!, held.id), StoreUnavailable);
  await assert.rejects(keyOn(node!, { account: held.account }), StoreUnavailable);
  await server.restart();
  await until(async () => (await node!.code(held.key)) === "ok");
  assert.equal(await node!.code(other.key), "ok");
  await revoke(node!, held.id);
  assert.equal(await node!.code(held.key), "revoked_key");
});

async function readinessOf(instance: Instance) {
  const gateway = createServer((_request, response) => response.writeHead(421).end());
  const samples = createSamples();
  await listen(gateway, 0, "127.0.0.1");
  try {
    return await checkReady(instance, samples, { server: gateway, host: "127.0.0.1", isTls: false });
  } finally {
    await Promise.all([drain(gateway, 0), samples.close()]);
  }
}

test("F08 fail-static: keys in memory past the lease, marked and counted; others, money and changes not", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const link = await openLink(context, server.port);
  context.after(() => link.thaw());
  const options = { database: through(url, link), failStaticMs: 4_000 };
  const [node] = await startGroup(context, 1, options, METERED);
  const { instance } = node!;
  const [held, other] = [await keyOn(node!), await keyOn(node!)];
  await grant(node!, held.account, 10);
  await remember(node!, held.key);
  link.freeze();
  const frozenAt = performance.now();
  await until(() => instance.directory.isStale());
  const project = instance.directory.project("acme")!;
  const verdict = await instance.verify({ project, credential: { kind: "key", text: held.key } });
  assert.ok(verdict.allowed && verdict.stale === true);
  const [unknown, paid, condition, { ready, checks }, told] = await Promise.all([
    node!.code(other.key),
    node!.code(held.key, SPEAK),
    instance.condition(),
    readinessOf(instance),
    createMetrics(instance).read(),
  ]);
  assert.equal(unknown, "store_unavailable");
  assert.equal(paid, "store_unavailable", "money is exact or not at all");
  assert.deepEqual([condition.isStatic, condition.failStaticSeconds], [true, 4]);
  assert.ok(condition.staleAdmissions >= 1);
  assert.ok(ready && checks.store?.startsWith("degraded: "), "requests are still sent here");
  assert.match(told, /^claviger_stale_admissions_total [1-9][\s\S]*^claviger_static 1$/m);
  await until(async () => (await node!.code(held.key)) === "store_unavailable");
  const lastedMs = performance.now() - frozenAt;
  assert.ok(lastedMs < LEASE_MS + 4_000 + STORE_BUDGET_MS + 500, `${lastedMs} ms`);
  await assert.rejects(revoke(node!, held.id), StoreUnavailable);
  link.thaw();
  await until(async () => (await node!.code(held.key)) === "ok");
  const again = await instance.verify({ project, credential: { kind: "key", text: held.key } });
  assert.ok(again.allowed && again.stale === undefined);
});

test("F08 fail-static: revoking elsewhere waits for a node out of reach, and it never admits the key after that", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const link = await openLink(context, server.port);
  const far = await startNode(context, { database: through(url, link), failStaticMs: 1_500 });
  const [near] = await startGroup(context, 1, { database: url, failStaticMs: 1_500 });
  const { id, key } = await keyOn(near!);
  await remember(far, key);
  link.freeze();
  let isAcknowledged = false;
  const revoked = timed(revoke(near!, id)).then(([, ms]) => {
    isAcknowledged = true;
    return ms;
  });
  let stale = 0;
  while (!isAcknowledged) {
    if ((await far.code(key)) === "ok") stale += 1;
    await delay(10);
  }
  assert.ok((await revoked) > LEASE_MS, "it waited for the far node");
  assert.ok(stale > 5, `${stale} admitted meanwhile`);
  assert.equal(await far.code(key), "store_unavailable");
  link.thaw();
  await until(async () => (await far.code(key)) === "revoked_key");
});

test("F07 notifications that never come are made up for within a second", async (context) => {
  const { url, ask } = await startPostgres(context);
  const [one, other] = await startGroup(context, 2, { database: url });
  const cut = () =>
    ask(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'claviger changes' and datname = current_database()`);
  for (let turn = 0; turn < 5; turn += 1) {
    const { id, key } = await keyOn(one!);
    assert.equal(await other!.code(key), "ok");
    await cut();
    const [, ms] = await timed(revoke(one!, id));
    assert.ok(ms < 1_000, `${ms} ms`);
    assert.equal(await other!.code(key), "revoked_key");
  }
});

test("F09 answers that take longer than a lease: slow verdicts, and none without end", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const link = await openLink(context, server.port);
  const [node] = await startGroup(context, 1, { database: through(url, link), notify: false });
  const { key } = await keyOn(node!);
  assert.equal(await node!.code(key), "ok");
  await remember(node!, key);
  link.slow(350);
  // What was under way when it became slow is as late as two questions.
  await delay(LEASE_MS + 1_500);
  const [code, slowMs] = await timed(node!.code(key));
  assert.equal(code, "ok");
  assert.ok(slowMs > 500 && slowMs < 2_500, `${slowMs} ms`);
  link.slow(2_500);
  await delay(LEASE_MS);
  const [late, lateMs] = await timed(node!.code(key));
  assert.equal(late, "store_unavailable");
  assert.ok(lateMs < 2_500, `${lateMs} ms`);
});

test("F09 a frozen database: every request is answered within its time, spends too", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const link = await openLink(context, server.port);
  const [node] = await startGroup(context, 1, { database: through(url, link) }, METERED);
  const { key, account } = await keyOn(node!);
  await grant(node!, account, 1_000);
  assert.equal(await node!.code(key, SPEAK), "ok");
  link.freeze();
  const asked = Array.from({ length: 200 }, () => timed(node!.code(key, SPEAK)));
  for (const [code, ms] of await Promise.all(asked)) {
    assert.equal(code, "store_unavailable");
    assert.ok(ms < 2_800, `${ms} ms`);
  }
  link.thaw();
  await until(async () => (await node!.code(key, SPEAK)) === "ok");
});

test("F09 an account that somebody keeps locked refuses itself in time, and no other account", async (context) => {
  const { url } = await startPostgres(context);
  const [node] = await startGroup(context, 1, { database: url }, METERED);
  const [stuck, ...others] = [await keyOn(node!), await keyOn(node!), await keyOn(node!), await keyOn(node!)];
  for (const { account } of [stuck!, ...others]) await grant(node!, account, 1_000);
  const holder = new Client({ connectionString: url });
  await holder.connect();
  context.after(() => holder.end());
  await holder.query(`begin; select * from accounts where id = '${stuck!.account}' for update`);
  const ask = (key: string) => timed(node!.code(key, SPEAK));
  const rounds = Array.from({ length: 5 }, () => [stuck!, ...others].map(({ key }) => ask(key))).flat();
  const codes = await Promise.all(rounds);
  for (const [index, [code, ms]] of codes.entries()) {
    assert.equal(code, index % 4 === 0 ? "store_unavailable" : "ok");
    assert.ok(ms < 2_500, `${ms} ms`);
  }
  await holder.query("rollback");
  assert.equal(await node!.code(stuck!.key, SPEAK), "ok");
  assert.equal(await creditsOf(node!, stuck!.account), 999, "a refusal took nothing");
  for (const { account } of others) assert.equal(await creditsOf(node!, account), 995);
});

test("F09 a thousand look-ups that wait for a connection keep no node from its lease", async (context) => {
  const { url } = await startPostgres(context);
  const [node] = await startGroup(context, 1, { database: url });
  const { key } = await keyOn(node!);
  await remember(node!, key);
  const holder = new Client({ connectionString: url });
  await holder.connect();
  context.after(() => holder.end());
  // Every look-up waits for this lock; the registry does not.
  await holder.query("begin; lock table keys in access exclusive mode");
  const strangers = Array.from({ length: 1_000 }, (_, index) =>
    node!.instance.directory.find(`digest ${index}`),
  );
  const refused = Promise.allSettled(strangers);
  const end = performance.now() + 3 * LEASE_MS;
  let admitted = 0;
  while (performance.now() < end) {
    assert.equal(await node!.code(key), "ok");
    admitted += 1;
    await delay(20);
  }
  assert.ok(admitted > 20, `${admitted}`);
  assert.ok((await refused).every(({ status }) => status === "rejected"));
  await holder.query("rollback");
});

test("F10 a COMMIT that is not confirmed is a 503, may stay spent, and is never spent twice", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const link = await openLink(context, server.port);
  const [node] = await startGroup(context, 1, { database: through(url, link) }, METERED);
  const { key, account } = await keyOn(node!);
  await grant(node!, account, 1_000);
  const direct = await openPostgresStore(url);
  context.after(() => direct.close());
  let asked = 0;
  let admitted = 0;
  for (let turn = 0; turn < 8; turn += 1) {
    const round = Array.from({ length: 10 }, async () => {
      asked += 1;
      if ((await node!.code(key, SPEAK)) === "ok") admitted += 1;
    });
    await delay(Math.random() * 12);
    link.cut();
    await Promise.all(round);
    await until(async () => (await node!.code(key)) === "ok");
  }
  const spent = 1_000 - (await creditsOf(node!, account));
  assert.ok(spent >= admitted && spent <= asked, `asked ${asked}, admitted ${admitted}, spent ${spent}`);
  context.diagnostic(`asked ${asked}, admitted ${admitted}, spent ${spent}`);
});

test("F10 two nodes that change one account at the same time: each unit once, nobody loses a serialisation", async (context) => {
  const { url } = await startPostgres(context);
  const nodes = await startGroup(context, 2, { database: url }, METERED);
  const { key, account } = await keyOn(nodes[0]!);
  await grant(nodes[0]!, account, 50);
  const asked = nodes.flatMap((node) => Array.from({ length: 60 }, () => node.code(key, SPEAK)));
  const codes = await Promise.all(asked);
  assert.equal(codes.filter((code) => code === "ok").length, 50);
  assert.equal(codes.filter((code) => code === "insufficient_credits").length, 70);
  assert.equal(await creditsOf(nodes[1]!, account), 0);
});

test("F11 a replica is not read from: a node does not start on one", async (context) => {
  const { url, ask } = await startPostgres(context);
  const node = await startNode(context, { database: url });
  await node.close();
  await ask(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
  await assert.rejects(startNode(context, { database: url }), /read-only: give the address of the primary/);
});

test("F20 a process that was stopped for seconds accepts nothing on what it remembers", async (context) => {
  const { url } = await startPostgres(context);
  const [one, other] = await startGroup(context, 2, { database: url });
  const { id, key } = await keyOn(one!);
  await createAccount(one!.instance, LOCAL_CALLER, "acme", { name: "Another" });
  assert.equal(await other!.code(key), "ok");
  // The other node's registry entry, as it stands when its process is stopped: its lease runs out by the database's clock.
  const { cluster } = other!.instance.store;
  assert.equal(cluster?.isFresh(), true);
  const busyUntil = performance.now() + LEASE_MS + 100;
  while (performance.now() < busyUntil);
  assert.equal(cluster?.isFresh(), false, "after half a second of a blocked loop the lease is over");
  await revoke(one!, id);
  assert.equal(await other!.code(key), "revoked_key");
});
