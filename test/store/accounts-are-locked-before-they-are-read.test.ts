// Promise: where other nodes write to the database too, an account's money is read only once its account is locked, in one order for
// all nodes, and nothing is decided about an account that is not locked. PostgreSQL's words, spoken to a database that only listens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Kysely } from "kysely";
import { lockAccountRows } from "../../src/store/sql/lock.ts";
import { createSqlStore } from "../../src/store/sql/store.ts";
import type { Tables } from "../../src/store/sql/tables.ts";
import { NOON } from "../support/records.ts";
import { allowance, CREDITS, NOVEMBER, settle } from "./ledger-entries.ts";
import { listeningDialect } from "./listening-dialect.ts";
import { batch } from "./open-store.ts";

function listeningStore(rowsOf?: (sql: string) => readonly unknown[]) {
  const { heard, dialect } = listeningDialect(rowsOf);
  const database = new Kysely<Tables>({ dialect });
  return { heard, store: createSqlStore(database, { lockAccounts: lockAccountRows }) };
}

const spendOf = (account: string, project = "acme") => ({
  kind: "spend" as const,
  project,
  account,
  environment: "live",
  key: "key_1",
  route: "",
  at: NOON,
  units: 1,
  draws: [allowance(null), CREDITS],
});

test("a batch locks its accounts first, each once, in the order of their ids", async () => {
  const { store, heard } = listeningStore();
  await store.post(
    ["acc_c", "acc_a", "acc_b", "acc_a"].map((account, index) => spendOf(account, `p${index}`)),
  );
  const [lock, ...rest] = heard;
  assert.match(
    lock!.sql,
    /^select "id" from "accounts" where "id" in \(\$1, \$2, \$3\) order by "id" for update$/,
  );
  assert.deepEqual(lock!.parameters, ["acc_a", "acc_b", "acc_c"]);
  assert.match(rest[0]!.sql, /from "creditLots"/);
  assert.ok(rest.some(({ sql }) => sql.startsWith('insert into "allowances"')));
  assert.ok(rest.every(({ sql }) => !sql.includes("for update")));
});

test("grants and adjustments lock their account before they read it", async () => {
  for (const kind of ["grant-credits", "take-credits"] as const) {
    const { store, heard } = listeningStore();
    const write = { kind, project: "acme", account: "acc_a", units: 1, expiresAt: null, reason: null };
    await store.commit(batch([write])).catch(() => {});
    assert.match(heard[0]!.sql, /"accounts".* for update$/, kind);
  }
});

test("credits are written off only once the accounts that had them are locked", async () => {
  const { store, heard } = listeningStore((sql) =>
    sql.includes('select "account", "expiresAt" from "creditLots"')
      ? [
          { account: "acc_b", expiresAt: "7" },
          { account: "acc_a", expiresAt: "9" },
        ]
      : [],
  );
  await store.keepBooks(NOON, 0);
  const lots = heard.filter(({ sql }) => /"creditLots"|"accounts"/.test(sql));
  const words = lots.map(({ sql }) => sql.replace(/^(\w+).*?from "(\w+)".*$/s, "$1 $2"));
  assert.deepEqual(words, ["select creditLots", "select accounts", "delete creditLots"]);
  assert.deepEqual(lots[1]!.parameters, ["acc_a", "acc_b"]);
  // Of nobody else, and no more than were seen before the lock.
  assert.deepEqual(lots[2]!.parameters, ["9", "acc_b", "acc_a"]);
});

test("a hold that another node opens meanwhile is not found rather than settled unlocked", async () => {
  const row = { id: "hld_1", units: "5", parts: "[]", draws: "[]", createdAt: "1", expiresAt: `${NOON + 1}` };
  const owner = { project: "acme", account: "acc_a", environment: "live", key: "key_1", route: "" };
  const hold = { ...owner, ...row, settledUnits: null, settledAt: null };
  let isThere = false;
  const { store, heard } = listeningStore((sql) => {
    if (!sql.includes('from "holds"')) return [];
    const rows = isThere ? [hold] : [];
    isThere = true;
    return rows;
  });
  assert.deepEqual(await store.post([settle("hld_1", 0)]), [{ done: false, reason: "not_found" }]);
  assert.ok(heard.every(({ sql }) => !sql.startsWith("insert")));
  // The next time it is there from the beginning, is read again under the lock, and ends.
  heard.length = 0;
  const [answer] = await store.post([settle("hld_1", 0)]);
  assert.equal(answer?.done, true);
  const tables = heard.map(({ sql }) => /(?:from|into) "(\w+)"/.exec(sql)?.[1]);
  assert.deepEqual(tables.slice(0, 3), ["holds", "accounts", "holds"]);
});

test("integers that come as text are numbers", async () => {
  const purse = { project: "acme", account: "acc_a", environment: "live" };
  const { store } = listeningStore((sql) => {
    if (sql.includes('from "allowances"')) return [{ ...purse, period: `${NOVEMBER}`, used: "7", over: "2" }];
    if (sql.includes('from "creditLots"'))
      return [
        { ...purse, expiresAt: "9007199254740991", remaining: "5" },
        { ...purse, expiresAt: `${NOON}`, remaining: "3" },
      ];
    return [];
  });
  const [balance] = await store.balances([{ ...purse, period: NOVEMBER }], NOON);
  assert.deepEqual(balance, { period: NOVEMBER, used: 7, over: 2, credits: 5 });
});
