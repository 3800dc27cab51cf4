// Runs the executable on its own, beside a made-up program: whom it lets in, and what it hands over.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";

const EXECUTABLE = join(import.meta.dirname, "../../bin/claviger.mjs");
const WORDS =
  /^claviger needs Node\.js 24 or newer; this is Node\.js (\S+) \(.+\)\.\nTo get it: https:\/\/nodejs\.org/;

/** A package folder with the executable and the given files; gone when the test ends. */
function installation(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "claviger-bin-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, code] of Object.entries({ "package.json": '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), code);
  }
  mkdirSync(join(root, "bin"));
  copyFileSync(EXECUTABLE, join(root, "bin/claviger.mjs"));
  return join(root, "bin/claviger.mjs");
}

function run(node: string, ...args: string[]) {
  return spawnSync(node, args, { encoding: "utf8", maxBuffer: 1 << 24 });
}

/** A program that would be noticed if it were loaded. */
const LOUD = { "src/cli/main.ts": 'console.log("loaded"); export const main = async () => 0;' };

test("a Node that says it is older gets words and exit code 1, and nothing is loaded", (t) => {
  for (const version of ["12.22.12", "18.0.0", "22.19.0", "23.11.1"]) {
    const pretend = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
    const executable = installation(t, LOUD);
    const { status, stdout, stderr } = run(
      process.execPath,
      "--import",
      `data:text/javascript,${pretend}`,
      executable,
    );
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.equal(stderr.match(WORDS)?.[1], version);
  }
});

test("a Node that is older gets the same words", (t) => {
  const nodes = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const majorOf = (node: string) => Number(run(node, "-p", "process.versions.node").stdout.split(".")[0]);
  const old = nodes.find((node) => existsSync(node) && majorOf(node) < 24);
  if (old === undefined) return t.skip("platform: no Node older than 24 on this machine");
  const { status, stdout, stderr } = run(old, installation(t, LOUD));
  assert.match(stderr, WORDS);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
});

test("the executable holds no syntax that Node 12 would stumble over before it could speak", () => {
  const code = readFileSync(EXECUTABLE, "utf8").replace(/\/\/.*$/gm, "");
  assert.doesNotMatch(code, /^(import|export|await)\b|\?\.|\?\?|\|\|=|&&=|\bstatic\b|#\w+\s*[=(;]/m);
});

test("the arguments and the exit code are passed on, and output is not cut off", (t) => {
  const main = `export const main = async (args) => {
    process.stdout.write("x".repeat(4_000_000));
    process.stdout.write(args.join(" "));
    return 7;
  };`;
  const { status, stdout, stderr } = run(
    process.execPath,
    installation(t, { "dist/cli/main.js": main }),
    "keys",
    "-x",
  );
  assert.equal(stderr, "");
  assert.equal(status, 7);
  assert.equal(stdout.slice(4_000_000), "keys -x");
});

test("a clone runs its source, even beside a compiled program", (t) => {
  const compiled = { "dist/cli/main.js": "export const main = async () => 3;" };
  assert.equal(run(process.execPath, installation(t, { ...LOUD, ...compiled })).stdout, "loaded\n");
});

test("a fault ends with exit code 1 and says where it came from", (t) => {
  const main = 'export const main = async () => { throw new Error("broken"); };';
  const { status, stderr } = run(process.execPath, installation(t, { "dist/cli/main.js": main }));
  assert.equal(status, 1);
  assert.match(stderr, /^claviger: Error: broken\n\s+at main/);
});
