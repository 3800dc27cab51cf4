// Part of the store suite: lists go newest first, page by page, and no record is skipped or shown twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyFilter } from "../../src/store/contract.ts";
import type { PageQuery, Position } from "../../src/store/page.ts";
import { accountRecord, auditRecord, keyRecord } from "../support/records.ts";
import { batch, type OpenStore, storeFor } from "./open-store.ts";

/** Three share a millisecond in the middle of a page, two across its edge. */
const TIMES = [50, 50, 50, 10, 40, 40, 60];

export function pagesNeitherSkipNorRepeat(open: OpenStore): void {
  test("accounts, at every page size", async (context) => {
    const store = await storeFor(context, open);
    const records = TIMES.map((createdAt) => accountRecord({ createdAt }));
    const foreign = accountRecord({ project: "other", createdAt: 45 });
    await store.commit(batch([...records, foreign].map((record) => ({ kind: "insert-account", record }))));
    for (let limit = 1; limit <= 8; limit++) {
      const read = await readAll((page) => store.accounts("acme", page), limit);
      assert.deepEqual(read, newestFirst(records), `pages of ${limit}`);
    }
  });

  test("keys, at every page size, without those added meanwhile", async (context) => {
    const store = await storeFor(context, open);
    const account = accountRecord();
    const records = TIMES.map((createdAt) => keyRecord(account, { createdAt }));
    await store.commit(batch(records.map((record) => ({ kind: "insert-key", record }))));
    for (let limit = 1; limit <= 8; limit++) {
      const read = await readAll(async (page) => {
        const rows = await store.keys("acme", { createdBefore: 1_000 }, page);
        const record = keyRecord(account, { createdAt: 2_000 + limit });
        await store.commit(batch([{ kind: "insert-key", record }]));
        return rows;
      }, limit);
      assert.deepEqual(read, newestFirst(records), `pages of ${limit}`);
    }
  });

  test("audit entries, at every page size", async (context) => {
    const store = await storeFor(context, open);
    const records = TIMES.map((at) => auditRecord({ at }));
    await store.commit(batch([], { audit: [...records, auditRecord({ project: "other", at: 45 })] }));
    for (let limit = 1; limit <= 8; limit++) {
      const read = await readAll(
        async (page) => (await store.audit("acme", page)).map((one) => ({ ...one, createdAt: one.at })),
        limit,
      );
      assert.deepEqual(read, newestFirst(records.map((one) => ({ ...one, createdAt: one.at }))));
    }
  });

  test("a page may begin after a record that is not there", async (context) => {
    const store = await storeFor(context, open);
    const records = TIMES.map((createdAt) => accountRecord({ createdAt }));
    await store.commit(batch(records.map((record) => ({ kind: "insert-account", record }))));
    const read = await store.accounts("acme", { limit: 10, after: { createdAt: 45, id: "acc_none" } });
    assert.deepEqual(
      read.map(({ createdAt }) => createdAt),
      [40, 40, 10],
    );
  });

  test("filters of keys: account, time, and deleted ones only when asked for", async (context) => {
    const store = await storeFor(context, open);
    const [mine, other] = [accountRecord(), accountRecord()];
    const keys = [
      keyRecord(mine, { id: "key_a", createdAt: 10 }),
      keyRecord(mine, { id: "key_b", createdAt: 20, revokedAt: 25 }),
      keyRecord(mine, { id: "key_c", createdAt: 30, revokedAt: 35, deletedAt: 35 }),
      keyRecord(other, { id: "key_d", createdAt: 40 }),
      keyRecord(accountRecord({ project: "other" }), { id: "key_e", createdAt: 50 }),
    ];
    await store.commit(batch(keys.map((record) => ({ kind: "insert-key", record }))));
    const cases: [KeyFilter, string, number][] = [
      [{}, "dba", 2],
      [{ includeDeleted: true }, "dcba", 2],
      [{ includeDeleted: false }, "dba", 2],
      [{ account: mine.id }, "ba", 1],
      [{ account: mine.id, includeDeleted: true }, "cba", 1],
      [{ createdBefore: 20 }, "a", 1],
      [{ createdBefore: 21, account: mine.id }, "ba", 1],
      [{ createdBefore: 0 }, "", 0],
    ];
    for (const [filter, shown, live] of cases) {
      const read = await store.keys("acme", filter, { limit: 10 });
      assert.equal(read.map(({ id }) => id.slice(-1)).join(""), shown, JSON.stringify(filter));
      assert.equal(await store.countLiveKeys("acme", filter), live, JSON.stringify(filter));
    }
    assert.ok(await store.key("acme", "key_c"), "a deleted key is still found by id");
  });
}

async function readAll<Item extends Position>(
  read: (page: PageQuery) => Promise<Item[]>,
  limit: number,
): Promise<Item[]> {
  const all: Item[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last && { createdAt: last.createdAt, id: last.id };
    const page = await read({ limit, ...(after && { after }) });
    assert.ok(page.length <= limit);
    if (page.length === 0) return all;
    all.push(...page);
    assert.ok(all.length < 100, "pages repeat");
  }
}

function newestFirst<Item extends Position>(records: readonly Item[]): Item[] {
  return records.toSorted((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}
