// Promise: RateLimit-Policy and RateLimit are Structured Fields as draft-ietf-httpapi-ratelimit-headers-10 wants them, what they say
// is true, and no Retry-After comes before it (hostile E07).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileAnswers, type Dialect, renderDenial, usageHeaders } from "../../src/policy/dialect.ts";
import {
  concurrencyState,
  type LimitState,
  type RateLimit,
  rateState,
  spendRate,
} from "../../src/policy/limit.ts";
import { type AllowanceState, MAX_BALANCE } from "../../src/policy/pot.ts";
import { rateLimitFields } from "../../src/policy/ratelimit-fields.ts";
import type { KeyFacts, UsageFacts } from "../../src/policy/verdict.ts";
import { parseList } from "./structured-field-list.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const MONTH_END = Date.parse("2026-12-01T00:00:00Z");
const MAX_INTEGER = 999_999_999_999_999;

const rate = (limit: number, windowSeconds: number, burst = limit, name = "requests"): RateLimit => ({
  kind: "rate",
  name,
  per: "key",
  limit,
  windowMs: windowSeconds * 1000,
  burst,
});
/** The state after `units` in one go, and again `laterMs` after that; with `weight`, as a refusal of so much. */
function after(limit: RateLimit, units: number, laterMs = 0, weight?: number): LimitState {
  const use = units === 0 ? undefined : spendRate(limit, undefined, units, NOW);
  assert.ok(units === 0 || use !== undefined);
  return rateState(limit, use, NOW + laterMs, weight);
}
const places = (limit: number, inUse: number, refused = false) =>
  concurrencyState(
    { kind: "concurrency", name: "jobs", per: "key", limit, retryAfterSeconds: 2 },
    inUse,
    NOW,
    refused,
  );
const allowance = (more: Partial<AllowanceState> = {}): AllowanceState => ({
  limit: 50_000,
  used: 20_000,
  remaining: 30_000,
  over: 0,
  resetsAt: MONTH_END,
  ...more,
});

test("each kind of limit in the words of the draft", () => {
  const limits = [places(5, 2), after(rate(100, 60), 40), after(rate(1, 3_600, 1, "slow"), 1)];
  assert.deepEqual(rateLimitFields({ limits, allowance: allowance() }, NOW), {
    "ratelimit-policy":
      '"jobs";q=5;qu="concurrent-requests", "requests";q=100;w=60, "slow";q=1;w=3600, "allowance";q=50000',
    ratelimit: '"jobs";r=3, "requests";r=60;t=1, "slow";r=0;t=3600, "allowance";r=30000;t=820800',
  });
});

test("what has no bound and what nobody asked about is left out, and an empty list is no field", () => {
  assert.deepEqual(rateLimitFields({}, NOW), {});
  assert.deepEqual(rateLimitFields({ allowance: allowance({ limit: null, remaining: null }) }, NOW), {});
  assert.deepEqual(rateLimitFields({ limits: [], credits: 7, cost: 1 }, NOW), {});
  const untouched = rateLimitFields(
    { limits: [after(rate(100, 60), 0), after(rate(0, 60, 1, "off"), 0)] },
    NOW,
  );
  assert.equal(untouched.ratelimit, '"requests";r=100, "off";r=0', "nothing is missing, nothing will come");
});

test("no number has more than fifteen digits", () => {
  const most = allowance({ limit: MAX_BALANCE, used: 0, remaining: MAX_BALANCE });
  const fields = rateLimitFields({ allowance: most }, NOW);
  assert.deepEqual(parseList(fields["ratelimit-policy"] ?? ""), [
    { name: "allowance", parameters: { q: MAX_INTEGER } },
  ]);
  assert.equal(parseList(fields.ratelimit ?? "")[0]?.parameters.r, MAX_INTEGER);
});

const limitArbitrary = fc
  .record({
    limit: fc.integer({ min: 0, max: 1_000_000_000 }),
    windowSeconds: fc.integer({ min: 1, max: 2_592_000 }),
    burst: fc.integer({ min: 1, max: 1_000_000_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    laterMs: fc.integer({ min: 0, max: 100_000_000 }),
    refused: fc.boolean(),
  })
  .map(({ limit, windowSeconds, burst, share, laterMs, refused }) =>
    after(
      rate(limit, windowSeconds, burst),
      limit === 0 ? 0 : Math.floor(share * burst),
      laterMs,
      refused ? burst : undefined,
    ),
  );
const printable = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes));

test("whatever the limits are, a strict parser reads both fields, and finds in them what was put in", () => {
  const states = fc.array(fc.tuple(limitArbitrary, printable), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(states, fc.boolean(), fc.integer({ min: 1, max: 100_000 }), (pairs, denied, wait) => {
      const limits = pairs.map(([state, name]) => ({ ...state, name }));
      const facts: UsageFacts = { limits, allowance: allowance() };
      const fields = rateLimitFields(denied ? { ...facts, retryAfterSeconds: wait } : facts, NOW);
      const policies = parseList(fields["ratelimit-policy"] ?? "");
      const left = parseList(fields.ratelimit ?? "");
      const names = [...limits.map(({ name }) => name), "allowance"];
      assert.deepEqual(
        policies.map(({ name }) => name),
        names,
      );
      assert.deepEqual(
        left.map(({ name }) => name),
        names,
      );
      for (const [index, { parameters }] of policies.entries()) {
        assert.equal(parameters.q, limits[index]?.limit ?? 50_000);
        assert.equal(parameters.w, limits[index]?.windowSeconds);
      }
      for (const [index, { parameters }] of left.entries()) {
        assert.equal(parameters.r, limits[index]?.remaining ?? 30_000);
        assert.ok(parameters.t === undefined || Number(parameters.t) >= 0);
        if (denied) assert.ok(Number(parameters.t ?? 0) <= wait, "no t is later than Retry-After");
      }
    }),
  );
});

test("after t seconds there is more than there was", () => {
  const cases = fc.record({
    // From many a second to one a day.
    limit: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 100_000 })),
    windowSeconds: fc.integer({ min: 1, max: 86_400 }),
    burst: fc.integer({ min: 1, max: 1_000 }),
    laterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000_000 })),
  });
  fc.assert(
    fc.property(cases, ({ limit, windowSeconds, burst, laterMs }) => {
      const one = rate(limit, windowSeconds, burst);
      const before = after(one, burst, laterMs);
      const { ratelimit = "" } = rateLimitFields({ limits: [before] }, NOW + laterMs);
      const t = parseList(ratelimit)[0]?.parameters.t;
      if (t === undefined) return assert.equal(before.remaining, burst);
      assert.ok(after(one, burst, laterMs + Number(t) * 1000).remaining > before.remaining);
      assert.ok(Number(t) <= Math.ceil(windowSeconds / limit), "and it is no more than one unit's time");
    }),
  );
});

test("on a refusal the limit that refused says no more than Retry-After, and the others what is not beyond it", () => {
  const refused = after(rate(100, 60), 100, 0, 10);
  assert.equal(refused.retryAfterSeconds, 6);
  const limits = [places(5, 5, true), refused, after(rate(3, 86_400, 3, "day"), 1)];
  const { ratelimit } = rateLimitFields({ limits, allowance: allowance(), retryAfterSeconds: 6 }, NOW);
  assert.equal(ratelimit, '"jobs";r=0;t=2, "requests";r=0;t=1, "day";r=2, "allowance";r=30000');
});

const KEY: KeyFacts = {
  id: "key_1",
  name: "worker",
  account: "acc_1",
  environment: "live",
  scopes: [],
  metadata: {},
};

test("they stand on answers to a valid key where the dialect asks for them, and nowhere else", () => {
  const dialect: Dialect = {
    realm: "Acme",
    body: {},
    answers: compileAnswers({}),
    usageHeaders: {},
    vary: "",
    rateLimitFields: true,
  };
  const limits = [after(rate(100, 60), 1)];
  const ok = { allowed: true, code: "ok", key: KEY, limits } as const;
  const refused = { allowed: false, code: "rate_exceeded", retryAfterSeconds: 1, limits } as const;
  assert.deepEqual(Object.keys(usageHeaders(dialect, ok, NOW)), ["ratelimit-policy", "ratelimit"]);
  assert.deepEqual(usageHeaders({ ...dialect, rateLimitFields: false }, ok, NOW), {});
  assert.ok("ratelimit" in renderDenial(dialect, { ...refused, key: KEY }, { now: NOW }).headers);
  assert.ok(!("ratelimit" in renderDenial(dialect, refused, { now: NOW }).headers), "no key was proved");
  assert.ok(!("ratelimit" in usageHeaders(dialect, { ...refused, code: "revoked_key", key: KEY }, NOW)));
});
