// Promise: a change of one record, its audit row, its number and its announcement are one statement, so that a revocation waits for one
// answer of the database; a batch of anything else is left to the transaction. PostgreSQL's words, to a database that only listens.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch } from "../../src/store/contract.ts";
import { commitInOne } from "../../src/store/postgres/commit.ts";
import { SharedDatabase } from "../../src/store/postgres/contention.ts";
import { accountRecord, auditRecord, keyRecord, replayRecord } from "../support/records.ts";
import { listeningDialect } from "./listening-dialect.ts";
import { batch } from "./open-store.ts";

const account = accountRecord();
const key = keyRecord(account);
const update = { kind: "update-key", record: { ...key, version: 2 }, replaces: 1 } as const;

function commit(wanted: Batch) {
  const { heard, dialect } = listeningDialect(() => [{ seq: 7 }]);
  const database = new SharedDatabase({ dialect }, { writers: 1, retryForMs: 1_000 });
  return { heard, done: commitInOne(database, wanted) };
}

test("a revocation is one statement, which notes, numbers and announces it", async () => {
  const { heard, done } = commit(batch([update], { audit: [auditRecord({ subject: key.id })] }));
  assert.deepEqual(await done, [{ seq: 7, kind: "key", project: "acme", subject: key.id }]);
  assert.equal(heard.length, 1);
  const words = [/update "keys"/, /insert into audit/, /update counters/, /insert into changes/, /pg_notify/];
  for (const word of words) assert.match(heard[0]!.sql, word);
});

test("so is what changes an account", async () => {
  const write = { kind: "update-account", record: { ...account, version: 2 }, replaces: 1 } as const;
  const { heard, done } = commit(batch([write]));
  assert.deepEqual(await done, [{ seq: 7, kind: "account", project: "acme", subject: account.id }]);
  assert.equal(heard.length, 1);
});

test("several records, another kind of change, or an answer to keep are not tried in one", () => {
  const others = [
    batch([update, update]),
    batch([{ kind: "insert-key", record: key }]),
    batch([update], { replay: replayRecord() }),
  ];
  for (const other of others) {
    const { heard, done } = commit(other);
    assert.deepEqual([done, heard], [undefined, []]);
  }
});
