// Promise: processes that share a Valkey share their limits to the unit, whatever their clocks say and wherever a Cluster keeps
// them, and nothing that has passed stays behind (hostile E02, E25, E28).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { SLOT_TTL_MS, type Take } from "../../src/store/counters.ts";
import {
  openValkeyCounters,
  type ValkeyCounters,
  type ValkeyOptions,
} from "../../src/store/valkey/counters.ts";
import { startOwnValkey, startValkey } from "../support/services.ts";
import { concurrency, place, rate, units } from "./counters-suite.ts";

/** Nothing is shared between them but the server, as between processes. */
async function openMany(context: TestContext, count: number, options: ValkeyOptions & { url?: string } = {}) {
  const { url, prefix } = await startValkey();
  const open = () => openValkeyCounters(options.url ?? url, { prefix, timeoutMs: 5_000, ...options });
  const all = await Promise.all(Array.from({ length: count }, open));
  context.after(() => Promise.all(all.map((counters) => counters.close())));
  return { all, url, prefix };
}

async function admitted(
  all: readonly ValkeyCounters[],
  calls: number,
  takes: (index: number) => Take[],
  now = Date.now,
) {
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, index) => all[index % all.length]!.take(takes(index), now())),
  );
  return answers.filter(({ refused }) => refused === undefined).length;
}

test("of a thousand callers over four processes exactly a hundred get in, and exactly five at once (E02)", async (context) => {
  const { all } = await openMany(context, 4);
  const hour = rate("hour", 100, 3_600);
  assert.equal(await admitted(all, 1_000, () => [units(hour, "acme/one")]), 100);
  const few = concurrency("few", 5);
  assert.equal(await admitted(all, 200, (index) => [place(few, `slot-${index}`, "acme/one")]), 5);
  const both = (index: number) => [place(few, `both-${index}`, "acme/two"), units(hour, "acme/two", 30)];
  assert.equal(await admitted(all, 200, both), 3, "three times thirty fit");
  const [left] = await all[0]!.peek([place(few, "", "acme/two")], Date.now());
  assert.equal(left?.remaining, 2);
});

test("processes whose clocks are minutes apart share one limit, and each is told its own time", async (context) => {
  const { all } = await openMany(context, 3);
  const takes = [units(rate("hour", 60, 3_600), "acme/one"), place(concurrency("few", 2), "a", "acme/one")];
  const skews = [0, 600_000, -600_000];
  const told: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    for (const [index, skew] of skews.entries()) {
      const now = Date.now() + skew;
      const { refused, states } = await all[index]!.take([takes[0]!], now);
      assert.equal(refused, undefined);
      told.push(Math.round((states[0]!.resetsAt - now) / 60_000));
    }
  }
  assert.deepEqual(
    told,
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "each unit takes a minute to come back, by every clock",
  );
  // A place that one takes is not over for another whose clock is ahead.
  await all[0]!.take([takes[1]!], Date.now());
  const [state] = await all[1]!.peek([takes[1]!], Date.now() + 600_000);
  assert.equal(state?.remaining, 1);
});

test("every key lapses by itself, soon after it counts no more", async (context) => {
  const { all, url, prefix } = await openMany(context, 1);
  const [counters] = all as [ValkeyCounters];
  const takes = [units(rate("second", 10, 1), "acme/one", 5), place(concurrency("few", 5), "a", "acme/one")];
  await counters.take(takes, Date.now());
  await counters.giveBack([takes[0]!], Date.now());
  await counters.renew([place(concurrency("few", 5), "b", "acme/two")], Date.now());
  const admin = new Redis(url);
  context.after(() => admin.disconnect());
  const keys = await admin.keys(`${prefix}*`);
  assert.equal(keys.length, 3);
  for (const key of keys) {
    const ms = await admin.pttl(key);
    assert.ok(ms > 0 && ms <= SLOT_TTL_MS + 10_000, `${key} ${ms}`);
  }
  await counters.release([place(concurrency("few", 5), "b", "acme/two")]);
  assert.equal((await admin.keys(`${prefix}*`)).length, 2, "no key of an empty set stays");
});

test("the places of a process that died come back after ten seconds (E25)", async (context) => {
  const { all } = await openMany(context, 2, { clock: "caller" });
  const [dead, alive] = all as [ValkeyCounters, ValkeyCounters];
  const few = concurrency("few", 5);
  const start = Date.now();
  const places = (name: string) => (index: number) => [place(few, `${name}-${index}`, "acme/one")];
  assert.equal(await admitted([dead], 5, places("dead"), () => start), 5);
  await dead.close();
  assert.equal(await admitted([alive], 5, places("early"), () => start + SLOT_TTL_MS - 1), 0);
  assert.equal(await admitted([alive], 9, places("late"), () => start + SLOT_TTL_MS), 5);
  await alive.release([place(few, "dead-0", "acme/one")]);
  assert.equal(await admitted([alive], 1, places("another"), () => start + SLOT_TTL_MS), 0);
});

/** Two nodes with half of the slots each. */
async function startCluster(context: TestContext): Promise<string> {
  const args = (port: number) => ["--cluster-enabled", "yes", "--cluster-port", String(port - 10_000)];
  const nodes = [await startOwnValkey(context, args), await startOwnValkey(context, args)];
  const [one, other] = nodes.map(({ server }) => new Redis(server.port, "127.0.0.1")) as [Redis, Redis];
  context.after(() => [one, other].forEach((admin) => void admin.disconnect()));
  await one.call("CLUSTER", "ADDSLOTSRANGE", 0, 8_191);
  await other.call("CLUSTER", "ADDSLOTSRANGE", 8_192, 16_383);
  const port = nodes[1]!.server.port;
  await one.call("CLUSTER", "MEET", "127.0.0.1", port, port - 10_000);
  for (const admin of [one, other])
    while (!/cluster_state:ok/.test(String(await admin.call("CLUSTER", "INFO")))) await delay(20);
  return nodes[0]!.url;
}

test("in a Cluster the limits of a key, an account and an address are taken in one step", {
  timeout: 60_000,
}, async (context) => {
  const url = await startCluster(context);
  const { all } = await openMany(context, 2, { url, cluster: true });
  const hour = rate("hour", 20, 3_600);
  const projects = ["acme", "beta", "gamma", "delta", "epsilon", "zeta"];
  for (const project of projects) {
    const takes = (index: number) => [
      place(concurrency("few", 50), `slot-${index}`, `${project}/fam_1`),
      units(hour, `${project}/acc_1`),
      units(rate("address", 100, 3_600), `${project}/2001:db8::/64`),
    ];
    assert.equal(await admitted(all, 100, takes), 20, project);
  }
  const mixed = projects.map((project) => units(hour, `${project}/acc_2`));
  await assert.rejects(all[0]!.take(mixed, Date.now()), (error) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.match(error.message, /limits of several projects in one step/);
    return true;
  });
});
