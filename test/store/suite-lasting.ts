// Part of the store suite: what was committed is there after the store was closed and opened again, and a closed store says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import {
  accountRecord,
  auditRecord,
  keyRecord,
  NOON,
  projectRecord,
  replayRecord,
} from "../support/records.ts";
import { batch, type OpenStore, openedFor, storeFor } from "./open-store.ts";

export function recordsLast(open: OpenStore): void {
  test("reopening keeps every record, setting and number, and numbering goes on", async (context) => {
    const opened = await openedFor(context, open);
    const project = projectRecord({ name: "acme" });
    const account = accountRecord({ externalId: "c-1" });
    const key = keyRecord(account, { expiresAt: 253_402_300_799_999 });
    const audit = auditRecord();
    const replay = replayRecord();
    const made = await opened.store.commit(
      batch(
        [
          { kind: "put-project", record: project, replaces: null },
          { kind: "insert-account", record: account },
          { kind: "insert-key", record: key },
        ],
        { audit: [audit], replay },
      ),
    );
    await opened.store.settle("name", "value");
    const store = await opened.reopen();
    assert.deepEqual(await store.projects(), [project]);
    assert.deepEqual(await store.accountByExternalId("acme", "c-1"), account);
    assert.deepEqual(await store.keyByDigest(key.digest), { key, account });
    assert.deepEqual(await store.audit("acme", { limit: 10 }), [audit]);
    assert.deepEqual(await store.replay(replay.id, NOON), replay);
    assert.deepEqual(await store.changesSince(0, 10), made);
    assert.equal(await store.setting("name"), "value");
    const [next] = await store.commit(
      batch([{ kind: "update-key", record: { ...key, revokedAt: NOON, version: 2 }, replaces: 1 }]),
    );
    assert.equal(next?.seq, 4);
  });

  test("settling keeps the first value, whoever comes later and however many at once", async (context) => {
    const store = await storeFor(context, open);
    assert.equal(await store.setting("pepper"), undefined);
    const answers = await Promise.all(["one", "two", "three"].map((value) => store.settle("pepper", value)));
    const kept = await store.setting("pepper");
    assert.deepEqual(answers, [kept, kept, kept]);
    assert.equal(await store.settle("pepper", "later"), kept);
    assert.equal(await store.settle("other", "Ünï 'c'"), "Ünï 'c'");
  });

  test("a closed store is unavailable for every question", async (context) => {
    const { store } = await openedFor(context, open);
    await store.close();
    const questions = [
      () => store.projects(),
      () => store.project("acme"),
      () => store.account("acme", "a"),
      () => store.accountByExternalId("acme", "a"),
      () => store.accounts("acme", { limit: 1 }),
      () => store.key("acme", "k"),
      () => store.keyByDigest("d"),
      () => store.keys("acme", {}, { limit: 1 }),
      () => store.countLiveKeys("acme", {}),
      () => store.audit("acme", { limit: 1 }),
      () => store.replay("r", NOON),
      () => store.commit(batch([{ kind: "insert-account", record: accountRecord() }])),
      () => store.changesSince(0, 1),
      () => store.setting("s"),
      () => store.settle("s", "v"),
    ];
    for (const question of questions) await assert.rejects(question, StoreUnavailable);
  });
}
