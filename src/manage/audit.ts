// Reads the audit log of a project; it has no way to write one.
import { describeAudit } from "./describe.ts";
import { checkTime } from "./input.ts";
import { openPage, type Page, type PageRequest, pageOf } from "./page.ts";
import { findProject, type ManageParts } from "./save.ts";

export type AuditDescription = ReturnType<typeof describeAudit>;

export interface AuditRequest extends PageRequest {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** A time such as 2027-01-31T12:00:00Z, inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Newest first. Throws `not_found` (project), `validation_failed`. */
export async function listAudit(
  parts: ManageParts,
  projectName: string,
  request: AuditRequest,
): Promise<Page<AuditDescription>> {
  const project = findProject(parts, projectName);
  const page = openPage(parts, ["audit", project.name], request);
  const { actor, action, subject } = request;
  const from = checkTime("from", request.from) ?? undefined;
  const to = checkTime("to", request.to) ?? undefined;
  const entries = await parts.store.audit(project.name, page.query, { actor, action, subject, from, to });
  // An entry's place in the log is its time, which a page calls createdAt.
  const placed = entries.map((entry) => ({ ...entry, createdAt: entry.at }));
  return pageOf(placed, page, describeAudit);
}
