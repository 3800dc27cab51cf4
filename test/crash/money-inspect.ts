// Looks into the money of a store without Claviger: a copy of its files is read with SQLite itself, balances against journal and
// both against what the client was told.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { MOVEMENT_COLUMNS } from "../../src/store/sql/ledger-rows.ts";
import { boundsOf, type Wallet } from "./money-world.ts";

/** Runs `look` on a copy of the store, with a view `journal` in it; `undefined` when there is none, or none with money in it. */
export function onCopy<Result>(
  data: string,
  look: (database: Sqlite.Database) => Result,
): Result | undefined {
  const folder = mkdtempSync(join(tmpdir(), "claviger-money-"));
  try {
    const files = ["claviger.db", "claviger.db-wal"].filter((name) => existsSync(join(data, name)));
    if (files.length === 0) return undefined;
    for (const name of files) copyFileSync(join(data, name), join(folder, name));
    const database = new Sqlite(join(folder, "claviger.db"));
    try {
      if (!hasMoney(database)) return undefined;
      database.exec(JOURNAL);
      return look(database);
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The migration that makes the one makes the other. */
function hasMoney(database: Sqlite.Database): boolean {
  return database.prepare("select 1 from sqlite_master where name = 'postings'").get() !== undefined;
}

const COLUMNS = MOVEMENT_COLUMNS.map((column) =>
  column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);

/** Movements, and those that still wait to be posted: rows of JSON lists in the order of the columns. */
const JOURNAL = `create temp view journal as select ${COLUMNS.join(", ")} from movements union all
  select ${COLUMNS.map((_, index) => `json_extract(row.value, '$[${index}]')`).join(", ")}
  from postings, json_each(postings.movements) as row`;

/** What is wrong, in words; empty when nothing is. */
export function inspectMoney(data: string, wallets: readonly Wallet[]): string[] {
  const look = (database: Sqlite.Database) => [
    ...journalProblems(database),
    ...wallets.flatMap((wallet) => walletProblems(database, wallet)),
  ];
  return onCopy(data, look) ?? [];
}

/** The rules that hold in every store at every moment. */
export function journalProblems(database: Sqlite.Database): string[] {
  const integrity = database.pragma("integrity_check") as { integrity_check: string }[];
  const damage = integrity.map((row) => row.integrity_check).filter((said) => said !== "ok");
  const broken = RULES.flatMap(([words, sql]) =>
    (database.prepare(sql).all() as object[]).map((row) => `${words}: ${JSON.stringify(row)}`),
  );
  return [...damage, ...broken];
}

/** As the store writes that credits never expire. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Each answers the rows that break it. */
const RULES: readonly (readonly [words: string, sql: string])[] = [
  [
    "credits that are not the sum of their journal",
    `select project, account, lot, sum(units) as difference from
       (select project, account, coalesce(expires_at, ${NEVER}) as lot, units from journal where pot = 'credits'
        union all select project, account, expires_at, -remaining from credit_lots)
     group by project, account, lot having sum(units) != 0`,
  ],
  [
    "an allowance that is not the sum of its journal",
    `select project, account, environment, period, sum(units) as difference from
       (select project, account, environment, period, units from journal where pot = 'allowance'
        union all select project, account, environment, period, used from allowances)
     group by project, account, environment, period having sum(units) != 0`,
  ],
  ["credits below zero", "select * from credit_lots where remaining < 0"],
  ["an allowance out of its bounds", "select * from allowances where used < 0 or over < 0 or over > used"],
  ["a movement of nothing", "select * from journal where units = 0"],
  [
    "a hold that is not the sum of its parts",
    `select id, units, settled_units, parts from holds where coalesce(settled_units, units) !=
       (select coalesce(sum(json_extract(part.value, '$.units')), 0) from json_each(parts) as part)`,
  ],
  [
    "a hold that is half settled",
    "select id from holds where (settled_units is null) != (settled_at is null)",
  ],
];

function walletProblems(database: Sqlite.Database, wallet: Wallet): string[] {
  const { id, limit } = wallet;
  const sum = (sql: string): number => (database.prepare(sql).get(id) as { units: number | null }).units ?? 0;
  const used = sum("select sum(used) as units from allowances where account = ?");
  const credits = sum("select sum(remaining) as units from credit_lots where account = ?");
  const [least, most] = boundsOf(wallet);
  const remains = limit - used + credits;
  return [
    ...(used > limit ? [`${id} used ${used} of an allowance of ${limit}`] : []),
    ...(remains < least || remains > most
      ? [`${id} has ${remains} units in the store, and ${least} to ${most} by what was answered`]
      : []),
  ];
}
