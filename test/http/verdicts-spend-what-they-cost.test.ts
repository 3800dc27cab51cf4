// Promise: an allowed verdict over HTTP has spent its cost and tells what is left; a denied one has spent nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";

const PROJECT: ProjectFile = {
  name: "acme",
  scopes: { read: "Read", write: "Write" },
  keys: { defaultScopes: ["read"] },
  limits: { requests: { rate: 50, windowSeconds: 60 } },
  plans: { free: { allowance: 20 } },
  defaultPlan: "free",
  routes: [
    { match: "POST /work", cost: 3, pot: ["allowance", "credits"] },
    { match: "POST /text", cost: { characters: "text" } },
    { match: "POST /video", pot: "credits", cost: 5, hold: true },
    { match: "POST /closed", scopes: ["write"], cost: 3 },
    { match: "GET /free" },
  ],
};
const RESETS_AT = "2026-12-01T00:00:00.000Z";
const left = (used: number) => ({ limit: 20, used, remaining: 20 - used, over: 0, resetsAt: RESETS_AT });

async function customer({ ask, engine }: ControlPlane, credits = 0) {
  const { key, account } = await engine.key("acme");
  if (credits > 0)
    await ask(`POST /v1/projects/acme/accounts/${account}/credits`, { body: { amount: credits } });
  return {
    key,
    async verify(route: string | undefined, more: object = {}) {
      const [method, path] = route?.split(" ") ?? [];
      const body = { project: "acme", key, ...(route !== undefined && { method, path }), ...more };
      const answer = await ask("POST /v1/verify", { body });
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
  };
}

const money = ({ code, cost, allowance, credits }: Record<string, unknown>) => ({
  code,
  cost,
  allowance,
  credits,
});

test("a route's cost is spent and told, the allowance first and then credits", async (t) => {
  const { verify } = await customer(await controlPlaneFor(t, { projects: [PROJECT] }), 4);
  assert.deepEqual(money(await verify("POST /work")), {
    code: "ok",
    cost: 3,
    allowance: left(3),
    credits: 4,
  });
  for (let times = 0; times < 5; times += 1) await verify("POST /work");
  assert.deepEqual(money(await verify("POST /work")), {
    code: "ok",
    cost: 3,
    allowance: left(20),
    credits: 3,
  });
  assert.equal((await verify("POST /work")).credits, 0);
  const denied = await verify("POST /work");
  assert.deepEqual(money(denied), {
    code: "insufficient_credits",
    cost: 3,
    allowance: left(20),
    credits: 0,
  });
  assert.deepEqual([denied.allowed, denied.route], [false, "POST /work"]);
});

test("a cost that is said takes the place of the route's, and needs no route", async (t) => {
  const { verify } = await customer(await controlPlaneFor(t, { projects: [PROJECT] }));
  assert.deepEqual(money(await verify("POST /work", { cost: 7 })), {
    code: "ok",
    cost: 7,
    allowance: left(7),
    credits: 0,
  });
  assert.deepEqual((await verify(undefined, { cost: 2 })).allowance, left(9));
  assert.deepEqual((await verify("GET /free", { cost: 1 })).allowance, left(10));
  assert.equal((await verify("POST /video", { cost: 1 })).code, "insufficient_credits");
});

test("what costs nothing spends nothing and tells what there is", async (t) => {
  const { verify } = await customer(await controlPlaneFor(t, { projects: [PROJECT] }), 4);
  for (const [route, cost] of [
    ["GET /free", undefined],
    ["POST /work", 0],
    [undefined, undefined],
  ] as const) {
    const verdict = await verify(route, cost === undefined ? {} : { cost });
    assert.deepEqual(money(verdict), { code: "ok", cost, allowance: left(0), credits: 4 }, route);
    assert.ok(!("hold" in verdict));
  }
});

test("a denied request spends nothing, takes no rate, and still tells what there is", async (t) => {
  const { verify } = await customer(await controlPlaneFor(t, { projects: [PROJECT] }));
  await verify("POST /work", { cost: 15 });
  for (const [route, more, code] of [
    ["POST /closed", {}, "insufficient_scope"],
    ["POST /nowhere", { cost: 1 }, "no_route"],
    ["POST /work", { cost: 6 }, "insufficient_credits"],
    ["POST /text", {}, "unmeasurable_request"],
  ] as const) {
    const verdict = await verify(route, more);
    assert.deepEqual([verdict.code, verdict.allowance], [code, left(15)]);
    assert.equal(verdict.limits[0].remaining, 49, code);
  }
});

test("a route that takes its cost from the request wants it said", async (t) => {
  const { verify } = await customer(await controlPlaneFor(t, { projects: [PROJECT] }));
  const denied = await verify("POST /text");
  assert.deepEqual([denied.allowed, denied.code], [false, "unmeasurable_request"]);
  assert.match(denied.hint, /\bcost\b/);
  assert.deepEqual(money(await verify("POST /text", { cost: 11 })), {
    code: "ok",
    cost: 11,
    allowance: left(11),
    credits: 0,
  });
});

test("receipts and settlements stay in the process, from one verdict and from many", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key, verify } = await customer(plane, 100);
  const one = await verify("POST /video", { hold: true });
  const asked = { project: "acme", key, method: "POST", path: "/video", hold: true };
  const many = await plane.ask("POST /v1/verify/batch", { body: { requests: [asked, asked] } });
  assert.deepEqual(
    [one, ...many.json.verdicts].map(({ credits }) => credits),
    [95, 90, 85],
  );
  for (const verdict of [one, ...many.json.verdicts]) {
    assert.deepEqual(Object.keys(verdict.hold).sort(), ["expiresAt", "id", "units"]);
    assert.equal(verdict.hold.units, 5);
    assert.ok(!("receipt" in verdict) && !("settlement" in verdict) && !("refusedBy" in verdict));
  }
});

test("a batch spends in its order", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key } = await customer(plane, 2);
  const requests = [9, 9, 9, 4, 1].map((cost) => ({ project: "acme", key, cost }));
  const { verdicts } = (await plane.ask("POST /v1/verify/batch", { body: { requests } })).json;
  assert.deepEqual(
    verdicts.map((verdict: Record<string, unknown>) => verdict.code),
    ["ok", "ok", "insufficient_credits", "ok", "insufficient_credits"],
  );
  assert.deepEqual(verdicts.at(-1).allowance, left(20));
  const bad = { requests: [requests[0], { ...requests[0], cost: -1 }] };
  const refused = await plane.ask("POST /v1/verify/batch", { body: bad });
  assert.deepEqual([refused.status, refused.json.errors[0].field], [422, "requests[1].cost"]);
});

test("of a batch that ends in a 503 nothing stays spent, held or not", async (t) => {
  let failing = false;
  const plane = await controlPlaneFor(t, {
    projects: [PROJECT],
    over: (instance) => ({
      ...instance,
      verify: async (question) =>
        failing && question.cost === 1
          ? { allowed: false, code: "store_unavailable" }
          : instance.verify(question),
    }),
  });
  const { key, verify } = await customer(plane, 5);
  const requests = [
    { project: "acme", key, cost: 6 },
    { project: "acme", key, cost: 18, hold: true },
    { project: "acme", key, cost: 1 },
  ];
  failing = true;
  const answer = await plane.ask("POST /v1/verify/batch", { body: { requests } });
  assert.deepEqual([answer.status, answer.json.code], [503, "store_unavailable"]);
  failing = false;
  const { allowance, credits } = await verify("GET /free");
  assert.deepEqual([allowance, credits], [left(0), 5]);
});

test("a project without plans and costs tells no pots, and a cost that is said is paid with credits", async (t) => {
  const plane = await controlPlaneFor(t);
  const { key, account } = await plane.engine.key("acme");
  const verify = async (more: object) =>
    (await plane.ask("POST /v1/verify", { body: { project: "acme", key, ...more } })).json;
  const plain = await verify({});
  assert.ok(!("allowance" in plain) && !("credits" in plain) && !("cost" in plain));
  assert.equal((await verify({ cost: 1 })).code, "insufficient_credits");
  await plane.ask(`POST /v1/projects/acme/accounts/${account}/credits`, { body: { amount: 3 } });
  assert.deepEqual(money(await verify({ cost: 2 })), {
    code: "ok",
    cost: 2,
    allowance: undefined,
    credits: 1,
  });
});
