// Reads and changes keys that exist: get, list, update. A deleted key is not there for any of them.
import { ClavigerError, invalidField } from "../base/errors.ts";
import type { KeyRecord } from "../store/records.ts";
import { isMember, type NewKey } from "./create-key.ts";
import { describeKey, type KeyDescription } from "./describe.ts";
import { findKey } from "./find-key.ts";
import { checkAllowedIps, checkExpiry, checkMetadata, checkName, checkTime, grantScopes } from "./input.ts";
import { boundedExpiry } from "./key-bounds.ts";
import { withUses } from "./key-uses.ts";
import { openPage, type Page, type PageRequest, pageOf } from "./page.ts";
import { refuseEscalation, refuseStronger } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

export async function getKey(parts: ManageParts, projectName: string, id: string): Promise<KeyDescription> {
  const project = findProject(parts, projectName);
  const [described] = await withUses(parts, project.name, [await findKey(parts, project.name, id)]);
  return described!;
}

export interface KeyListRequest extends PageRequest {
  readonly account?: string;
  /** Tombstones of deleted keys too, for the audit. */
  readonly includeDeleted?: boolean;
}

/** Newest first. */
export async function listKeys(
  parts: ManageParts,
  projectName: string,
  request: KeyListRequest,
): Promise<Page<KeyDescription>> {
  const project = findProject(parts, projectName);
  const page = openPage(parts, ["keys", project.name, request.account ?? ""], request);
  const { account, includeDeleted = false } = request;
  const records = await parts.store.keys(
    project.name,
    { includeDeleted, ...(account !== undefined && { account }) },
    page.query,
  );
  const shown = pageOf(records, page, (record) => record);
  return { ...shown, items: await withUses(parts, project.name, shown.items) };
}

/** What a key was made with and may be made without afterwards; absent fields stay as they are. */
export type KeyChange = Partial<Omit<NewKey, "account" | "environment">>;

/** Scopes named here are attached anew, with the catalogue of today. Throws `validation_failed`, `not_found`, `conflict`. */
export async function updateKey(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
  input: KeyChange,
): Promise<KeyDescription> {
  const project = findProject(parts, projectName);
  return save(parts, caller, async (now) => {
    const before = await findKey(parts, project.name, id);
    refuseStronger(project, caller, [before]);
    if (before.revokedAt !== null) throw new ClavigerError("conflict", "A revoked key cannot be changed.");
    const named = input.scopes !== undefined || input.tier !== undefined;
    const grant = named ? grantScopes(project, input.scopes, input.tier) : undefined;
    if (grant !== undefined) refuseEscalation(project, caller, grant.frozenScopes);
    const record: KeyRecord = {
      ...before,
      ...grant,
      ...changedFields(input, before),
      ...(input.expiresAt !== undefined && {
        expiresAt: boundedExpiry(
          project,
          checkExpiry("expiresAt", input.expiresAt, now),
          now,
          isMember(caller),
        ),
      }),
      updatedAt: now,
      version: before.version + 1,
    };
    return {
      writes: [{ kind: "update-key", record, replaces: before.version }],
      project: project.name,
      action: "key.update",
      subject: id,
      detail: { changed: Object.keys(input) },
      result: describeKey(record, now),
    };
  });
}

function changedFields(input: KeyChange, before: KeyRecord): Partial<KeyRecord> {
  // The predecessor of a rotation ends with its grace at the latest; more life would undo the rotation.
  if (input.expiresAt !== undefined && before.successor !== null) {
    throw invalidField("expiresAt", "cannot be changed on a key that has been rotated");
  }
  return {
    ...(input.name !== undefined && { name: checkName("name", input.name) }),
    ...(input.allowedIps !== undefined && {
      allowedIps: checkAllowedIps("allowedIps", input.allowedIps, input.confirmAnyAddress === true),
    }),
    ...(input.notBefore !== undefined && { notBefore: checkTime("notBefore", input.notBefore) }),
    ...(input.metadata !== undefined && { metadata: checkMetadata("metadata", input.metadata) }),
  };
}
