// What is told of an allowance is of the present period: one that has ended counts no more, one that is newer than the clock does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowanceState } from "../../src/policy/pot.ts";

const at = (text: string): number => Date.parse(text);
const allowance = { limit: 100, day: 1 };
const used = (period: string) => ({ period: at(period), used: 40, over: 0, credits: 0 });

test("what was used in the present period is told, and when it ends", () => {
  const state = allowanceState(allowance, used("2026-11-01"), at("2026-11-21T12:00:00Z"));
  assert.deepEqual(state, { limit: 100, used: 40, remaining: 60, over: 0, resetsAt: at("2026-12-01") });
});

test("a balance of a period that has ended tells nothing of the present one", () => {
  const state = allowanceState(allowance, used("2026-11-01"), at("2026-12-01T00:00:00Z"));
  assert.deepEqual(state, { limit: 100, used: 0, remaining: 100, over: 0, resetsAt: at("2027-01-01") });
});

test("E14: a clock that stepped back over the edge is told of the newer period", () => {
  const state = allowanceState(allowance, used("2026-12-01"), at("2026-11-30T23:59:59Z"));
  assert.deepEqual(state, { limit: 100, used: 40, remaining: 60, over: 0, resetsAt: at("2027-01-01") });
});
