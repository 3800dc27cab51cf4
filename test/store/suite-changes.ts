// Part of the store suite: every change has a number, numbers follow the order of commits without a gap, and whoever listens
// has been told before the writer is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Change } from "../../src/store/records.ts";
import { accountRecord, keyRecord, projectRecord } from "../support/records.ts";
import { assertConflict, batch, type OpenStore, storeFor } from "./open-store.ts";

export function changesAreNumbered(open: OpenStore): void {
  test("a commit answers what it changed, numbered from 1, and the log says the same", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const key = keyRecord(account, { id: "key_1" });
    const made = await store.commit(
      batch([
        { kind: "put-project", record: projectRecord({ name: "acme" }), replaces: null },
        { kind: "insert-account", record: account },
        { kind: "insert-key", record: key },
      ]),
    );
    assert.deepEqual(made, [
      { seq: 1, kind: "project", project: "acme", subject: "acme" },
      { seq: 2, kind: "account", project: "acme", subject: account.id },
      { seq: 3, kind: "key", project: "acme", subject: "key_1" },
    ]);
    const updated = await store.commit(
      batch([{ kind: "update-key", record: { ...key, version: 2 }, replaces: 1 }]),
    );
    assert.deepEqual(updated, [{ seq: 4, kind: "key", project: "acme", subject: "key_1" }]);
    assert.deepEqual(await store.commit(batch([])), []);
    assert.deepEqual(await store.changesSince(0, 100), [...made, ...updated]);
    assert.deepEqual(await store.changesSince(1, 2), made.slice(1));
    assert.deepEqual(await store.changesSince(4, 100), []);
  });

  test("numbers have no gap where a batch was refused, and commits at once do not share one", async (context) => {
    const store = await storeFor(context, open);
    const taken = accountRecord();
    await store.commit(batch([{ kind: "insert-account", record: taken }]));
    const insert = (record = accountRecord()) => ({ kind: "insert-account", record }) as const;
    const settled = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        store.commit(batch([insert(), index % 3 === 0 ? insert(taken) : insert()])),
      ),
    );
    const done = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.equal(done.length, 20);
    const log = await store.changesSince(0, 1_000);
    assert.deepEqual(
      log.map(({ seq }) => seq),
      Array.from({ length: 41 }, (_, index) => index + 1),
    );
    for (const changes of done)
      assert.deepEqual(log.slice(changes[0]!.seq - 1, changes[0]!.seq + 1), changes);
  });

  test("a thousand changes of one commit are numbered like three", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const keys = Array.from({ length: 1_100 }, () => keyRecord(account));
    await store.commit(batch(keys.map((record) => ({ kind: "insert-key", record }))));
    const changes = await store.commit(
      batch([{ kind: "revoke-keys", project: "acme", filter: {}, expected: 1_100 }]),
    );
    assert.deepEqual(
      changes.map(({ seq }) => seq),
      Array.from({ length: 1_100 }, (_, index) => 1_101 + index),
    );
    assert.deepEqual(await store.changesSince(1_100, 5_000), changes);
    assert.equal(new Set(changes.map(({ subject }) => subject)).size, 1_100);
  });

  test("every listener has been told, and is done, before a commit resolves", async (context) => {
    const store = await storeFor(context, open);
    const told: (readonly Change[])[] = [];
    let finished = 0;
    let seen: unknown;
    const account = accountRecord();
    store.onChanges((changes) => void told.push(changes));
    store.onChanges(async () => {
      seen = await store.account("acme", account.id);
      for (let turns = 0; turns < 5; turns++) await turn();
      finished += 1;
    });
    const changes = await store.commit(batch([{ kind: "insert-account", record: account }]));
    assert.deepEqual(told, [changes]);
    assert.equal(finished, 1);
    assert.deepEqual(seen, account, "a listener reads what it was told of");
  });

  test("a refused batch is told to nobody", async (context) => {
    const store = await storeFor(context, open);
    let told = 0;
    store.onChanges(() => {
      told += 1;
    });
    const work = store.commit(batch([{ kind: "update-account", record: accountRecord(), replaces: 1 }]));
    await assertConflict(work, "stale");
    assert.equal(told, 0);
  });

  test("a listener that fails neither hides the change from the others nor from the writer", async (context) => {
    const store = await storeFor(context, open);
    let told = 0;
    store.onChanges(() => {
      throw new Error("a listener that throws");
    });
    store.onChanges(() => Promise.reject(new Error("a listener that rejects")));
    store.onChanges(() => {
      told += 1;
    });
    const account = accountRecord();
    assert.equal((await store.commit(batch([{ kind: "insert-account", record: account }]))).length, 1);
    assert.equal(told, 1);
    assert.deepEqual(await store.account("acme", account.id), account);
  });
}
