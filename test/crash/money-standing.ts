// What the store of a victim says of the money in it, read from a copy without Claviger, and how two such states differ.
import { journalProblems, onCopy } from "./money-inspect.ts";
import { ACCOUNTS } from "./money-victim.ts";

export interface Standing {
  /** Live credits, less what was used of an allowance. */
  readonly prepaid: number;
  readonly metered: number;
  readonly openHolds: number;
  /** Of prepaid in the journal: one that two pots pay stands in two lines. */
  readonly requests: number;
  readonly audit: number;
  readonly replays: number;
}

/** Throws when balances and journal disagree, or the file is damaged. */
export function standingOf(data: string, at: number): Standing {
  const standing = onCopy(data, (database): Standing => {
    const problems = journalProblems(database);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const one = (sql: string, ...values: unknown[]): number =>
      (database.prepare(`select coalesce((${sql}), 0) as value`).get(...values) as { value: number }).value;
    const [prepaid, metered] = ACCOUNTS.map(
      (account) =>
        one("select sum(remaining) from credit_lots where account = ? and expires_at > ?", account, at) -
        one("select sum(used) from allowances where account = ?", account),
    );
    return {
      prepaid: prepaid!,
      metered: metered!,
      openHolds: one("select count(*) from holds where settled_at is null"),
      requests: one("select sum(requests) from journal where account = 'prepaid'"),
      audit: one("select count(*) from audit"),
      replays: one("select count(*) from replays"),
    };
  });
  if (standing === undefined) throw new Error(`there is no store in ${data}`);
  return standing;
}

/** Whether `change` is all that lies between the two. */
export function changed(before: Standing, after: Standing, change: Partial<Standing>): boolean {
  const parts = Object.keys(before) as (keyof Standing)[];
  return parts.every((part) => after[part] === before[part] + (change[part] ?? 0));
}
