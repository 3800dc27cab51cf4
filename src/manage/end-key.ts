// Ends keys or rests them: revoke, disable, enable, delete, and revoke many at once. Each is safe to repeat.

import { parseIsoTime } from "../base/clock.ts";
import { ClavigerError, invalidField } from "../base/errors.ts";
import type { KeyFilter, Write } from "../store/contract.ts";
import type { KeyRecord } from "../store/records.ts";
import { describeKey, type KeyDescription } from "./describe.ts";
import { findKey } from "./find-key.ts";
import { refuseStronger, refuseUnlessFull } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

/** Revokes a key for good; with `family`, every key of its rotation family too (hostile B16). */
export async function revokeKey(
  parts: ManageParts,
  caller: Caller,
  project: string,
  id: string,
  { family = false }: { family?: boolean } = {},
): Promise<KeyDescription> {
  return changeKey(parts, caller, project, id, "key.revoke", async (key, now) => {
    const others = family ? await familyOf(parts, key) : [];
    return [key, ...others].map((one) => ({ ...one, revokedAt: one.revokedAt ?? now }));
  });
}

export async function disableKey(
  parts: ManageParts,
  caller: Caller,
  project: string,
  id: string,
): Promise<KeyDescription> {
  return changeKey(parts, caller, project, id, "key.disable", (key, now) => {
    refuseRevoked(key);
    return [{ ...key, disabledAt: key.disabledAt ?? now }];
  });
}

export async function enableKey(
  parts: ManageParts,
  caller: Caller,
  project: string,
  id: string,
): Promise<KeyDescription> {
  return changeKey(parts, caller, project, id, "key.enable", (key) => {
    refuseRevoked(key);
    return [{ ...key, disabledAt: null }];
  });
}

/** Revokes, hides and keeps a tombstone: the id is never used again and the audit can still name it (CONTRACTS K2). */
export async function deleteKey(
  parts: ManageParts,
  caller: Caller,
  project: string,
  id: string,
): Promise<KeyDescription> {
  return changeKey(parts, caller, project, id, "key.delete", (key, now) => [
    { ...key, revokedAt: key.revokedAt ?? now, deletedAt: now },
  ]);
}

function refuseRevoked(key: KeyRecord): void {
  if (key.revokedAt !== null) throw new ClavigerError("conflict", "A revoked key stays revoked.");
}

/** Walks the chain of rotations in both directions. */
async function familyOf(parts: ManageParts, key: KeyRecord): Promise<KeyRecord[]> {
  const family: KeyRecord[] = [];
  for (const step of ["predecessor", "successor"] as const) {
    for (let id = key[step]; id !== null; ) {
      const relative = await parts.store.key(key.project, id);
      if (relative === undefined) break;
      family.push(relative);
      id = relative[step];
    }
  }
  return family;
}

async function changeKey(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
  action: string,
  alter: (key: KeyRecord, now: number) => KeyRecord[] | Promise<KeyRecord[]>,
): Promise<KeyDescription> {
  const project = findProject(parts, projectName);
  return save(parts, caller, async (now) => {
    const before = await findKey(parts, project.name, id);
    const wanted = await alter(before, now);
    refuseStronger(project, caller, wanted);
    const after = wanted.map((key) => ({
      ...key,
      updatedAt: now,
      version: key.version + 1,
    }));
    const writes = after.map(
      (record): Write => ({ kind: "update-key", record, replaces: record.version - 1 }),
    );
    return { writes, project: project.name, action, subject: id, result: describeKey(after[0]!, now) };
  });
}

export interface RevokeManyRequest {
  readonly account?: string;
  /** ISO 8601, exclusive. */
  readonly createdBefore?: string;
  /** The number of keys the caller expects to die; without it nothing happens and the number is answered. */
  readonly expectedCount?: number;
}

export interface RevokedMany {
  readonly revoked: number;
}

/** Throws `confirmation_required`, which names the number, unless `expectedCount` is exactly right. */
export async function revokeManyKeys(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  request: RevokeManyRequest,
): Promise<RevokedMany> {
  const project = findProject(parts, projectName);
  refuseUnlessFull(project, caller);
  const filter = readFilter(request);
  return save(parts, caller, async () => {
    const count = await parts.store.countLiveKeys(project.name, filter);
    if (count !== request.expectedCount) {
      throw new ClavigerError(
        "confirmation_required",
        `${count} keys would be revoked; repeat with expectedCount ${count}.`,
      );
    }
    return {
      writes: [{ kind: "revoke-keys", project: project.name, filter, expected: count }],
      project: project.name,
      action: "key.revoke-many",
      subject: request.account ?? project.name,
      detail: { account: filter.account ?? null, createdBefore: request.createdBefore ?? null, count },
      result: { revoked: count },
    };
  });
}

function readFilter({ account, createdBefore }: RevokeManyRequest): KeyFilter {
  if (account === undefined && createdBefore === undefined) {
    throw invalidField("account", "or createdBefore must be given, so that it is plain which keys are meant");
  }
  const at = createdBefore === undefined ? undefined : parseIsoTime(createdBefore);
  if (createdBefore !== undefined && at === undefined)
    throw invalidField("createdBefore", "must be a time such as 2027-01-31T12:00:00Z");
  return {
    ...(account !== undefined && { account }),
    ...(at !== undefined && { createdBefore: at }),
    includeDeleted: true,
  };
}
