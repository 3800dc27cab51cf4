import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import type { UsageCount } from "../../src/store/usage.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";
import { failingStore } from "../support/stores.ts";

const PROJECT = {
  name: "acme",
  environments: ["live", "test"],
  plans: {
    free: { allowance: 100 },
    pro: { allowance: { units: 1_000, overage: { upTo: 500 }, resetsOn: 15 } },
    flat: {},
  },
  defaultPlan: "free",
};
const EXPORT = "GET /v1/projects/acme/usage/export";
const NOVEMBER = Date.parse("2026-11-01T00:00:00Z");

function count(account: string, changes: Partial<UsageCount> = {}): UsageCount {
  return {
    ...{ project: "acme", account, environment: "live", key: "key_a", route: "GET /a", outcome: "ok" },
    ...{ hour: START, requests: 1, units: 0, lastAt: START },
    ...changes,
  };
}

async function linesOf({ ask }: ControlPlane, month = "2026-11") {
  const { status, headers, text } = await ask(`${EXPORT}?month=${month}`);
  assert.deepEqual([status, headers.get("content-type")], [200, "application/x-ndjson"]);
  assert.ok(text === "" || text.endsWith("}\n"));
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Takes `units` from the allowance of the period that begins at `period`, and then from credits. */
async function spend(
  { engine }: ControlPlane,
  account: string,
  units: number,
  period: number,
): Promise<void> {
  const origin = { project: "acme", account, environment: "live", key: "key_a", route: "GET /a" };
  const [answer] = await engine.instance.store.post([
    {
      ...{ kind: "spend", ...origin, at: START, units },
      draws: [{ pot: "allowance", period, limit: 100, overage: 20 }, { pot: "credits" }],
    },
  ]);
  assert.ok(answer?.done);
}

test("a line for each account and environment, newest account first, with nothing where nothing was used", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const ada = await plane.engine.account("acme", { name: "Ada", externalId: "cus_ada" });
  plane.engine.clock.set(START + 1);
  const bob = await plane.engine.account("acme", { name: "Bob", plan: "flat" });
  await plane.engine.instance.store.addUsage([
    count(ada.id, { requests: 5, units: 60 }),
    count(ada.id, { key: "key_b", requests: 2, units: -10 }),
    count(ada.id, { outcome: "rate_exceeded", requests: 9 }),
    count(ada.id, { hour: NOVEMBER - 1 - ((NOVEMBER - 1) % 3_600_000) }),
    count(bob.id, { environment: "old", outcome: "no_route" }),
    count("", { outcome: "invalid_key" }),
  ]);
  const facts = { project: "acme", month: "2026-11", requests: 0, units: 0, creditsSpent: 0 };
  const none = {
    ...{ limit: 100, used: 0, over: 0 },
    ...{ startsAt: "2026-11-01T00:00:00.000Z", resetsAt: "2026-12-01T00:00:00.000Z" },
  };
  const ofBob = { ...facts, account: bob.id, externalId: null, name: "Bob", plan: "flat", allowance: null };
  const ofAda = {
    ...facts,
    account: ada.id,
    externalId: "cus_ada",
    name: "Ada",
    plan: "free",
    allowance: none,
  };
  assert.deepEqual(await linesOf(plane), [
    { ...ofBob, environment: "live" },
    { ...ofBob, environment: "test" },
    { ...ofBob, environment: "old" },
    { ...ofAda, environment: "live", requests: 7, units: 50 },
    { ...ofAda, environment: "test" },
  ]);
  // Both were made in November: October has what was used and nobody else.
  const october = await linesOf(plane, "2026-10");
  assert.deepEqual(
    october.map(({ account, environment, requests }) => [account, environment, requests]),
    [[ada.id, "live", 1]],
  );
  assert.deepEqual(await linesOf(plane, "2026-09"), []);
});

test("allowance and credits are those of the ledger", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const ada = await plane.engine.account("acme");
  await plane.ask(`POST /v1/projects/acme/accounts/${ada.id}/credits`, { body: { amount: 1_000 } });
  await spend(plane, ada.id, 150, NOVEMBER);
  const [answer] = await plane.engine.instance.store.post([
    {
      ...{
        kind: "give-back",
        project: "acme",
        account: ada.id,
        environment: "live",
        key: "key_a",
        route: "GET /a",
      },
      ...{ at: START, parts: [{ pot: "credits", expiresAt: null, units: 10 }] },
    },
  ]);
  assert.ok(answer?.done);
  const [live, sandbox] = await linesOf(plane);
  const { startsAt, resetsAt } = live.allowance;
  assert.deepEqual(live.allowance, { limit: 100, used: 100, over: 0, startsAt, resetsAt });
  assert.deepEqual([live.creditsSpent, sandbox.creditsSpent, sandbox.allowance.used], [40, 0, 0]);
  await spend(plane, ada.id, 965, NOVEMBER);
  const [after] = await linesOf(plane);
  assert.deepEqual([after.allowance.used, after.allowance.over, after.creditsSpent], [105, 5, 1_000]);

  // Another plan, whose period begins on another day: the month's own is the one that begins in it.
  await plane.ask(`PATCH /v1/projects/acme/accounts/${ada.id}`, { body: { plan: "pro" } });
  const [pro] = await linesOf(plane);
  assert.deepEqual(pro.allowance, {
    ...{ limit: 1_000, used: 105, over: 5 },
    ...{ startsAt: "2026-11-15T00:00:00.000Z", resetsAt: "2026-12-15T00:00:00.000Z" },
  });
  await plane.ask(`PATCH /v1/projects/acme/accounts/${ada.id}`, { body: { plan: "flat" } });
  const [flat, untouched] = await linesOf(plane);
  assert.deepEqual([flat.allowance.limit, flat.allowance.used, untouched.allowance], [0, 105, null]);
});

test("accounts of many pages are each there once", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const made: string[] = [];
  for (let index = 0; index < 230; index += 1) {
    if (index % 3 === 0) plane.engine.clock.set(START + index);
    made.push((await plane.engine.account("acme", { name: `Account ${index}` })).id);
  }
  const lines = await linesOf(plane);
  const accounts = lines.filter(({ environment }) => environment === "live").map(({ account }) => account);
  assert.deepEqual([lines.length, accounts.toSorted()], [460, made.toSorted()]);
});

test("a month that is not one, or has not begun, is refused with its field", async (t) => {
  const { ask } = await controlPlaneFor(t, { projects: [PROJECT] });
  for (const query of [
    "",
    "month=",
    "month=2026-13",
    "month=2026-00",
    "month=2026-1",
    "month=2026-11-01",
    "month=1969-12",
    "month=2026-12",
    "month=9999-12",
    "month=%202026-11",
    "month=2026-11&month=2026-10",
    "month=2026-11%0A",
  ]) {
    const { status, json } = await ask(`${EXPORT}?${query}`);
    assert.deepEqual([status, json.errors?.[0].field], [422, "month"], query);
  }
  assert.equal((await ask(`${EXPORT}?month=2026-11&account=acc_a`)).json.errors[0].field, "account");
});

/** The status, and what came before the answer ended or broke off. */
function receive(plane: ControlPlane): Promise<{ status: number; text: string; whole: boolean }> {
  const headers = { authorization: `Bearer ${plane.rootKey}` };
  return new Promise((resolve, reject) => {
    const asking = request(`${plane.url}${EXPORT.slice(4)}?month=2026-11`, { headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("error", () => {});
      answer.on("close", () => resolve({ status: answer.statusCode!, text, whole: answer.complete }));
    });
    asking.on("error", reject).end();
  });
}

async function withFailingPage(t: TestContext, failingPage: number): Promise<ControlPlane> {
  let page = 0;
  const plane = await controlPlaneFor(t, {
    projects: [PROJECT],
    over: (instance) => {
      const { control, store } = failingStore(instance.store, () => new StoreUnavailable("gone"));
      const accounts: typeof store.accounts = (...words) => {
        page += 1;
        control.failing = page === failingPage;
        return store.accounts(...words).finally(() => {
          control.failing = false;
        });
      };
      return { ...instance, store: { ...store, accounts } };
    },
  });
  for (let index = 0; index < 120; index += 1) await plane.engine.account("acme");
  return plane;
}

test("a store that does not answer is told; one that stops answering breaks the answer off", async (t) => {
  const early = await receive(await withFailingPage(t, 1));
  assert.equal(early.status, 503);
  assert.equal(JSON.parse(early.text).code, "store_unavailable");
  const late = await receive(await withFailingPage(t, 2));
  assert.deepEqual([late.status, late.whole], [200, false]);
  const whole = await receive(await withFailingPage(t, 0));
  assert.deepEqual([whole.status, whole.whole, whole.text.split("\n").length], [200, true, 241]);
});
