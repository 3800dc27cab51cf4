// Promise: what a verdict has held is settled once at what the request really cost, or given back; a repetition changes nothing and
// is answered the same (hostile E21).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT: ProjectFile = {
  name: "acme",
  plans: { free: { allowance: 10 } },
  defaultPlan: "free",
  routes: [{ match: "POST /work", cost: 6 }],
};

const left = (used: number) => ({
  limit: 10,
  used,
  remaining: 10 - used,
  over: 0,
  resetsAt: "2026-12-01T00:00:00.000Z",
});

async function holding({ ask, engine }: ControlPlane, cost: number, credits = 0) {
  const { key, account } = await engine.key("acme");
  const path = `/v1/projects/acme/accounts/${account}`;
  if (credits > 0) await ask(`POST ${path}/credits`, { body: { amount: credits } });
  const verdict = await ask("POST /v1/verify", { body: { project: "acme", key, cost, hold: true } });
  assert.equal(verdict.json.code, "ok", verdict.text);
  const { hold } = verdict.json;
  return {
    account,
    hold,
    settle: (units: unknown) => ask(`POST /v1/holds/${hold.id}/settle`, { body: { cost: units } }),
    release: () => ask(`POST /v1/holds/${hold.id}/release`),
    async pots() {
      const { allowance, credits: there } = (await ask(`GET ${path}`)).json;
      return [allowance.used, there];
    },
  };
}

test("a verdict with a hold names it, its units and its end, and has spent them", async (t) => {
  const { hold, pots } = await holding(await controlPlaneFor(t, { projects: [PROJECT] }), 8);
  assert.deepEqual(Object.keys(hold).sort(), ["expiresAt", "id", "units"]);
  assert.match(hold.id, /^\w+$/);
  assert.equal(hold.units, 8);
  assert.ok(Date.parse(hold.expiresAt) > START);
  assert.deepEqual(await pots(), [8, 0]);
});

test("less than was held is given back, the last paid first", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const held = await holding(plane, 14, 100);
  assert.deepEqual(await held.pots(), [10, 96]);
  const answer = await held.settle(7);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json, {
    id: held.hold.id,
    project: "acme",
    account: held.account,
    environment: "live",
    units: 14,
    settledUnits: 7,
    status: "settled",
    settledAt: new Date(START).toISOString(),
    allowance: left(7),
    credits: 100,
  });
});

test("more than was held is taken whole", async (t) => {
  const held = await holding(await controlPlaneFor(t, { projects: [PROJECT] }), 4, 5);
  const { settledUnits, allowance, credits } = (await held.settle(13)).json;
  assert.deepEqual([settledUnits, allowance, credits], [13, left(10), 2]);
  assert.deepEqual(await held.pots(), [10, 2]);
});

test("what cannot be paid beyond the hold is a 402; the hold stays open and can be settled at less", async (t) => {
  const held = await holding(await controlPlaneFor(t, { projects: [PROJECT] }), 4, 5);
  const answer = await held.settle(16);
  assert.deepEqual([answer.status, answer.json.code], [402, "insufficient_credits"]);
  assert.deepEqual(await held.pots(), [4, 5]);
  assert.equal((await held.settle(15)).status, 200);
  assert.deepEqual(await held.pots(), [10, 0]);
});

test("a release gives all of it back, and is a settlement at nothing", async (t) => {
  const held = await holding(await controlPlaneFor(t, { projects: [PROJECT] }), 14, 100);
  const first = await held.release();
  assert.equal(first.status, 200, first.text);
  const { settledUnits, status, allowance, credits } = first.json;
  assert.deepEqual([settledUnits, status, allowance, credits], [0, "released", left(0), 100]);
  assert.deepEqual((await held.release()).json, first.json);
  assert.deepEqual((await held.settle(0)).json, first.json);
  assert.equal((await held.settle(1)).status, 409);
});

test("a repetition is answered the same, at another cost it is refused, and neither changes anything", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const held = await holding(plane, 8);
  const first = await held.settle(5);
  plane.engine.clock.set(START + 1_000);
  for (let times = 0; times < 3; times += 1) assert.deepEqual((await held.settle(5)).json, first.json);
  for (const other of [await held.settle(6), await held.settle(4), await held.release()])
    assert.deepEqual([other.status, other.json.code], [409, "conflict"]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => held.settle(5)));
  for (const { status, json } of answers) assert.deepEqual([status, json], [200, first.json]);
  assert.deepEqual(await held.pots(), [5, 0]);
});

test("of many who settle one hold at different costs at once, one is heard", async (t) => {
  const held = await holding(await controlPlaneFor(t, { projects: [PROJECT] }), 9);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, cost) => held.settle(cost)));
  const settled = answers.filter(({ status }) => status === 200);
  assert.equal(settled.length, 1);
  assert.ok(answers.every(({ status }) => status === 200 || status === 409));
  assert.deepEqual(await held.pots(), [settled[0]!.json.settledUnits, 0]);
});

test("an expired hold stays spent, one that never was is not there", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const held = await holding(plane, 8);
  plane.engine.clock.set(Date.parse(held.hold.expiresAt));
  for (const answer of [await held.settle(5), await held.release()])
    assert.deepEqual([answer.status, answer.json.code], [409, "conflict"]);
  assert.deepEqual(await held.pots(), [8, 0]);
  for (const id of ["hld_00000000000000000000", "x", "%00", "%2e%2e"]) {
    const none = await plane.ask(`POST /v1/holds/${id}/settle`, { body: { cost: 1 } });
    assert.deepEqual([none.status, none.json.code], [404, "not_found"], id);
  }
});

test("a hold can be settled after a restart", async (t) => {
  const before = await controlPlaneFor(t, { projects: [PROJECT] });
  const held = await holding(before, 8);
  await before.engine.reopen();
  const after = await controlPlaneFor(t, { over: () => before.engine.instance });
  const { status, json } = await after.ask(`POST /v1/holds/${held.hold.id}/settle`, {
    rootKey: before.rootKey,
    body: { cost: 3 },
  });
  assert.deepEqual([status, json.settledUnits, json.allowance], [200, 3, left(3)]);
});

test("usage tells what a hold came to, however often it is settled", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const held = await holding(plane, 8);
  for (let time = 0; time < 3; time += 1) assert.equal((await held.settle(3)).status, 200);
  await plane.engine.instance.usage.flush();
  const { json } = await plane.ask(`GET /v1/projects/acme/accounts/${held.account}/usage`);
  assert.deepEqual([json.totals.requests, json.totals.units], [1, 3], JSON.stringify(json));
});
