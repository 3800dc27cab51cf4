// E11: a period is a calendar month in UTC, or one that begins on another day; a month that is too short for the day has its last.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { periodAt } from "../../src/policy/month.ts";

const at = (text: string): number => Date.parse(text);
const period = (text: string, day?: number): [string, string] => {
  const { start, end } = periodAt(at(text), day);
  return [new Date(start).toISOString().slice(0, 10), new Date(end).toISOString().slice(0, 10)];
};

test("E11: a month ends on the first of the next, and December in the next year", () => {
  assert.deepEqual(period("2026-12-31T23:59:59.999Z"), ["2026-12-01", "2027-01-01"]);
  assert.deepEqual(period("2027-01-01T00:00:00.000Z"), ["2027-01-01", "2027-02-01"]);
  assert.deepEqual(period("2027-01-31T12:00:00Z"), ["2027-01-01", "2027-02-01"]);
  assert.deepEqual(period("2028-02-29T23:00:00Z"), ["2028-02-01", "2028-03-01"]);
  assert.equal(periodAt(at("2026-11-21T12:00:00Z")).end % 86_400_000, 0);
});

test("E11: an anchor on the 31st clamps to the last day and comes back to the 31st", () => {
  assert.deepEqual(period("2027-01-31T00:00:00Z", 31), ["2027-01-31", "2027-02-28"]);
  assert.deepEqual(period("2027-02-27T23:59:59.999Z", 31), ["2027-01-31", "2027-02-28"]);
  assert.deepEqual(period("2027-02-28T00:00:00Z", 31), ["2027-02-28", "2027-03-31"]);
  assert.deepEqual(period("2027-03-30T12:00:00Z", 31), ["2027-02-28", "2027-03-31"]);
  assert.deepEqual(period("2027-03-31T00:00:00Z", 31), ["2027-03-31", "2027-04-30"]);
  assert.deepEqual(period("2028-02-28T23:00:00Z", 31), ["2028-01-31", "2028-02-29"]);
  assert.deepEqual(period("2026-12-31T00:00:00Z", 31), ["2026-12-31", "2027-01-31"]);
});

test("every moment lies in exactly one period, and each period begins where the one before ended", () => {
  const moments = fc.integer({ min: at("1970-02-01"), max: at("2200-01-01") });
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 31 }), (moment, day) => {
      const { start, end } = periodAt(moment, day);
      assert.ok(start <= moment && moment < end);
      assert.equal(periodAt(end, day).start, end);
      assert.equal(periodAt(end - 1, day).start, start);
      assert.equal(periodAt(start - 1, day).end, start);
    }),
  );
});
