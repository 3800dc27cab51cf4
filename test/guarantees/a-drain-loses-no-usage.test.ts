// Promise: every verdict that was given before a stop is counted after it, by the way in it came and with what it cost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILTIN_PROJECT } from "../../src/project/builtin.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { engineFor, START } from "../support/engine.ts";

const ACME = {
  name: "acme",
  plans: { free: { allowance: 10 } },
  defaultPlan: "free",
  routes: [{ match: "POST /v1/speech", cost: 4, pot: "allowance" as const }, { match: "GET /v1/voices" }],
};
const ALL = { project: "acme", from: 0, to: START * 2 };

test("verdicts of an instance, allowed and refused, over its closing", async (t) => {
  const engine = await engineFor(t, { projects: [ACME] });
  const one = await engine.key("acme");
  const speak = { request: { method: "POST", target: "/v1/speech" } };
  for (let index = 0; index < 3; index += 1) await engine.ask("acme", one.key, speak);
  await engine.ask("acme", one.key, { request: { method: "GET", target: "/v1/nothing" } });
  await engine.ask("acme", "nonsense");
  assert.deepEqual(await engine.instance.store.usage({ ...ALL, by: [] }), []);
  await engine.reopen();
  const sums = await engine.instance.store.usage({ ...ALL, by: ["key", "route", "outcome"] });
  assert.deepEqual(
    sums.map(({ key, route, outcome, requests, units }) => [key, route, outcome, requests, units]),
    [
      ["", "", "invalid_key", 1, 0],
      [one.id, "", "no_route", 1, 0],
      [one.id, "POST /v1/speech", "allowance_exceeded", 1, 0],
      [one.id, "POST /v1/speech", "ok", 2, 8],
    ],
  );
});

test("a payment that was given back or settled counts as what it came to", async (t) => {
  const { instance, ...engine } = await engineFor(t, { projects: [ACME] });
  const one = await engine.key("acme");
  const speak = async () => {
    const verdict = await engine.ask("acme", one.key, { request: { method: "POST", target: "/v1/speech" } });
    assert.ok(verdict.allowed && verdict.receipt !== undefined);
    return verdict.receipt;
  };
  await instance.cashier.refund(await speak());
  await instance.cashier.settle(await speak(), 1);
  await instance.cashier.settle(await speak(), 6);
  await instance.usage.flush();
  const [sum] = await instance.store.usage({ ...ALL, by: [] });
  assert.deepEqual([sum?.requests, sum?.units], [3, 7]);
  const [consumed] = await instance.store.consumption({ ...ALL, accounts: [one.account] });
  assert.deepEqual(consumed?.allowance, { used: 7, over: 0 });
});

test("questions to the control plane count for the project, and root keys for the built-in one", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [ACME] });
  const one = await engine.key("acme");
  const body = { project: "acme", key: one.key };
  await ask("POST /v1/verify", { body });
  await ask("POST /v1/verify/batch", { body: { requests: [body, body, { ...body, key: "nonsense" }] } });
  await ask("GET /v1/projects", { rootKey: "nonsense" });
  await engine.instance.usage.flush();
  const outcomes = async (project: string) =>
    (await engine.instance.store.usage({ ...ALL, project, by: ["outcome"] })).map((sum) => [
      sum.outcome,
      sum.requests,
    ]);
  assert.deepEqual(await outcomes("acme"), [
    ["invalid_key", 1],
    ["ok", 3],
  ]);
  assert.deepEqual(await outcomes(BUILTIN_PROJECT.name), [
    ["invalid_key", 1],
    ["ok", 2],
  ]);
});
