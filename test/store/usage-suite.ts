// The behavioural suite of the store of usage: every driver runs all of it. Nothing here may know a driver.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Draw, Part } from "../../src/policy/pot.ts";
import type { Store } from "../../src/store/contract.ts";
import type { Origin } from "../../src/store/ledger.ts";
import { DAY_MS, HOUR_MS, MAX_SUMS, type UsageCount, type UsageQuery } from "../../src/store/usage.ts";
import { batch, type OpenStore, openedFor, storeFor } from "./open-store.ts";

/** 2026-11-21T12:00:00Z. */
export const NOON = Date.parse("2026-11-21T12:00:00Z");
const DAY = NOON - (NOON % DAY_MS);
const NOVEMBER = Date.parse("2026-11-01T00:00:00Z");
const DECEMBER = Date.parse("2026-12-01T00:00:00Z");

/** Of `acme` unless it says otherwise. */
export function count(changes: Partial<UsageCount> = {}): UsageCount {
  const hour = changes.hour ?? NOON;
  return {
    project: "acme",
    account: "acc_a",
    environment: "live",
    key: "key_a",
    route: "GET /v1/notes/**",
    outcome: "ok",
    hour,
    requests: 1,
    units: 0,
    lastAt: hour + 1,
    ...changes,
  };
}

const asked = (changes: Partial<UsageQuery> = {}): UsageQuery => ({
  project: "acme",
  from: 0,
  to: Date.parse("2100-01-01T00:00:00Z"),
  by: [],
  ...changes,
});

/** `open` gives an empty store each time. */
export function usageSuite(name: string, open: OpenStore): void {
  describe(`${name}: counts add up`, () => countsAddUp(open));
  describe(`${name}: sums are grouped in order`, () => sumsAreGrouped(open));
  describe(`${name}: what was consumed is told for each account and environment`, () => billsAddUp(open));
}

function countsAddUp(open: OpenStore): void {
  test("to what is there, with the newest moment, whatever the order", async (context) => {
    const store = await storeFor(context, open);
    await store.addUsage([count({ requests: 2, units: 5, lastAt: NOON + 50 })]);
    await store.addUsage([count({ requests: 3, units: 7, lastAt: NOON + 20 })]);
    assert.deepEqual(await store.usage(asked()), [{ requests: 5, units: 12, lastAt: NOON + 50 }]);
    await store.addUsage([count({ requests: 1, units: -20, lastAt: NOON + 70 })]);
    assert.deepEqual(await store.usage(asked()), [{ requests: 6, units: -8, lastAt: NOON + 70 }]);
  });

  test("within one call too", async (context) => {
    const store = await storeFor(context, open);
    await store.addUsage([]);
    assert.deepEqual(await store.usage(asked()), []);
    await store.addUsage([
      count({ lastAt: NOON + 9 }),
      count({ key: "key_b", units: 2 }),
      count({ units: 3, lastAt: NOON + 4 }),
    ]);
    assert.deepEqual(await store.usage(asked({ by: ["key"] })), [
      { key: "key_a", requests: 2, units: 3, lastAt: NOON + 9 },
      { key: "key_b", requests: 1, units: 2, lastAt: NOON + 1 },
    ]);
  });

  test("each member apart from every other", async (context) => {
    const store = await storeFor(context, open);
    const others: Partial<UsageCount>[] = [
      {},
      { account: "acc_b" },
      { environment: "test" },
      { key: "key_b" },
      { route: "POST /v1/notes" },
      { outcome: "rate_exceeded" },
      { hour: NOON + HOUR_MS },
      { account: "", environment: "", key: "", route: "", outcome: "invalid_key" },
    ];
    await store.addUsage([...others.map(count), count({ project: "other" })]);
    const by = ["account", "environment", "key", "route", "outcome", "hour"] as const;
    const sums = await store.usage(asked({ by }));
    assert.equal(sums.length, others.length);
    assert.ok(sums.every(({ requests }) => requests === 1));
    assert.equal((await store.usage(asked({ project: "other" })))[0]?.requests, 1);
    assert.deepEqual(await store.usage(asked({ project: "nobody" })), []);
  });

  test("from many writers at once, and over a reopening", async (context) => {
    const opened = await openedFor(context, open);
    const writes = Array.from({ length: 20 }, (_, index) =>
      opened.store.addUsage([count({ key: `key_${index % 3}` }), count({ key: "key_all", units: index })]),
    );
    await Promise.all(writes);
    const store = await opened.reopen();
    const sums = await store.usage(asked({ by: ["key"] }));
    assert.deepEqual(
      sums.map(({ key, requests, units }) => [key, requests, units]),
      [
        ["key_0", 7, 0],
        ["key_1", 7, 0],
        ["key_2", 6, 0],
        ["key_all", 20, 190],
      ],
    );
  });

  test("more than one statement holds, in whole numbers beyond 32 bits", async (context) => {
    const store = await storeFor(context, open);
    const many = Array.from({ length: 450 }, (_, index) =>
      count({ key: `key_${String(index).padStart(3, "0")}`, units: 2 ** 40 }),
    );
    await store.addUsage([...many, ...many]);
    const [sum] = await store.usage(asked());
    assert.deepEqual([sum?.requests, sum?.units], [900, 900 * 2 ** 40]);
    assert.equal((await store.usage(asked({ by: ["key"] }))).length, 450);
  });
}

function sumsAreGrouped(open: OpenStore): void {
  const times = [NOVEMBER - HOUR_MS, NOVEMBER, DAY, NOON, DAY + DAY_MS - HOUR_MS, DECEMBER];
  const filled = async (context: Parameters<typeof storeFor>[0]): Promise<Store> => {
    const store = await storeFor(context, open);
    await store.addUsage(
      times.flatMap((hour) => [
        count({ hour, units: 2 }),
        count({ hour, environment: "test", account: "acc_b", key: "key_b", outcome: "no_route" }),
      ]),
    );
    return store;
  };

  test("by hour, by day and by month, each told by its beginning in UTC", async (context) => {
    const store = await filled(context);
    const told = async (by: UsageQuery["by"], more: Partial<UsageQuery> = {}) =>
      (await store.usage(asked({ by, ...more }))).map((sum) => [
        ...by.map((group) => sum[group]),
        sum.requests,
      ]);
    assert.deepEqual(
      await told(["hour"]),
      times.map((hour) => [hour, 2]),
    );
    assert.deepEqual(await told(["day"]), [
      [NOVEMBER - DAY_MS, 2],
      [NOVEMBER, 2],
      [DAY, 6],
      [DECEMBER, 2],
    ]);
    const october = Date.parse("2026-10-01T00:00:00Z");
    assert.deepEqual(await told(["month"]), [
      [october, 2],
      [NOVEMBER, 8],
      [DECEMBER, 2],
    ]);
    assert.deepEqual(await told(["month", "environment"], { from: NOVEMBER, to: DECEMBER }), [
      [NOVEMBER, "live", 4],
      [NOVEMBER, "test", 4],
    ]);
    assert.deepEqual(await told(["month"], { from: NOVEMBER + 1, to: NOON }), [[NOVEMBER, 2]]);
    assert.deepEqual(await told(["outcome", "month"], { from: DAY, to: DECEMBER + 1 }), [
      ["no_route", NOVEMBER, 3],
      ["no_route", DECEMBER, 1],
      ["ok", NOVEMBER, 3],
      ["ok", DECEMBER, 1],
    ]);
    assert.deepEqual(await told(["day", "month"], { from: DAY, to: DECEMBER }), [[DAY, NOVEMBER, 6]]);
  });

  test("months of a year in which most have nothing, with units and the newest moment of each", async (context) => {
    const store = await storeFor(context, open);
    const [early, late] = [Date.parse("2026-01-31T23:00:00Z"), Date.parse("2027-02-28T23:00:00Z")];
    await store.addUsage([count({ hour: early, units: 4 }), count({ hour: late, units: 6 })]);
    assert.deepEqual(await store.usage(asked({ by: ["month"], account: "acc_a" })), [
      { month: Date.parse("2026-01-01T00:00:00Z"), requests: 1, units: 4, lastAt: early + 1 },
      { month: Date.parse("2027-02-01T00:00:00Z"), requests: 1, units: 6, lastAt: late + 1 },
    ]);
    assert.deepEqual(await store.usage(asked({ by: ["month"], account: "acc_none" })), []);
  });

  test("of one account, of one environment, of hours that begin in the time asked for", async (context) => {
    const store = await filled(context);
    const requests = async (more: Partial<UsageQuery>) => (await store.usage(asked(more)))[0]?.requests;
    assert.equal(await requests({}), 12);
    assert.equal(await requests({ account: "acc_a" }), 6);
    assert.equal(await requests({ account: "acc_a", environment: "test" }), undefined);
    assert.equal(await requests({ environment: "test" }), 6);
    assert.equal(await requests({ from: DAY, to: DECEMBER }), 6);
    assert.equal(await requests({ from: DAY + 1, to: DECEMBER + 1 }), 6);
    assert.equal(await requests({ from: DECEMBER + 1 }), undefined);
  });

  test("in the order of the groups as given, text by its characters", async (context) => {
    const store = await storeFor(context, open);
    const routes = ["GET /b", "GET /a", "GET /Z", "", "POST /a", "GET /é"];
    await store.addUsage(
      routes.flatMap((route, index) => [
        count({ route, hour: NOON + (index % 2) * HOUR_MS }),
        count({ route }),
      ]),
    );
    const byRoute = await store.usage(asked({ by: ["route"] }));
    assert.deepEqual(
      byRoute.map(({ route }) => route),
      ["", "GET /Z", "GET /a", "GET /b", "GET /é", "POST /a"],
    );
    const byHour = await store.usage(asked({ by: ["hour", "route"] }));
    assert.deepEqual(
      byHour.map(({ hour, route }) => [(hour! - NOON) / HOUR_MS, route]),
      [...["", "GET /Z", "GET /a", "GET /b", "GET /é", "POST /a"].map((route) => [0, route])].concat(
        ["", "GET /a", "GET /é"].map((route) => [1, route]),
      ),
    );
  });

  test(`no more than ${MAX_SUMS} sums are answered`, async (context) => {
    const store = await storeFor(context, open);
    const keys = Array.from({ length: MAX_SUMS + 10 }, (_, index) => `key_${String(index).padStart(6, "0")}`);
    for (let from = 0; from < keys.length; from += 5_000)
      await store.addUsage(keys.slice(from, from + 5_000).map((key) => count({ key })));
    for (const by of [["key"], ["key", "month"]] as const) {
      const sums = await store.usage(asked({ by }));
      assert.deepEqual([sums.length, sums[0]?.key], [MAX_SUMS, "key_000000"]);
    }
    assert.equal((await store.usage(asked()))[0]?.requests, MAX_SUMS + 10);
  });
}

function billsAddUp(open: OpenStore): void {
  test("requests that were allowed, units of all, for the accounts and the time asked for", async (context) => {
    const store = await storeFor(context, open);
    await store.addUsage([
      count({ requests: 5, units: 50 }),
      count({ key: "key_b", route: "", requests: 2, units: 20 }),
      count({ outcome: "rate_exceeded", requests: 7 }),
      count({ environment: "test", outcome: "no_route" }),
      count({ hour: DECEMBER }),
      count({ hour: NOVEMBER - HOUR_MS }),
      count({ account: "acc_b", hour: NOVEMBER }),
      count({ account: "acc_c" }),
      count({ project: "other" }),
    ]);
    const query = { project: "acme", from: NOVEMBER, to: DECEMBER };
    const read = await store.consumption({ ...query, accounts: ["acc_b", "acc_a", "acc_none"] });
    const nothing = { requests: 0, units: 0, allowance: null, creditsSpent: 0 };
    assert.deepEqual(
      read.toSorted((one, other) =>
        one.account + one.environment < other.account + other.environment ? -1 : 1,
      ),
      [
        { ...nothing, account: "acc_a", environment: "live", requests: 7, units: 70 },
        { ...nothing, account: "acc_a", environment: "test" },
        { ...nothing, account: "acc_b", environment: "live", requests: 1 },
      ],
    );
    assert.deepEqual(await store.consumption({ ...query, accounts: [] }), []);
  });

  test("what the ledger took in that time, before and after its hours are summed up", async (context) => {
    const store = await storeFor(context, open);
    const grant = {
      kind: "grant-credits",
      project: "acme",
      units: 1_000,
      expiresAt: null,
      reason: null,
    } as const;
    await store.commit(batch(["acc_a", "acc_b"].map((account) => ({ ...grant, account }))));
    const origin = { project: "acme", account: "acc_a", environment: "live", key: "key_a", route: "" };
    const spend = async (at: number, units: number, period: number, changes: Partial<Origin> = {}) => {
      const allowance: Draw = { pot: "allowance", period, limit: 100, overage: 5 };
      const draws: Draw[] = [allowance, { pot: "credits" }];
      const [answer] = await store.post([{ kind: "spend", ...origin, ...changes, at, units, draws }]);
      assert.ok(answer?.done);
    };
    const october = Date.parse("2026-10-15T00:00:00Z");
    await spend(NOVEMBER - 1, 103, october);
    await spend(NOVEMBER, 40, NOVEMBER);
    await spend(DECEMBER - 1, 90, NOVEMBER, { key: "key_b" });
    await spend(DECEMBER - 1, 10, NOVEMBER, { environment: "test" });
    await spend(NOON, 150, NOVEMBER, { account: "acc_b" });
    const parts: Part[] = [{ pot: "credits", expiresAt: null, units: 20 }];
    await store.post([{ kind: "give-back", ...origin, at: NOON, parts }]);
    await spend(DECEMBER, 200, DECEMBER);
    const read = async () => {
      const query = { project: "acme", accounts: ["acc_a", "acc_b"], from: NOVEMBER, to: DECEMBER };
      const found = await store.consumption(query);
      return found
        .map(({ account, environment, allowance, creditsSpent }) =>
          [account, environment, allowance?.used, allowance?.over, creditsSpent].join(" "),
        )
        .sort();
    };
    const expected = ["acc_a live 100 0 10", "acc_a test 10 0 0", "acc_b live 100 0 50"];
    assert.deepEqual(await read(), expected);
    while (await store.keepBooks(DECEMBER + DAY_MS, DECEMBER + DAY_MS));
    assert.deepEqual(await read(), expected);
  });
}
