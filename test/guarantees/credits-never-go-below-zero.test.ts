// Promise: while requests spend and operators add and take credits at the same time, none is lost, none is spent twice, and no
// account goes below zero; the journal adds up to what is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changeCredits, creditsOf } from "../../src/manage/credits.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { engineFor } from "../support/engine.ts";

const FILE: ProjectFile = { name: "acme", routes: [{ match: "POST /work", pot: "credits" }] };

test("spends, takes and top-ups at once end at their exact sum", async (context) => {
  const engine = await engineFor(context, { projects: [FILE] });
  const { key, account } = await engine.key("acme");
  const { instance } = engine;
  const change = (amount: number) => changeCredits(instance, LOCAL_CALLER, "acme", account, { amount });
  const moved = async (amount: number): Promise<number> =>
    change(amount).then(
      () => amount,
      (error) => {
        assert.equal(error.code, "conflict", String(error));
        return 0;
      },
    );
  const spent = async (cost: number): Promise<number> => {
    const verdict = await engine.ask("acme", key, { cost });
    assert.ok(verdict.allowed || verdict.code === "insufficient_credits", verdict.code);
    assert.ok((verdict.credits ?? 0) >= 0);
    return verdict.allowed ? -cost : 0;
  };
  await change(300);
  const work = Array.from({ length: 200 }, (_, index) => {
    if (index % 20 === 0) return moved(25);
    return index % 10 === 5 ? moved(-40) : spent(1 + (index % 5));
  });
  const sums = await Promise.all(work);
  const expected = sums.reduce((total, amount) => total + amount, 300);
  assert.ok(sums.includes(0), "some were refused");
  assert.ok(expected >= 0);
  assert.equal(await creditsOf(instance, "acme", account), expected);
  const movements = await instance.store.movements("acme", account, { limit: 1_000 });
  assert.equal(
    movements.reduce((total, { units }) => total + units, 0),
    expected,
  );
});

test("of two who take the last credits at once, one is refused and nothing of it happens", async (context) => {
  const engine = await engineFor(context, { projects: [FILE] });
  const { id: account } = await engine.account("acme");
  const change = (amount: number) =>
    changeCredits(engine.instance, LOCAL_CALLER, "acme", account, { amount });
  await change(10);
  const outcomes = await Promise.allSettled([change(-7), change(-7), change(-7)]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
  assert.equal(await creditsOf(engine.instance, "acme", account), 3);
  const takes = (await engine.instance.store.audit("acme", { limit: 100 })).filter(
    ({ action }) => action === "credits.take",
  );
  assert.equal(takes.length, 1);
});
