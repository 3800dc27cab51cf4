// Promise: a verdict over HTTP takes the rates, tells every limit of a valid key, and takes no place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { disableKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT = {
  name: "acme",
  limits: {
    requests: { rate: 10, windowSeconds: 60 },
    jobs: { concurrency: 1, retryAfterSeconds: 2 },
  },
  scopes: { read: "Read", write: "Write" },
  keys: { defaultScopes: ["read"] },
  routes: [
    { match: "GET /notes", scopes: ["read"] },
    { match: "POST /notes", scopes: ["write"] },
    { match: "GET /heavy", scopes: ["read"], limits: ["requests"], weight: 4 },
    { match: "GET /free", limits: [] },
  ],
};

const at = (ms: number): string => new Date(START + ms).toISOString();
const requests = (used: number) => ({
  name: "requests",
  kind: "rate",
  limit: 10,
  remaining: 10 - used,
  resetsAt: at(used * 6_000),
  windowSeconds: 60,
});
const jobs = { name: "jobs", kind: "concurrency", limit: 1, remaining: 1, resetsAt: at(2_000) };

function verifyWith({ ask }: ControlPlane) {
  return async (key: string, route?: string) => {
    const [method, path] = route?.split(" ") ?? [];
    const answer = await ask("POST /v1/verify", {
      body: { project: "acme", key, ...(route !== undefined && { method, path }) },
    });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
}

test("a verdict takes the rates and tells all limits, times in ISO 8601; it takes no place", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const { key } = await plane.engine.key("acme");
  for (let used = 1; used <= 10; used += 1) {
    const verdict = await verify(key);
    assert.deepEqual([verdict.code, verdict.limits], ["ok", [jobs, requests(used)]]);
    assert.equal("retryAfterSeconds" in verdict, false);
  }
});

test("above the rate the verdict is rate_exceeded and says how long to wait, which is long enough", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const { key, id } = await plane.engine.key("acme");
  for (let times = 0; times < 10; times += 1) await verify(key);
  const refused = await verify(key);
  assert.deepEqual([refused.allowed, refused.code, refused.retryAfterSeconds], [false, "rate_exceeded", 6]);
  assert.deepEqual(refused.limits, [jobs, { ...requests(10), retryAfterSeconds: 6 }]);
  assert.equal(refused.key.id, id);
  plane.engine.clock.set(START + 5_999);
  assert.equal((await verify(key)).code, "rate_exceeded");
  plane.engine.clock.set(START + 6_000);
  assert.equal((await verify(key)).code, "ok");
});

test("a refusal of a valid key tells the limits and takes none; no other denial speaks of them", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const { key } = await plane.engine.key("acme");
  const disabled = await plane.engine.key("acme");
  await disableKey(plane.engine.instance, LOCAL_CALLER, "acme", disabled.id);
  for (let times = 0; times < 15; times += 1) {
    const scope = await verify(key, "POST /notes");
    assert.deepEqual([scope.code, scope.limits], ["insufficient_scope", [jobs, requests(0)]]);
    const route = await verify(key, "GET /nowhere");
    assert.deepEqual([route.code, route.limits], ["no_route", [jobs, requests(0)]]);
  }
  for (const text of ["", "x", disabled.key]) {
    const verdict = await verify(text);
    assert.equal(verdict.allowed, false);
    assert.equal("limits" in verdict, false, verdict.code);
  }
});

test("a route takes the limits that it names, with its weight", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const { key } = await plane.engine.key("acme");
  assert.deepEqual((await verify(key, "GET /heavy")).limits, [requests(4)]);
  assert.deepEqual((await verify(key, "GET /heavy")).limits, [requests(8)]);
  const refused = await verify(key, "GET /heavy");
  assert.deepEqual([refused.code, refused.retryAfterSeconds], ["rate_exceeded", 12]);
  assert.deepEqual((await verify(key, "GET /notes")).limits, [jobs, requests(9)]);
  assert.deepEqual((await verify(key, "GET /free")).limits, []);
});

test("a batch takes one after the other, in its order", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key } = await plane.engine.key("acme");
  const body = { requests: Array.from({ length: 15 }, () => ({ project: "acme", key })) };
  const answer = await plane.ask("POST /v1/verify/batch", { body });
  assert.equal(answer.status, 200, answer.text);
  for (const [index, verdict] of answer.json.verdicts.entries()) {
    const over = index >= 10;
    assert.equal(verdict.code, over ? "rate_exceeded" : "ok");
    assert.equal(verdict.retryAfterSeconds, over ? 6 : undefined);
    const state = over ? { ...requests(10), retryAfterSeconds: 6 } : requests(index + 1);
    assert.deepEqual(verdict.limits, [jobs, state]);
  }
});

test("a limit of places that admits nobody is told, and is no reason for a verdict that takes none", async (t) => {
  const plane = await controlPlaneFor(t, {
    projects: [{ name: "acme", limits: { jobs: { concurrency: 0 } } }],
  });
  const { key } = await plane.engine.key("acme");
  const verdict = await verifyWith(plane)(key);
  assert.deepEqual([verdict.code, verdict.limits[0].remaining], ["ok", 0]);
});

test("without limits a verdict says nothing of them", async (t) => {
  const plane = await controlPlaneFor(t);
  const { key } = await plane.engine.key("acme");
  assert.equal("limits" in (await verifyWith(plane)(key)), false);
});
