// Part of the store suite: the stored answer of a request is found until it expires and is never overwritten before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accountRecord, NOON, replayRecord } from "../support/records.ts";
import { assertConflict, batch, type OpenStore, storeFor } from "./open-store.ts";

export function repeatedRequestsAreKnown(open: OpenStore): void {
  test("a second batch under the same id is refused whole and the first answer stays", async (context) => {
    const store = await storeFor(context, open);
    const replay = replayRecord({ body: { first: true } });
    await store.commit(batch([], { replay }));
    const account = accountRecord();
    const again = { ...replay, body: { first: false } };
    const work = store.commit(batch([{ kind: "insert-account", record: account }], { replay: again }));
    await assertConflict(work, "replayed");
    assert.equal(await store.account("acme", account.id), undefined);
    assert.deepEqual(await store.replay(replay.id, NOON), replay);
    assert.deepEqual(await store.changesSince(0, 10), []);
  });

  test("of two batches under the same id at once exactly one happens", async (context) => {
    const store = await storeFor(context, open);
    const replay = replayRecord();
    const accounts = [accountRecord(), accountRecord()];
    const settled = await Promise.allSettled(
      accounts.map((record) => store.commit(batch([{ kind: "insert-account", record }], { replay }))),
    );
    assert.deepEqual(settled.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal((await store.accounts("acme", { limit: 10 })).length, 1);
  });

  test("an answer is there until the millisecond at which it expires", async (context) => {
    const store = await storeFor(context, open);
    const replay = replayRecord({ expiresAt: NOON + 1_000 });
    await store.commit(batch([], { replay }));
    assert.deepEqual(await store.replay(replay.id, NOON + 999), replay);
    assert.equal(await store.replay(replay.id, NOON + 1_000), undefined);
    assert.equal(await store.replay(replay.id, NOON + 5_000), undefined);
  });

  test("an expired id may be used again, to the millisecond", async (context) => {
    const store = await storeFor(context, open);
    const first = replayRecord({ id: "r", expiresAt: NOON + 1_000 });
    const second = replayRecord({ id: "r", body: { second: true }, expiresAt: NOON + 9_000 });
    await store.commit(batch([], { replay: first }));
    await assertConflict(store.commit(batch([], { replay: second, at: NOON + 999 })), "replayed");
    await store.commit(batch([], { replay: second, at: NOON + 1_000 }));
    assert.deepEqual(await store.replay("r", NOON + 1_000), second);
  });
}
