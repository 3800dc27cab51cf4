// Promise: every verdict is counted once, under its key, route, outcome and hour, however often and whenever the counts are written.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fixedClock } from "../../src/base/clock.ts";
import type { Receipt } from "../../src/policy/pot.ts";
import type { KeyFacts, Verdict } from "../../src/policy/verdict.ts";
import type { UsageCount } from "../../src/store/usage.ts";
import { createUsage } from "../../src/verify/usage.ts";

/** 2026-11-21T12:00:00Z. */
const NOON = Date.parse("2026-11-21T12:00:00Z");
const HOUR_MS = 3_600_000;

const factsOf = (id: string): KeyFacts => ({
  id,
  name: "A key",
  account: `acc_of_${id}`,
  environment: "live",
  scopes: [],
  metadata: {},
});
const FACTS = factsOf("key_a");
const allowed = (more: Partial<Verdict & { allowed: true }> = {}): Verdict => ({
  allowed: true,
  code: "ok",
  key: FACTS,
  route: "GET /a",
  ...more,
});
const receipt = (units: number): Receipt => ({
  at: NOON,
  project: "acme",
  account: FACTS.account,
  environment: "live",
  key: FACTS.id,
  route: "GET /a",
  units,
  parts: [],
  draws: [],
  allowance: undefined,
  tellsCredits: true,
});

/** A store that adds up what it is given; its next writes can be made to fail or to wait. */
function ledgerOfCounts() {
  const sums = new Map<string, { requests: number; units: number; lastAt: number }>();
  const writes: number[] = [];
  const gates: (Promise<void> | Error)[] = [];
  return {
    writes,
    failNext: () => void gates.push(new Error("gone")),
    holdNext(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(promise);
      return resolve;
    },
    total: () => [...sums.values()].reduce((total, { requests }) => total + requests, 0),
    sums: () => Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1))),
    async addUsage(counts: readonly UsageCount[]) {
      const given = structuredClone(counts);
      writes.push(counts.length);
      const gate = gates.shift();
      if (gate instanceof Error) throw gate;
      await gate;
      for (const { project, account, environment, key, route, outcome, hour, ...count } of given) {
        const name = [project, account, environment, key, route, outcome, (hour - NOON) / HOUR_MS].join("|");
        const { requests, units, lastAt } = sums.get(name) ?? { requests: 0, units: 0, lastAt: 0 };
        sums.set(name, {
          requests: requests + count.requests,
          units: units + count.units,
          lastAt: Math.max(lastAt, count.lastAt),
        });
      }
    },
  };
}

function usageOver() {
  const clock = fixedClock(NOON);
  const store = ledgerOfCounts();
  const faults: unknown[] = [];
  return { clock, store, faults, usage: createUsage(store, clock, (error) => faults.push(error)) };
}

test("by key, route and outcome, with what it cost where it was allowed", async () => {
  const { usage, store, clock } = usageOver();
  usage.note("acme", allowed({ cost: 7 }));
  clock.set(NOON + 10);
  usage.note("acme", allowed({ cost: 5 }));
  usage.note("acme", { allowed: false, code: "allowance_exceeded", key: FACTS, route: "GET /a", cost: 9 });
  usage.note("acme", allowed({ route: "GET /b" }));
  usage.note("acme", { allowed: true, code: "ok", key: FACTS });
  usage.note("other", allowed());
  assert.deepEqual(store.writes, []);
  await usage.flush();
  const key = `${FACTS.account}|live|key_a`;
  assert.deepEqual(store.sums(), {
    [`acme|${key}|GET /a|allowance_exceeded|0`]: { requests: 1, units: 0, lastAt: NOON + 10 },
    [`acme|${key}|GET /a|ok|0`]: { requests: 2, units: 12, lastAt: NOON + 10 },
    [`acme|${key}|GET /b|ok|0`]: { requests: 1, units: 0, lastAt: NOON + 10 },
    [`acme|${key}||ok|0`]: { requests: 1, units: 0, lastAt: NOON + 10 },
    [`other|${key}|GET /a|ok|0`]: { requests: 1, units: 0, lastAt: NOON + 10 },
  });
  assert.deepEqual(store.writes, [5]);
});

test("without a proven key, under an empty account, environment and key", async () => {
  const { usage, store } = usageOver();
  for (const code of ["invalid_key", "missing_key", "invalid_key", "store_unavailable"] as const)
    usage.note("acme", { allowed: false, code });
  await usage.flush();
  assert.deepEqual(
    Object.entries(store.sums()).map(([name, { requests }]) => [name, requests]),
    [
      ["acme|||||invalid_key|0", 2],
      ["acme|||||missing_key|0", 1],
      ["acme|||||store_unavailable|0", 1],
    ],
  );
});

test("in the hour of the verdict, also for a clock that steps back", async () => {
  const { usage, store, clock } = usageOver();
  clock.set(NOON + HOUR_MS - 1);
  usage.note("acme", allowed());
  clock.set(NOON + HOUR_MS);
  usage.note("acme", allowed());
  clock.set(NOON);
  usage.note("acme", allowed());
  usage.note("acme", allowed(), NOON - 1);
  await usage.flush();
  const name = (hour: number) => `acme|${FACTS.account}|live|key_a|GET /a|ok|${hour}`;
  assert.deepEqual(store.sums(), {
    [name(-1)]: { requests: 1, units: 0, lastAt: NOON - 1 },
    [name(0)]: { requests: 2, units: 0, lastAt: NOON + HOUR_MS - 1 },
    [name(1)]: { requests: 1, units: 0, lastAt: NOON + HOUR_MS },
  });
});

test("units that a payment came to later count in the hour in which it was paid", async () => {
  const { usage, store, clock } = usageOver();
  usage.note("acme", allowed({ cost: 10 }));
  usage.addUnits(receipt(10), -4, NOON);
  await usage.flush();
  usage.addUnits(receipt(10), 3, NOON);
  clock.set(NOON + HOUR_MS);
  usage.addUnits(receipt(10), -9, NOON);
  await usage.flush();
  const name = (hour: number) => `acme|${FACTS.account}|live|key_a|GET /a|ok|${hour}`;
  assert.deepEqual(store.sums(), {
    [name(0)]: { requests: 1, units: 0, lastAt: NOON },
  });
});

test("what was noted while counts are written is not lost, and is written by the flush that was asked for meanwhile", async () => {
  const { usage, store } = usageOver();
  usage.note("acme", allowed());
  const release = store.holdNext();
  const first = usage.flush();
  usage.note("acme", allowed());
  const [second, third] = [usage.flush(), usage.flush()];
  usage.note("acme", allowed());
  assert.deepEqual(store.writes, [1]);
  release();
  await first;
  assert.equal(store.total(), 1);
  await Promise.all([second, third]);
  assert.equal(store.total(), 3);
  await usage.flush();
  assert.deepEqual([store.total(), store.writes], [3, [1, 1]]);
});

test("a write that fails is told, and its counts come with the next one", async () => {
  const { usage, store, faults } = usageOver();
  usage.note("acme", allowed({ cost: 2 }));
  store.failNext();
  store.failNext();
  await usage.flush();
  usage.note("acme", allowed({ cost: 3 }));
  usage.note("acme", { allowed: false, code: "invalid_key" });
  await usage.flush();
  assert.deepEqual([store.total(), faults.map(String)], [0, ["Error: gone", "Error: gone"]]);
  await usage.flush();
  assert.deepEqual([store.total(), faults.length], [3, 2]);
  await usage.flush();
  assert.equal(store.total(), 3);
});

test("of several writes in a flush, those before the one that failed are not repeated", async () => {
  const { usage, store, faults } = usageOver();
  const keys = Array.from({ length: 1_200 }, (_, index) => factsOf(`key_${index}`));
  for (const key of keys) usage.note("acme", allowed({ key }));
  const release = store.holdNext();
  store.failNext();
  const flushed = usage.flush();
  for (const key of keys) usage.note("acme", allowed({ key }));
  release();
  await flushed;
  assert.deepEqual([store.total(), store.writes, faults.length], [500, [500, 500], 1]);
  await usage.flush();
  assert.deepEqual([store.total(), Object.keys(store.sums()).length], [2_400, 1_200]);
});

test("counts that pile up begin a flush by themselves, once for a store that is away", async () => {
  const { usage, store, faults } = usageOver();
  const note = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1)
      usage.note("acme", allowed({ key: factsOf(`key_${index}`) }));
  };
  note(0, 19_999);
  assert.deepEqual(store.writes, []);
  store.failNext();
  note(19_999, 20_000);
  assert.deepEqual(store.writes, [500]);
  await usage.flush();
  assert.deepEqual([store.total(), faults.length], [20_000, 1]);
  store.failNext();
  note(0, 20_000);
  await new Promise(setImmediate);
  assert.equal(faults.length, 2);
  const { length } = store.writes;
  note(20_000, 21_000);
  note(20_000, 21_000);
  await new Promise(setImmediate);
  assert.equal(store.writes.length, length);
  await usage.flush();
  assert.equal(store.total(), 42_000);
});

test("whatever is noted, written, refused and noted meanwhile adds up", async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("note"),
      key: fc.nat(3),
      route: fc.nat(2),
      at: fc.nat(3),
      cost: fc.nat(9),
    }),
    fc.record({ kind: fc.constantFrom("flush", "flush and go on", "fail", "deny") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { usage, store } = usageOver();
      const keys = [0, 1, 2, 3].map((index) => factsOf(`key_${index}`));
      const expected = new Map<string, number>();
      const expect = (name: string, units: number) =>
        expected.set(name, (expected.get(name) ?? 0) + 1e6 + units);
      for (const one of steps) {
        if ("cost" in one) {
          const key = keys[one.key]!;
          const route = `GET /${one.route}`;
          usage.note("acme", allowed({ key, route, cost: one.cost }), NOON + one.at * HOUR_MS);
          expect(["acme", key.account, "live", key.id, route, "ok", one.at].join("|"), one.cost);
        } else if (one.kind === "deny") {
          usage.note("acme", { allowed: false, code: "invalid_key" });
          expect("acme|||||invalid_key|0", 0);
        } else if (one.kind === "fail") store.failNext();
        else if (one.kind === "flush") await usage.flush();
        else void usage.flush();
      }
      for (let turn = 0; turn <= steps.length; turn += 1) await usage.flush();
      const counted = Object.entries(store.sums()).map(([name, { requests, units }]) => [
        name,
        requests * 1e6 + units,
      ]);
      assert.deepEqual(Object.fromEntries(counted), Object.fromEntries(expected));
    }),
    { numRuns: 200 },
  );
});
