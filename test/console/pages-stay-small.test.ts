// What a browser loads before the first page works keeps to its budget, and nothing inline is in the documents.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { buildFace, FACES, isBuilt } from "../../tools/build-console.ts";

const BUILT = join(import.meta.dirname, "../../dist/console");
/** JavaScript, gzipped, before the first page works. */
const BUDGET_BYTES = 250 * 1024;
const LOADER_BYTES = 2 * 1024;

before(async () => {
  for (const face of FACES) if (!isBuilt(face)) await buildFace(face);
});

/** The scripts that the document loads, and all that they import before they run. */
function eagerScripts(face: string): string[] {
  const html = readFileSync(join(BUILT, face, "index.html"), "utf8");
  const named = [...html.matchAll(/(?:src|href)="[^"]*?(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? "");
  const found = new Set(named);
  for (const path of found)
    for (const [, name] of readFileSync(join(BUILT, face, path), "utf8").matchAll(
      /(?:from|import)\s*"\.\/([^"]+\.js)"/g,
    ))
      found.add(`assets/${name}`);
  return [...found];
}

for (const face of FACES) {
  test(`the first page of the ${face} stays within its budget`, () => {
    const scripts = eagerScripts(face);
    assert.ok(scripts.length > 0, "the document names a script");
    const bytes = scripts.map((path) => gzipSync(readFileSync(join(BUILT, face, path))).length);
    const sum = bytes.reduce((total, size) => total + size, 0);
    assert.ok(sum <= BUDGET_BYTES, `${sum} bytes in ${scripts.join(", ")}`);
    // A sum that is far too small has missed what is loaded.
    assert.ok(sum > 100 * 1024, `${sum} bytes`);
  });

  test(`the ${face} has nothing inline that its policy would have to allow`, () => {
    const html = readFileSync(join(BUILT, face, "index.html"), "utf8");
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  });
}

test("charts are loaded when a page shows one", () => {
  for (const face of FACES)
    for (const path of eagerScripts(face))
      assert.doesNotMatch(readFileSync(join(BUILT, face, path), "utf8"), /chart-slot/, path);
});

test("the loader for other people's pages is a small one", () => {
  assert.ok(statSync(join(BUILT, "portal/claviger-keys.js")).size <= LOADER_BYTES);
});
