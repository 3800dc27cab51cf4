// The rules about single files and folders: names, openings, lengths, READMEs; may not look at imports.
import { basename, dirname } from "node:path/posix";
import { lineAt, type Problem, type SourceFile } from "./imports.ts";
import { maskLiterals } from "./mask.ts";

const MAX_LINES = 400;
const THINK_AGAIN_LINES = 300;

/** Names that say where something was put, not what it does. */
const EMPTY_NAMES = /^(utils?|helpers?|common|types?|misc)$/i;
const README_ROOTS = ["src", "test", "tools", "projects", "examples", "docs", "bench"];

/** Every rule of this file over a whole tree. */
export function checkFiles(files: readonly SourceFile[]): Problem[] {
  const src = files.filter((file) => file.path.startsWith("src/"));
  const code = files.filter((file) => /\.[cm]?tsx?$/.test(file.path));
  const srcAndTools = code.filter((file) => /^(src|tools)\//.test(file.path));
  return [
    ...checkVendorNames(src, vendorNames(files)),
    ...srcAndTools.flatMap(checkOpening),
    ...files.filter((file) => /^(src|tools)\//.test(file.path)).flatMap(checkLength),
    ...code.filter((file) => file.path.startsWith("src/")).flatMap(checkDefaultExport),
    ...code.filter((file) => /^(src|test|tools|bench)\//.test(file.path)).flatMap(checkName),
    ...checkReadmes(files),
  ];
}

/** The names of the operators whose project files stand in `projects/`. */
function vendorNames(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => file.path.match(/^projects\/([^/]+)\.ya?ml$/)?.[1] ?? []);
}

/** An underscore ends a word here, because a vendor's name most often begins a key: `acme_live_…`. */
function checkVendorNames(src: readonly SourceFile[], names: readonly string[]): Problem[] {
  if (names.length === 0) return [];
  const word = new RegExp(
    `(?<![a-z0-9])(${names.map((name) => name.replace(/\W/g, "\\$&")).join("|")})(?![a-z0-9])`,
    "gi",
  );
  return src.flatMap(({ path, text }) => {
    const inPath = [...path.matchAll(word)].map((match) => ({
      path,
      line: 1,
      message: vendorMessage(match[0]),
    }));
    const inText = [...text.matchAll(word)].map((match) => {
      return { path, line: lineAt(text, match.index), message: vendorMessage(match[0]) };
    });
    return [...inPath, ...inText];
  });
}

function vendorMessage(name: string): string {
  return `"${name}" is a vendor's name: it belongs in projects/, not in src/`;
}

function checkOpening({ path, text }: SourceFile): Problem[] {
  if (/^(#!.*\n)?\s*\/[/*]/.test(text)) return [];
  return [{ path, line: 1, message: "a file opens with a comment: what it is for and what it may not do" }];
}

function checkLength({ path, text }: SourceFile): Problem[] {
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (path.endsWith(".json") || lines <= THINK_AGAIN_LINES) return [];
  if (lines > MAX_LINES)
    return [{ path, line: MAX_LINES + 1, message: `${lines} lines; the most is ${MAX_LINES}` }];
  return [{ path, line: lines, message: `${lines} lines: does this file do one thing?`, note: true }];
}

function checkDefaultExport({ path, text }: SourceFile): Problem[] {
  const code = maskLiterals(text);
  const found = code.match(/\bexport\s+default\b|\bexport\s*\{[^}]*\bdefault\b\s*[,}]/);
  if (found?.index === undefined) return [];
  return [
    { path, line: lineAt(code, found.index), message: "no default exports: a thing has one name everywhere" },
  ];
}

function checkName({ path }: SourceFile): Problem[] {
  const stem = basename(path).replace(/\..*$/, "");
  if (EMPTY_NAMES.test(stem))
    return [{ path, line: 1, message: `"${stem}" does not say what the file is for` }];
  if (stem !== "index" || path === "src/index.ts") return [];
  return [{ path, line: 1, message: "no barrels: src/index.ts is the only index" }];
}

/** Each folder that holds files, itself or below; under `test/` the first level only. */
function checkReadmes(files: readonly SourceFile[]): Problem[] {
  const paths = new Set(files.map((file) => file.path));
  const folders = new Set([...paths].flatMap(foldersAbove));
  return [...folders]
    .filter((folder) => README_ROOTS.includes(folder.split("/")[0] as string))
    .filter((folder) => !(folder.startsWith("test/") && folder.split("/").length > 2))
    .filter((folder) => !paths.has(`${folder}/README.md`))
    .sort()
    .map((folder) => ({
      path: `${folder}/README.md`,
      line: 1,
      message: "every folder says in a README what it is",
    }));
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}
