// How records look from outside: the public JSON of projects, accounts, their allowances, keys and audit entries. Nothing secret has a field.
import { isoTime } from "../base/clock.ts";
import { type AllowanceState, allowanceState, type Balance } from "../policy/pot.ts";
import type { Project } from "../project/compile.ts";
import { allowanceOf } from "../store/directory.ts";
import type { AccountRecord, AuditRecord, KeyRecord, Metadata, ProjectRecord } from "../store/records.ts";

export interface KeyDescription {
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  readonly tier: string | null;
  readonly allowedIps: readonly string[];
  readonly metadata: Metadata;
  readonly start: string;
  readonly lastFour: string;
  readonly status: "active" | "disabled" | "expired" | "revoked" | "not_yet_valid";
  readonly notBefore: string | null;
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly deletedAt: string | null;
  readonly family: string;
  readonly predecessor: string | null;
  readonly successor: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Where it was asked for: the newest verdict that proved the key. */
  readonly lastUsedAt?: string | null;
}

export const isoOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at));

/** `now` decides between active and expired only. */
export function describeKey(key: KeyRecord, now: number): KeyDescription {
  return {
    id: key.id,
    project: key.project,
    account: key.account,
    name: key.name,
    environment: key.environment,
    scopes: key.scopes,
    tier: key.tier,
    allowedIps: key.allowedIps,
    metadata: key.metadata,
    start: key.start,
    lastFour: key.lastFour,
    status: keyStatus(key, now),
    notBefore: isoOrNull(key.notBefore),
    expiresAt: isoOrNull(key.expiresAt),
    disabledAt: isoOrNull(key.disabledAt),
    revokedAt: isoOrNull(key.revokedAt),
    deletedAt: isoOrNull(key.deletedAt),
    family: key.family,
    predecessor: key.predecessor,
    successor: key.successor,
    createdAt: isoTime(key.createdAt),
    updatedAt: isoTime(key.updatedAt),
  };
}

/** In the order in which a verdict would notice. */
export function keyStatus(key: KeyRecord, now: number): KeyDescription["status"] {
  if (key.revokedAt !== null) return "revoked";
  if (key.disabledAt !== null) return "disabled";
  if (key.expiresAt !== null && now >= key.expiresAt) return "expired";
  return key.notBefore !== null && now < key.notBefore ? "not_yet_valid" : "active";
}

export interface AccountDescription {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly plan: string | null;
  readonly metadata: Metadata;
  readonly suspended: boolean;
  readonly suspendedAt: string | null;
  /** Of the account in every environment. */
  readonly credits: number;
  /** In one environment; absent where the plan has none. */
  readonly allowance?: AllowanceDescription;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type AllowanceDescription = Omit<AllowanceState, "resetsAt"> & { readonly resetsAt: string };

export function describeAllowance(state: AllowanceState): AllowanceDescription {
  return { ...state, resetsAt: isoTime(state.resetsAt) };
}

/** The project's default plan stands in for none; `balance` is that of one environment at `now`. */
export function describeAccount(
  account: AccountRecord,
  project: Project,
  balance: Balance,
  now: number,
): AccountDescription {
  const allowance = allowanceOf(account, project);
  return {
    id: account.id,
    project: account.project,
    name: account.name,
    externalId: account.externalId,
    plan: account.plan ?? project.defaultPlan ?? null,
    metadata: account.metadata,
    suspended: account.suspendedAt !== null,
    suspendedAt: isoOrNull(account.suspendedAt),
    credits: balance.credits,
    ...(allowance && { allowance: describeAllowance(allowanceState(allowance, balance, now)) }),
    createdAt: isoTime(account.createdAt),
    updatedAt: isoTime(account.updatedAt),
  };
}

export function describeProject(record: ProjectRecord) {
  return {
    name: record.name,
    title: record.file.title ?? record.name,
    file: record.file,
    version: record.version,
    createdAt: isoTime(record.createdAt),
    updatedAt: isoTime(record.updatedAt),
  };
}

export type ProjectDescription = ReturnType<typeof describeProject>;

export function describeAudit(entry: AuditRecord) {
  const { id, at, project, actor, action, subject, detail } = entry;
  return { id, at: isoTime(at), project, actor, action, subject, detail };
}
