// The numbered migrations. One that has been released is never edited: a later one mends it. Tables are altered in the order in which they
// were made, which is that of every statement that reads two of them: otherwise each would wait for the other.
import { type Kysely, sql } from "kysely";
import { StoreUnavailable } from "../contract.ts";
import type { Tables } from "./tables.ts";

export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly number: number;
  readonly title: string;
  readonly statements: readonly string[];
}

const RECORDS: Migration = {
  number: 1,
  title: "records and their changes",
  statements: [
    `create table projects (name text primary key, file text not null, source_digest text, created_at bigint not null,
       updated_at bigint not null, version bigint not null)`,
    `create table accounts (id text primary key, project text not null, name text not null, external_id text, plan text,
       metadata text not null, suspended_at bigint, created_at bigint not null, updated_at bigint not null,
       version bigint not null)`,
    "create unique index accounts_external_id on accounts (project, external_id)",
    "create index accounts_newest on accounts (project, created_at, id)",
    `create table keys (id text not null, project text not null, account text not null, name text not null,
       environment text not null, scopes text not null, frozen_scopes text not null, tier text, allowed_ips text not null,
       metadata text not null, start text not null, last_four text not null, digest text not null,
       pepper_version bigint not null, not_before bigint, expires_at bigint, disabled_at bigint, revoked_at bigint,
       deleted_at bigint, family text not null, predecessor text, successor text, created_at bigint not null,
       updated_at bigint not null, version bigint not null, primary key (project, id))`,
    "create unique index keys_digest on keys (digest)",
    "create index keys_newest on keys (project, created_at, id)",
    "create index keys_of_account on keys (project, account, created_at, id)",
    `create table audit (id text primary key, at bigint not null, project text not null, actor text not null,
       action text not null, subject text not null, detail text not null)`,
    "create index audit_newest on audit (project, at, id)",
    `create table replays (id text primary key, fingerprint text not null, status bigint not null, body text not null,
       expires_at bigint not null)`,
    "create index replays_expiry on replays (expires_at)",
    "create table changes (seq bigint primary key, kind text not null, project text not null, subject text not null)",
    "create table counters (name text primary key, value bigint not null)",
    "insert into counters (name, value) values ('changes', 0)",
    "create table settings (name text primary key, value text not null)",
  ],
};

const MONEY: Migration = {
  number: 2,
  title: "ledger and usage",
  statements: [
    `create table allowances (project text not null, account text not null, environment text not null, period bigint not null,
       used bigint not null, over bigint not null, primary key (project, account, environment, period)) $clustered`,
    `create table credit_lots (project text not null, account text not null, expires_at bigint not null, remaining bigint not null,
       primary key (project, account, expires_at)) $clustered`,
    "create index credit_lots_expiry on credit_lots (expires_at)",
    `create table movements (id text primary key, at bigint not null, project text not null, account text not null,
       environment text not null, pot text not null, kind text not null, units bigint not null, requests bigint not null,
       key text not null, route text not null, period bigint, expires_at bigint, reason text, compacted bigint not null)`,
    "create index movements_newest on movements (project, account, at, id)",
    "create index movements_compaction on movements (compacted, at)",
    "create table postings (id text primary key, movements text not null)",
    `create table holds (id text primary key, project text not null, account text not null, environment text not null,
       key text not null, route text not null, units bigint not null, parts text not null, draws text not null,
       created_at bigint not null, expires_at bigint not null, settled_units bigint, settled_at bigint)`,
    "create index holds_expiry on holds (expires_at)",
    `create table usage (project text not null, account text not null, environment text not null, key text not null,
       route text not null, outcome text not null, hour bigint not null, requests bigint not null, units bigint not null,
       last_at bigint not null, primary key (project, account, hour, environment, key, route, outcome)) $clustered`,
    "create index usage_of_hour on usage (project, hour)",
  ],
};

const NODES: Migration = {
  number: 3,
  title: "nodes that share the store",
  statements: [
    `create table nodes (id text primary key, applied bigint not null, lease_until bigint not null, started_at bigint not null)`,
  ],
};

const TICKETS: Migration = {
  number: 4,
  title: "tickets of all nodes",
  statements: [
    `create table tickets (digest text primary key, project text not null, key_digest text not null, path text, address text,
       expires_at bigint not null)`,
    "create index tickets_expiry on tickets (expires_at)",
  ],
};

const SEARCH: Migration = {
  number: 5,
  title: "what people look for",
  statements: [
    `create table last_uses (project text not null, key text not null, at bigint not null, primary key (project, key)) $clustered`,
    "create index keys_start on keys (project, start)",
    "create index keys_last_four on keys (project, last_four)",
    "create index keys_name on keys (project, name)",
    "create index audit_of_subject on audit (project, subject, at, id)",
  ],
};

export const MIGRATIONS: readonly Migration[] = [RECORDS, MONEY, NODES, TICKETS, SEARCH];

/** Throws StoreUnavailable when the schema is newer than the program. */
export function assertKnown(newest: number, known = MIGRATIONS.length): void {
  if (newest <= known) return;
  throw new StoreUnavailable(
    `the store was written by a newer Claviger (schema ${newest}, this program knows ${known}): start the newer one`,
  );
}

/**
 * Brings the schema up to this program, each migration in a transaction of its own, so that a crash between two resumes.
 * `clustered` is what the database wants behind a table that is kept in the order of its key, such as ` without rowid`. Throws
 * StoreUnavailable when the schema is newer than the program.
 */
export async function migrate(
  database: Kysely<Tables>,
  migrations: readonly Migration[] = MIGRATIONS,
  clustered = "",
): Promise<void> {
  await sql`create table if not exists migrations (number bigint primary key, title text not null)`.execute(
    database,
  );
  const rows = await sql<{ number: number }>`select number from migrations order by number`.execute(database);
  const done = new Set(rows.rows.map((row) => Number(row.number)));
  const newest = Math.max(0, ...done);
  assertKnown(newest, migrations.length);
  for (const migration of migrations) {
    if (done.has(migration.number)) continue;
    await database.transaction().execute(async (transaction) => {
      for (const statement of migration.statements)
        await sql.raw(statement.replace(" $clustered", clustered)).execute(transaction);
      await sql`insert into migrations (number, title) values (${migration.number}, ${migration.title})`.execute(
        transaction,
      );
    });
  }
}
