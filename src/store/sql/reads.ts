// The reads of the record store, one function for each question the contract asks. Lists go by (createdAt, id) so that a
// page never depends on an offset.
import type { Kysely, SelectQueryBuilder } from "kysely";
import type { KeyFilter, KeyWithAccount } from "../contract.ts";
import type { PageQuery } from "../page.ts";
import type {
  AccountRecord,
  AuditRecord,
  Change,
  KeyRecord,
  ProjectRecord,
  ReplayRecord,
} from "../records.ts";
import type { AuditFilter } from "../search.ts";
import type { LedgerParts } from "./lock.ts";
import type { Build } from "./statements.ts";
import {
  type AccountRow,
  accountRecord,
  auditRecord,
  type KeyRow,
  keyRecord,
  projectRecord,
  replayRecord,
  type Tables,
} from "./tables.ts";

type Database = Kysely<Tables>;

/** For what is asked so often that it is compiled once. */
type Reads = Pick<LedgerParts, "database" | "statements">;

export async function readProjects(database: Database): Promise<ProjectRecord[]> {
  return (await database.selectFrom("projects").selectAll().orderBy("name").execute()).map(projectRecord);
}

export async function readProject(database: Database, name: string): Promise<ProjectRecord | undefined> {
  const row = await database.selectFrom("projects").selectAll().where("name", "=", name).executeTakeFirst();
  return row && projectRecord(row);
}

export async function readAccount(
  database: Database,
  project: string,
  id: string,
): Promise<AccountRecord | undefined> {
  const row = await database
    .selectFrom("accounts")
    .selectAll()
    .where("project", "=", project)
    .where("id", "=", id)
    .executeTakeFirst();
  return row && accountRecord(row);
}

export async function readAccountByExternalId(
  database: Database,
  project: string,
  externalId: string,
): Promise<AccountRecord | undefined> {
  const row = await database
    .selectFrom("accounts")
    .selectAll()
    .where("project", "=", project)
    .where("externalId", "=", externalId)
    .executeTakeFirst();
  return row && accountRecord(row);
}

export async function readAccounts(
  database: Database,
  project: string,
  page: PageQuery,
): Promise<AccountRecord[]> {
  let query = database.selectFrom("accounts").selectAll().where("project", "=", project);
  const { after } = page;
  if (after)
    query = query.where((eb) => eb(eb.refTuple("createdAt", "id"), "<", eb.tuple(after.createdAt, after.id)));
  const rows = await query.orderBy("createdAt", "desc").orderBy("id", "desc").limit(page.limit).execute();
  return rows.map(accountRecord);
}

const KEY: Build = (database, [project, id]) =>
  database.selectFrom("keys").selectAll().where("project", "=", project!).where("id", "=", id!);

export async function readKey(
  { database, statements }: Reads,
  project: string,
  id: string,
): Promise<KeyRecord | undefined> {
  const [row] = await statements.run<KeyRow>(database, KEY, [project, id]);
  return row && keyRecord(row);
}

/**
 * Both records in one row, so that a key that is not in memory costs one way to the database and back. The tables in the order in which
 * migrations lock them.
 */
const KEY_WITH_ACCOUNT: Build = (database, [digest]) =>
  database
    .selectFrom("accounts")
    .innerJoin("keys", (join) =>
      join.onRef("accounts.project", "=", "keys.project").onRef("accounts.id", "=", "keys.account"),
    )
    .selectAll("keys")
    .select([
      "accounts.name as ownerName",
      "accounts.externalId as ownerExternalId",
      "accounts.plan as ownerPlan",
      "accounts.metadata as ownerMetadata",
      "accounts.suspendedAt as ownerSuspendedAt",
      "accounts.createdAt as ownerCreatedAt",
      "accounts.updatedAt as ownerUpdatedAt",
      "accounts.version as ownerVersion",
    ])
    .where("keys.digest", "=", digest!);

type Owned<Row> = { readonly [Column in keyof Row & string as `owner${Capitalize<Column>}`]: Row[Column] };

export async function readKeyByDigest(
  { database, statements }: Reads,
  digest: string,
): Promise<KeyWithAccount | undefined> {
  const [row] = await statements.run<KeyRow & Owned<AccountRow>>(database, KEY_WITH_ACCOUNT, [digest]);
  if (row === undefined) return undefined;
  const {
    ownerName,
    ownerExternalId,
    ownerPlan,
    ownerMetadata,
    ownerSuspendedAt,
    ownerCreatedAt,
    ownerUpdatedAt,
    ownerVersion,
    ...key
  } = row;
  const account = accountRecord({
    id: key.account,
    project: key.project,
    name: ownerName,
    externalId: ownerExternalId,
    plan: ownerPlan,
    metadata: ownerMetadata,
    suspendedAt: ownerSuspendedAt,
    createdAt: ownerCreatedAt,
    updatedAt: ownerUpdatedAt,
    version: ownerVersion,
  });
  return { key: keyRecord(key), account };
}

export async function readKeys(
  database: Database,
  project: string,
  filter: KeyFilter,
  page: PageQuery,
): Promise<KeyRecord[]> {
  let query = filterKeys(database.selectFrom("keys").selectAll(), project, filter);
  const { after } = page;
  if (after)
    query = query.where((eb) => eb(eb.refTuple("createdAt", "id"), "<", eb.tuple(after.createdAt, after.id)));
  const rows = await query.orderBy("createdAt", "desc").orderBy("id", "desc").limit(page.limit).execute();
  return rows.map(keyRecord);
}

export async function readLiveKeyCount(
  database: Database,
  project: string,
  filter: KeyFilter,
): Promise<number> {
  const { aliveAt } = filter;
  let live = filterKeys(database.selectFrom("keys"), project, filter).where("revokedAt", "is", null);
  if (aliveAt !== undefined)
    live = live.where((eb) => eb.or([eb("expiresAt", "is", null), eb("expiresAt", ">", aliveAt)]));
  const row = await live.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return Number(row.count);
}

function filterKeys<Output>(
  query: SelectQueryBuilder<Tables, "keys", Output>,
  project: string,
  { account, createdBefore, includeDeleted }: KeyFilter,
): SelectQueryBuilder<Tables, "keys", Output> {
  let filtered = query.where("project", "=", project);
  if (account !== undefined) filtered = filtered.where("account", "=", account);
  if (createdBefore !== undefined) filtered = filtered.where("createdAt", "<", createdBefore);
  return includeDeleted === true ? filtered : filtered.where("deletedAt", "is", null);
}

export async function readAudit(
  database: Database,
  project: string,
  page: PageQuery,
  { actor, action, subject, from, to }: AuditFilter = {},
): Promise<AuditRecord[]> {
  let query = database.selectFrom("audit").selectAll().where("project", "=", project);
  if (actor !== undefined) query = query.where("actor", "=", actor);
  if (action !== undefined) query = query.where("action", "=", action);
  if (subject !== undefined) query = query.where("subject", "=", subject);
  if (from !== undefined) query = query.where("at", ">=", from);
  if (to !== undefined) query = query.where("at", "<", to);
  const { after } = page;
  if (after)
    query = query.where((eb) => eb(eb.refTuple("at", "id"), "<", eb.tuple(after.createdAt, after.id)));
  return (await query.orderBy("at", "desc").orderBy("id", "desc").limit(page.limit).execute()).map(
    auditRecord,
  );
}

export async function readReplay(
  database: Database,
  id: string,
  now: number,
): Promise<ReplayRecord | undefined> {
  const row = await database
    .selectFrom("replays")
    .selectAll()
    .where("id", "=", id)
    .where("expiresAt", ">", now)
    .executeTakeFirst();
  return row && replayRecord(row);
}

export async function readChanges(database: Database, seq: number, limit: number): Promise<Change[]> {
  return database
    .selectFrom("changes")
    .selectAll()
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(limit)
    .execute();
}

export async function readNewestChange(database: Database): Promise<number> {
  const row = await database
    .selectFrom("counters")
    .select("value")
    .where("name", "=", "changes")
    .executeTakeFirstOrThrow();
  return Number(row.value);
}
