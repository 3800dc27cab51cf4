// Part of the store suite: all of a batch or nothing of it, and what revoking many keys at once touches.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyFilter, Store, Write } from "../../src/store/contract.ts";
import type { KeyRecord } from "../../src/store/records.ts";
import {
  accountRecord,
  auditRecord,
  keyRecord,
  NOON,
  projectRecord,
  replayRecord,
} from "../support/records.ts";
import { assertConflict, batch, type OpenStore, storeFor } from "./open-store.ts";

export function batchesAreWhole(open: OpenStore): void {
  test("one write that cannot be undoes every other, wherever it stands, with audit, answer and numbers", async (context) => {
    const store = await storeFor(context, open);
    const known = accountRecord({ externalId: "taken" });
    await store.commit(batch([{ kind: "insert-account", record: known }]));
    const before = await everything(store);
    const bad: Write[] = [
      { kind: "update-account", record: { ...known, version: 9 }, replaces: 8 },
      { kind: "insert-account", record: known },
      { kind: "insert-account", record: accountRecord({ externalId: "taken" }) },
      { kind: "update-key", record: keyRecord(known), replaces: 1 },
      { kind: "put-project", record: projectRecord({ name: "fresh" }), replaces: 1 },
      { kind: "revoke-keys", project: "acme", filter: {}, expected: 5 },
    ];
    for (const write of bad) {
      for (const place of [0, 1, 2, 3]) {
        const good: Write[] = [
          { kind: "put-project", record: projectRecord({ name: "acme" }), replaces: null },
          { kind: "update-account", record: { ...known, name: "changed", version: 2 }, replaces: 1 },
          { kind: "insert-key", record: keyRecord(known, { id: "key_new" }) },
        ];
        good.splice(place, 0, write);
        const work = store.commit(batch(good, { audit: [auditRecord()], replay: replayRecord({ id: "r" }) }));
        await assert.rejects(work, { name: "StoreConflict" });
        assert.deepEqual(await everything(store), before, `${write.kind} at ${place}`);
      }
    }
  });

  test("an audit id that is taken undoes the writes", async (context) => {
    const store = await storeFor(context, open);
    const audit = auditRecord();
    await store.commit(batch([], { audit: [audit] }));
    const record = accountRecord();
    const work = store.commit(batch([{ kind: "insert-account", record }], { audit: [audit] }));
    await assertConflict(work, "duplicate", "id");
    assert.equal(await store.account("acme", record.id), undefined);
  });

  test("writes of one batch happen in their order", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const second = { ...account, name: "second", version: 2 };
    const changes = await store.commit(
      batch([
        { kind: "insert-account", record: account },
        { kind: "update-account", record: second, replaces: 1 },
        { kind: "insert-key", record: keyRecord(account, { id: "key_1" }) },
        { kind: "revoke-keys", project: "acme", filter: {}, expected: 1 },
      ]),
    );
    assert.deepEqual(await store.account("acme", account.id), second);
    assert.equal((await store.key("acme", "key_1"))?.revokedAt, NOON);
    assert.deepEqual(
      changes.map(({ subject }) => subject),
      [account.id, account.id, "key_1", "key_1"],
    );
  });

  test("revoking many reaches the keys of the filter and no other, and counts the same ones", async (context) => {
    const store = await storeFor(context, open);
    const mine = accountRecord();
    const other = accountRecord();
    const foreign = accountRecord({ project: "other" });
    const at = (id: string, createdAt: number, more: Partial<KeyRecord> = {}) =>
      keyRecord(mine, { id, createdAt, ...more });
    const keys = [
      at("key_old", 10),
      at("key_edge", 20),
      at("key_new", 30),
      at("key_dead", 10, { revokedAt: 5 }),
      at("key_gone", 10, { deletedAt: 5 }),
      keyRecord(other, { id: "key_theirs", createdAt: 10 }),
      keyRecord(foreign, { id: "key_foreign", createdAt: 10 }),
    ];
    await store.commit(batch(keys.map((record) => ({ kind: "insert-key", record }))));
    const cases: [KeyFilter, string[]][] = [
      [{ account: mine.id, createdBefore: 20 }, ["key_old"]],
      [{ account: mine.id, createdBefore: 20, includeDeleted: true }, ["key_gone"]],
      [{ createdBefore: 21 }, ["key_edge", "key_theirs"]],
      [{ account: mine.id }, ["key_new"]],
      [{}, []],
    ];
    for (const [filter, expected] of cases) {
      const count = await store.countLiveKeys("acme", filter);
      assert.equal(count, expected.length, JSON.stringify(filter));
      const changes = await store.commit(
        batch([{ kind: "revoke-keys", project: "acme", filter, expected: count }], { at: 77 }),
      );
      assert.deepEqual(changes.map(({ subject }) => subject).sort(), expected, JSON.stringify(filter));
      for (const id of expected) {
        const key = await store.key("acme", id);
        assert.deepEqual([key?.revokedAt, key?.updatedAt, key?.version], [77, 77, 2], id);
      }
    }
    assert.deepEqual(await store.key("other", "key_foreign"), keys.at(-1));
    assert.equal((await store.key("acme", "key_dead"))?.revokedAt, 5);
  });
}

/** All that a test could have changed. */
async function everything(store: Store): Promise<unknown> {
  return {
    projects: await store.projects(),
    accounts: await store.accounts("acme", { limit: 100 }),
    keys: await store.keys("acme", { includeDeleted: true }, { limit: 100 }),
    audit: await store.audit("acme", { limit: 100 }),
    replay: await store.replay("r", NOON),
    changes: await store.changesSince(0, 100),
  };
}
