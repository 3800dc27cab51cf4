// Accounts: create, read, list, change, suspend. A customer of a project, who owns keys.
import { ClavigerError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { periodAt } from "../policy/month.ts";
import type { Balance } from "../policy/pot.ts";
import type { Project } from "../project/compile.ts";
import { allowanceOf } from "../store/directory.ts";
import type { AccountRecord, Metadata } from "../store/records.ts";
import { type AccountDescription, describeAccount } from "./describe.ts";
import { checkEnvironment, checkMetadata, checkName, checkPlan } from "./input.ts";
import { openPage, type Page, type PageRequest, pageOf } from "./page.ts";
import { refuseUnlessFull } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

export interface NewAccount {
  readonly name: string;
  readonly externalId?: string | null;
  readonly plan?: string | null;
  readonly metadata?: Metadata;
}

/** Throws `validation_failed`, `not_found` (project), `conflict` (externalId taken). */
export async function createAccount(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  input: NewAccount,
): Promise<AccountDescription> {
  const project = findProject(parts, projectName);
  return save(parts, caller, (now) => {
    const record: AccountRecord = {
      id: newId("acc"),
      project: project.name,
      name: checkName("name", input.name),
      externalId: input.externalId == null ? null : checkName("externalId", input.externalId),
      plan: checkPlan(project, input.plan),
      metadata: checkMetadata("metadata", input.metadata),
      suspendedAt: null,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    return {
      writes: [{ kind: "insert-account", record }],
      project: project.name,
      action: "account.create",
      subject: record.id,
      detail: { name: record.name, plan: record.plan },
      result: describeAccount(record, project, NOTHING_USED, now),
    };
  });
}

const NOTHING_USED: Balance = { period: 0, used: 0, over: 0, credits: 0 };

/** What accounts of one project have in an environment, in the order of the accounts, in one read. */
export async function balancesOf(
  { store }: ManageParts,
  project: Project,
  accounts: readonly AccountRecord[],
  environment: string,
  now: number,
): Promise<Balance[]> {
  const queries = accounts.map((account) => ({
    project: project.name,
    account: account.id,
    environment,
    period: periodAt(now, allowanceOf(account, project)?.day).start,
  }));
  return store.balances(queries, now);
}

/** Throws `not_found`, with the same words for another project's account as for none. */
export async function findAccount(parts: ManageParts, project: string, id: string): Promise<AccountRecord> {
  const account = await parts.store.account(project, id);
  if (account === undefined) throw new ClavigerError("not_found", "There is no such account in the project.");
  return account;
}

/** The allowance is that of `environment`, by default the project's first. Throws `not_found`, `validation_failed`. */
export async function getAccount(
  parts: ManageParts,
  projectName: string,
  id: string,
  { environment }: { readonly environment?: string } = {},
): Promise<AccountDescription> {
  const project = findProject(parts, projectName);
  const chosen = checkEnvironment(project, environment);
  const account = await findAccount(parts, project.name, id);
  const now = parts.clock.now();
  const [balance] = await balancesOf(parts, project, [account], chosen, now);
  return describeAccount(account, project, balance!, now);
}

export async function listAccounts(
  parts: ManageParts,
  projectName: string,
  request: PageRequest,
): Promise<Page<AccountDescription>> {
  const project = findProject(parts, projectName);
  const page = openPage(parts, ["accounts", project.name], request);
  const records = await parts.store.accounts(project.name, page.query);
  const now = parts.clock.now();
  const balances = await balancesOf(parts, project, records, project.environments[0]!, now);
  const balanceOf = new Map(records.map(({ id }, index) => [id, balances[index]!]));
  return pageOf(records, page, (record) => describeAccount(record, project, balanceOf.get(record.id)!, now));
}

/** By id, externalId or name, whole or in part; newest first. Throws `not_found` (project). */
export async function findAccounts(
  parts: ManageParts,
  projectName: string,
  text: string,
  limit: number,
): Promise<Page<AccountDescription>> {
  const project = findProject(parts, projectName);
  const records = await parts.store.findAccounts(project.name, text.trim(), limit);
  const now = parts.clock.now();
  const balances = await balancesOf(parts, project, records, project.environments[0]!, now);
  return { items: records.map((record, index) => describeAccount(record, project, balances[index]!, now)) };
}

export interface AccountChange {
  readonly name?: string;
  readonly externalId?: string | null;
  readonly plan?: string | null;
  readonly metadata?: Metadata;
  /** A suspended account's keys are refused with a verdict of their own, and come back unharmed. */
  readonly suspended?: boolean;
}

export async function updateAccount(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
  input: AccountChange,
): Promise<AccountDescription> {
  const project = findProject(parts, projectName);
  refuseUnlessFull(project, caller);
  return save(parts, caller, async (now) => {
    const before = await findAccount(parts, project.name, id);
    const record: AccountRecord = {
      ...before,
      ...(input.name !== undefined && { name: checkName("name", input.name) }),
      ...(input.externalId !== undefined && {
        externalId: input.externalId === null ? null : checkName("externalId", input.externalId),
      }),
      ...(input.plan !== undefined && { plan: checkPlan(project, input.plan) }),
      ...(input.metadata !== undefined && { metadata: checkMetadata("metadata", input.metadata) }),
      ...(input.suspended !== undefined && {
        suspendedAt: input.suspended ? (before.suspendedAt ?? now) : null,
      }),
      updatedAt: now,
      version: before.version + 1,
    };
    const [balance] = await balancesOf(parts, project, [record], project.environments[0]!, now);
    return {
      writes: [{ kind: "update-account", record, replaces: before.version }],
      project: project.name,
      action: "account.update",
      subject: id,
      detail: { changed: Object.keys(input) },
      result: describeAccount(record, project, balance!, now),
    };
  });
}
