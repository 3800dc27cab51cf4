// The ledger over SQL: a batch of entries is read, decided in memory and written in one transaction. What each entry does is said in
// ledger-decide.ts.
import type { Transaction } from "kysely";
import type { BalanceQuery, HoldRecord, LedgerEntry, LedgerStore, PostAnswer } from "../ledger.ts";
import { keepBooks } from "./books.ts";
import { readAllowanceUses, readMovements } from "./journal.ts";
import { decide } from "./ledger-decide.ts";
import { loadAccounts, loadHolds, type Wanted } from "./ledger-load.ts";
import { balanceOf, noMoney } from "./ledger-money.ts";
import { saveMoney } from "./ledger-save.ts";
import type { LedgerParts } from "./lock.ts";
import { postAll } from "./postings.ts";
import type { Tables } from "./tables.ts";

export function createLedger(parts: LedgerParts): LedgerStore {
  const { database, statements } = parts;
  return {
    post: (entries) => post(parts, entries),
    balances: (queries, now) => readBalances(parts, queries, now),
    hold: async (id) => (await loadHolds({ database, statements }, [id])).get(id),
    async movements(project, account, page) {
      await postAll(database, statements);
      return readMovements(database, project, account, page);
    },
    allowanceUses: (project, range) => readAllowanceUses(database, project, range),
    keepBooks: (now, compactBefore) => keepBooks(parts, now, compactBefore),
  };
}

/** Accounts that stayed locked for so many attempts are passed over in the next, for the sake of the others (hostile F09). */
const PATIENT_ATTEMPTS = 2;

async function post(parts: LedgerParts, entries: readonly LedgerEntry[]): Promise<PostAnswer[]> {
  if (entries.length === 0) return [];
  let attempts = 0;
  return parts.database.transaction().execute(async (transaction) => {
    const reader = { database: transaction, statements: parts.statements };
    const money = noMoney();
    attempts += 1;
    const { wanted, busy } = await wantedBy(
      parts,
      transaction,
      entries,
      money.holds,
      attempts > PATIENT_ATTEMPTS,
    );
    await loadAccounts(reader, money, wanted);
    const isBusy = (entry: LedgerEntry): boolean =>
      busy.has((entry.kind === "settle" ? money.holds.get(entry.hold) : entry)?.account ?? "");
    const answers = entries.map(
      (entry): PostAnswer => (isBusy(entry) ? { done: false, reason: "busy" } : decide(money, entry)),
    );
    await saveMoney(transaction, parts.statements, money);
    return answers;
  });
}

/** The accounts of all entries, locked, and the holds that they name in `holds`, as they are under that lock. */
async function wantedBy(
  { statements, lockAccounts }: LedgerParts,
  transaction: Transaction<Tables>,
  entries: readonly LedgerEntry[],
  holds: Map<string, HoldRecord>,
  skip: boolean,
): Promise<{ readonly wanted: Wanted[]; readonly busy: ReadonlySet<string> }> {
  const reader = { database: transaction, statements };
  const ids = entries.flatMap((entry) => (entry.kind === "settle" ? [entry.hold] : []));
  // Whose a hold is never changes, so that it may be read before its account is locked. One that another node opens only then is not
  // found: its account is not among those that are locked.
  const named = await loadHolds(reader, ids);
  const wanted = [...named.values(), ...entries.filter((entry) => entry.kind !== "settle")].map(wantedFor);
  const accounts = wanted.map(({ account }) => account);
  const busy = await lockAccounts(transaction, accounts, skip);
  for (const [id, hold] of await loadHolds(reader, named.keys())) holds.set(id, hold);
  return { wanted, busy };
}

function wantedFor(entry: HoldRecord | Exclude<LedgerEntry, { kind: "settle" }>): Wanted {
  const { project, account } = entry;
  const pots = [...("draws" in entry ? entry.draws : []), ...("parts" in entry ? entry.parts : [])];
  const periods = pots.flatMap((pot) => (pot.pot === "allowance" ? [pot.period] : []));
  return periods.length === 0 ? { project, account } : { project, account, since: Math.min(...periods) };
}

async function readBalances(
  { database, statements }: LedgerParts,
  queries: readonly BalanceQuery[],
  now: number,
) {
  const money = noMoney();
  const wanted = queries.map(({ project, account, period }) => ({ project, account, since: period }));
  await loadAccounts({ database, statements }, money, wanted);
  return queries.map((query) => balanceOf(money, query, query.period, now));
}
