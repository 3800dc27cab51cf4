// Promise: a damaged store is refused in words at the start, never half served; an undamaged one passes SQLite's own check
// after heavy use. Hostile case F23.
import assert from "node:assert/strict";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Sqlite from "better-sqlite3";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { folderFor } from "../support/folder.ts";
import { accountRecord, auditRecord, keyRecord } from "../support/records.ts";
import { batch } from "./open-store.ts";

const PAGE_BYTES = 4_096;

async function filledStore(context: TestContext): Promise<string> {
  const file = join(folderFor(context), "claviger.db");
  const store = await openSqliteStore(file);
  const account = accountRecord();
  await store.commit(batch([{ kind: "insert-account", record: account }]));
  for (let round = 0; round < 20; round++) {
    const keys = Array.from({ length: 20 }, () => keyRecord(account));
    await store.commit(
      batch(
        keys.map((record) => ({ kind: "insert-key", record })),
        { audit: [auditRecord()] },
      ),
    );
    const revoke = { kind: "revoke-keys", project: "acme", filter: {}, expected: 20 } as const;
    await store.commit(batch([revoke]));
  }
  await store.close();
  return file;
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, "r+");
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

async function assertRefused(file: string, words: RegExp): Promise<void> {
  await assert.rejects(openSqliteStore(file), (error) => {
    assert.ok(error instanceof StoreUnavailable, String(error));
    assert.match(error.message, words);
    assert.ok(error.message.includes(file));
    return true;
  });
}

test("after 40 commits and a close the file is whole", async (context) => {
  const file = await filledStore(context);
  const raw = new Sqlite(file, { readonly: true });
  assert.deepEqual(raw.pragma("integrity_check"), [{ integrity_check: "ok" }]);
  assert.deepEqual(raw.pragma("journal_mode"), [{ journal_mode: "wal" }]);
  raw.close();
});

test("any page that is overwritten is noticed at the next start", async (context) => {
  const file = await filledStore(context);
  const pages = statSync(file).size / PAGE_BYTES;
  assert.ok(pages > 20);
  for (let page = 0; page < pages; page++) {
    const damaged = join(folderFor(context), "claviger.db");
    copyFileSync(file, damaged);
    overwrite(damaged, page * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xa5));
    await assertRefused(damaged, /is damaged|cannot be opened|cannot be brought up to date/);
  }
});

test("a file cut short, one that is no database and a folder are refused in words", async (context) => {
  const cut = await filledStore(context);
  truncateSync(cut, statSync(cut).size - 3 * PAGE_BYTES);
  await assertRefused(cut, /is damaged|cannot be opened/);
  const text = join(folderFor(context), "claviger.db");
  writeFileSync(text, "this is not a database, and longer than any header would be".repeat(10));
  await assertRefused(text, /cannot be opened: file is not a database/);
  const folder = join(folderFor(context), "claviger.db");
  mkdirSync(folder);
  await assertRefused(folder, /cannot be opened/);
});
