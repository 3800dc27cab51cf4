// A folder of its own for one test, removed after it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

export function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "claviger-test-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
