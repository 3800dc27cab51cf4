// Finds keys by what somebody has of them: an id, a start, the last four, a name, or the whole key, which is digested and then forgotten.
import { invalidField } from "../base/errors.ts";
import { digestKey } from "../key/digest.ts";
import { parseKey } from "../key/format.ts";
import type { Project } from "../project/compile.ts";
import type { KeyRecord } from "../store/records.ts";
import type { KeyDescription } from "./describe.ts";
import { withUses } from "./key-uses.ts";
import { findProject, type ManageParts } from "./save.ts";

export interface KeySearchRequest {
  readonly account?: string;
  readonly text: string;
  /** 1 to 100, default 50. */
  readonly limit?: number;
}

/** Newest first, without deleted ones. Throws `not_found` (project), `validation_failed`. */
export async function findKeys(
  parts: ManageParts,
  projectName: string,
  { account, text, limit = 50 }: KeySearchRequest,
): Promise<{ items: KeyDescription[] }> {
  const project = findProject(parts, projectName);
  const sought = text.trim();
  if (sought === "") throw invalidField("text", "must not be empty");
  const known = await byWholeKey(parts, project, sought);
  if (known !== undefined) {
    const isMeant = known !== "none" && (account === undefined || known.account === account);
    return { items: isMeant ? await withUses(parts, project.name, [known]) : [] };
  }
  const found = await parts.store.findKeys(project.name, {
    text: sought.slice(0, 200),
    limit,
    ...(account !== undefined && { account }),
  });
  return { items: await withUses(parts, project.name, found) };
}

/** `undefined` for a text that is no whole key: it may be looked for; a key may not, or it would stand in the database's log. */
async function byWholeKey(
  { store, pepper }: ManageParts,
  project: Project,
  text: string,
): Promise<KeyRecord | "none" | undefined> {
  if (parseKey(project.formats, text) === undefined) return undefined;
  const found = await store.keyByDigest(digestKey(pepper, text));
  const isHere = found !== undefined && found.key.project === project.name && found.key.deletedAt === null;
  return isHere ? found.key : "none";
}
