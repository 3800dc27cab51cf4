// Finds what a TypeScript file imports, types and workers included; may not judge it.
import { posix } from "node:path";
import { maskLiterals } from "./mask.ts";

/** A file of the repository: path from its root with forward slashes; binary files carry an empty text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What a rule found. A note is worth reading but breaks nothing. */
export interface Problem {
  path: string;
  line: number;
  message: string;
  note?: true;
}

/**
 * One mention of another module.
 *
 * `target` is the path from the root for a relative specifier, otherwise the specifier as written. `loads` is
 * false where a path is only named (a worker's URL), which no cycle can run through. An import whose specifier is
 * computed has the target `undefined`: no wall could judge it.
 */
export interface Import {
  line: number;
  target: string | undefined;
  relative: boolean;
  loads: boolean;
}

/** Each ends at the opening quote of the specifier. */
const LOADING = [
  /(?<![.\w$])(?:import|export)\b[\s\w$*{},]*?\bfrom\s*["']/g,
  /(?<![.\w$])import\s*["']/g,
  /(?<![.\w$])import\s*\(\s*["']/g,
  /\brequire\s*\(\s*["']/g,
];
const NAMING = [/\bnew\s+(?:URL|Worker)\s*\(\s*["']/g, /\bimport\.meta\.resolve\s*\(\s*["']/g];
const COMPUTED = /(?<![.\w$])import\s*\((?!\s*["'])/g;

/** Every import of a file: values, types, re-exports, `import()`, `require()`, and modules named by URL. */
export function importsOf(file: SourceFile): Import[] {
  const code = maskLiterals(file.text);
  const found: Import[] = [];
  const collect = (patterns: RegExp[], loads: boolean): void => {
    for (const match of patterns.flatMap((pattern) => [...code.matchAll(pattern)])) {
      const start = match.index + match[0].length;
      const specifier = file.text.slice(start, code.indexOf(code[start - 1] as string, start));
      if (!loads && !/^\.{1,2}\/.*\.[cm]?[jt]sx?$/.test(specifier)) continue;
      found.push({ line: lineAt(code, match.index), loads, ...resolve(file.path, specifier) });
    }
  };
  collect(LOADING, true);
  collect(NAMING, false);
  for (const match of code.matchAll(COMPUTED)) {
    found.push({ line: lineAt(code, match.index), target: undefined, relative: false, loads: true });
  }
  return found.sort((a, b) => a.line - b.line);
}

/** The line, counted from 1, on which a position stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

function resolve(from: string, specifier: string): { target: string; relative: boolean } {
  if (!specifier.startsWith(".")) return { target: specifier, relative: false };
  return { target: posix.normalize(posix.join(posix.dirname(from), specifier)), relative: true };
}
