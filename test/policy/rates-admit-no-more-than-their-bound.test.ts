// Promise: in any period of t milliseconds a rate admits at most burst + limit * t / window units, and a refusal says truly when
// to come back. Hostile cases E01, E03, E04, E05, E07, E13, E27, as arithmetic.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  concurrencyState,
  giveBackRate,
  type RateLimit,
  type RateUse,
  rateState,
  spendRate,
} from "../../src/policy/limit.ts";

/** Where doubles of milliseconds are as coarse as in life. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

function rate(limit: number, windowSeconds: number, burst = limit): RateLimit {
  return { kind: "rate", name: "requests", per: "key", limit, windowMs: windowSeconds * 1000, burst };
}

/** One subject over time. */
function subject(limit: RateLimit) {
  let use: RateUse | undefined;
  let current = limit;
  return {
    lower(to: RateLimit): void {
      current = to;
    },
    spend(now: number, weight = 1): boolean {
      const next = spendRate(current, use, weight, now);
      if (next !== undefined) use = next;
      return next !== undefined;
    },
    giveBack(now: number, weight = 1): void {
      if (use !== undefined) use = giveBackRate(current, use, weight, now);
    },
    state: (now: number, refusedWeight?: number) => rateState(current, use, now, refusedWeight),
  };
}

type Subject = ReturnType<typeof subject>;

function admittedOf(one: Subject, callers: number, now: number): number {
  return Array.from({ length: callers }, () => one.spend(now)).filter(Boolean).length;
}

const limits = fc
  .record({
    limit: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000_000 })),
    windowSeconds: fc.constantFrom(1, 7, 60, 3_600, 2_592_000),
    burst: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  })
  .map(({ limit, windowSeconds, burst }) => rate(limit, windowSeconds, burst));

/** Near one another, as a share of the time in which a limit gives one unit back. */
const arrivals = fc.array(
  fc.record({
    intervals: fc.double({ min: 0, max: 5, noNaN: true }),
    weight: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 60 },
);

test("no period admits more than the burst and what came back in it", () => {
  fc.assert(
    fc.property(limits, arrivals, (limit, steps) => {
      const one = subject(limit);
      const admitted: { at: number; weight: number }[] = [];
      let now = NOW;
      for (const { intervals, weight } of steps) {
        now = Math.round(now + (intervals * limit.windowMs) / limit.limit);
        if (one.spend(now, weight)) admitted.push({ at: now, weight });
      }
      for (const [first, { at: from }] of admitted.entries()) {
        let units = 0;
        for (const { at, weight } of admitted.slice(first)) {
          units += weight;
          assert.ok(units <= limit.burst + ((at - from) * limit.limit) / limit.windowMs + 1e-5);
        }
      }
    }),
  );
});

test("what a refusal says is true: after exactly that wait the same request is admitted (E07)", () => {
  fc.assert(
    fc.property(limits, arrivals, fc.integer({ min: 1, max: 9 }), (limit, steps, weight) => {
      fc.pre(weight <= limit.burst);
      const one = subject(limit);
      let now = NOW;
      for (const { intervals, weight: before } of steps) {
        now = Math.round(now + (intervals * limit.windowMs) / limit.limit);
        one.spend(now, before);
      }
      assert.equal(one.spend(now, one.state(now).remaining), true, "what is told to be left is left");
      assert.equal(one.spend(now, weight), false);
      const { retryAfterSeconds } = one.state(now, weight);
      assert.ok(Number.isInteger(retryAfterSeconds) && retryAfterSeconds! >= 1);
      assert.equal(one.spend(now + retryAfterSeconds! * 1000, weight), true);
    }),
  );
});

test("the wait is the shortest whole second: one second less is refused", () => {
  const one = subject(rate(1, 60));
  assert.equal(one.spend(NOW), true);
  assert.equal(one.spend(NOW + 500), false);
  assert.equal(one.state(NOW + 500, 1).retryAfterSeconds, 60);
  assert.equal(one.spend(NOW + 500 + 59_000), false);
  assert.equal(one.spend(NOW + 500 + 60_000), true);
});

test("ten times as many at one moment: exactly the limit, whatever the limit divides into (E01, E03)", () => {
  for (const windowSeconds of [1, 60, 86_400, 2_592_000])
    for (const limit of [1, 3, 7, 60, 97, 100, 999, 3_000, 99_991])
      assert.equal(
        admittedOf(subject(rate(limit, windowSeconds)), Math.min(10 * limit, limit + 2_000), NOW),
        limit,
        `${limit} in ${windowSeconds} s`,
      );
});

test("having been idle earns nothing above the burst (E04)", () => {
  const one = subject(rate(100, 60));
  assert.equal(admittedOf(one, 1, NOW), 1);
  assert.equal(admittedOf(one, 1_000, NOW + 120_000), 100);
  assert.equal(admittedOf(one, 1_000, NOW + 30 * 86_400_000), 100);
});

test("there is no window to stand at the edge of (E05)", () => {
  const edge = Math.ceil(NOW / 60_000) * 60_000;
  const one = subject(rate(100, 60));
  assert.equal(admittedOf(one, 100, edge - 1), 100);
  assert.equal(admittedOf(one, 100, edge + 1), 0);
  assert.equal(admittedOf(one, 100, edge - 1 + 600), 1, "one unit comes back every 600 ms");
});

test("after a full use one window brings back the limit, half a window half of it", () => {
  const one = subject(rate(100, 60));
  assert.equal(admittedOf(one, 200, NOW), 100);
  assert.equal(admittedOf(one, 200, NOW + 30_000), 50);
  assert.equal(admittedOf(one, 200, NOW + 90_000), 100);
});

test("a clock that steps back, or repeats a second, refills nothing (E13)", () => {
  const one = subject(rate(100, 60));
  assert.equal(admittedOf(one, 200, NOW), 100);
  assert.equal(admittedOf(one, 200, NOW + 6_000), 10);
  for (const back of [5_999, 5_000, 0, -60_000, -86_400_000, 6_000])
    assert.equal(admittedOf(one, 200, NOW + back), 0, `${back} ms`);
  const { retryAfterSeconds } = one.state(NOW, 1);
  assert.equal(retryAfterSeconds, 7, "six seconds until the clock is where it was, and 600 ms");
  assert.equal(admittedOf(one, 200, NOW + 7_000), 1);
  assert.equal(admittedOf(one, 200, NOW + 12_000), 9, "ten since, one of them spent");
});

test("what is spent while the clock is behind does not make the time until then count twice (E13)", () => {
  const one = subject(rate(100, 60));
  assert.equal(one.spend(NOW, 50), true);
  assert.equal(one.spend(NOW - 6_000, 10), true);
  assert.equal(one.state(NOW).remaining, 40);
  assert.equal(admittedOf(one, 200, NOW), 40);
});

test("a limit of zero admits nothing, not even what weighs nothing (E27)", () => {
  const one = subject(rate(0, 60));
  assert.equal(one.spend(NOW), false);
  assert.equal(one.spend(NOW, 0), false);
  const { remaining, resetsAt, retryAfterSeconds } = one.state(NOW, 1);
  assert.deepEqual([remaining, resetsAt, retryAfterSeconds], [0, NOW + 60_000, 60]);
  const none = { kind: "concurrency", name: "at-once", per: "key", limit: 0, retryAfterSeconds: 2 } as const;
  assert.equal(concurrencyState(none, 0, NOW, true).remaining, 0);
});

test("a limit lowered below its use has nothing left, and one unit again after one interval (E27)", () => {
  const one = subject(rate(100, 60));
  assert.equal(admittedOf(one, 80, NOW), 80);
  one.lower(rate(10, 60));
  const { limit, remaining, retryAfterSeconds } = one.state(NOW, 1);
  assert.deepEqual([limit, remaining, retryAfterSeconds], [10, 0, 6]);
  assert.equal(one.spend(NOW), false);
  assert.equal(admittedOf(one, 10, NOW + 6_000), 1);
  const five = { kind: "concurrency", name: "at-once", per: "key", limit: 5, retryAfterSeconds: 2 } as const;
  assert.equal(concurrencyState(five, 9, NOW, true).remaining, 0);
});

test("what weighs more than the burst is never admitted and is told the window", () => {
  const one = subject(rate(100, 60, 5));
  assert.equal(one.spend(NOW, 6), false);
  assert.equal(one.state(NOW, 6).retryAfterSeconds, 60);
  assert.equal(one.state(NOW).remaining, 5, "and has used nothing");
  assert.equal(one.spend(NOW, 5), true);
});

test("the state tells what is left and when all of it is back", () => {
  const one = subject(rate(100, 60));
  assert.deepEqual(one.state(NOW), {
    name: "requests",
    kind: "rate",
    limit: 100,
    remaining: 100,
    resetsAt: NOW,
    windowSeconds: 60,
  });
  one.spend(NOW, 40);
  assert.deepEqual([one.state(NOW).remaining, one.state(NOW).resetsAt], [60, NOW + 24_000]);
  assert.deepEqual([one.state(NOW + 599).remaining, one.state(NOW + 600).remaining], [60, 61]);
  assert.deepEqual(
    [one.state(NOW + 24_000).remaining, one.state(NOW + 24_000).resetsAt],
    [100, NOW + 24_000],
  );
});

test("what is given back can be spent again, and no more than was spent", () => {
  const one = subject(rate(10, 60));
  assert.equal(admittedOf(one, 20, NOW), 10);
  one.giveBack(NOW, 3);
  assert.equal(admittedOf(one, 20, NOW), 3);
  one.giveBack(NOW, 50);
  assert.equal(admittedOf(one, 20, NOW), 10);
});
