// Promise: counters in Valkey and in memory give the same answers to the same questions, to the last bit of every number.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Redis } from "ioredis";
import { giveBackRate, type RateLimit, type RateUse, spendRate } from "../../src/policy/limit.ts";
import { type Counters, SLOT_TTL_MS, type SlotTake, type Take } from "../../src/store/counters.ts";
import { createMemoryCounters } from "../../src/store/memory/counters.ts";
import { openValkeyCounters } from "../../src/store/valkey/counters.ts";
import { startValkey } from "../support/services.ts";
import { concurrency, place, rate, units } from "./counters-suite.ts";

const START = Date.parse("2026-11-21T12:00:00Z");

interface Step {
  readonly does: "take" | "peek" | "giveBack" | "release" | "renew";
  /** Below 0 for a clock that steps back. */
  readonly afterMs: number;
  readonly takes: readonly Take[];
}

const subject = fc.constantFrom("acme/fam_1", "acme/acc_1", "acme/203.0.113.7", "acme");
/** Tenths add up to a little more or less than whole units. */
const weights = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(0.1, 0.2, 0.7, 1.1),
  fc.double({ min: 0.001, max: 9, noNaN: true }),
);
/** Few names and many sizes: limits are raised, lowered and set to zero while they are in use. */
const rates = fc
  .record({
    name: fc.constantFrom("minute", "day"),
    limit: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(7, 97, 1_000_003)),
    windowSeconds: fc.constantFrom(0.7, 1, 60, 86_400),
    burst: fc.integer({ min: 1, max: 25 }),
    weight: weights,
    subject,
  })
  .map(({ name, limit, windowSeconds, burst, weight, subject }) =>
    units(rate(name, limit, windowSeconds, burst), subject, weight),
  );
const places = fc
  .record({ limit: fc.integer({ min: 0, max: 3 }), slot: fc.constantFrom("a", "b", "c", "d", ""), subject })
  .map(({ limit, slot, subject }) => place(concurrency("at-once", limit), slot, subject));
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      does: fc.constantFrom("take" as const, "take" as const, "peek" as const, "giveBack" as const),
      afterMs: fc.oneof(
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: -500, max: 30_000 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.constant(SLOT_TTL_MS),
      ),
      takes: fc.array(fc.oneof(rates, places), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      does: fc.constantFrom("release" as const, "renew" as const),
      afterMs: fc.integer({ min: 0, max: 5_000 }),
      takes: fc.array(places, { minLength: 1, maxLength: 3 }),
    }),
  ),
  { minLength: 1, maxLength: 40 },
);

async function perform(counters: Counters, { does, takes }: Step, now: number): Promise<unknown> {
  if (does === "take") {
    const { refused, states } = await counters.take(takes, now);
    return { refused: refused === undefined ? undefined : takes.indexOf(refused), states };
  }
  if (does === "release") await counters.release(takes as SlotTake[]);
  else if (does === "renew") await counters.renew(takes as SlotTake[], now);
  else if (does === "giveBack") await counters.giveBack(takes, now);
  return counters.peek(takes, now);
}

test("in three hundred random histories, of limits that change while they are in use", async (context) => {
  const { url, prefix } = await startValkey();
  let history = 0;
  const property = fc.asyncProperty(steps, async (list) => {
    history += 1;
    const options = { prefix: `${prefix}${history}:`, clock: "caller", timeoutMs: 5_000 } as const;
    const shared = await openValkeyCounters(url, options);
    const memory = createMemoryCounters(Number.POSITIVE_INFINITY);
    try {
      let now = START;
      // Where a clock steps back, memory may hold a place for a little longer.
      const mayStepBack = list.every(({ takes }) => takes.every((one) => !("slot" in one)));
      for (const [index, step] of list.entries()) {
        now += mayStepBack ? step.afterMs : Math.abs(step.afterMs);
        const wanted = await perform(memory, step, now);
        assert.deepEqual(await perform(shared, step, now), wanted, `step ${index}`);
      }
    } finally {
      await shared.close();
    }
  });
  await fc.assert(property, { numRuns: 300 });
  context.diagnostic(`${history} histories`);
});

/** What is known of one rate that is spent and given back: the arithmetic of policy/limit.ts and nothing else. */
const history = fc.array(
  fc.record({
    does: fc.constantFrom("take" as const, "wait" as const, "giveBack" as const),
    limit: fc.integer({ min: 1, max: 11 }),
    windowMs: fc.constantFrom(700, 60_000, 86_400_000),
    burst: fc.integer({ min: 1, max: 12 }),
    weight: weights,
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: -2_000, max: 2_000 })),
  }),
  { minLength: 1, maxLength: 25 },
);

/** The first millisecond from `now` on at which the weight is admitted. */
function earliest(limit: RateLimit, use: RateUse | undefined, weight: number, now: number): number {
  let [before, at] = [now - 1, now + 100 * limit.windowMs];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (spendRate(limit, use, weight, middle) === undefined) before = middle;
    else at = middle;
  }
  return at;
}

test("what is kept of a rate is the same double, after every step", async (context) => {
  const { url, prefix } = await startValkey();
  const admin = new Redis(url);
  const counters = await openValkeyCounters(url, { prefix, clock: "caller", timeoutMs: 5_000 });
  context.after(() => Promise.all([admin.disconnect(), counters.close()]));
  let run = 0;
  const property = fc.asyncProperty(history, async (list) => {
    run += 1;
    let now = START;
    let use: RateUse | undefined;
    for (const [index, { does, afterMs, weight, ...sizes }] of list.entries()) {
      now += afterMs;
      const limit = { kind: "rate", name: "requests", per: "key", ...sizes } as const;
      const takes = [{ limit, subject: `acme/${run}`, weight }];
      if (does === "wait" && weight <= limit.burst) {
        now = earliest(limit, use, weight, now);
        // A millisecond sooner nothing is admitted, and then it is: both answers have to stand on the same side of the rounding.
        if (use !== undefined && spendRate(limit, use, weight, now - 1) === undefined)
          assert.notEqual((await counters.take(takes, now - 1)).refused, undefined, `step ${index}`);
      }
      if (does !== "giveBack") {
        const next = spendRate(limit, use, weight, now);
        const { refused } = await counters.take(takes, now);
        assert.equal(refused === undefined, next !== undefined, `step ${index}`);
        use = next ?? use;
      } else {
        await counters.giveBack(takes, now);
        if (use !== undefined) use = giveBackRate(limit, use, weight, now);
      }
      const kept = (await admin.get(`${prefix}{c/acme}rate:requests\nacme/${run}`))?.split(" ").map(Number);
      assert.deepEqual(kept, use && [use.used, use.at], `step ${index}`);
    }
  });
  await fc.assert(property, { numRuns: 300 });
});
