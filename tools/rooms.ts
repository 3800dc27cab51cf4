// Checks the walls of the repository and prints what breaks them; may not change a file.
// Usage: node tools/rooms.ts [root]. One line for each problem, `file:line message`; exit code 1 if there is any.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkFiles } from "./walls/files.ts";
import type { Problem, SourceFile } from "./walls/imports.ts";
import { checkOrder } from "./walls/order.ts";

const TOP_FOLDERS = ["src", "console", "sdks", "test", "tools", "projects", "examples", "docs", "bench"];
const NOT_OURS = /^(node_modules|dist|coverage|build|__pycache__|\..*)$/;
const TEXT = /\.([cm]?[jt]sx?|md|sql|lua|json|ya?ml)$/;

/** All rules over a list of files; notes come last. Pure, so that a made-up tree can stand in for the real one. */
export function checkWalls(files: readonly SourceFile[]): Problem[] {
  const problems = [...checkOrder(files), ...checkFiles(files)];
  const place = ({ note, path, line }: Problem) => `${note ? 1 : 0} ${path} ${String(line).padStart(6, "0")}`;
  return problems.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** One problem as one line, in the form that editors and terminals turn into a link. */
export function formatProblem({ path, line, message, note }: Problem): string {
  return `${path}:${line} ${note ? "note: " : ""}${message}`;
}

function readTree(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (NOT_OURS.test(entry.name)) return [];
    if (entry.isDirectory()) return readTree(root, path);
    return entry.isFile()
      ? [{ path, text: TEXT.test(path) ? readFileSync(join(root, path), "utf8") : "" }]
      : [];
  });
}

if (import.meta.main) {
  const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
  const present = readdirSync(root).filter((name) => TOP_FOLDERS.includes(name));
  const files = present.flatMap((folder) => readTree(root, folder));
  const problems = checkWalls(files);
  for (const problem of problems) console.log(formatProblem(problem));
  const broken = problems.filter((problem) => !problem.note).length;
  // On stderr, so that stdout holds problems and nothing else.
  console.error(`rooms: ${files.length} files, ${broken} problems`);
  process.exitCode = broken === 0 ? 0 : 1;
}
