// Complete records for tests of the store, each different from the last; it may not reach into a store itself.
import { createHash } from "node:crypto";
import type {
  AccountRecord,
  AuditRecord,
  KeyRecord,
  ProjectRecord,
  ReplayRecord,
} from "../../src/store/records.ts";

/** 2026-11-21T12:00:00Z. */
export const NOON = 1_795_262_400_000;

let made = 0;

/** Small letters and digits only: every database sorts them alike. */
function nextName(): string {
  made += 1;
  return made.toString(36).padStart(6, "0");
}

/** What a digest looks like: 43 characters of base64url. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

export function projectRecord(changes: Partial<ProjectRecord> = {}): ProjectRecord {
  const name = changes.name ?? `p${nextName()}`;
  return {
    name,
    file: { name },
    sourceDigest: null,
    createdAt: NOON,
    updatedAt: NOON,
    version: 1,
    ...changes,
  };
}

export function accountRecord(changes: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id: `acc_${nextName()}`,
    project: "acme",
    name: "An account",
    externalId: null,
    plan: null,
    metadata: {},
    suspendedAt: null,
    createdAt: NOON,
    updatedAt: NOON,
    version: 1,
    ...changes,
  };
}

export function keyRecord(account: AccountRecord, changes: Partial<KeyRecord> = {}): KeyRecord {
  const id = changes.id ?? `key_${nextName()}`;
  return {
    id,
    project: account.project,
    account: account.id,
    name: "A key",
    environment: "live",
    scopes: [],
    frozenScopes: [],
    tier: null,
    allowedIps: [],
    metadata: {},
    start: "acme_live_",
    lastFour: "wxyz",
    digest: digestOf(`${account.project}/${id}`),
    pepperVersion: 1,
    notBefore: null,
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    deletedAt: null,
    family: id,
    predecessor: null,
    successor: null,
    createdAt: NOON,
    updatedAt: NOON,
    version: 1,
    ...changes,
  };
}

export function auditRecord(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: `aud_${nextName()}`,
    at: NOON,
    project: "acme",
    actor: "local",
    action: "key.create",
    subject: "key_0",
    detail: {},
    ...changes,
  };
}

export function replayRecord(changes: Partial<ReplayRecord> = {}): ReplayRecord {
  return {
    id: `replay-${nextName()}`,
    fingerprint: "body",
    status: 201,
    body: {},
    expiresAt: NOON + 60_000,
    ...changes,
  };
}
