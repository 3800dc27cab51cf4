// Promise: counters in memory keep every word of the counters' contract, and memory of nothing that has passed (hostile E28).
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryCounters } from "../../src/store/memory/counters.ts";
import { concurrency, countersSuite, place, rate, units } from "./counters-suite.ts";

const START = Date.parse("2026-11-21T12:00:00Z");

countersSuite("memory", () => createMemoryCounters());
countersSuite("memory that sweeps at every turn", () => createMemoryCounters(1));

/** The bytes that a reachable heap grows by over `work`, with what can be freed freed. */
async function growth(work: () => unknown): Promise<{ bytes: number; kept: unknown }> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = work();
  collect();
  return { bytes: process.memoryUsage().heapUsed - before, kept };
}

test("fifty thousand subjects that passed leave no memory behind", async () => {
  const limit = rate("requests", 10, 1);
  const atOnce = concurrency("at-once", 1);
  const { bytes, kept } = await growth(() => {
    const counters = createMemoryCounters(100);
    for (let index = 0; index < 50_000; index += 1) {
      const takes = [units(limit, `subject-${index}`), place(atOnce, `slot-${index}`, `subject-${index}`)];
      // Ten milliseconds for each: at any moment the last 1,000 places and the last 10 rates are in use.
      counters.take(takes, START + index * 10);
    }
    return counters;
  });
  assert.ok(kept);
  // 50,000 subjects with a slot each take about 20 MB; the 1,000 of the last ten seconds, doubled by the sweep, below 1 MB.
  assert.ok(bytes < 2_000_000, `${bytes} bytes`);
});

test("above its bound those are forgotten that would soonest have been at rest, and no more than a tenth", () => {
  const counters = createMemoryCounters(1_000, 10);
  const slow = rate("slow", 60, 60);
  // In use for as many seconds as the weight says; the tenth subject makes it full.
  for (const weight of [7, 30, 8, 40, 9, 7, 50, 6, 20])
    counters.take([units(slow, `w${weight}`, weight)], START);
  counters.take([units(rate("slower", 60, 600), "kept", 1)], START);
  assert.equal(counters.size(), 9, "w7 is one subject");
  for (const weight of [5, 4]) counters.take([units(slow, `w${weight}`, weight)], START);
  assert.equal(counters.size(), 10 - 1);
  const left = (weight: number) => counters.peek([units(slow, `w${weight}`)], START)[0]?.remaining;
  assert.deepEqual([6, 7, 8, 9, 20, 30, 40, 50].map(left), [54, 60 - 14, 52, 51, 40, 30, 20, 10]);
  assert.deepEqual([5, 4].map(left), [60, 60]);
  assert.equal(counters.peek([units(rate("slower", 60, 600), "kept")], START)[0]?.remaining, 59);
});

test("a sweep forgets nothing that still counts", () => {
  const counters = createMemoryCounters(4);
  const slow = rate("slow", 2, 3_600);
  const atOnce = concurrency("at-once", 1);
  counters.take([units(slow, "kept", 2), place(atOnce, "kept", "kept")], START);
  for (let index = 0; index < 200; index += 1) {
    const now = START + index * 10;
    counters.take([units(rate("fast", 1_000, 1), `passing-${index}`)], now);
    counters.renew([place(atOnce, "kept", "kept")], now);
  }
  const now = START + 2_000;
  assert.deepEqual(counters.peek([units(slow, "kept"), place(atOnce, "", "kept")], now), [
    { name: "slow", kind: "rate", limit: 2, remaining: 0, resetsAt: START + 3_600_000, windowSeconds: 3_600 },
    { name: "at-once", kind: "concurrency", limit: 1, remaining: 0, resetsAt: now + 2_000 },
  ]);
});
