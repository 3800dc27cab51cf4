// The export for billing: what each account consumed in a month, a line for each of its environments. It reads the accounts page by
// page and holds one page at a time.
import { isoTime, parseIsoTime } from "../base/clock.ts";
import { invalidField } from "../base/errors.ts";
import { periodAt } from "../policy/month.ts";
import type { Project } from "../project/compile.ts";
import type { Store } from "../store/contract.ts";
import { allowanceOf } from "../store/directory.ts";
import type { Position } from "../store/page.ts";
import type { AccountRecord } from "../store/records.ts";
import type { Consumption } from "../store/usage.ts";
import { findProject, type ManageParts } from "./save.ts";

/** An account in one environment and month. */
export interface BillingLine {
  readonly project: string;
  readonly account: string;
  readonly externalId: string | null;
  readonly name: string;
  /** The plan that the account has now, as has `allowance.limit`. */
  readonly plan: string | null;
  readonly environment: string;
  readonly month: string;
  /** Those that were allowed. */
  readonly requests: number;
  /** What they cost, whatever paid it, less what was given back. */
  readonly units: number;
  /** Of the period that begins in the month; `null` where the plan grants none and none was used. */
  readonly allowance: {
    /** `null` without bound. */
    readonly limit: number | null;
    readonly used: number;
    /** Of `used`, what was past the limit. */
    readonly over: number;
    readonly startsAt: string;
    readonly resetsAt: string;
  } | null;
  readonly creditsSpent: number;
}

interface Month {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What a page takes keeps payments waiting behind it, for some milliseconds. */
const ACCOUNTS_IN_PAGE = 100;

/**
 * NDJSON, some lines at a time, accounts newest first. An account that was made after the month has a line only where it consumed
 * something. Throws `not_found` (project) and `validation_failed` (month) before the first line.
 */
export function exportUsage(
  parts: ManageParts,
  projectName: string,
  monthName: string,
): AsyncGenerator<string> {
  const project = findProject(parts, projectName);
  return pagesOf(parts.store, project, readMonth(monthName, parts.clock.now()));
}

async function* pagesOf(store: Store, project: Project, month: Month): AsyncGenerator<string> {
  let after: Position | undefined;
  for (;;) {
    const page = { limit: ACCOUNTS_IN_PAGE, ...(after !== undefined && { after }) };
    const accounts = await store.accounts(project.name, page);
    if (accounts.length === 0) return;
    after = accounts.at(-1);
    const { name, ...range } = month;
    const ids = accounts.map(({ id }) => id);
    const consumed = await store.consumption({ project: project.name, accounts: ids, ...range });
    const byAccount = Object.groupBy(consumed, ({ account }) => account);
    const lines = accounts.flatMap((account) =>
      linesOf(project, account, byAccount[account.id] ?? [], month),
    );
    if (lines.length > 0) yield `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  }
}

function linesOf(
  project: Project,
  account: AccountRecord,
  consumed: readonly Consumption[],
  month: Month,
): BillingLine[] {
  const there = account.createdAt < month.to ? project.environments : [];
  const environments = new Set([...there, ...consumed.map(({ environment }) => environment).sort()]);
  return [...environments].map((environment) => {
    const found = consumed.find((one) => one.environment === environment);
    return {
      project: project.name,
      account: account.id,
      externalId: account.externalId,
      name: account.name,
      plan: account.plan ?? project.defaultPlan ?? null,
      environment,
      month: month.name,
      requests: found?.requests ?? 0,
      units: found?.units ?? 0,
      allowance: allowanceIn(project, account, found, month),
      creditsSpent: found?.creditsSpent ?? 0,
    };
  });
}

function allowanceIn(
  project: Project,
  account: AccountRecord,
  consumed: Consumption | undefined,
  month: Month,
): BillingLine["allowance"] {
  const granted = allowanceOf(account, project);
  const used = consumed?.allowance ?? null;
  if (granted === undefined && used === null) return null;
  // One period begins in each month, on its last day at the latest.
  const { start, end } = periodAt(month.to - 1, granted?.day);
  return {
    limit: granted === undefined ? 0 : granted.limit,
    used: used?.used ?? 0,
    over: used?.over ?? 0,
    startsAt: isoTime(start),
    resetsAt: isoTime(end),
  };
}

function readMonth(name: string, now: number): Month {
  const from = /^\d{4}-\d\d$/.test(name) ? parseIsoTime(`${name}-01T00:00:00Z`) : undefined;
  if (from === undefined) throw invalidField("month", "must be a month such as 2026-11");
  if (from > now) throw invalidField("month", "has not begun");
  const date = new Date(from);
  return { name, from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) };
}
