// Promise: every movement of an account's pots can be read, newest first, page by page, and adds up to what is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectFile } from "../../src/project/schema.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT: ProjectFile = {
  name: "acme",
  plans: { free: { allowance: 10 } },
  defaultPlan: "free",
  routes: [{ match: "POST /work", cost: 3 }],
};

interface Movement {
  readonly id: string;
  readonly at: string;
  readonly pot: string;
  readonly kind: string;
  readonly units: number;
  readonly requests: number;
}

test("what was granted, spent and given back stands in it, with who spent it and on what", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key, id, account } = await plane.engine.key("acme");
  const path = `/v1/projects/acme/accounts/${account}`;
  await plane.ask(`POST ${path}/credits`, { body: { amount: 100, expiresAt: "2027-01-01T00:00:00Z" } });
  const ask = async (more: object) =>
    (await plane.ask("POST /v1/verify", { body: { project: "acme", key, ...more } })).json;
  plane.engine.clock.set(START + 1);
  await ask({ method: "POST", path: "/work" });
  plane.engine.clock.set(START + 2);
  const { hold } = await ask({ cost: 12, hold: true });
  plane.engine.clock.set(START + 3);
  await plane.ask(`POST /v1/holds/${hold.id}/settle`, { body: { cost: 10 } });
  const { items } = (await plane.ask(`GET ${path}/ledger`)).json as { items: Movement[] };
  const told = items.map(({ at, pot, kind, units, requests }) => [
    Date.parse(at) - START,
    pot,
    kind,
    units,
    requests,
  ]);
  assert.deepEqual(told.slice(0, 1), [[3, "credits", "refund", 2, 0]]);
  assert.deepEqual(told.slice(1, 3).sort(), [
    [2, "allowance", "spend", -7, 1],
    [2, "credits", "spend", -5, 1],
  ]);
  assert.deepEqual(told.slice(3), [
    [1, "allowance", "spend", -3, 1],
    [0, "credits", "grant", 100, 0],
  ]);
  const { id: _, ...spent } = items[3] as Movement & Record<string, unknown>;
  assert.deepEqual(spent, {
    at: new Date(START + 1).toISOString(),
    account,
    environment: "live",
    pot: "allowance",
    kind: "spend",
    units: -3,
    requests: 1,
    key: id,
    route: "POST /work",
    period: "2026-11-01T00:00:00.000Z",
    expiresAt: null,
    reason: null,
    compacted: false,
  });
  const { credits, allowance } = (await plane.ask(`GET ${path}`)).json;
  const sum = (pot: string): number =>
    items.filter((one) => one.pot === pot).reduce((total, { units }) => total + units, 0);
  assert.deepEqual([credits, allowance.used], [sum("credits"), -sum("allowance")]);
});

test("pages neither skip nor repeat a movement", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id } = await plane.engine.account("acme");
  const path = `/v1/projects/acme/accounts/${id}`;
  for (let index = 0; index < 7; index += 1) {
    // Some in the same millisecond.
    plane.engine.clock.set(START + Math.floor(index / 3));
    const answer = await plane.ask(`POST ${path}/credits`, { body: { amount: 1 + index } });
    assert.equal(answer.status, 201, answer.text);
  }
  const whole = (await plane.ask(`GET ${path}/ledger`)).json.items as Movement[];
  assert.equal(whole.length, 7);
  const times = whole.map(({ at }) => at);
  assert.deepEqual(times, times.toSorted().reverse());
  const pages: Movement[] = [];
  for (let cursor = ""; ; ) {
    const page = (await plane.ask(`GET ${path}/ledger?limit=2${cursor}`)).json;
    assert.ok(page.items.length <= 2);
    pages.push(...page.items);
    if (page.nextCursor === undefined) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  assert.deepEqual(pages, whole);
  for (const query of ["limit=0", "limit=1001", "cursor=forged", "account=x"]) {
    const answer = await plane.ask(`GET ${path}/ledger?${query}`);
    assert.deepEqual([answer.status, answer.json.errors[0].field], [422, query.split("=")[0]], query);
  }
});
