// Promise: an account tells its allowance and its credits as they are now, in the environment that was asked for; a change of plan
// keeps what was used and counts at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT: ProjectFile = {
  name: "acme",
  environments: ["live", "test"],
  plans: {
    free: { allowance: 100 },
    pro: { allowance: { units: 1_000, overage: { upTo: 50 } } },
    open: { allowance: "unlimited" },
    mid: { allowance: { units: 10, resetsOn: 15 } },
    own: { allowance: { units: 10, resetsOn: "created" } },
  },
  defaultPlan: "free",
  routes: [{ match: "POST /work", cost: 1, pot: "allowance" }],
};
/** With a plan that has no allowance, which no route may draw on alone. */
const PLANS: ProjectFile = { ...PROJECT, plans: { ...PROJECT.plans, bare: {} }, routes: [] };
const DECEMBER = "2026-12-01T00:00:00.000Z";

const fresh = (limit: number | null, resetsAt = DECEMBER) => ({
  limit,
  used: 0,
  remaining: limit,
  over: 0,
  resetsAt,
});

async function created({ ask }: ControlPlane, plan?: string) {
  const answer = await ask("POST /v1/projects/acme/accounts", {
    body: { name: "Ada", ...(plan !== undefined && { plan }) },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

async function spend(plane: ControlPlane, account: string, cost: number, environment = "live") {
  const { key } = await plane.engine.key("acme", { account, environment });
  const answer = await plane.ask("POST /v1/verify", { body: { project: "acme", key, cost } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

test("each plan's allowance is told from the first answer on", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PLANS] });
  for (const [plan, allowance] of [
    [undefined, fresh(100)],
    ["pro", fresh(1_000)],
    ["open", fresh(null)],
    ["bare", undefined],
    ["mid", fresh(10, "2026-12-15T00:00:00.000Z")],
    ["own", fresh(10, "2026-12-21T00:00:00.000Z")],
  ] as const) {
    const account = await created(plane, plan);
    assert.deepEqual([account.allowance, account.credits], [allowance, 0], plan);
    assert.deepEqual((await plane.ask(`GET /v1/projects/acme/accounts/${account.id}`)).json, account);
  }
});

test("what was used is told for the environment that is asked for, and ends with the month", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PLANS] });
  const { id } = await created(plane);
  const path = `GET /v1/projects/acme/accounts/${id}`;
  await spend(plane, id, 30);
  await spend(plane, id, 7, "test");
  const used = async (query = "") => (await plane.ask(`${path}${query}`)).json.allowance;
  assert.deepEqual(await used(), { ...fresh(100), used: 30, remaining: 70 });
  assert.deepEqual(await used("?environment=live"), { ...fresh(100), used: 30, remaining: 70 });
  assert.deepEqual(await used("?environment=test"), { ...fresh(100), used: 7, remaining: 93 });
  const moon = await plane.ask(`${path}?environment=moon`);
  assert.deepEqual([moon.status, moon.json.errors[0].field], [422, "environment"]);
  plane.engine.clock.set(Date.parse(DECEMBER) - 1);
  assert.equal((await used()).used, 30);
  plane.engine.clock.set(Date.parse(DECEMBER));
  assert.deepEqual(await used(), fresh(100, "2027-01-01T00:00:00.000Z"));
});

test("a page of accounts tells each one's own, with one question to the ledger", async (t) => {
  let questions = 0;
  const plane = await controlPlaneFor(t, {
    projects: [PLANS],
    over: (instance) => ({
      ...instance,
      store: {
        ...instance.store,
        balances: (...asked) => {
          questions += 1;
          return instance.store.balances(...asked);
        },
      },
    }),
  });
  const spent = new Map<string, number>();
  for (const [index, plan] of ["free", "pro", "bare", "open", "free"].entries()) {
    plane.engine.clock.set(START + index);
    const { id } = await created(plane, plan);
    if (plan !== "bare") await spend(plane, id, index + 1);
    spent.set(id, index + 1);
    await plane.ask(`POST /v1/projects/acme/accounts/${id}/credits`, { body: { amount: 10 * (index + 1) } });
  }
  questions = 0;
  const { items, nextCursor } = (await plane.ask("GET /v1/projects/acme/accounts?limit=3")).json;
  assert.equal(questions, 1);
  const rest = (await plane.ask(`GET /v1/projects/acme/accounts?limit=3&cursor=${nextCursor}`)).json.items;
  assert.equal(items.length + rest.length, 5);
  for (const { id, plan, credits, allowance } of [...items, ...rest]) {
    assert.equal(credits, 10 * spent.get(id)!);
    assert.equal(allowance?.used, plan === "bare" ? undefined : spent.get(id), plan);
  }
});

test("a change of plan in the middle of the month keeps what was used and takes the new allowance at once", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id } = await created(plane);
  const { key } = await plane.engine.key("acme", { account: id });
  const work = async (cost: number) =>
    (await plane.ask("POST /v1/verify", { body: { project: "acme", key, cost } })).json;
  const move = async (plan: string) =>
    (await plane.ask(`PATCH /v1/projects/acme/accounts/${id}`, { body: { plan } })).json.allowance;
  assert.equal((await work(100)).code, "ok");
  assert.equal((await work(1)).code, "allowance_exceeded");
  assert.deepEqual(await move("pro"), { ...fresh(1_000), used: 100, remaining: 900 });
  const raised = await work(910);
  assert.equal(raised.code, "ok");
  assert.deepEqual(raised.allowance, { ...fresh(1_000), used: 1_010, remaining: 0, over: 10 });
  assert.deepEqual(await move("free"), { ...fresh(100), used: 1_010, remaining: 0, over: 10 });
  assert.equal((await work(1)).code, "allowance_exceeded");
  assert.deepEqual(await move("open"), { ...fresh(null), used: 1_010, over: 10 });
  assert.equal((await work(5)).code, "ok");
  plane.engine.clock.set(Date.parse(DECEMBER));
  assert.deepEqual(await move("free"), fresh(100, "2027-01-01T00:00:00.000Z"));
  assert.equal((await work(100)).code, "ok");
});
