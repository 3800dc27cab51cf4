// The behavioural suite of counters: every driver runs all of it. Nothing here may know a driver.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConcurrencyLimit, RateLimit } from "../../src/policy/limit.ts";
import { type Counters, SLOT_TTL_MS, type SlotTake, type Take } from "../../src/store/counters.ts";

export type OpenCounters = () => Counters | Promise<Counters>;

/** Counters go by the time that they are handed. */
const NOW = Date.parse("2026-11-21T12:00:00Z");

export function rate(name: string, limit: number, windowSeconds = 60, burst = limit): RateLimit {
  return { kind: "rate", name, per: "key", limit, windowMs: windowSeconds * 1000, burst };
}

export function concurrency(name: string, limit: number): ConcurrencyLimit {
  return { kind: "concurrency", name, per: "key", limit, retryAfterSeconds: 2 };
}

export const units = (limit: RateLimit, subject = "one", weight = 1): Take => ({ limit, subject, weight });
export const place = (limit: ConcurrencyLimit, slot: string, subject = "one"): SlotTake => ({
  limit,
  subject,
  slot,
});

/** `open` gives counters that have counted nothing. */
export function countersSuite(name: string, open: OpenCounters): void {
  describe(`${name}: rates`, () => ratesAreExact(open));
  describe(`${name}: places`, () => placesAreFenced(open));
  describe(`${name}: all or none`, () => takesAreWhole(open));
}

async function admitted(counters: Counters, takes: readonly Take[], now = NOW): Promise<boolean> {
  return (await counters.take(takes, now)).refused === undefined;
}

async function remaining(counters: Counters, takes: readonly Take[], now = NOW): Promise<number[]> {
  return (await counters.peek(takes, now)).map((state) => state.remaining);
}

function ratesAreExact(open: OpenCounters): void {
  test("of ten times the limit at once exactly the limit is admitted (E01, E03)", async () => {
    const counters = await open();
    for (const limit of [1, 7, 97, 100]) {
      const takes = [units(rate(`of-${limit}`, limit))];
      const calls = Array.from({ length: 10 * limit }, () => admitted(counters, takes));
      assert.equal((await Promise.all(calls)).filter(Boolean).length, limit);
    }
  });

  test("a take tells the state after it, a refusal when to come back", async () => {
    const counters = await open();
    const limit = rate("requests", 100);
    const taken = await counters.take([units(limit, "one", 40)], NOW);
    assert.equal(taken.refused, undefined);
    const state = { name: "requests", kind: "rate", limit: 100, windowSeconds: 60 };
    assert.deepEqual(taken.states, [{ ...state, remaining: 60, resetsAt: NOW + 24_000 }]);
    const take = units(limit, "one", 61);
    const refused = await counters.take([take], NOW);
    assert.equal(refused.refused, take);
    assert.deepEqual(refused.states, [
      { ...state, remaining: 60, resetsAt: NOW + 24_000, retryAfterSeconds: 1 },
    ]);
    assert.equal(await admitted(counters, [take], NOW + 1_000), true, "waiting that long is enough (E07)");
  });

  test("looking takes nothing, however often", async () => {
    const counters = await open();
    const takes = [units(rate("requests", 2)), place(concurrency("at-once", 1), "a")];
    for (let times = 0; times < 20; times += 1) assert.deepEqual(await remaining(counters, takes), [2, 1]);
    assert.equal(await admitted(counters, takes), true);
    for (let times = 0; times < 20; times += 1) assert.deepEqual(await remaining(counters, takes), [1, 0]);
  });

  test("what is given back is there again, and never more than the burst", async () => {
    const counters = await open();
    const takes = [units(rate("requests", 5), "one", 3)];
    assert.equal(await admitted(counters, takes), true);
    assert.equal(await admitted(counters, takes), false);
    await counters.giveBack(takes, NOW);
    assert.deepEqual(await remaining(counters, takes), [5]);
    await counters.giveBack(takes, NOW);
    assert.deepEqual(await remaining(counters, takes), [5]);
    assert.equal(await admitted(counters, takes), true);
    assert.equal(await admitted(counters, takes), false);
  });

  test("subjects, and limits of one subject, count for themselves", async () => {
    const counters = await open();
    const limit = rate("requests", 1);
    for (const subject of ["one", "two", "one/two", "", "requests"])
      assert.equal(await admitted(counters, [units(limit, subject)]), true, subject);
    assert.equal(await admitted(counters, [units(limit, "one")]), false);
    assert.equal(await admitted(counters, [units(rate("others", 1), "one")]), true);
  });

  test("a lowered limit has nothing left rather than less than nothing; zero admits nothing (E27)", async () => {
    const counters = await open();
    assert.equal(await admitted(counters, [units(rate("requests", 100), "one", 90)]), true);
    const lowered = [units(rate("requests", 10))];
    assert.deepEqual(await remaining(counters, lowered), [0]);
    assert.equal(await admitted(counters, lowered), false);
    assert.equal(await admitted(counters, lowered, NOW + 6_000), true);
    assert.equal(await admitted(counters, [units(rate("none", 0))]), false);
    assert.deepEqual(await remaining(counters, [units(rate("none", 0))]), [0]);
  });
}

function placesAreFenced(open: OpenCounters): void {
  const limit = concurrency("at-once", 5);
  const fill = async (counters: Counters, slots: string, now = NOW): Promise<number> => {
    let taken = 0;
    for (const slot of slots) if (await admitted(counters, [place(limit, slot)], now)) taken += 1;
    return taken;
  };

  test("five places, the sixth is refused, and one that is given back is taken again (E23)", async () => {
    const counters = await open();
    assert.equal(await fill(counters, "abcdef"), 5);
    const refused = await counters.take([place(limit, "f")], NOW);
    assert.deepEqual(refused.states, [
      {
        name: "at-once",
        kind: "concurrency",
        limit: 5,
        remaining: 0,
        resetsAt: NOW + 2_000,
        retryAfterSeconds: 2,
      },
    ]);
    await counters.release([place(limit, "c")]);
    assert.deepEqual(await remaining(counters, [place(limit, "")]), [1]);
    assert.equal(await fill(counters, "fg"), 1);
  });

  test("of fifty at once exactly five get a place", async () => {
    const counters = await open();
    const calls = Array.from({ length: 50 }, (_, index) => admitted(counters, [place(limit, `s${index}`)]));
    assert.equal((await Promise.all(calls)).filter(Boolean).length, 5);
  });

  test("a place is given back once: a second release, or one of a place never taken, frees nothing (E25)", async () => {
    const counters = await open();
    await fill(counters, "abcde");
    for (let times = 0; times < 3; times += 1) await counters.release([place(limit, "a")]);
    await counters.release([place(limit, "never")]);
    await counters.release([place(limit, "b", "another")]);
    assert.deepEqual(await remaining(counters, [place(limit, "")]), [1]);
    assert.equal(await fill(counters, "fgh"), 1);
  });

  test("a place whose holder is silent comes back after ten seconds, and its late release frees no other (E25)", async () => {
    const counters = await open();
    assert.equal(SLOT_TTL_MS, 10_000);
    await fill(counters, "abcde");
    assert.equal(await fill(counters, "f", NOW + SLOT_TTL_MS - 1), 0);
    assert.equal(await fill(counters, "fghijk", NOW + SLOT_TTL_MS), 5);
    const late = [..."abcde"].map((slot) => place(limit, slot));
    await counters.release(late);
    await counters.giveBack(late, NOW + SLOT_TTL_MS);
    assert.deepEqual(await remaining(counters, [place(limit, "")], NOW + SLOT_TTL_MS), [0]);
    assert.equal(await fill(counters, "k", NOW + SLOT_TTL_MS), 0);
  });

  test("a renewed place is kept for another ten seconds, for an hour if need be (E26)", async () => {
    const counters = await open();
    await fill(counters, "abcde");
    for (let now = NOW; now <= NOW + 3_600_000; now += 9_999) {
      await counters.renew([place(limit, "a")], now);
      const free = now < NOW + SLOT_TTL_MS ? 0 : 4;
      assert.deepEqual(await remaining(counters, [place(limit, "")], now), [free]);
    }
  });

  test("a place that was lost and is renewed counts again, and nothing is ever below zero", async () => {
    const counters = await open();
    await fill(counters, "abcde");
    const later = NOW + SLOT_TTL_MS;
    assert.equal(await fill(counters, "fghij", later), 5);
    await counters.renew([place(limit, "a"), place(limit, "b")], later);
    assert.deepEqual(await remaining(counters, [place(limit, "")], later), [0]);
    await counters.release([place(limit, "f"), place(limit, "g")]);
    assert.equal(await fill(counters, "k", later), 0, "five are held without those two");
    await counters.release([place(limit, "a")]);
    assert.equal(await fill(counters, "k", later), 1);
  });

  test("subjects have places of their own; a limit lowered below its use, or to zero, is full (E27)", async () => {
    const counters = await open();
    await fill(counters, "abcde");
    assert.equal(await admitted(counters, [place(limit, "a", "two")]), true);
    const lowered = concurrency("at-once", 2);
    assert.deepEqual(await remaining(counters, [place(lowered, "")]), [0]);
    await counters.release([..."abc"].map((slot) => place(limit, slot)));
    assert.equal(await admitted(counters, [place(lowered, "f")]), false);
    await counters.release([place(limit, "d")]);
    assert.equal(await admitted(counters, [place(lowered, "f")]), true);
    assert.equal(await admitted(counters, [place(concurrency("none", 0), "a")]), false);
  });
}

function takesAreWhole(open: OpenCounters): void {
  const minute = rate("minute", 10);
  const day = rate("day", 3, 86_400);
  const atOnce = concurrency("at-once", 2);

  test("one limit that denies leaves the others as they were, wherever it stands (E06)", async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const counters = await open();
      const takes = (slot: string) =>
        order.map((index) => [units(minute), units(day), place(atOnce, slot)][index]!);
      await counters.take([units(day, "one", 3)], NOW);
      for (let times = 0; times < 20; times += 1) {
        const wanted = takes(`s${times}`);
        const { refused, states } = await counters.take(wanted, NOW);
        assert.equal(refused?.limit.name, "day");
        assert.deepEqual(
          states.map(({ name, retryAfterSeconds }) => [name, retryAfterSeconds !== undefined]),
          wanted.map(({ limit }) => [limit.name, limit === day]),
        );
      }
      assert.deepEqual(await remaining(counters, [units(minute), place(atOnce, "")]), [10, 2]);
    }
  });

  test("the first that denies is the one that is told", async () => {
    const counters = await open();
    await counters.take([units(minute, "one", 10), units(day, "one", 3)], NOW);
    assert.equal((await counters.take([units(day), units(minute)], NOW)).refused?.limit.name, "day");
    assert.equal((await counters.take([units(minute), units(day)], NOW)).refused?.limit.name, "minute");
  });

  test("each that would refuse says when to come back, and only those (E07)", async () => {
    const counters = await open();
    const takes = (slot: string) => [place(atOnce, slot), units(minute), units(day)];
    for (const slot of "abc") await counters.take(takes(slot), NOW);
    await counters.take([units(day)], NOW);
    const { refused, states } = await counters.take(takes("d"), NOW);
    assert.equal(refused?.limit.name, "at-once");
    assert.deepEqual(
      states.map(({ name, retryAfterSeconds }) => [name, retryAfterSeconds]),
      [
        ["at-once", 2],
        ["minute", undefined],
        ["day", 28_800],
      ],
    );
  });

  test("a take that is given back leaves everything as it was", async () => {
    const counters = await open();
    const takes = [place(atOnce, "a"), units(minute, "one", 4), units(day)];
    await counters.take(takes, NOW);
    assert.deepEqual(await remaining(counters, takes), [1, 6, 2]);
    await counters.giveBack(takes, NOW);
    assert.deepEqual(await remaining(counters, takes), [2, 10, 3]);
  });

  test("many callers over two limits: the narrower is spent exactly, the wider by as much", async () => {
    const counters = await open();
    const takes = [units(rate("wide", 100)), units(rate("narrow", 30))];
    const calls = Array.from({ length: 300 }, () => admitted(counters, takes));
    assert.equal((await Promise.all(calls)).filter(Boolean).length, 30);
    assert.deepEqual(await remaining(counters, takes), [70, 0]);
  });

  test("nothing asked for is admitted and told as nothing", async () => {
    const counters = await open();
    assert.deepEqual(await counters.take([], NOW), { refused: undefined, states: [] });
    assert.deepEqual(await counters.peek([], NOW), []);
  });
}
