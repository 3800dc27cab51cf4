// Part of the store suite: who comes too late or takes what is taken is told which of the two, and of what.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accountRecord, keyRecord, projectRecord } from "../support/records.ts";
import { assertConflict, batch, type OpenStore, storeFor } from "./open-store.ts";

export function collisionsAreNamed(open: OpenStore): void {
  test("an update of a version that has moved on, or of nothing, is stale", async (context) => {
    const store = await storeFor(context, open);
    const project = projectRecord({ name: "acme" });
    const account = accountRecord();
    const key = keyRecord(account);
    await store.commit(
      batch([
        { kind: "put-project", record: project, replaces: null },
        { kind: "insert-account", record: account },
        { kind: "insert-key", record: key },
      ]),
    );
    for (const replaces of [0, 2]) {
      const commit = store.commit.bind(store);
      await assertConflict(commit(batch([{ kind: "put-project", record: project, replaces }])), "stale");
      await assertConflict(commit(batch([{ kind: "update-account", record: account, replaces }])), "stale");
      await assertConflict(commit(batch([{ kind: "update-key", record: key, replaces }])), "stale");
    }
    const elsewhere = [
      { kind: "update-account", record: { ...account, project: "other" }, replaces: 1 },
      { kind: "update-key", record: { ...key, project: "other" }, replaces: 1 },
      { kind: "update-key", record: keyRecord(account), replaces: 1 },
    ] as const;
    for (const write of elsewhere) await assertConflict(store.commit(batch([write])), "stale");
    assert.deepEqual(await store.key("acme", key.id), key);
  });

  test("of two writers who read the same version exactly one wins", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    await store.commit(batch([{ kind: "insert-account", record: account }]));
    const settled = await Promise.allSettled(
      ["a", "b", "c", "d"].map((name) =>
        store.commit(
          batch([{ kind: "update-account", record: { ...account, name, version: 2 }, replaces: 1 }]),
        ),
      ),
    );
    const lost = settled.filter((one) => one.status === "rejected");
    assert.equal(lost.length, 3);
    for (const one of lost) assert.equal(one.reason.reason, "stale");
    const winner = ["a", "b", "c", "d"][settled.findIndex((one) => one.status === "fulfilled")];
    assert.equal((await store.account("acme", account.id))?.name, winner);
  });

  test("a project that exists cannot be made again", async (context) => {
    const store = await storeFor(context, open);
    const write = { kind: "put-project", record: projectRecord({ name: "acme" }), replaces: null } as const;
    await store.commit(batch([write]));
    await assertConflict(store.commit(batch([write])), "duplicate", "id");
  });

  test("an account's id and externalId are its own; externalId only within its project", async (context) => {
    const store = await storeFor(context, open);
    const one = accountRecord({ externalId: "c-1" });
    const two = accountRecord({ externalId: "c-2" });
    await store.commit(batch([one, two].map((record) => ({ kind: "insert-account", record }))));
    const insert = (record: typeof one) => store.commit(batch([{ kind: "insert-account", record }]));
    await assertConflict(insert(accountRecord({ id: one.id })), "duplicate", "id");
    await assertConflict(insert(accountRecord({ externalId: "c-1" })), "duplicate", "externalId");
    const taking = { ...two, externalId: "c-1", version: 2 };
    const update = store.commit(batch([{ kind: "update-account", record: taking, replaces: 1 }]));
    await assertConflict(update, "duplicate", "externalId");
    const foreign = accountRecord({ project: "other", externalId: "c-1" });
    await insert(foreign);
    await insert(accountRecord());
    await insert(accountRecord());
    assert.equal((await store.accountByExternalId("acme", "c-1"))?.id, one.id);
    assert.equal((await store.accountByExternalId("other", "c-1"))?.id, foreign.id);
  });

  test("a key's id is its own within its project, its digest within the store", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const foreign = accountRecord({ project: "other" });
    const one = keyRecord(account, { id: "key_1" });
    const two = keyRecord(account, { id: "key_2" });
    await store.commit(batch([one, two].map((record) => ({ kind: "insert-key", record }))));
    const insert = (record: typeof one) => store.commit(batch([{ kind: "insert-key", record }]));
    await assertConflict(insert(keyRecord(account, { id: "key_1", digest: "new" })), "duplicate", "id");
    await assertConflict(insert(keyRecord(foreign, { digest: one.digest })), "duplicate", "digest");
    const taking = { ...two, digest: one.digest, version: 2 };
    const update = store.commit(batch([{ kind: "update-key", record: taking, replaces: 1 }]));
    await assertConflict(update, "duplicate", "digest");
    const namesake = keyRecord(foreign, { id: "key_1" });
    await insert(namesake);
    assert.deepEqual(await store.key("acme", "key_1"), one);
    assert.deepEqual(await store.key("other", "key_1"), namesake);
  });

  test("revoking another number of keys than expected is a count conflict and revokes none", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const keys = [keyRecord(account), keyRecord(account)];
    await store.commit(batch(keys.map((record) => ({ kind: "insert-key", record }))));
    for (const expected of [0, 1, 3]) {
      const write = { kind: "revoke-keys", project: "acme", filter: {}, expected } as const;
      await assertConflict(store.commit(batch([write])), "count");
      assert.equal(await store.countLiveKeys("acme", {}), 2);
    }
  });
}
