// Promise: what a request took of its limits and what is given back are the same, whoever called from where, and a place that was
// given back is nobody's to renew or to free.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoutePolicy } from "../../src/policy/judge.ts";
import type { ConcurrencyLimit, Limit, LimitScope, RateLimit } from "../../src/policy/limit.ts";
import type { Address } from "../../src/policy/network.ts";
import type { Counters } from "../../src/store/counters.ts";
import type { HeldKey } from "../../src/store/directory.ts";
import { createMemoryCounters } from "../../src/store/memory/counters.ts";
import { createLimiter, type Limiter } from "../../src/verify/limiter.ts";
import type { Place } from "../../src/verify/locate.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const CLIENT: Address = { family: 4, bytes: [203, 0, 113, 7] };
const OTHER: Address = { family: 4, bytes: [203, 0, 113, 8] };

const rate = (name: string, limit: number, per: LimitScope = "key"): RateLimit => ({
  kind: "rate",
  name,
  per,
  limit,
  windowMs: 60_000,
  burst: limit,
});
const places = (name: string, limit: number, per: LimitScope = "key"): ConcurrencyLimit => ({
  kind: "concurrency",
  name,
  per,
  limit,
  retryAfterSeconds: 2,
});

/** Held keys have concurrency first. */
function keyWith(limits: readonly Limit[], subject = "acme/fam_1"): HeldKey {
  return {
    id: "key_1",
    project: "acme",
    account: "acc_1",
    digest: "",
    subject: {
      notBefore: null,
      expiresAt: null,
      disabledAt: null,
      revokedAt: null,
      environment: "live",
      granted: new Set(),
      allowlist: undefined,
      account: { id: "acc_1", externalId: null, suspendedAt: null },
      features: "all",
    },
    facts: { id: "key_1", name: "", account: "acc_1", environment: "live", scopes: [], metadata: {} },
    limits: limits.map((limit) => ({ limit, subject })),
    allowance: undefined,
  };
}
function placeWith(policy: Partial<RoutePolicy>): Place {
  return { route: { policy: { pattern: "/a", scopes: [], ...policy }, parameters: {} }, pattern: "/a" };
}
const PLAIN = placeWith({});

const kinds: Readonly<Record<string, (counters: Counters) => Counters>> = {
  "counters at hand": (counters) => counters,
  // What answers over a wire answers later.
  "counters far away": (counters) => ({
    take: async (takes, now) => counters.take(takes, now),
    peek: async (takes, now) => counters.peek(takes, now),
    giveBack: async (takes, now) => counters.giveBack(takes, now),
    release: async (takes) => counters.release(takes),
    renew: async (takes, now) => counters.renew(takes, now),
  }),
};

for (const [name, wrap] of Object.entries(kinds)) {
  const make = () => {
    let now = NOW;
    const pass = (ms: number) => {
      now += ms;
    };
    const faults: unknown[] = [];
    const limiter = createLimiter(wrap(createMemoryCounters()), { now: () => now }, (error) =>
      faults.push(error),
    );
    return { limiter, faults, pass };
  };
  const left = async (limiter: Limiter, held: HeldKey, place = PLAIN, client: Address | undefined = CLIENT) =>
    Object.fromEntries(
      (await limiter.peek(held, place, client)).map((state) => [state.name, state.remaining]),
    );

  test(`${name}: rates and places of a request are all there again, at its own weight and for its own client`, async () => {
    const held = keyWith([
      places("jobs", 2),
      places("sockets", 3, "address"),
      rate("calls", 10),
      rate("hits", 20, "address"),
    ]);
    const full = { jobs: 2, sockets: 3, calls: 10, hits: 20 };
    const heavy = placeWith({ weight: 4 });
    const { limiter } = make();
    assert.equal((await limiter.take(held, heavy, "a", CLIENT)).refused, undefined);
    const used = { jobs: 1, sockets: 2, calls: 6, hits: 16 };
    assert.deepEqual(await left(limiter, held), used);
    assert.deepEqual(await left(limiter, held, PLAIN, OTHER), { ...used, sockets: 3, hits: 20 });
    await limiter.giveBack(held, heavy, "a", CLIENT);
    assert.deepEqual(await left(limiter, held), full);
    await limiter.take(held, PLAIN, "b", CLIENT);
    await limiter.giveBack(held, PLAIN, "b", CLIENT);
    assert.deepEqual(await left(limiter, held), full);
  });

  test(`${name}: only what the route takes is given back`, async () => {
    const held = keyWith([places("jobs", 2), rate("calls", 10), rate("exports", 5)]);
    const exporting = placeWith({ limits: new Set(["exports"]) });
    const { limiter } = make();
    await limiter.take(held, PLAIN, "a", CLIENT);
    await limiter.take(held, exporting, "b", CLIENT);
    assert.deepEqual(await left(limiter, held), { jobs: 1, calls: 9, exports: 3 });
    assert.deepEqual(await left(limiter, held, exporting), { exports: 3 });
    await limiter.giveBack(held, exporting, "b", CLIENT);
    assert.deepEqual(await left(limiter, held), { jobs: 1, calls: 9, exports: 4 });
  });

  test(`${name}: a place that was given back is not renewed, and its late release frees nobody's`, async () => {
    const held = keyWith([places("jobs", 1)]);
    const { limiter, faults, pass } = make();
    await limiter.take(held, PLAIN, "a", CLIENT);
    await limiter.giveBack(held, PLAIN, "a", CLIENT);
    limiter.renew();
    assert.deepEqual(await left(limiter, held), { jobs: 1 });
    await limiter.take(held, PLAIN, "b", CLIENT);
    limiter.release("a");
    await limiter.giveBack(held, PLAIN, "a", CLIENT);
    assert.equal((await limiter.take(held, PLAIN, "c", CLIENT)).refused?.name, "jobs");
    pass(9_999);
    limiter.renew();
    pass(9_999);
    assert.deepEqual(await left(limiter, held), { jobs: 0 }, "the other one is renewed as ever");
    limiter.release("b");
    assert.deepEqual(await left(limiter, held), { jobs: 1 });
    assert.deepEqual(faults, []);
  });

  test(`${name}: who ended before it was refused has nothing left to free`, async () => {
    const held = keyWith([places("jobs", 1), rate("calls", 5)]);
    const { limiter } = make();
    await limiter.take(held, PLAIN, "a", CLIENT);
    limiter.release("a");
    await limiter.take(held, PLAIN, "b", CLIENT);
    await limiter.giveBack(held, PLAIN, "a", CLIENT);
    assert.deepEqual(await left(limiter, held), { jobs: 0, calls: 4 });
  });

  test(`${name}: without a place rates alone are taken and given back, and places are told first`, async () => {
    const held = keyWith([places("jobs", 2), places("sockets", 3, "address"), rate("calls", 10)]);
    const { limiter } = make();
    const { refused, states } = await limiter.take(held, PLAIN, undefined, undefined);
    assert.equal(refused, undefined);
    assert.deepEqual(
      states.map(({ name: limit, remaining }) => [limit, remaining]),
      [
        ["jobs", 2],
        ["sockets", 3],
        ["calls", 9],
      ],
    );
    await limiter.giveBack(held, PLAIN, undefined, undefined);
    assert.deepEqual(await left(limiter, held), { jobs: 2, sockets: 3, calls: 10 });
  });

  test(`${name}: of several that refuse the first is told, with the longest wait of all`, async () => {
    const held = keyWith([places("jobs", 1), rate("minute", 1), { ...rate("hour", 1), windowMs: 3_600_000 }]);
    const { limiter } = make();
    await limiter.take(held, PLAIN, "a", CLIENT);
    const { refused, states } = await limiter.take(held, PLAIN, "b", CLIENT);
    assert.deepEqual([refused?.name, refused?.retryAfterSeconds], ["jobs", 3_600]);
    assert.deepEqual(
      states.map(({ retryAfterSeconds }) => retryAfterSeconds),
      [2, 60, 3_600],
    );
  });
}

test("a key that was read anew is counted by what it says now", () => {
  const limiter = createLimiter(createMemoryCounters(), { now: () => NOW }, () => {});
  const names = (held: HeldKey) => {
    const states = limiter.peek(held, PLAIN, CLIENT);
    assert.ok(!(states instanceof Promise));
    return states.map(({ name, limit }) => [name, limit]);
  };
  assert.deepEqual(names(keyWith([rate("calls", 10)])), [["calls", 10]]);
  assert.deepEqual(names(keyWith([rate("calls", 3), rate("more", 5)])), [
    ["calls", 3],
    ["more", 5],
  ]);
});
