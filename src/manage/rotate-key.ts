// Rotates a key: a successor with the same rights, and an end for the old one, at once or after a grace period.
import { ClavigerError, invalidField } from "../base/errors.ts";
import type { Project } from "../project/compile.ts";
import type { KeyRecord } from "../store/records.ts";
import { type CreatedKey, mintRecord } from "./create-key.ts";
import { describeKey, keyStatus } from "./describe.ts";
import { findKey } from "./find-key.ts";
import { refuseEscalation } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

/** 90 days: longer overlaps are two keys. */
const MAX_GRACE_SECONDS = 7_776_000;

/**
 * Without grace the old key is revoked in the same commit; with grace it expires when the grace ends, or earlier if it would
 * have anyway. A key is rotated once: of two concurrent calls one gets `conflict` (hostile B15). Throws `forbidden` for a root
 * key with more than the caller holds, because the caller receives its successor (hostile C04).
 */
export async function rotateKey(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
  { graceSeconds = 0 }: { graceSeconds?: number } = {},
): Promise<CreatedKey> {
  if (!Number.isInteger(graceSeconds) || graceSeconds < 0 || graceSeconds > MAX_GRACE_SECONDS) {
    throw invalidField("graceSeconds", `must be an integer from 0 to ${MAX_GRACE_SECONDS}`);
  }
  const project = findProject(parts, projectName);
  let text = "";
  const described = await save(parts, caller, async (now) => {
    const before = await findKey(parts, project.name, id);
    refuseUnrotatable(project, before, now);
    refuseEscalation(project, caller, before.frozenScopes);
    const { minted, record } = mintRecord(parts, project, before.environment, now);
    text = minted.text;
    const successor: KeyRecord = { ...record, ...inherited(before), predecessor: before.id };
    const predecessor: KeyRecord = {
      ...before,
      ...(graceSeconds === 0
        ? { revokedAt: now }
        : { expiresAt: Math.min(now + graceSeconds * 1000, before.expiresAt ?? Number.POSITIVE_INFINITY) }),
      successor: successor.id,
      updatedAt: now,
      version: before.version + 1,
    };
    return {
      writes: [
        { kind: "update-key", record: predecessor, replaces: before.version },
        { kind: "insert-key", record: successor },
      ],
      project: project.name,
      action: "key.rotate",
      subject: before.id,
      detail: { successor: successor.id, graceSeconds },
      result: describeKey(successor, now),
    };
  });
  return { ...described, key: text };
}

function refuseUnrotatable(project: Project, key: KeyRecord, now: number): void {
  if (key.successor !== null)
    throw new ClavigerError(
      "conflict",
      `The key has been rotated already; its successor is ${key.successor}.`,
    );
  const status = keyStatus(key, now);
  if (status === "revoked" || status === "expired" || status === "disabled") {
    throw new ClavigerError("conflict", `The key is ${status}: create a new one instead.`);
  }
  if (!project.environments.includes(key.environment)) {
    throw new ClavigerError(
      "conflict",
      `The project no longer has the key's environment ${key.environment}: create a new key instead.`,
    );
  }
}

/** All that the customer chose, frozen scopes included: a rotation must not reach scopes that were added since. */
function inherited(before: KeyRecord): Partial<KeyRecord> {
  const { account, name, scopes, frozenScopes, tier, allowedIps, metadata, notBefore, expiresAt, family } =
    before;
  return { account, name, scopes, frozenScopes, tier, allowedIps, metadata, notBefore, expiresAt, family };
}
