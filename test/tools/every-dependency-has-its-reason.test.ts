// Holds docs/dependencies.md against package.json and the installed packages, both ways.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");

interface Manifest {
  license?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Manifest;
}

/** Package name to the cells behind it, of the tables under one heading. */
function documented(heading: string): Map<string, string[]> {
  const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  const rows = [...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)];
  return new Map(rows.map(([, name, cells]) => [name as string, (cells as string).split(" | ")]));
}

const root = manifest(".");
const inProgram = documented("In the running program");
const inDevelopment = documented("For development only");

test("every dependency is on the page, and nothing else is", () => {
  const development = { ...root.devDependencies, ...manifest("tools/node24").optionalDependencies };
  assert.deepEqual([...inProgram.keys()].sort(), Object.keys(root.dependencies ?? {}).sort());
  assert.deepEqual([...inDevelopment.keys()].sort(), Object.keys(development).sort());
});

test("each has a reason, a replacement and the licence it is under", () => {
  for (const [name, cells] of [...inProgram, ...inDevelopment]) {
    const [reason = "", replacement = "", licence] = cells;
    assert.equal(cells.length, 3, name);
    assert.ok(reason.length > 0 && replacement.length > 0, name);
    // Node itself is optional: where the registry has no build for the platform it is not installed.
    if (name !== "node") assert.equal(licence, manifest(`node_modules/${name}`).license, name);
  }
});
