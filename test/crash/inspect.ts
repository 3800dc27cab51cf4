// Looks into the store as a kill left it, without Claviger: a copy of its files is read with SQLite itself, so that the
// server that starts next still finds what the dead one left.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { KnownKey, World } from "./world.ts";

type Row = Record<string, string | number | null>;

/** What is wrong, in words; empty when nothing is. */
export function inspectStore(data: string, world: World): string[] {
  const folder = mkdtempSync(join(tmpdir(), "claviger-crash-"));
  try {
    const files = ["claviger.db", "claviger.db-wal"].filter((name) => existsSync(join(data, name)));
    for (const name of files) copyFileSync(join(data, name), join(folder, name));
    // Killed before it made its store.
    if (files.length === 0) return [];
    const database = new Sqlite(join(folder, "claviger.db"));
    try {
      return [
        ...integrityProblems(database),
        ...(isMigrated(database) ? recordProblems(database, world) : []),
      ];
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function integrityProblems(database: Sqlite.Database): string[] {
  const rows = database.pragma("integrity_check") as { integrity_check: string }[];
  return rows.map(({ integrity_check }) => integrity_check).filter((said) => said !== "ok");
}

function isMigrated(database: Sqlite.Database): boolean {
  return database.prepare("select 1 from sqlite_master where name = 'keys'").get() !== undefined;
}

/** In the copy only: without them the rules take the square of the number of records. */
const AIDS = `create index aid_audit on audit (subject, action);
  create index aid_changes on changes (subject, kind);
  create table makings as select subject as id from audit where action in ('key.create', 'root-key.create')
    union all select json_extract(detail, '$.successor') from audit where action = 'key.rotate';
  create index aid_makings on makings (id);
  create index aid_keys on keys (id);
  create index aid_accounts on accounts (id)`;

function recordProblems(database: Sqlite.Database, world: World): string[] {
  database.exec(AIDS);
  const broken = RULES.flatMap(([words, sql]) =>
    (database.prepare(sql).all() as Row[]).map((row) => `${words}: ${JSON.stringify(row)}`),
  );
  const keys = new Map((database.prepare("select * from keys").all() as Row[]).map((row) => [row.id, row]));
  const accounts = new Set((database.prepare("select id from accounts").all() as Row[]).map(({ id }) => id));
  const lost = world.accounts.filter((id) => !accounts.has(id)).map((id) => `the account ${id} is lost`);
  const wrong = [...world.keys.values()].flatMap((key) => keyProblems(key, keys.get(key.id)));
  return [...broken, ...lost, ...wrong];
}

/** Each answers the rows that break it. */
const RULES: readonly (readonly [words: string, sql: string])[] = [
  [
    "the changes log has a gap",
    "select count(*) as rows, max(seq) as last from changes having coalesce(max(seq), 0) != count(*)",
  ],
  [
    "the changes log does not end at its counter",
    "select value from counters where name = 'changes' and value != (select coalesce(max(seq), 0) from changes)",
  ],
  [
    "a record is in no change",
    `select id from (select id, 'key' as kind from keys union all select id, 'account' from accounts)
     as record where not exists (select 1 from changes where changes.kind = record.kind and subject = record.id)`,
  ],
  [
    "a key has not exactly one audit entry of its making",
    "select id from keys where 1 != (select count(*) from makings where makings.id = keys.id)",
  ],
  [
    "an account has not exactly one audit entry of its making",
    `select id from accounts where external_id != 'operator'
       and 1 != (select count(*) from audit where action = 'account.create' and subject = accounts.id)`,
  ],
  [
    "an audit entry is about nothing",
    `select id, action, subject from audit where subject not in
       (select id from keys union select id from accounts union select name from projects)`,
  ],
  [
    "a successor without its predecessor's word",
    `select id from keys as later where predecessor is not null and not exists
       (select 1 from keys where id = later.predecessor and successor = later.id)`,
  ],
  [
    "a predecessor without its successor, or that does not end",
    `select id from keys as earlier where successor is not null and ((revoked_at is null and expires_at is null)
       or not exists (select 1 from keys where id = earlier.successor and predecessor = earlier.id))`,
  ],
  [
    "a rotation without exactly one audit entry",
    `select id from keys where successor is not null
       and 1 != (select count(*) from audit where action = 'key.rotate' and subject = keys.id)`,
  ],
  [
    "an end without an audit entry",
    `select id from keys where revoked_at is not null and not exists (select 1 from audit where subject = keys.id
       and action in ('key.revoke', 'key.delete', 'key.rotate'))`,
  ],
  [
    "a deleted key that is not revoked",
    "select id from keys where deleted_at is not null and revoked_at is null",
  ],
  [
    "one create made two keys",
    "select name, count(*) as keys from keys where predecessor is null group by project, name having count(*) > 1",
  ],
  ["two keys of one digest", "select digest from keys group by digest having count(*) > 1"],
  [
    "a stored answer about nothing",
    `select id from replays where json_extract(body, '$.id') not in
       (select id from keys union select id from accounts)`,
  ],
];

/** What was acknowledged against what is stored. A key that an unanswered change is about may stand either way. */
function keyProblems({ id, fate, successor, isBusy }: KnownKey, row: Row | undefined): string[] {
  if (row === undefined) return [`the key ${id} is lost`];
  if (isBusy) return [];
  const stored = {
    isRevoked: row.revoked_at !== null,
    isDeleted: row.deleted_at !== null,
    expires: row.expires_at !== null,
    successor: row.successor,
  };
  const hasGrace = fate !== "live" && successor !== undefined;
  const expected = {
    isRevoked: fate === "revoked" || fate === "deleted",
    isDeleted: fate === "deleted",
    // A rotation with grace may have been followed by the end of the key.
    expires: fate === "grace" || (hasGrace && stored.expires),
    successor: successor ?? null,
  };
  return JSON.stringify(stored) === JSON.stringify(expected)
    ? []
    : [`the key ${id} is ${fate}, and stored as ${JSON.stringify(stored)}`];
}
