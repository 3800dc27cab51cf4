// Promise: an operator adds credits to an account and takes them away, whole or not at all, and the account tells what it has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const at = (ms: number): string => new Date(START + ms).toISOString();
const DAY = 86_400_000;

async function accountIn({ ask, engine }: ControlPlane, project = "acme") {
  const { id } = await engine.account(project);
  const path = `/v1/projects/${project}/accounts/${id}`;
  return {
    id,
    path,
    change: (body: object) => ask(`POST ${path}/credits`, { body }),
    credits: async (): Promise<number> => (await ask(`GET ${path}`)).json.credits,
    journal: async () => (await ask(`GET ${path}/ledger`)).json.items,
  };
}

test("a top-up is answered with what was done and what there is, and stands in the journal and the audit", async (t) => {
  const plane = await controlPlaneFor(t);
  const account = await accountIn(plane);
  assert.equal(await account.credits(), 0);
  const answer = await account.change({ amount: 500, reason: "Order 7" });
  assert.equal(answer.status, 201, answer.text);
  const facts = { amount: 500, expiresAt: null, reason: "Order 7" };
  assert.deepEqual(answer.json, {
    project: "acme",
    account: account.id,
    ...facts,
    at: at(0),
    credits: 500,
  });
  assert.equal(await account.credits(), 500);
  const [{ id, ...movement }] = await account.journal();
  assert.match(id, /^\w+$/);
  assert.deepEqual(movement, {
    at: at(0),
    account: account.id,
    environment: null,
    pot: "credits",
    kind: "grant",
    units: 500,
    requests: 0,
    key: null,
    route: null,
    period: null,
    expiresAt: null,
    reason: "Order 7",
    compacted: false,
  });
  const { items } = (await plane.ask("GET /v1/projects/acme/audit")).json;
  const entry = items.find(({ action }: { action: string }) => action === "credits.grant");
  assert.deepEqual([entry.action, entry.subject, entry.detail], ["credits.grant", account.id, facts]);
});

test("credits are taken away down to nothing, and not one more", async (t) => {
  const plane = await controlPlaneFor(t);
  const account = await accountIn(plane);
  await account.change({ amount: 10 });
  const taken = await account.change({ amount: -4, expiresAt: null, reason: "Refunded" });
  assert.deepEqual([taken.status, taken.json.amount, taken.json.credits], [201, -4, 6]);
  const before = await account.journal();
  const more = await account.change({ amount: -7 });
  assert.deepEqual([more.status, more.json.code], [409, "conflict"]);
  assert.match(more.json.detail, /fewer than 7 credits \(now 6\)/);
  assert.equal(await account.credits(), 6);
  assert.deepEqual(await account.journal(), before);
  assert.equal((await account.change({ amount: -6 })).json.credits, 0);
  assert.equal((await account.change({ amount: -1 })).status, 409);
  const { items } = (await plane.ask("GET /v1/projects/acme/audit")).json;
  const actions = items
    .map(({ action }: { action: string }) => action)
    .filter((action: string) => action.startsWith("credits."));
  assert.deepEqual(actions.sort(), ["credits.grant", "credits.take", "credits.take"]);
  assert.deepEqual(before.map(({ kind, units }: { kind: string; units: number }) => [kind, units]).sort(), [
    ["adjustment", -4],
    ["grant", 10],
  ]);
});

test("credits with an end are gone at that moment, and are taken before those without", async (t) => {
  const plane = await controlPlaneFor(t);
  const account = await accountIn(plane);
  await account.change({ amount: 100 });
  const lot = await account.change({ amount: 10, expiresAt: "2026-11-22T13:00:00+01:00" });
  assert.deepEqual([lot.status, lot.json.expiresAt, lot.json.credits], [201, at(DAY), 110]);
  assert.equal((await account.change({ amount: -4 })).json.credits, 106);
  plane.engine.clock.set(START + DAY - 1);
  assert.equal(await account.credits(), 106);
  plane.engine.clock.set(START + DAY);
  assert.equal(await account.credits(), 100);
  assert.equal((await account.change({ amount: -101 })).status, 409);
});

test("what cannot be meant is refused with its field, and changes nothing", async (t) => {
  const plane = await controlPlaneFor(t);
  const account = await accountIn(plane);
  await account.change({ amount: 5 });
  for (const [body, field] of [
    [{}, "amount"],
    [{ amount: 0 }, "amount"],
    [{ amount: -1, expiresAt: at(DAY) }, "expiresAt"],
    [{ amount: 1, expiresAt: at(0) }, "expiresAt"],
    [{ amount: 1, expiresAt: at(-1) }, "expiresAt"],
    [{ amount: 1, expiresAt: "tomorrow" }, "expiresAt"],
    [{ amount: 1, expiresAt: 1_900_000_000 }, "expiresAt"],
    [{ amount: 1, reason: "" }, "reason"],
    [{ amount: 1, reason: "x".repeat(201) }, "reason"],
    [{ amount: 1, reason: "two\nlines" }, "reason"],
    [{ amount: 1, reason: "\u0000" }, "reason"],
    [{ amount: 1, reason: 7 }, "reason"],
    [{ amount: 1, units: 1 }, "units"],
  ] as const) {
    const answer = await account.change(body);
    assert.deepEqual([answer.status, answer.json.code], [422, "validation_failed"], answer.text);
    assert.equal(answer.json.errors[0].field, field);
  }
  assert.equal((await account.change({ amount: 1, reason: "😀".repeat(200) })).status, 201);
  assert.equal(await account.credits(), 6);
});

test("another project's account is not there", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [{ name: "acme" }, { name: "beta" }] });
  const { id, credits } = await accountIn(plane);
  for (const request of [
    `POST /v1/projects/beta/accounts/${id}/credits`,
    "POST /v1/projects/acme/accounts/acc_none/credits",
    `POST /v1/projects/none/accounts/${id}/credits`,
  ]) {
    const answer = await plane.ask(request, { body: { amount: 5 } });
    assert.deepEqual([answer.status, answer.json.code], [404, "not_found"], request);
  }
  for (const path of [`beta/accounts/${id}`, "acme/accounts/acc_none"])
    assert.equal((await plane.ask(`GET /v1/projects/${path}/ledger`)).status, 404);
  assert.equal(await credits(), 0);
});

test("one account's credits may have a thousand ends, and the next is refused in words", async (t) => {
  const plane = await controlPlaneFor(t);
  const account = await accountIn(plane);
  const { store } = plane.engine.instance;
  await store.commit({
    at: START,
    audit: [],
    writes: Array.from({ length: 1_000 }, (_, index) => ({
      kind: "grant-credits" as const,
      project: "acme",
      account: account.id,
      units: 1,
      expiresAt: START + DAY + index,
      reason: null,
    })),
  });
  const refused = await account.change({ amount: 1, expiresAt: at(2 * DAY) });
  assert.deepEqual([refused.status, refused.json.code], [409, "conflict"]);
  assert.match(refused.json.detail, /1000 different expiry times/);
  assert.equal((await account.change({ amount: 1, expiresAt: at(DAY) })).json.credits, 1_001);
});
