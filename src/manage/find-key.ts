// Reads one key as management sees it. A deleted key is not there.
import { ClavigerError } from "../base/errors.ts";
import type { KeyRecord } from "../store/records.ts";
import type { ManageParts } from "./save.ts";

/** Throws `not_found`, with the same words for a deleted key, another project's and none at all. */
export async function findKey(parts: ManageParts, project: string, id: string): Promise<KeyRecord> {
  const key = await parts.store.key(project, id);
  if (key === undefined || key.deletedAt !== null) {
    throw new ClavigerError("not_found", "There is no such key in the project.");
  }
  return key;
}
