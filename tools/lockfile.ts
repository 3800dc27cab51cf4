// Tells npm by the lockfile which packages need no compiler; may not change anything else in it.
// Usage: node tools/lockfile.ts [--check] [root]. With --check nothing is written, and what is missing is exit code 1.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** The part of an entry, or of a package.json, that matters here; all other fields pass through untouched. */
interface Manifest {
  gypfile?: boolean;
}

interface Lockfile {
  packages: Record<string, Manifest>;
}

/**
 * The lockfile with `"gypfile": false` in the entry of each installed package that says so itself, and the entries
 * that did not have it.
 *
 * npm writes no such field into a lockfile, and `npm ci` reads it nowhere else: for a package with a binding.gyp
 * and no install script it then runs `node-gyp rebuild`, though the package ships its binaries and has opted out.
 * Packages that are not installed here (other platforms') cannot be judged and stay as they are.
 *
 * `manifestOf` answers the package.json at an entry's path, or undefined where nothing is installed.
 */
export function markPrebuilt(
  lockfile: Lockfile,
  manifestOf: (path: string) => Manifest | undefined,
): { lockfile: Lockfile; marked: string[] } {
  const marked = Object.keys(lockfile.packages)
    .filter((path) => /(^|\/)node_modules\//.test(path) && lockfile.packages[path]?.gypfile !== false)
    .filter((path) => manifestOf(path)?.gypfile === false);
  const additions = marked.map((path) => [path, { ...lockfile.packages[path], gypfile: false }]);
  return {
    lockfile: { ...lockfile, packages: { ...lockfile.packages, ...Object.fromEntries(additions) } },
    marked,
  };
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean" } },
  });
  const root = positionals[0] ?? join(import.meta.dirname, "..");
  const path = join(root, "package-lock.json");
  const before = readJson<Lockfile>(path);
  if (before === undefined) throw new Error(`no lockfile at ${path}`);
  const { lockfile, marked } = markPrebuilt(before, (entry) => readJson(join(root, entry, "package.json")));
  for (const entry of marked) console.log(`${entry} ${values.check ? "lacks" : "now has"} "gypfile": false`);
  if (marked.length === 0) return;
  if (values.check) {
    console.log(
      "npm ci would look for a compiler: run `node tools/lockfile.ts` and commit package-lock.json",
    );
    process.exitCode = 1;
  } else {
    // npm's own format: two spaces and a last line break.
    writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  }
}

if (import.meta.main) main();
