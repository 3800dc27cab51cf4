// Promise: a key and its successor spend the same allowance and the same credits while both work, and a key whose grace is over
// spends nothing. Hostile case B14.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeCredits } from "../../src/manage/credits.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { engineFor, START } from "../support/engine.ts";

const GRACE_SECONDS = 3_600;
const PROJECT: ProjectFile = {
  name: "acme",
  plans: { metered: { allowance: 100 } },
  defaultPlan: "metered",
};

test("B14: old and new together spend what the account has, and not twice", async (t) => {
  const engine = await engineFor(t, { projects: [PROJECT] });
  const old = await engine.key("acme");
  const { account } = old;
  const grant = (amount: number) => changeCredits(engine.instance, LOCAL_CALLER, "acme", account, { amount });
  await grant(60);
  assert.equal((await engine.ask("acme", old.key, { cost: 10 })).code, "ok");
  const next = await rotateKey(engine.instance, LOCAL_CALLER, "acme", old.id, {
    graceSeconds: GRACE_SECONDS,
  });

  engine.clock.set(START + GRACE_SECONDS * 1_000 - 1);
  // Both in memory: else all who ask about one key wait for one look-up, and the others are behind them.
  for (const { key } of [old, next]) assert.equal(await engine.code("acme", key), "ok");
  const asked = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? old.key : next.key));
  const verdicts = await Promise.all(asked.map((key) => engine.ask("acme", key, { cost: 1 })));
  const accepted = verdicts.filter(({ allowed }) => allowed);
  assert.equal(accepted.length, 150);
  const byKey = Map.groupBy(accepted, ({ key }) => key?.id);
  assert.deepEqual([...byKey.keys()].sort(), [old.id, next.id].sort());
  const refused = verdicts.filter(({ allowed }) => !allowed);
  assert.deepEqual(new Set(refused.map(({ code }) => code)), new Set(["insufficient_credits"]));

  const movements = await engine.instance.store.movements("acme", account, { limit: 1_000 });
  const spentBy = (id: string) =>
    movements.filter(({ key }) => key === id).reduce((sum, { units }) => sum - units, 0);
  assert.equal(spentBy(old.id), 10 + byKey.get(old.id)!.length);
  assert.equal(spentBy(next.id), byKey.get(next.id)!.length);

  await grant(5);
  engine.clock.set(START + GRACE_SECONDS * 1_000);
  assert.equal((await engine.ask("acme", old.key, { cost: 1 })).code, "expired_key");
  const verdict = await engine.ask("acme", next.key, { cost: 5 });
  assert.deepEqual([verdict.code, verdict.credits], ["ok", 0]);
});
