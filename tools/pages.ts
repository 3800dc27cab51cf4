// Writes the Authentication page of every project file in projects/ to docs/vendors/; may change no other file.
// Usage: node tools/pages.ts [--check] [root]. With --check it changes nothing and exits with 1 if a page is not up to date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileProject } from "../src/project/compile.ts";
import { loadProjectText } from "../src/project/load.ts";
import { authenticationPage } from "../src/project/pages.ts";

const PROJECTS = "projects";
const PAGES = "docs/vendors";
/** Written by hand: it says how the others came about. */
const README = "README.md";

/** Path from the root, with forward slashes, to what should stand there. */
export function expectedPages(root: string): Map<string, string> {
  const files = readdirSync(join(root, PROJECTS)).filter((name) => /\.ya?ml$/.test(name));
  return new Map(
    files.sort().map((name) => {
      const source = `${PROJECTS}/${name}`;
      const { file, locate } = loadProjectText(readFileSync(join(root, source), "utf8"), source);
      const project = compileProject(file, source, locate);
      return [`${PAGES}/${project.name}.md`, authenticationPage(project)] as const;
    }),
  );
}

/** One line for each page that is missing, differs, or belongs to no project file any more. */
export function stalePages(root: string): string[] {
  const expected = expectedPages(root);
  const changed = [...expected].flatMap(([path, text]) => {
    const found = readPage(join(root, path));
    if (found === text) return [];
    return [`${path} ${found === undefined ? "is missing" : "is not what its project file gives"}`];
  });
  return [...changed, ...strayPages(root, expected).map((path) => `${path} has no project file`)];
}

export function writePages(root: string): void {
  const expected = expectedPages(root);
  mkdirSync(join(root, PAGES), { recursive: true });
  for (const path of strayPages(root, expected)) rmSync(join(root, path));
  for (const [path, text] of expected) writeFileSync(join(root, path), text);
}

function strayPages(root: string, expected: ReadonlyMap<string, string>): string[] {
  const present = readdirSync(join(root, PAGES)).filter((name) => name.endsWith(".md") && name !== README);
  return present.map((name) => `${PAGES}/${name}`).filter((path) => !expected.has(path));
}

function readPage(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean", default: false } },
  });
  const root = resolve(positionals[0] ?? join(import.meta.dirname, ".."));
  if (!values.check) {
    writePages(root);
    return;
  }
  const stale = stalePages(root);
  for (const line of stale) console.log(line);
  if (stale.length > 0) console.error("run: node tools/pages.ts");
  process.exitCode = stale.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
