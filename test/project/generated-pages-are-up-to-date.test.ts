/** docs/vendors/ holds what the project files give, and the tool that writes it notices every way in which it may not. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { authenticationPage } from "../../src/project/pages.ts";
import { expectedPages, stalePages, writePages } from "../../tools/pages.ts";
import { ROOT, vendorNames, vendorProject } from "./project-files.ts";

test("the committed pages are those of today's project files (run: node tools/pages.ts)", () => {
  assert.deepEqual(stalePages(ROOT), []);
});

test("there is one page for each project file", () => {
  const expected = expectedPages(ROOT);
  assert.deepEqual(
    [...expected.keys()],
    vendorNames.toSorted().map((name) => `docs/vendors/${name}.md`),
  );
  for (const name of vendorNames) {
    assert.equal(expected.get(`docs/vendors/${name}.md`), authenticationPage(vendorProject(name)));
  }
});

test("a page that is missing, edited or left over is noticed and put right", (context) => {
  const root = mkdtempSync(join(tmpdir(), "claviger-pages-"));
  context.after(() => rmSync(root, { recursive: true }));
  cpSync(join(ROOT, "projects"), join(root, "projects"), { recursive: true });
  const folder = join(root, "docs/vendors");
  mkdirSync(folder, { recursive: true });
  writePages(root);
  writeFileSync(join(folder, "README.md"), "kept\n");
  assert.deepEqual(stalePages(root), []);

  const [first, second] = [...expectedPages(root).keys()] as [string, string];
  rmSync(join(root, first));
  writeFileSync(join(root, second), `${readFileSync(join(root, second), "utf8")}edited\n`);
  writeFileSync(join(folder, "left-over.md"), "old\n");
  assert.deepEqual(stalePages(root), [
    `${first} is missing`,
    `${second} is not what its project file gives`,
    "docs/vendors/left-over.md has no project file",
  ]);

  writePages(root);
  assert.deepEqual(stalePages(root), []);
  assert.equal(readFileSync(join(folder, "README.md"), "utf8"), "kept\n");
});
