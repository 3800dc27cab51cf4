import assert from "node:assert/strict";
import { test } from "node:test";
import type { UsageCount } from "../../src/store/usage.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const HOUR_MS = 3_600_000;
const hourOf = (text: string): number => Date.parse(`${text}:00:00.000Z`);

async function served(t: Parameters<typeof controlPlaneFor>[0]) {
  const plane = await controlPlaneFor(t);
  const { account, id: key } = await plane.engine.key("acme");
  const add = (changes: Partial<UsageCount> = {}) => {
    const hour = changes.hour ?? START;
    const count = { project: "acme", account, environment: "live", key, route: "GET /a", outcome: "ok" };
    return plane.engine.instance.store.addUsage([
      { ...count, hour, requests: 1, units: 0, lastAt: hour + 5, ...changes },
    ]);
  };
  return { ...plane, account, key, add, own: `/v1/projects/acme/accounts/${account}/usage` };
}

test("an account's days of the last thirty, today among them, with totals", async (t) => {
  const { ask, add, own } = await served(t);
  assert.deepEqual((await ask(`GET ${own}`)).json, {
    from: "2026-10-23T00:00:00.000Z",
    to: "2026-11-21T13:00:00.000Z",
    by: ["day"],
    items: [],
    totals: { requests: 0, units: 0 },
  });
  await add({ requests: 3, units: 30, hour: START - HOUR_MS });
  await add({ requests: 2, outcome: "rate_exceeded", hour: START - 2 * HOUR_MS });
  await add({ requests: 4, units: -5, hour: hourOf("2026-10-23T00") });
  await add({ requests: 100, hour: hourOf("2026-10-22T23") });
  await add({ requests: 100, account: "acc_other", hour: START - HOUR_MS });
  const answer = await ask(`GET ${own}`);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json.items, [
    { day: "2026-10-23", requests: 4, units: -5, lastAt: "2026-10-23T00:00:00.005Z" },
    { day: "2026-11-21", requests: 5, units: 30, lastAt: "2026-11-21T11:00:00.005Z" },
  ]);
  assert.deepEqual(answer.json.totals, { requests: 9, units: 25 });
});

test("by key, route, outcome and environment, by hour and by month", async (t) => {
  const { ask, add, own, key } = await served(t);
  await add({ units: 7 });
  await add({ route: "", outcome: "no_route", environment: "test", hour: hourOf("2026-10-31T23") });
  const items = async (query: string) =>
    (await ask(`GET ${own}?from=2026-10-01&to=2026-12&${query}`)).json.items;
  const lastAt = ["2026-11-21T12:00:00.005Z", "2026-10-31T23:00:00.005Z"];
  assert.deepEqual(await items("by=key,route,outcome,environment"), [
    { key, route: "", outcome: "no_route", environment: "test", requests: 1, units: 0, lastAt: lastAt[1] },
    { key, route: "GET /a", outcome: "ok", environment: "live", requests: 1, units: 7, lastAt: lastAt[0] },
  ]);
  assert.deepEqual(await items("by=month"), [
    { month: "2026-10", requests: 1, units: 0, lastAt: lastAt[1] },
    { month: "2026-11", requests: 1, units: 7, lastAt: lastAt[0] },
  ]);
  assert.deepEqual(await items("by=hour&environment=test"), [
    { hour: "2026-10-31T23:00:00.000Z", requests: 1, units: 0, lastAt: lastAt[1] },
  ]);
});

test("a part of an hour is answered as the whole of it, in the time that the answer names", async (t) => {
  const { ask, add, own } = await served(t);
  for (const hour of [-1, 0, 1, 2]) await add({ hour: START + hour * HOUR_MS });
  const within = async (from: string, to: string) => {
    const { json } = await ask(`GET ${own}?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
    return [json.from.slice(11, 16), json.to.slice(11, 16), json.totals.requests];
  };
  assert.deepEqual(await within("2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z"), ["12:00", "13:00", 1]);
  assert.deepEqual(await within("2026-11-21T12:59:59.999Z", "2026-11-21T13:00:00.001Z"), [
    "12:00",
    "14:00",
    2,
  ]);
  assert.deepEqual(await within("2026-11-21T13:30:00+02:00", "2026-11-21T12:30Z"), ["11:00", "13:00", 2]);
  const to = await ask(`GET ${own}?to=2026-11-22T00:00:00Z`);
  assert.equal(to.json.from, "2026-10-23T00:00:00.000Z");
});

test("the project's usage holds every account, and verdicts without a proven key under an empty one", async (t) => {
  const { ask, add, account } = await served(t);
  await add();
  await add({ account: "", environment: "", key: "", route: "", outcome: "invalid_key", requests: 3 });
  await add({ project: "other" });
  const answer = await ask("GET /v1/projects/acme/usage?by=account,outcome&from=2026-11");
  assert.deepEqual(
    answer.json.items.map((one: { account: string; outcome: string; requests: number }) => [
      one.account,
      one.outcome,
      one.requests,
    ]),
    [
      ["", "invalid_key", 3],
      [account, "ok", 1],
    ],
  );
  assert.equal(
    (await ask("GET /v1/projects/acme/usage?from=2026-11&environment=live")).json.totals.requests,
    1,
  );
});

test("what cannot be meant is refused with its field", async (t) => {
  const { ask, own } = await served(t);
  const wrong: [string, string][] = [
    ["by=", "by"],
    ["by=account", "by"],
    ["by=week", "by"],
    ["by=day,month", "by"],
    ["by=key,key", "by"],
    ["by=key,", "by"],
    ["by=key&by=route", "by"],
    ["by[]=key", "by[]"],
    [`by=${"key,".repeat(100)}key`, "by"],
    ["by=__proto__", "by"],
    ["from=2026-11-21&to=2026-11-20", "to"],
    ["from=2026-11-21&to=2026-11-21", "to"],
    ["from=2027-01-01", "to"],
    ["from=yesterday", "from"],
    ["from=", "from"],
    ["from=1795262400000", "from"],
    ["from=2026-02-30", "from"],
    ["from=2026-13", "from"],
    ["from=2026-11-21T12:00:00", "from"],
    ["from=2026-11-21T23:59:60Z", "from"],
    ["to=9999999-01-01", "to"],
    ["to=1969-12-31", "to"],
    ["from=2026-10&from=2026-11", "from"],
    ["environment=staging", "environment"],
    ["environment=", "environment"],
    ["environment=live&environment=test", "environment"],
    ["colour=red", "colour"],
  ];
  for (const [query, field] of wrong) {
    const { status, json } = await ask(`GET ${own}?${query}`);
    assert.deepEqual([status, json.code, json.errors?.[0].field], [422, "validation_failed", field], query);
  }
  const project = await ask("GET /v1/projects/acme/usage?by=nothing");
  assert.match(project.json.detail, /^by: must be out of account, environment, key, /);
});

test("sums that do not fit one answer are refused rather than cut off", async (t) => {
  const { ask, engine, own, account } = await served(t);
  const counts = Array.from({ length: 10_000 }, (_, index) => ({
    ...{ project: "acme", account, environment: "live", route: "", outcome: "ok", hour: START, units: 1 },
    ...{ key: `key_${index}`, requests: 1, lastAt: START },
  }));
  await engine.instance.store.addUsage(counts.slice(1));
  const whole = await ask(`GET ${own}?by=key&from=2026-11&to=2026-12`);
  assert.deepEqual([whole.json.items.length, whole.json.totals], [9_999, { requests: 9_999, units: 9_999 }]);
  await engine.instance.store.addUsage(counts.slice(0, 1));
  const { status, json } = await ask(`GET ${own}?by=key&from=2026-11&to=2026-12`);
  assert.deepEqual([status, json.errors[0].field], [422, "by"]);
  assert.equal((await ask(`GET ${own}?by=environment&from=2026-11&to=2026-12`)).json.totals.requests, 10_000);
});

test("an account is found in its own project only, with the scope accounts:read", async (t) => {
  const { ask, engine, account, own, rootKeyWith } = await served(t);
  await engine.apply({ name: "other" });
  for (const path of [
    `/v1/projects/other/accounts/${account}/usage`,
    "/v1/projects/acme/accounts/acc_none/usage",
    "/v1/projects/nobody/usage",
    "/v1/projects/nobody/usage/export?month=2026-11",
  ])
    assert.deepEqual([(await ask(`GET ${path}`)).status, path], [404, path]);
  const { key } = await rootKeyWith(["keys:read"]);
  for (const path of [own, "/v1/projects/acme/usage", "/v1/projects/acme/usage/export?month=2026-11"])
    assert.equal((await ask(`GET ${path}`, { rootKey: key })).status, 403, path);
  const reader = await rootKeyWith(["accounts:read"]);
  assert.equal((await ask(`GET ${own}`, { rootKey: reader.key })).status, 200);
});
