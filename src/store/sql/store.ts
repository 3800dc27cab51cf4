// The record store over any SQL database that Kysely speaks to; a driver hands in the connection and translates its faults.
import type { Kysely } from "kysely";
import { type Batch, type ChangeListener, type Store, StoreConflict, StoreUnavailable } from "../contract.ts";
import { tellAll } from "../listeners.ts";
import type { Change } from "../records.ts";
import { type Announce, commitBatch } from "./commit.ts";
import { readConsumption } from "./consumption.ts";
import { createLedger } from "./ledger.ts";
import { type LockAccounts, lockNothing } from "./lock.ts";
import { postAll } from "./postings.ts";
import {
  readAccount,
  readAccountByExternalId,
  readAccounts,
  readAudit,
  readChanges,
  readKey,
  readKeyByDigest,
  readKeys,
  readLiveKeyCount,
  readNewestChange,
  readProject,
  readProjects,
  readReplay,
} from "./reads.ts";
import { findAccounts, findKeys, readLastUses } from "./search.ts";
import { createStatements } from "./statements.ts";
import type { Tables } from "./tables.ts";
import { addUsage, readUsage } from "./usage.ts";

/** What a driver does in its own way. */
export interface SqlDriver {
  /** lockAccountRows where the database has other writers. */
  readonly lockAccounts?: LockAccounts;
  /** Tells the other writers what a transaction commits, once it has. */
  readonly announce?: Announce;
  /** Commits a batch that it knows a shorter way for; `undefined` for any other, of which nothing has happened. */
  readonly commitShortly?: (batch: Batch) => Promise<Change[]> | undefined;
}

/** `database` must be migrated. Faults of the database come out as StoreUnavailable, conflicts as StoreConflict. */
export function createSqlStore(
  database: Kysely<Tables>,
  { lockAccounts = lockNothing, announce, commitShortly }: SqlDriver = {},
): Store {
  const listeners: ChangeListener[] = [];
  const money = { database, statements: createStatements(), lockAccounts };
  const ledger = createLedger(money);
  return {
    projects: () => guard(readProjects(database)),
    project: (name) => guard(readProject(database, name)),
    account: (project, id) => guard(readAccount(database, project, id)),
    accountByExternalId: (project, externalId) =>
      guard(readAccountByExternalId(database, project, externalId)),
    accounts: (project, page) => guard(readAccounts(database, project, page)),
    key: (project, id) => guard(readKey(money, project, id)),
    keyByDigest: (digest) => guard(readKeyByDigest(money, digest)),
    keys: (project, filter, page) => guard(readKeys(database, project, filter, page)),
    countLiveKeys: (project, filter) => guard(readLiveKeyCount(database, project, filter)),
    audit: (project, page, filter) => guard(readAudit(database, project, page, filter)),
    findKeys: (project, search) => guard(findKeys(database, project, search)),
    findAccounts: (project, text, limit) => guard(findAccounts(database, project, text, limit)),
    lastUses: (project, keys) => guard(readLastUses(database, project, keys)),
    replay: (id, now) => guard(readReplay(database, id, now)),
    changesSince: (seq, limit) => guard(readChanges(database, seq, limit)),
    newestChange: () => guard(readNewestChange(database)),
    onChanges: (listener) => void listeners.push(listener),
    async commit(batch: Batch) {
      const changes = await guard(commitShortly?.(batch) ?? commitBatch(money, batch, announce));
      await tellAll(listeners, changes);
      return changes;
    },
    addUsage: (counts) => guard(addUsage(database, counts)),
    usage: (query) => guard(readUsage(database, query)),
    async consumption(query) {
      await guard(postAll(database, money.statements));
      return guard(readConsumption(database, query));
    },
    post: (entries) => guard(ledger.post(entries)),
    balances: (queries, now) => guard(ledger.balances(queries, now)),
    hold: (id) => guard(ledger.hold(id)),
    movements: (project, account, page) => guard(ledger.movements(project, account, page)),
    allowanceUses: (project, range) => guard(ledger.allowanceUses(project, range)),
    keepBooks: (now, compactBefore) => guard(ledger.keepBooks(now, compactBefore)),
    setting: (name) => guard(readSetting(database, name)),
    settle: (name, value) => guard(settle(database, name, value)),
    close: () => database.destroy(),
  };
}

async function readSetting(database: Kysely<Tables>, name: string): Promise<string | undefined> {
  return (await database.selectFrom("settings").select("value").where("name", "=", name).executeTakeFirst())
    ?.value;
}

async function settle(database: Kysely<Tables>, name: string, value: string): Promise<string> {
  await database
    .insertInto("settings")
    .values({ name, value })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  return (await readSetting(database, name)) ?? value;
}

/** Faults of the database as StoreUnavailable. */
export async function guard<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreConflict || error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable("the store does not answer", { cause: error });
  }
}
