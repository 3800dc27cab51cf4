// Takes a rotation back while its grace lasts: the successor dies and the old key goes on as if nothing had been.
import { ClavigerError } from "../base/errors.ts";
import type { KeyRecord } from "../store/records.ts";
import { describeKey, type KeyDescription, keyStatus } from "./describe.ts";
import { findKey } from "./find-key.ts";
import { refuseStronger } from "./root-scopes.ts";
import { type Caller, findProject, type ManageParts, save } from "./save.ts";

/** Answers the old key. Throws `not_found`, and `conflict` once the old key has ended or the successor was rotated itself. */
export async function cancelRotation(
  parts: ManageParts,
  caller: Caller,
  projectName: string,
  id: string,
): Promise<KeyDescription> {
  const project = findProject(parts, projectName);
  return save(parts, caller, async (now) => {
    const before = await findKey(parts, project.name, id);
    refuseStronger(project, caller, [before]);
    const successor =
      before.successor === null ? undefined : await parts.store.key(project.name, before.successor);
    if (successor === undefined) throw new ClavigerError("conflict", "The key has not been rotated.");
    const status = keyStatus(before, now);
    if (status === "revoked" || status === "expired")
      throw new ClavigerError("conflict", `The old key is ${status}: the rotation stands.`);
    if (successor.successor !== null)
      throw new ClavigerError("conflict", "The new key has been rotated itself: the rotation stands.");
    const restored: KeyRecord = {
      ...before,
      // The successor inherited what the old key had.
      expiresAt: successor.expiresAt,
      successor: null,
      updatedAt: now,
      version: before.version + 1,
    };
    const ended: KeyRecord = {
      ...successor,
      revokedAt: successor.revokedAt ?? now,
      updatedAt: now,
      version: successor.version + 1,
    };
    return {
      writes: [
        { kind: "update-key", record: restored, replaces: before.version },
        { kind: "update-key", record: ended, replaces: successor.version },
      ],
      project: project.name,
      action: "key.cancel-rotation",
      subject: id,
      detail: { successor: successor.id },
      result: describeKey(restored, now),
    };
  });
}
