// Promise: a request counts in the month of its verdict and in no other; a month begins once, in UTC, whatever the host's zone, and a
// clock that steps back opens no month again. Hostile cases E10, E12, E14, E15.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { randomOf } from "../crash/random.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const DECEMBER = Date.parse("2026-12-01T00:00:00.000Z");
const JANUARY = Date.parse("2027-01-01T00:00:00.000Z");
const FEBRUARY = Date.parse("2027-02-01T00:00:00.000Z");
const HOUR_MS = 60 * 60 * 1000;

const project = (allowance: number): ProjectFile => ({
  name: "acme",
  plans: { metered: { allowance } },
  defaultPlan: "metered",
  routes: [{ match: "POST /text", cost: { characters: "text" }, pot: "allowance" }],
});

interface Customer {
  readonly engine: Engine;
  /** Of these units, those that were accepted: 0 or all. */
  readonly spend: (units: number) => Promise<number>;
  readonly ask: (units: number) => ReturnType<Engine["ask"]>;
  readonly key: string;
  /** By the beginning of the month. */
  readonly used: () => Promise<Map<number, number>>;
}

async function customerOf(t: TestContext, allowance: number): Promise<Customer> {
  const engine = await engineFor(t, { projects: [project(allowance)] });
  const { key, account } = await engine.key("acme");
  const ask = (cost: number) => engine.ask("acme", key, { cost });
  return {
    engine,
    key,
    ask,
    spend: async (units) => ((await ask(units)).allowed ? units : 0),
    used: async () => {
      const range = { from: 0, to: FEBRUARY + 1, account };
      const uses = await engine.instance.store.allowanceUses("acme", range);
      return new Map(uses.map(({ period, used }) => [period, used]));
    },
  };
}

/** Of this process, which Node reads anew; as it was when the test ends. */
function setZone(t: TestContext, name: string): void {
  const before = process.env.TZ;
  process.env.TZ = name;
  t.after(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
}

const sum = (units: readonly number[]): number => units.reduce((total, one) => total + one, 0);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("E10: under load across the last millisecond each request counts once", async (t) => {
  const { engine, spend, used } = await customerOf(t, 1_000_000);
  const random = randomOf(10);
  engine.clock.set(JANUARY - 1);
  const accepted: { readonly before: boolean; readonly units: Promise<number> }[] = [];
  const load = async (before: boolean): Promise<void> => {
    for (let wave = 0; wave < 20; wave++) {
      for (let caller = 0; caller < 25; caller++)
        accepted.push({ before, units: spend(1 + Math.floor(random() * 9)) });
      await turn();
    }
  };
  await load(true);
  // With requests of December in every stage: waiting for their transaction, in it, on the way back.
  engine.clock.set(JANUARY);
  await load(false);
  const told = await Promise.all(accepted.map(async ({ before, units }) => ({ before, units: await units })));
  const totalOf = (before: boolean) =>
    sum(told.filter((one) => one.before === before).map(({ units }) => units));
  const months = await used();
  assert.deepEqual([...months.keys()], [DECEMBER, JANUARY]);
  assert.equal(months.get(DECEMBER)! + months.get(JANUARY)!, totalOf(true) + totalOf(false));
  assert.equal(months.get(DECEMBER), totalOf(true));
  assert.equal(months.get(JANUARY), totalOf(false));
});

test("E10: a body that is still being read when the month turns counts in the new month alone", async (t) => {
  const { engine, key, spend, used } = await customerOf(t, 100);
  engine.clock.set(JANUARY - 1);
  assert.equal(await spend(60), 60);
  const read = Promise.withResolvers<void>();
  const measuring = Promise.withResolvers<void>();
  const asked = engine.ask("acme", key, {
    request: { method: "POST", target: "/text" },
    measure: async () => {
      measuring.resolve();
      await read.promise;
      return { ok: true, units: 90 };
    },
  });
  await measuring.promise;
  engine.clock.set(JANUARY);
  read.resolve();
  const verdict = await asked;
  assert.equal(verdict.code, "ok");
  assert.equal(verdict.allowance?.resetsAt, FEBRUARY);
  assert.deepEqual(
    [...(await used())],
    [
      [DECEMBER, 60],
      [JANUARY, 90],
    ],
  );
});

test("E15: of a hundred at once when the month turns, as many get through as the month has", async (t) => {
  const { engine, spend, used } = await customerOf(t, 40);
  engine.clock.set(JANUARY - 1);
  assert.equal(await spend(40), 40);
  assert.equal(await spend(1), 0);
  engine.clock.set(JANUARY);
  const accepted = await Promise.all(Array.from({ length: 100 }, () => spend(1)));
  assert.equal(sum(accepted), 40);
  assert.deepEqual(
    [...(await used())],
    [
      [DECEMBER, 40],
      [JANUARY, 40],
    ],
  );
});

test("E14: a clock that steps back opens no month again and grants nothing again", async (t) => {
  const { engine, ask, spend, used } = await customerOf(t, 50);
  engine.clock.set(JANUARY - 1);
  assert.equal(await spend(10), 10);
  engine.clock.set(JANUARY);
  assert.equal(await spend(20), 20);
  engine.clock.set(JANUARY - 1);
  // 40 of December are left, and 30 of January: what is asked for now is January's.
  const verdict = await ask(31);
  assert.equal(verdict.code, "allowance_exceeded");
  assert.deepEqual([verdict.allowance?.remaining, verdict.allowance?.resetsAt], [30, FEBRUARY]);
  assert.equal(sum(await Promise.all(Array.from({ length: 100 }, () => spend(1)))), 30);
  await engine.reopen();
  assert.equal(await spend(1), 0);
  for (const at of [JANUARY, JANUARY - 1, JANUARY + 1, DECEMBER, FEBRUARY - 1]) {
    engine.clock.set(at);
    assert.equal(await spend(1), 0);
  }
  assert.deepEqual(
    [...(await used())],
    [
      [DECEMBER, 10],
      [JANUARY, 50],
    ],
  );
  engine.clock.set(FEBRUARY);
  assert.equal(await spend(50), 50);
});

test("E14: a clock that jumps about under load grants the month once, and the one before nothing more", async (t) => {
  const { engine, spend, used } = await customerOf(t, 300);
  const random = randomOf(14);
  engine.clock.set(JANUARY);
  const accepted = [Promise.resolve(await spend(1))];
  for (let wave = 0; wave < 60; wave++) {
    engine.clock.set(JANUARY + Math.floor((random() - 0.5) * 4));
    for (let caller = 0; caller < 25; caller++) accepted.push(spend(1 + Math.floor(random() * 3)));
    await turn();
  }
  while ((await spend(1)) > 0) accepted.push(Promise.resolve(1));
  assert.equal(sum(await Promise.all(accepted)), 300);
  assert.deepEqual([...(await used())], [[JANUARY, 300]]);
});

test("E12: the host's zone, and one that changes while it runs, moves no month", async (t) => {
  setZone(t, "UTC");
  const { engine, ask, used } = await customerOf(t, 1_000);
  /** Zone, time, and the local hour by which the zone is known to be in force. */
  const steps = [
    ["America/Sao_Paulo", JANUARY - 1, 20],
    // In Sao Paulo it is still the last evening of December.
    ["America/Sao_Paulo", JANUARY, 21],
    ["UTC", JANUARY + HOUR_MS, 1],
    // Since ten hours it is January in Auckland; here it is December.
    ["Pacific/Auckland", JANUARY - 10 * HOUR_MS, 3],
    ["America/Sao_Paulo", JANUARY + 2 * HOUR_MS, 23],
  ] as const;
  const resets: number[] = [];
  for (const [name, at, localHour] of steps) {
    process.env.TZ = name;
    assert.equal(new Date(at).getHours(), localHour, name);
    engine.clock.set(at);
    const verdict = await ask(1);
    assert.equal(verdict.code, "ok");
    resets.push(verdict.allowance!.resetsAt);
  }
  // The fourth is a clock that stepped back: January stays open (E14).
  assert.deepEqual(resets, [JANUARY, FEBRUARY, FEBRUARY, FEBRUARY, FEBRUARY]);
  assert.deepEqual(
    [...(await used())],
    [
      [DECEMBER, 1],
      [JANUARY, 4],
    ],
  );
});

test("E12: an hour that the host's zone skips or repeats moves no month", async (t) => {
  setZone(t, "America/New_York");
  // There 1 November 2026 has 25 hours, and some months begin at 4 o'clock UTC and some at 5.
  assert.equal(new Date(2026, 10, 2).getTime() - new Date(2026, 10, 1).getTime(), 25 * HOUR_MS);
  const { engine, ask } = await customerOf(t, 1_000);
  const late: number[] = [];
  for (let month = 10; month < 34; month++) {
    const begin = Date.UTC(2026, month);
    engine.clock.set(begin - 1);
    late.push((await ask(1)).allowance!.resetsAt - begin);
    engine.clock.set(begin);
    late.push((await ask(1)).allowance!.resetsAt - Date.UTC(2026, month + 1));
  }
  assert.deepEqual(late, Array(48).fill(0));
});
