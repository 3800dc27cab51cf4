// The one way in which records change: a batch in one transaction, with its audit rows, its stored answer and its numbers
// in the changes log.
import type { QueryCreator, Transaction } from "kysely";
import { type Batch, StoreConflict, type Write } from "../contract.ts";
import type { Change } from "../records.ts";
import { applyCredits } from "./credits.ts";
import type { LedgerParts } from "./lock.ts";
import { accountRow, auditRow, keyRow, projectRow, replayRow, type Tables } from "./tables.ts";

export type Changed = Omit<Change, "seq">;

export type Announce = (transaction: Transaction<Tables>, changes: readonly Change[]) => Promise<void>;

/** Throws StoreConflict, and whatever the driver throws for a fault; in both cases nothing was written. */
export async function commitBatch(
  parts: LedgerParts,
  batch: Batch,
  announce: Announce = async () => {},
): Promise<Change[]> {
  return parts.database.transaction().execute(async (transaction) => {
    if (batch.replay !== undefined) await storeReplay(transaction, batch);
    const changed: Changed[] = [];
    for (const write of batch.writes)
      changed.push(...(await applyWrite(parts, transaction, write, batch.at)));
    for (const entry of batch.audit)
      await orConflict(() => transaction.insertInto("audit").values(auditRow(entry)).execute());
    const changes = await numberChanges(transaction, changed);
    if (changes.length > 0) await announce(transaction, changes);
    return changes;
  });
}

async function storeReplay(transaction: Transaction<Tables>, { replay, at }: Batch): Promise<void> {
  if (replay === undefined) return;
  await transaction.deleteFrom("replays").where("expiresAt", "<=", at).execute();
  const inserted = await transaction
    .insertInto("replays")
    .values(replayRow(replay))
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw new StoreConflict("replayed");
}

async function applyWrite(
  parts: LedgerParts,
  transaction: Transaction<Tables>,
  write: Write,
  at: number,
): Promise<Changed[]> {
  switch (write.kind) {
    case "put-project":
      return putProject(transaction, write);
    case "insert-account":
      await orConflict(() => transaction.insertInto("accounts").values(accountRow(write.record)).execute());
      return [{ kind: "account", project: write.record.project, subject: write.record.id }];
    case "insert-key":
      await orConflict(() => transaction.insertInto("keys").values(keyRow(write.record)).execute());
      return [{ kind: "key", project: write.record.project, subject: write.record.id }];
    case "update-account":
    case "update-key":
      assertOneRow((await orConflict(() => updateRecord(transaction, write).execute())).length);
      return [changeOf(write)];
    case "revoke-keys":
      return revokeKeys(transaction, write, at);
    case "erase-account":
      return eraseAccount(transaction, write);
    case "grant-credits":
    case "take-credits":
      // Nothing of an account's credits is kept in memory: there is no change to tell.
      await applyCredits(parts, transaction, write, at);
      return [];
  }
}

/** What is left says that there was an account, and of its keys which; the ledger and the usage name it by its id only. */
async function eraseAccount(
  transaction: Transaction<Tables>,
  { project, account, replaces }: Write & { kind: "erase-account" },
): Promise<Changed[]> {
  const erased = await transaction
    .deleteFrom("accounts")
    .where("project", "=", project)
    .where("id", "=", account)
    .where("version", "=", replaces)
    .executeTakeFirst();
  assertOneRow(erased.numDeletedRows);
  const keys = transaction
    .selectFrom("keys")
    .select("id")
    .where("project", "=", project)
    .where("account", "=", account);
  await transaction
    .updateTable("audit")
    .set({ detail: "{}" })
    .where("project", "=", project)
    .where((eb) => eb.or([eb("subject", "=", account), eb("subject", "in", keys)]))
    .execute();
  const ended = await transaction
    .deleteFrom("keys")
    .where("project", "=", project)
    .where("account", "=", account)
    .returning("id")
    .execute();
  return [
    { kind: "account", project, subject: account },
    ...ended.map(({ id }): Changed => ({ kind: "key", project, subject: id })),
  ];
}

async function putProject(
  transaction: Transaction<Tables>,
  { record, replaces }: Write & { kind: "put-project" },
): Promise<Changed[]> {
  if (replaces === null) {
    await orConflict(() => transaction.insertInto("projects").values(projectRow(record)).execute());
  } else {
    const updated = await transaction
      .updateTable("projects")
      .set(projectRow(record))
      .where("name", "=", record.name)
      .where("version", "=", replaces)
      .executeTakeFirst();
    assertOneRow(updated.numUpdatedRows);
  }
  return [{ kind: "project", project: record.name, subject: record.name }];
}

export type UpdateWrite = Write & { kind: "update-account" | "update-key" };

/** Answers the id where the record is still the one that it replaces. */
export function updateRecord(creator: QueryCreator<Tables>, write: UpdateWrite) {
  const { project, id } = write.record;
  const read = { project, id, version: write.replaces };
  return write.kind === "update-key"
    ? creator
        .updateTable("keys")
        .set(keyRow(write.record))
        .where((eb) => eb.and(read))
        .returning("id")
    : creator
        .updateTable("accounts")
        .set(accountRow(write.record))
        .where((eb) => eb.and(read))
        .returning("id");
}

export function changeOf({ kind, record }: UpdateWrite): Changed {
  return { kind: kind === "update-key" ? "key" : "account", project: record.project, subject: record.id };
}

async function revokeKeys(
  transaction: Transaction<Tables>,
  { project, filter, expected }: Write & { kind: "revoke-keys" },
  at: number,
): Promise<Changed[]> {
  let query = transaction.updateTable("keys").where("project", "=", project).where("revokedAt", "is", null);
  if (filter.account !== undefined) query = query.where("account", "=", filter.account);
  if (filter.createdBefore !== undefined) query = query.where("createdAt", "<", filter.createdBefore);
  if (filter.includeDeleted !== true) query = query.where("deletedAt", "is", null);
  const revoked = await query
    .set((eb) => ({ revokedAt: at, updatedAt: at, version: eb("version", "+", 1) }))
    .returning("id")
    .execute();
  if (revoked.length !== expected) throw new StoreConflict("count");
  return revoked.map(({ id }) => ({ kind: "key", project, subject: id }));
}

function assertOneRow(changed: bigint | number): void {
  if (Number(changed) !== 1) throw new StoreConflict("stale");
}

/** Unique violations of SQLite and of PostgreSQL (23505), by the constraint they name. */
export async function orConflict<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== "SQLITE_CONSTRAINT_UNIQUE" && code !== "SQLITE_CONSTRAINT_PRIMARYKEY" && code !== "23505")
      throw error;
    throw new StoreConflict(
      "duplicate",
      /external_id/.test(message) ? "externalId" : /digest/.test(message) ? "digest" : "id",
    );
  }
}

/** One counter row, updated in the same transaction: the order of numbers is the order of commits. */
async function numberChanges(
  transaction: Transaction<Tables>,
  changed: readonly Changed[],
): Promise<Change[]> {
  if (changed.length === 0) return [];
  const { value } = await transaction
    .updateTable("counters")
    .set((eb) => ({ value: eb("value", "+", changed.length) }))
    .where("name", "=", "changes")
    .returning("value")
    .executeTakeFirstOrThrow();
  const changes = changed.map((change, index) => ({
    ...change,
    seq: Number(value) - changed.length + 1 + index,
  }));
  // 500 rows of 4 values stay below the 2,000 parameters that every database takes.
  for (let from = 0; from < changes.length; from += 500) {
    await transaction
      .insertInto("changes")
      .values(changes.slice(from, from + 500))
      .execute();
  }
  return changes;
}
