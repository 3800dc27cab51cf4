// Proves that the lockfile keeps npm from compiling what is prebuilt; may not install anything.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { markPrebuilt } from "../../tools/lockfile.ts";

const TOOL = join(import.meta.dirname, "../../tools/lockfile.ts");

function runTool(...args: string[]) {
  return spawnSync(process.execPath, [TOOL, ...args], { encoding: "utf8" });
}

function installation(t: TestContext, lockfile: string): string {
  const root = mkdtempSync(join(tmpdir(), "claviger-lockfile-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, gypfile] of Object.entries({ prebuilt: false, plain: undefined })) {
    mkdirSync(join(root, "node_modules", name), { recursive: true });
    writeFileSync(join(root, "node_modules", name, "package.json"), JSON.stringify({ name, gypfile }));
  }
  writeFileSync(join(root, "package-lock.json"), lockfile);
  return root;
}

const LOCKFILE = `{
  "name": "made-up",
  "packages": {
    "": {
      "name": "made-up"
    },
    "node_modules/plain": {
      "version": "1.0.0"
    },
    "node_modules/prebuilt": {
      "version": "2.0.0"
    }
  }
}
`;

test("this repository's lockfile is complete", () => {
  const { status, stdout } = runTool("--check");
  assert.equal(stdout, "");
  assert.equal(status, 0);
});

test("an incomplete lockfile fails the check and is left as it was", (t) => {
  const root = installation(t, LOCKFILE);
  const { status, stdout } = runTool("--check", root);
  assert.equal(status, 1);
  assert.match(stdout, /^node_modules\/prebuilt lacks "gypfile": false$/m);
  assert.equal(readFileSync(join(root, "package-lock.json"), "utf8"), LOCKFILE);
});

test("the field is written and nothing else changes, not even the format", (t) => {
  const root = installation(t, LOCKFILE);
  const expected = LOCKFILE.replace('"2.0.0"', '"2.0.0",\n      "gypfile": false');
  assert.equal(runTool(root).status, 0);
  assert.equal(readFileSync(join(root, "package-lock.json"), "utf8"), expected);
  assert.equal(runTool("--check", root).status, 0);
});

test("nested packages are judged; the root, workspaces and what is not installed are not", () => {
  const packages = {
    "": {},
    "tools/x": {},
    "node_modules/a/node_modules/b": {},
    "node_modules/other-platform": {},
  };
  const { marked } = markPrebuilt({ packages }, (path) => {
    return path.endsWith("other-platform") ? undefined : { gypfile: false };
  });
  assert.deepEqual(marked, ["node_modules/a/node_modules/b"]);
});
