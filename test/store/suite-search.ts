// Part of the store suite: keys and accounts are found by what people remember of them, uses are kept, and an erased account leaves nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accountRecord, auditRecord, keyRecord, NOON } from "../support/records.ts";
import { batch, type OpenStore, storeFor } from "./open-store.ts";

export function findsWhatPeopleLookFor(open: OpenStore): void {
  test("keys by id, start, last four, name and parts of these, of one account or all", async (context) => {
    const store = await storeFor(context, open);
    const [mine, other] = [accountRecord(), accountRecord()];
    const wanted = keyRecord(mine, {
      name: "Nightly 100% job",
      start: "acme_live_ab12",
      lastFour: "zzzz",
      createdAt: 20,
    });
    const older = keyRecord(other, { name: "Nightly", createdAt: 10 });
    const deleted = keyRecord(mine, { name: "Nightly", createdAt: 30, deletedAt: NOON });
    const foreign = keyRecord(accountRecord({ project: "beta" }), { name: "Nightly" });
    await store.commit(
      batch([wanted, older, deleted, foreign].map((record) => ({ kind: "insert-key", record }))),
    );
    const find = async (text: string, account?: string) =>
      (await store.findKeys("acme", { text, limit: 10, ...(account !== undefined && { account }) })).map(
        ({ id }) => id,
      );
    for (const text of [
      wanted.id,
      wanted.id.slice(2),
      "acme_live_ab12",
      "zzzz",
      "Nightly 100% job",
      "100%",
      "JOB",
    ])
      assert.deepEqual(await find(text), [wanted.id], text);
    assert.deepEqual(await find("nightly"), [wanted.id, older.id]);
    assert.deepEqual(await find("nightly", other.id), [older.id]);
    // Signs that stand for others in a pattern stand for themselves.
    for (const text of ["night_y", "n%y", "!", "\\"]) assert.deepEqual(await find(text), [], text);
    assert.equal((await store.findKeys("acme", { text: "nightly", limit: 1 })).length, 1);
  });

  test("accounts by id, externalId, name and parts of these", async (context) => {
    const store = await storeFor(context, open);
    const wanted = accountRecord({ name: "Ada & Sons", externalId: "cus_77" });
    await store.commit(
      batch([wanted, accountRecord({ name: "Eve" })].map((record) => ({ kind: "insert-account", record }))),
    );
    for (const text of [wanted.id, "cus_77", "CUS_7", "Ada & Sons", "sons"])
      assert.deepEqual(await store.findAccounts("acme", text, 10), [wanted], text);
    assert.deepEqual(await store.findAccounts("acme", "nobody", 10), []);
  });

  test("the newest use of a key, whatever came of it, and none of one that was never used", async (context) => {
    const store = await storeFor(context, open);
    const count = {
      project: "acme",
      account: "acc_1",
      environment: "live",
      route: "",
      requests: 1,
      units: 0,
    };
    const use = (key: string, outcome: string, lastAt: number) =>
      store.addUsage([{ ...count, key, outcome, hour: 0, lastAt }]);
    await use("key_1", "ok", 50);
    await use("key_1", "revoked_key", 70);
    await use("key_1", "ok", 60);
    await use("", "invalid_key", 99);
    assert.deepEqual(await store.lastUses("acme", ["key_1", "key_2", ""]), [{ key: "key_1", at: 70 }]);
    assert.deepEqual(await store.lastUses("beta", ["key_1"]), []);
    assert.deepEqual(await store.lastUses("acme", []), []);
  });

  test("audit entries by who, what, whose and when", async (context) => {
    const store = await storeFor(context, open);
    const one = auditRecord({ at: 10, actor: "key_r", action: "key.create", subject: "key_1" });
    const two = auditRecord({ at: 20, actor: "local", action: "key.revoke", subject: "key_1" });
    await store.commit(batch([], { audit: [one, two] }));
    const ids = async (filter: object) =>
      (await store.audit("acme", { limit: 10 }, filter)).map(({ id }) => id);
    assert.deepEqual(await ids({ subject: "key_1" }), [two.id, one.id]);
    assert.deepEqual(await ids({ actor: "local" }), [two.id]);
    assert.deepEqual(await ids({ action: "key.create" }), [one.id]);
    assert.deepEqual(await ids({ from: 10, to: 20 }), [one.id]);
    assert.deepEqual(await ids({ from: 11 }), [two.id]);
  });

  test("an erased account is gone with its keys and what the audit says of them, and every listener hears it", async (context) => {
    const store = await storeFor(context, open);
    const [mine, other] = [accountRecord({ name: "Ada" }), accountRecord()];
    const [key, kept] = [keyRecord(mine), keyRecord(other)];
    await store.commit(
      batch(
        [
          ...[mine, other].map((record) => ({ kind: "insert-account", record }) as const),
          ...[key, kept].map((record) => ({ kind: "insert-key", record }) as const),
        ],
        {
          audit: [mine.id, key.id, kept.id].map((subject) =>
            auditRecord({ subject, detail: { name: "Ada" } }),
          ),
        },
      ),
    );
    const erase = {
      kind: "erase-account",
      project: "acme",
      account: mine.id,
      replaces: mine.version,
    } as const;
    await assert.rejects(store.commit(batch([{ ...erase, replaces: 7 }])));
    assert.deepEqual(await store.account("acme", mine.id), mine);
    const changes = await store.commit(batch([erase]));
    assert.deepEqual(
      changes.map(({ kind, subject }) => [kind, subject]),
      [
        ["account", mine.id],
        ["key", key.id],
      ],
    );
    assert.equal(await store.account("acme", mine.id), undefined);
    assert.equal(await store.key("acme", key.id), undefined);
    assert.equal(await store.keyByDigest(key.digest), undefined);
    assert.deepEqual(await store.key("acme", kept.id), kept);
    const details = (await store.audit("acme", { limit: 10 })).map(({ subject, detail }) => [
      subject,
      detail,
    ]);
    assert.deepEqual(Object.fromEntries(details), {
      [mine.id]: {},
      [key.id]: {},
      [kept.id]: { name: "Ada" },
    });
  });

  test("keys that have expired are not counted as alive where that is asked", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const keys = [null, 100, 200].map((expiresAt) => keyRecord(account, { expiresAt }));
    await store.commit(batch(keys.map((record) => ({ kind: "insert-key", record }))));
    assert.equal(await store.countLiveKeys("acme", {}), 3);
    assert.equal(await store.countLiveKeys("acme", { aliveAt: 100 }), 2);
  });
}
