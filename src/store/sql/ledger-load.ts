// Reads the money of many accounts in few statements. It decides nothing and writes nothing.
import type { Kysely } from "kysely";
import type { AllowanceUse, HoldRecord } from "../ledger.ts";
import { type Money, moneyOf } from "./ledger-money.ts";
import { allowanceRow, holdRecord, lotRow } from "./ledger-rows.ts";
import { type Build, paddedPiecesOf, type Statements } from "./statements.ts";
import type { CreditLotRow, HoldRow, Tables } from "./tables.ts";

/** An account whose money is needed. */
export interface Wanted {
  readonly project: string;
  readonly account: string;
  /** Older periods play no part; absent: only the newest does, whichever it is. */
  readonly since?: number;
}

/** 512 and a few values stay below the 2,000 that every database takes. */
const MOST_NAMES = 512;

const READ_LOTS: Build = (database, [project, ...accounts]) =>
  database
    .selectFrom("creditLots")
    .selectAll()
    .where("project", "=", project!)
    .where("account", "in", accounts);

/** The sum keeps databases from going by an index of periods, through every account of the project. */
const READ_ALLOWANCES: Build = (database, [project, since, ...accounts]) =>
  database
    .selectFrom("allowances")
    .selectAll()
    .where("project", "=", project!)
    .where("account", "in", accounts)
    .where((eb) => eb(eb("period", "+", eb.lit(0)), ">=", since!));

const READ_NEWEST_ALLOWANCES: Build = (database, [project, ...accounts]) =>
  database
    .selectFrom("allowances as one")
    .selectAll()
    .where("one.project", "=", project!)
    .where("one.account", "in", accounts)
    .where("one.period", "=", (from) =>
      from
        .selectFrom("allowances as other")
        .select(({ fn }) => fn.max("other.period").as("period"))
        .whereRef("other.project", "=", "one.project")
        .whereRef("other.account", "=", "one.account")
        .whereRef("other.environment", "=", "one.environment"),
    );

const READ_HOLDS: Build = (database, ids) => database.selectFrom("holds").selectAll().where("id", "in", ids);

interface Reader {
  readonly database: Kysely<Tables>;
  readonly statements: Statements;
}

export async function loadHolds(
  { database, statements }: Reader,
  ids: Iterable<string>,
): Promise<Map<string, HoldRecord>> {
  const holds = new Map<string, HoldRecord>();
  for (const piece of paddedPiecesOf([...new Set(ids)], MOST_NAMES)) {
    for (const row of await statements.run<HoldRow>(database, READ_HOLDS, piece))
      holds.set(row.id, holdRecord(row));
  }
  return holds;
}

/** Into `money`, all lots and the periods that play a part. */
export async function loadAccounts(reader: Reader, money: Money, wanted: Iterable<Wanted>): Promise<void> {
  for (const [project, { accounts, timed, untimed, since }] of byProject(wanted)) {
    await loadLots(reader, money, project, accounts);
    await loadAllowances(reader, money, READ_ALLOWANCES, [project, since], timed);
    await loadAllowances(reader, money, READ_NEWEST_ALLOWANCES, [project], untimed);
  }
}

interface ProjectWanted {
  readonly accounts: Set<string>;
  readonly timed: Set<string>;
  readonly untimed: Set<string>;
  since: number;
}

function byProject(wanted: Iterable<Wanted>): Map<string, ProjectWanted> {
  const projects = new Map<string, ProjectWanted>();
  for (const { project, account, since } of wanted) {
    let one = projects.get(project);
    if (one === undefined) {
      one = { accounts: new Set(), timed: new Set(), untimed: new Set(), since: Number.MAX_SAFE_INTEGER };
      projects.set(project, one);
    }
    one.accounts.add(account);
    (since === undefined ? one.untimed : one.timed).add(account);
    one.since = Math.min(one.since, since ?? one.since);
  }
  return projects;
}

async function loadLots(
  { database, statements }: Reader,
  money: Money,
  project: string,
  accounts: Iterable<string>,
): Promise<void> {
  for (const piece of paddedPiecesOf([...accounts], MOST_NAMES)) {
    for (const row of await statements.run<CreditLotRow>(database, READ_LOTS, [project, ...piece]))
      moneyOf(money, row).lots.push(lotRow(row));
  }
  for (const { lots } of money.accounts.get(project)?.values() ?? [])
    lots.sort((one, other) => one.expiresAt - other.expiresAt);
}

async function loadAllowances(
  { database, statements }: Reader,
  money: Money,
  build: Build,
  first: readonly unknown[],
  accounts: Iterable<string>,
): Promise<void> {
  for (const piece of paddedPiecesOf([...accounts], MOST_NAMES)) {
    for (const row of await statements.run<AllowanceUse>(database, build, [...first, ...piece])) {
      const { allowances } = moneyOf(money, row);
      const known = allowances.get(row.environment);
      const read = allowanceRow(row);
      if (known === undefined) allowances.set(read.environment, [read]);
      else if (!known.some(({ period }) => period === read.period)) known.push(read);
    }
  }
}
