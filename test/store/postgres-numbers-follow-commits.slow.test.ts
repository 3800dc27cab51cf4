// Promise: over any number of processes on one database, the numbers of changes follow the order of commits without a gap, so that
// whoever reads up to a number has missed nothing before it.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Store, StoreConflict } from "../../src/store/contract.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { accountRecord, auditRecord } from "../support/records.ts";
import { startPostgres } from "../support/services.ts";
import { assertConflict, batch } from "./open-store.ts";

/** For those that wait for something to happen. */
const LOOPING = { timeout: 60_000 };

/** As many stores as processes would open: nothing is shared between them but the database. */
async function openStores(context: TestContext, count: number): Promise<Store[]> {
  const { url } = await startPostgres(context);
  const stores = await Promise.all(Array.from({ length: count }, () => openPostgresStore(url)));
  context.after(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}

test(
  "a reader that follows eight writers of two processes sees every number once and in order",
  LOOPING,
  async (context) => {
    const [one, other, reader] = (await openStores(context, 3)) as [Store, Store, Store];
    let writing = true;
    const writer = async (store: Store): Promise<void> => {
      for (let turn = 0; turn < 40; turn += 1) {
        const writes = Array.from({ length: 1 + (turn % 3) }, () => accountRecord());
        await store.commit(batch(writes.map((record) => ({ kind: "insert-account", record }))));
      }
    };
    const follow = async (): Promise<number> => {
      for (let seen = 0; ; ) {
        const wasWriting = writing;
        const changes = await reader.changesSince(seen, 1_000);
        for (const { seq } of changes) {
          assert.equal(seq, seen + 1, "a number was not there yet when a later one was");
          seen = seq;
        }
        if (!wasWriting && changes.length === 0) return seen;
      }
    };
    const followed = follow();
    await Promise.all([one, one, one, one, other, other, other, other].map(writer));
    writing = false;
    // Of 40 turns, 14 make one record, 13 two and 13 three.
    assert.equal(await followed, 8 * (14 + 2 * 13 + 3 * 13));
  },
);

test(
  "what changes one record alone is numbered in line with all else, and what comes too late writes nothing",
  LOOPING,
  async (context) => {
    const stores = (await openStores(context, 2)) as [Store, Store];
    const accounts = Array.from({ length: 8 }, () => accountRecord());
    await stores[0].commit(batch(accounts.map((record) => ({ kind: "insert-account", record }))));
    const change = async (store: Store, of: number): Promise<void> => {
      for (let version = 1; version <= 25; version += 1) {
        const record = { ...accounts[of]!, version: version + 1 };
        const audit = [auditRecord({ subject: record.id })];
        await store.commit(batch([{ kind: "update-account", record, replaces: version }], { audit }));
        const late = store.commit(batch([{ kind: "update-account", record, replaces: version }], { audit }));
        await assertConflict(late, "stale");
        if (version % 5 === 0)
          await store.commit(batch([{ kind: "insert-account", record: accountRecord() }]));
      }
    };
    await Promise.all(accounts.map((_, of) => change(stores[of % 2]!, of)));
    const log = await stores[1].changesSince(0, 1_000);
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    );
    assert.equal(log.length, 8 + 8 * (25 + 5));
    assert.equal((await stores[0].audit("acme", { limit: 1_000 })).length, 8 * 25);
  },
);

test("what one process commits is what another reads next", async (context) => {
  const [one, other] = (await openStores(context, 2)) as [Store, Store];
  for (let turn = 1; turn <= 20; turn += 1) {
    const record = accountRecord();
    const changes = await one.commit(batch([{ kind: "insert-account", record }]));
    assert.deepEqual(await other.changesSince(turn - 1, 10), changes);
    assert.deepEqual(await other.account("acme", record.id), record);
  }
});

test("of writers of two processes who read the same version exactly one wins, every time", async (context) => {
  const stores = await openStores(context, 2);
  const account = accountRecord();
  await stores[0]!.commit(batch([{ kind: "insert-account", record: account }]));
  for (let version = 1; version <= 15; version += 1) {
    const record = { ...account, version: version + 1 };
    const settled = await Promise.allSettled(
      [...stores, ...stores, ...stores].map((store) =>
        store.commit(batch([{ kind: "update-account", record, replaces: version }])),
      ),
    );
    const lost = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    assert.equal(lost.length, 5);
    for (const error of lost)
      assert.ok(error instanceof StoreConflict && error.reason === "stale", String(error));
  }
  assert.equal((await stores[1]!.changesSince(0, 100)).length, 16);
});

test("batches that take the same records in opposite order both end, as done or as stale", async (context) => {
  const [one, other] = (await openStores(context, 2)) as [Store, Store];
  const accounts = [accountRecord(), accountRecord()];
  await one.commit(batch(accounts.map((record) => ({ kind: "insert-account", record }))));
  for (let version = 1; version <= 6; version += 1) {
    const writes = accounts.map(
      (account) =>
        ({
          kind: "update-account",
          record: { ...account, version: version + 1 },
          replaces: version,
        }) as const,
    );
    const settled = await Promise.allSettled([
      one.commit(batch(writes)),
      other.commit(batch(writes.toReversed())),
    ]);
    const lost = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    assert.deepEqual(
      lost.map((error) => error instanceof StoreConflict && error.reason),
      ["stale"],
      String(lost),
    );
  }
});
