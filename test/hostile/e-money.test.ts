// Rows E08, E09, E16, E17, E18, E21, E22 over HTTP: units that are none, balances past every bound, repeated settlements and top-ups.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT: ProjectFile = {
  name: "acme",
  limits: { requests: { rate: 1_000, windowSeconds: 60 } },
  plans: { free: { allowance: 10 } },
  defaultPlan: "free",
  routes: [{ match: "POST /work", pot: "allowance" }],
};
const json = { "content-type": "application/json" };

/** The literals of E17 that no operation takes for a number of units, with `{}` and `[5]` among them. */
const NO_UNITS = ["0.5", "-0", "-0.0", '"5"', "null", "true", "[5]", "{}", "1e400", "-1e400"];
/** Beyond 2^53: JSON.parse reads each as a neighbour or as itself, and none of them can be kept. */
const TOO_LARGE = ["9007199254740992", "9007199254740993", "9007199254740995", "1e18", "9223372036854775808"];

async function customerOf(t: TestContext) {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key, account } = await plane.engine.key("acme");
  const path = `/v1/projects/acme/accounts/${account}`;
  return {
    plane,
    key,
    path,
    async standing() {
      const { allowance, credits } = (await plane.ask(`GET ${path}`)).json;
      const { items } = (await plane.ask(`GET ${path}/ledger`)).json;
      return { used: allowance.used, credits, movements: items.length };
    },
    topUp: (amount: number) => plane.ask(`POST ${path}/credits`, { body: { amount } }),
    async verify(more: object) {
      const answer = await plane.ask("POST /v1/verify", { body: { project: "acme", key, ...more } });
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
  };
}

/** Sends the body as it is, and wants it refused for this field. `NaN` is no JSON at all. */
async function refused({ ask }: ControlPlane, request: string, body: string, field: string): Promise<void> {
  const answer = await ask(request, { headers: json, body });
  if (body.includes("NaN")) assert.deepEqual([answer.status, answer.json.code], [400, "invalid_json"], body);
  else {
    assert.deepEqual([answer.status, answer.json.code], [422, "validation_failed"], body);
    assert.equal(answer.json.errors[0].field, field, body);
  }
}

test("E08: of fifty at once over the last unit one gets through", async (t) => {
  const { plane, key, verify, standing } = await customerOf(t);
  await verify({ cost: 9 });
  const body = { project: "acme", key, cost: 1 };
  const answers = await Promise.all(Array.from({ length: 50 }, () => plane.ask("POST /v1/verify", { body })));
  const codes = answers.map((answer) => answer.json.code).sort();
  assert.deepEqual(codes, [...Array(49).fill("allowance_exceeded"), "ok"]);
  assert.equal((await standing()).used, 10);
});

test("E09: a cost that does not fit is denied whole, and what remains is told", async (t) => {
  const { verify, standing } = await customerOf(t);
  await verify({ cost: 1 });
  const denied = await verify({ cost: 10 });
  assert.deepEqual([denied.code, denied.allowance.remaining], ["allowance_exceeded", 9]);
  assert.equal((await standing()).used, 1);
  assert.equal((await verify({ cost: 9 })).code, "ok");
});

test("E16: a cost of nothing consumes nothing and takes the rate", async (t) => {
  const { verify, standing } = await customerOf(t);
  await verify({ cost: 10 });
  const verdict = await verify({ cost: 0 });
  assert.deepEqual([verdict.code, verdict.cost, verdict.limits[0].remaining], ["ok", 0, 998]);
  assert.equal((await standing()).used, 10);
});

test("E17: a cost that is no whole number from 0 to a thousand million is refused, and nothing is spent", async (t) => {
  const { plane, key, topUp, standing, verify } = await customerOf(t);
  await topUp(50);
  const before = await standing();
  for (const literal of [...NO_UNITS, ...TOO_LARGE, "-1", "1000000001", "NaN"]) {
    const question = `{"project":"acme","key":"${key}","cost":${literal}}`;
    await refused(plane, "POST /v1/verify", question, "cost");
    await refused(plane, "POST /v1/verify/batch", `{"requests":[${question}]}`, "requests[0].cost");
  }
  assert.deepEqual(await standing(), before);
  assert.equal((await verify({ cost: 1_000_000_000 })).code, "allowance_exceeded");
  assert.deepEqual(await standing(), before);
});

test("E17: a settlement that is no number of units is refused, and the hold stays as it is", async (t) => {
  const { plane, verify, standing } = await customerOf(t);
  const { hold } = await verify({ cost: 5, hold: true });
  const before = await standing();
  for (const literal of [...NO_UNITS, ...TOO_LARGE, "-1", "1000000001", "NaN"])
    await refused(plane, `POST /v1/holds/${hold.id}/settle`, `{"cost":${literal}}`, "cost");
  await refused(plane, `POST /v1/holds/${hold.id}/settle`, "{}", "cost");
  assert.deepEqual(await standing(), before);
  const settled = await plane.ask(`POST /v1/holds/${hold.id}/settle`, { body: { cost: 2 } });
  assert.equal(settled.json.settledUnits, 2);
});

test("E17, E18: an amount that is no whole number, none at all or past 2^53 is refused, and no credit moves", async (t) => {
  const { plane, path, topUp, standing } = await customerOf(t);
  await topUp(50);
  const before = await standing();
  // 1e-400 is read as 0 by every reader of JSON.
  const nothing = ["0", "1e-400"];
  const literals = [...NO_UNITS, ...TOO_LARGE, ...TOO_LARGE.map((one) => `-${one}`), ...nothing, "NaN"];
  for (const literal of literals)
    await refused(plane, `POST ${path}/credits`, `{"amount":${literal}}`, "amount");
  assert.deepEqual(await standing(), before);
});

test("E18: no balance passes 2^53 - 1, up to there it is exact, and nothing is lost on the way", async (t) => {
  const { topUp, standing } = await customerOf(t);
  assert.equal((await topUp(1)).status, 201);
  const past = await topUp(Number.MAX_SAFE_INTEGER);
  assert.deepEqual([past.status, past.json.code], [422, "validation_failed"]);
  assert.equal(past.json.errors[0].field, "amount");
  assert.equal((await standing()).credits, 1);
  assert.equal((await topUp(Number.MAX_SAFE_INTEGER - 2)).json.credits, Number.MAX_SAFE_INTEGER - 1);
  assert.equal((await topUp(1)).json.credits, Number.MAX_SAFE_INTEGER);
  const full = await topUp(1);
  assert.deepEqual([full.status, full.json.errors[0].field], [422, "amount"]);
  assert.equal((await standing()).credits, Number.MAX_SAFE_INTEGER);
  assert.equal((await topUp(-Number.MAX_SAFE_INTEGER)).json.credits, 0);
});

test("E21: settling twice is once, at another number a conflict, beyond the pots a 402, after the end a conflict", async (t) => {
  const { plane, verify, standing } = await customerOf(t);
  const settle = (id: string, cost: number) => plane.ask(`POST /v1/holds/${id}/settle`, { body: { cost } });
  const first = (await verify({ cost: 5, hold: true })).hold;
  const beyond = await settle(first.id, 11);
  assert.deepEqual([beyond.status, beyond.json.code], [402, "insufficient_credits"]);
  assert.equal((await standing()).used, 5);
  assert.equal((await settle(first.id, 3)).status, 200);
  const { movements } = await standing();
  assert.equal((await settle(first.id, 3)).status, 200);
  assert.deepEqual((await settle(first.id, 5)).json.code, "conflict");
  assert.deepEqual(await standing(), { used: 3, credits: 0, movements });
  const second = (await verify({ cost: 5, hold: true })).hold;
  plane.engine.clock.set(Date.parse(second.expiresAt));
  const late = await settle(second.id, 1);
  assert.deepEqual([late.status, late.json.code], [409, "conflict"]);
  assert.equal((await standing()).used, 8);
});

test("E22: a top-up that is repeated under its Idempotency-Key is one, however often and however fast", async (t) => {
  const { plane, path, standing, verify } = await customerOf(t);
  const send = (amount: number, key: string) =>
    plane.ask(`POST ${path}/credits`, {
      body: { amount, reason: "Order 7" },
      headers: { "idempotency-key": key },
    });
  const burst = await Promise.all(Array.from({ length: 20 }, () => send(100, "order-7")));
  for (const { status, json: answer } of burst) {
    assert.ok(status === 201 || answer.code === "idempotency_in_progress", `${status}`);
  }
  const first = await send(100, "order-7");
  plane.engine.clock.set(START + 1_000);
  await verify({ cost: 10 });
  const again = await send(100, "order-7");
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.deepEqual(again.json, first.json);
  assert.deepEqual((await send(101, "order-7")).json.code, "idempotency_key_reused");
  assert.equal((await standing()).credits, 100);
  assert.equal((await send(-100, "refund-7")).json.credits, 0);
  // The account has nothing left, and still the repetition is answered as the first was.
  assert.deepEqual((await send(-100, "refund-7")).json.credits, 0);
  assert.equal((await standing()).credits, 0);
});

test("E22: a top-up that was refused may be sent again under its key", async (t) => {
  const { plane, path, topUp, standing } = await customerOf(t);
  const headers = { "idempotency-key": "adjust" };
  const take = () => plane.ask(`POST ${path}/credits`, { body: { amount: -5 }, headers });
  assert.equal((await take()).status, 409);
  await topUp(5);
  assert.equal((await take()).status, 201);
  assert.equal((await take()).status, 201);
  assert.equal((await standing()).credits, 0);
});
