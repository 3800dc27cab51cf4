// The audit log as a file: lines of JSON, or a table that a spreadsheet opens without running anything in it.
import { type AuditDescription, type AuditRequest, listAudit } from "./audit.ts";
import type { ManageParts } from "./save.ts";

const COLUMNS = ["at", "actor", "action", "subject", "detail", "id"] as const;
const PAGE = 1_000;

export async function* exportAudit(
  parts: ManageParts,
  project: string,
  request: Omit<AuditRequest, "limit" | "cursor">,
  format: "csv" | "ndjson",
): AsyncGenerator<string> {
  if (format === "csv") yield `${COLUMNS.join(",")}\r\n`;
  let cursor: string | undefined;
  do {
    const page = await listAudit(parts, project, { ...request, limit: PAGE, cursor });
    const lines = page.items.map(format === "csv" ? csvLine : jsonLine);
    if (lines.length > 0) yield lines.join("");
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

const jsonLine = (entry: AuditDescription): string => `${JSON.stringify(entry)}\n`;

function csvLine(entry: AuditDescription): string {
  const cells = COLUMNS.map((column) => (column === "detail" ? JSON.stringify(entry.detail) : entry[column]));
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** RFC 4180; what a spreadsheet would take for a formula is made a text by a quote before it (hostile G18). */
export function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
