// Promise: a time is taken only where it can be read in one way: a date that exists, a clock that shows it, and a zone. Hostile
// cases B11, E13.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fixedClock, isoTime, parseIsoTime, systemClock } from "../../src/base/clock.ts";

test("times with a zone are read to the millisecond", () => {
  const times = {
    "1970-01-01T00:00:00Z": 0,
    "1970-01-01T00:00:00.001Z": 1,
    "2026-11-21T12:00:00Z": 1_795_262_400_000,
    "2026-11-21T12:00:00.1Z": 1_795_262_400_100,
    "2026-11-21T12:00:00.999999999Z": 1_795_262_400_999,
    "2026-11-21T12:00:00+00:00": 1_795_262_400_000,
    "2026-11-21T13:30:00+01:30": 1_795_262_400_000,
    "2026-11-21T00:00:00-12:00": 1_795_262_400_000,
    "2028-02-29T00:00:00Z": Date.UTC(2028, 1, 29),
    "2000-02-29T23:59:59.999Z": Date.UTC(2000, 1, 29, 23, 59, 59, 999),
    "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
  };
  for (const [text, at] of Object.entries(times)) assert.equal(parseIsoTime(text), at, text);
});

test("dates and hours that do not exist are refused, not rolled over", () => {
  const texts = [
    "2026-02-29T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-12-31T23:59:60Z",
    "2026-12-31T23:59:60.5Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
  ];
  for (const text of texts) assert.equal(parseIsoTime(text), undefined, text);
});

test("years before 1970 and after 9999 are refused, also when only the offset leads there", () => {
  const texts = [
    "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:59:59+01:00",
    "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
    "-000001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-00:01",
  ];
  for (const text of texts) assert.equal(parseIsoTime(text), undefined, text);
});

test("what is no full time with a zone is refused", () => {
  const texts = [
    "",
    "0",
    "-1",
    "never",
    "1795262400",
    "1795262400000",
    "1e12",
    "2026",
    "2026-11-21",
    "2026-11-21T12:00:00",
    "2026-11-21 12:00:00Z",
    "2026-11-21T12:00:00 Z",
    "2026-11-21T12Z",
    "20261121T120000Z",
    "2026-W47-6T12:00:00Z",
    "2026-11-21T12:00:00.Z",
    "2026-11-21T12:00:00.1234567890Z",
    "2026-11-21T12:00:00,5Z",
    "2026-11-21T12:00:00+0100",
    "2026-11-21T12:00:00+01",
    "2026-11-21T12:00:00 GMT",
    "Sat, 21 Nov 2026 12:00:00 GMT",
    " 2026-11-21T12:00:00Z",
    "2026-11-21T12:00:00Z\n",
    "２０２６-11-21T12:00:00Z",
    "٢٠٢٦-11-21T12:00:00Z",
  ];
  for (const text of texts) assert.equal(parseIsoTime(text), undefined, JSON.stringify(text));
});

test("what is written is read back, for every millisecond from 1970 to 9999", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
      const text = isoTime(at);
      assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(parseIsoTime(text), at);
    }),
    { numRuns: 1_000 },
  );
});

test("no text is read as a time that cannot be written", () => {
  const digits = (size: number) => fc.stringMatching(new RegExp(`^[0-9]{${size}}$`));
  const parts = fc.tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2), digits(2));
  fc.assert(
    fc.property(parts, ([year, month, day, hour, minute, second, offset]) => {
      const at = parseIsoTime(`${year}-${month}-${day}T${hour}:${minute}:${second}+${offset}:00`);
      if (at !== undefined) assert.equal(parseIsoTime(isoTime(at)), at);
    }),
    { numRuns: 2_000 },
  );
});

test("a fixed clock stands still until it is set; the system's does not", () => {
  const clock = fixedClock(7);
  assert.deepEqual([clock.now(), clock.now()], [7, 7]);
  clock.set(3);
  assert.equal(clock.now(), 3);
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
});
