// Reads the audit log of a project; it has no way to write one.
import { describeAudit } from "./describe.ts";
import { openPage, type Page, type PageRequest, pageOf } from "./page.ts";
import { findProject, type ManageParts } from "./save.ts";

export type AuditDescription = ReturnType<typeof describeAudit>;

/** Newest first. Throws `not_found` (project). */
export async function listAudit(
  parts: ManageParts,
  projectName: string,
  request: PageRequest,
): Promise<Page<AuditDescription>> {
  const project = findProject(parts, projectName);
  const page = openPage(request);
  const entries = await parts.store.audit(project.name, page);
  // An entry's place in the log is its time, which a page calls createdAt.
  const placed = entries.map((entry) => ({ ...entry, createdAt: entry.at }));
  return pageOf(placed, page, describeAudit);
}
