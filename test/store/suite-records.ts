// Part of the store suite: every record comes back exactly as it was written, by every read that can find it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accountRecord,
  auditRecord,
  keyRecord,
  NOON,
  projectRecord,
  replayRecord,
} from "../support/records.ts";
import { batch, type OpenStore, storeFor } from "./open-store.ts";

/** What JSON columns and text columns are most likely to harm. */
const AWKWARD = {
  snake_case: { camelCase: { snake_case_too: [1, [2, { three_deep: null }]] } },
  unicode: "Grüße 🎛️ \u202e ａ\u0301",
  quotes: `'"; drop table keys; -- \\ \n\r\t`,
  escaped: "\u0000\u001f\ud800",
  numbers: [0, -1, 1.5, 1e21, 9_007_199_254_740_991],
  empty: { list: [], object: {}, text: "" },
  flags: [true, false],
};
/** The last millisecond that has a four-digit year: past 2^47, far past 2^32. */
const LAST_TIME = 253_402_300_799_999;

export function recordsComeBackAsWritten(open: OpenStore): void {
  test("a project, by name and in the list, which is in the order of names", async (context) => {
    const store = await storeFor(context, open);
    const file = { name: "zeta", title: "Zeta “☕”", dialect: { body: { error: AWKWARD } } };
    const zeta = projectRecord({
      name: "zeta",
      file,
      sourceDigest: "d1g",
      createdAt: 0,
      updatedAt: LAST_TIME,
    });
    const alpha = projectRecord({ name: "alpha" });
    await store.commit(
      batch([zeta, alpha].map((record) => ({ kind: "put-project", record, replaces: null }))),
    );
    assert.deepEqual(await store.project("zeta"), zeta);
    assert.deepEqual(await store.projects(), [alpha, zeta]);
    assert.equal(await store.project("Zeta"), undefined);
    const next = { ...zeta, file: { name: "zeta" }, sourceDigest: null, version: 2 };
    await store.commit(batch([{ kind: "put-project", record: next, replaces: 1 }]));
    assert.deepEqual(await store.project("zeta"), next);
  });

  test("an account, by id, by externalId and in the list", async (context) => {
    const store = await storeFor(context, open);
    const full = accountRecord({
      name: "Ωmega & söhne",
      externalId: "cust_Ä🙂'\"",
      plan: "pro",
      metadata: AWKWARD,
      suspendedAt: LAST_TIME,
      createdAt: 1,
    });
    const bare = accountRecord();
    await store.commit(batch([full, bare].map((record) => ({ kind: "insert-account", record }))));
    assert.deepEqual(await store.account("acme", full.id), full);
    assert.deepEqual(await store.accountByExternalId("acme", full.externalId ?? ""), full);
    assert.deepEqual(await store.accounts("acme", { limit: 10 }), [bare, full]);
    const changed = { ...full, externalId: null, plan: null, metadata: {}, suspendedAt: null, version: 2 };
    await store.commit(batch([{ kind: "update-account", record: changed, replaces: 1 }]));
    assert.deepEqual(await store.account("acme", full.id), changed);
    assert.equal(await store.accountByExternalId("acme", full.externalId ?? ""), undefined);
  });

  test("a key, by id, by digest with its account, and in the list", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const key = keyRecord(account, {
      name: "{{7*7}} %s%n 🔑",
      environment: "test",
      scopes: ["read:analytics", "*"],
      frozenScopes: ["*", "a", "read:analytics"],
      tier: "premium",
      allowedIps: ["203.0.113.7", "2001:db8::/32"],
      metadata: AWKWARD,
      pepperVersion: 7,
      notBefore: 0,
      expiresAt: LAST_TIME,
      disabledAt: 1,
      revokedAt: 4_294_967_296,
      deletedAt: 2_147_483_648,
      predecessor: "key_before",
      successor: "key_after",
    });
    const writes = [
      { kind: "insert-account", record: account },
      { kind: "insert-key", record: key },
    ] as const;
    await store.commit(batch(writes));
    assert.deepEqual(await store.key("acme", key.id), key);
    assert.deepEqual(await store.keyByDigest(key.digest), { key, account });
    assert.deepEqual(await store.keys("acme", { includeDeleted: true }, { limit: 10 }), [key]);
    const plain = keyRecord(account, { id: key.id, digest: key.digest, version: 2 });
    await store.commit(batch([{ kind: "update-key", record: plain, replaces: 1 }]));
    assert.deepEqual(await store.key("acme", key.id), plain);
  });

  test("an audit entry and a stored answer", async (context) => {
    const store = await storeFor(context, open);
    const audit = auditRecord({ at: LAST_TIME, actor: "key_Ä", action: "key.rotate", detail: AWKWARD });
    const replay = replayRecord({ status: 422, body: { ...AWKWARD, list: [null] }, expiresAt: LAST_TIME });
    await store.commit(batch([], { audit: [audit], replay }));
    assert.deepEqual(await store.audit("acme", { limit: 10 }), [audit]);
    assert.deepEqual(await store.replay(replay.id, NOON), replay);
  });

  test("what is not there is undefined or empty, whatever is asked for", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord({ externalId: "here" });
    const key = keyRecord(account);
    const writes = [
      { kind: "insert-account", record: account },
      { kind: "insert-key", record: key },
    ] as const;
    await store.commit(batch(writes));
    for (const unknown of [
      "",
      "nothing",
      "' or 1=1 --",
      "%",
      "_",
      "nul\u0000",
      "\ud800",
      "x".repeat(10_000),
    ]) {
      assert.equal(await store.project(unknown), undefined);
      assert.equal(await store.account("acme", unknown), undefined);
      assert.equal(await store.account(unknown, account.id), undefined);
      assert.equal(await store.accountByExternalId("acme", unknown), undefined);
      assert.equal(await store.key("acme", unknown), undefined);
      assert.equal(await store.key(unknown, key.id), undefined);
      assert.equal(await store.keyByDigest(unknown), undefined);
      assert.equal(await store.replay(unknown, NOON), undefined);
      assert.equal(await store.setting(unknown), undefined);
      assert.deepEqual(await store.keys("acme", { account: unknown }, { limit: 10 }), []);
      assert.deepEqual(await store.accounts(unknown, { limit: 10 }), []);
      assert.deepEqual(await store.audit(unknown, { limit: 10 }), []);
    }
  });

  test("a key whose account is gone is not found by its digest", async (context) => {
    const store = await storeFor(context, open);
    const key = keyRecord(accountRecord());
    await store.commit(batch([{ kind: "insert-key", record: key }]));
    assert.equal(await store.keyByDigest(key.digest), undefined);
  });
}
