// Promise: what usage counts of an account's units is what its pots paid, in the same month, also while the month turns and whatever
// holds came to in the end. Hostile case E10.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const DECEMBER = Date.parse("2026-12-01T00:00:00.000Z");
const JANUARY = Date.parse("2027-01-01T00:00:00.000Z");
const RANGE = { from: DECEMBER, to: Date.parse("2027-02-01T00:00:00.000Z") };

const PROJECT: ProjectFile = {
  name: "acme",
  plans: { metered: { allowance: 1_000 } },
  defaultPlan: "metered",
};

async function customerOf(t: TestContext) {
  const engine = await engineFor(t, { projects: [PROJECT] });
  engine.clock.set(JANUARY - 1);
  const { key } = await engine.key("acme");
  // From now on the key is in memory, and verdicts are asked for in the order of the calls.
  assert.equal(await engine.code("acme", key, { cost: 1 }), "ok");
  return { engine, ask: (cost: number, hold = false) => engine.ask("acme", key, { cost, hold }) };
}

/** Units by the beginning of the month. */
async function usedAndCounted({ instance: { store, usage } }: Engine) {
  await usage.flush();
  const uses = await store.allowanceUses("acme", RANGE);
  const counts = await store.usage({ project: "acme", ...RANGE, by: ["month"] });
  return {
    used: uses.map(({ period, used }) => [period, used]),
    counted: counts.map(({ month, units }) => [month, units]),
  };
}

test("E10: a request whose payment is being written when the month turns is counted in the month that paid", async (t) => {
  const { engine, ask } = await customerOf(t);
  const asked = Array.from({ length: 49 }, () => ask(1));
  engine.clock.set(JANUARY);
  await Promise.all([...asked, ask(5)]);
  const { used, counted } = await usedAndCounted(engine);
  assert.deepEqual(used, [
    [DECEMBER, 50],
    [JANUARY, 5],
  ]);
  assert.deepEqual(counted, used);
});

for (const [name, units] of [
  ["settled below what was held", 3],
  ["settled above what was held", 12],
  ["released", 0],
] as const)
  test(`a hold that was ${name} is counted as what it came to`, async (t) => {
    const { engine, ask } = await customerOf(t);
    const verdict = await ask(10, true);
    assert.ok(verdict.allowed);
    const { done } = await engine.instance.cashier.settleHold(verdict.hold!.id, units);
    assert.equal(done, true);
    const { used, counted } = await usedAndCounted(engine);
    assert.deepEqual(used, [[DECEMBER, 1 + units]]);
    assert.deepEqual(counted, used);
  });

test("E10: what is given back after the month turned is given back to the month that paid", async (t) => {
  const { engine, ask } = await customerOf(t);
  const [refunded, settled, held] = [await ask(10), await ask(20), await ask(30, true)];
  assert.ok(refunded.allowed && settled.allowed && held.allowed);
  engine.clock.set(JANUARY);
  assert.equal((await ask(5)).code, "ok");
  const { cashier } = engine.instance;
  await cashier.refund(refunded.receipt!);
  await cashier.settle(settled.receipt!, 4);
  await cashier.settleHold(held.hold!.id, 7);
  const { used, counted } = await usedAndCounted(engine);
  assert.deepEqual(used, [
    [DECEMBER, 1 + 4 + 7],
    [JANUARY, 5],
  ]);
  assert.deepEqual(counted, used);
});
