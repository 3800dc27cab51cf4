// Reads the text of a project file (YAML 1.2, of which JSON is a part) and says of every mistake where it stands. It knows
// the file's shape and nothing of what the fields mean together.
import { isDeepStrictEqual } from "node:util";
import { Compile } from "typebox/compile";
import { Settings } from "typebox/system";
import { type Document, type ErrorCode, LineCounter, parseDocument } from "yaml";
import { boundsProblem, nestsTooDeep } from "./bounds.ts";
import { lineOfAlias, lineOfPath, repeatedNames } from "./position.ts";
import { type ProjectFile, ProjectFileSchema } from "./schema.ts";
import { type Path, type ShapeError, shapeProblems } from "./shape.ts";

export interface ProjectProblem {
  /** Dotted path of the field, such as `routes[3].scopes[0]`; empty for the file as a whole. */
  readonly field: string;
  /** Counted from 1; absent when the project did not come as text. */
  readonly line?: number;
  readonly message: string;
}

/** Collects what is wrong with which field. */
export type Note = (path: Path, message: string) => void;

/** Every problem found, in the order of the file. */
export class ProjectFileError extends Error {
  override readonly name = "ProjectFileError";
  readonly problems: readonly ProjectProblem[];

  constructor(source: string, problems: readonly ProjectProblem[]) {
    const ordered = problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
    super(ordered.map((problem) => describeProblem(source, problem)).join("\n"));
    this.problems = ordered;
  }
}

/** `acme.yaml:12 routes[3].scopes[0]: …`, the form editors and terminals can jump to. */
export function describeProblem(source: string, problem: ProjectProblem): string {
  const place = problem.line === undefined ? source : `${source}:${problem.line}`;
  return problem.field === ""
    ? `${place}: ${problem.message}`
    : `${place} ${problem.field}: ${problem.message}`;
}

/** Where a field stands in the text. `path` holds member names and array indexes. */
export type Locate = (path: Path) => number | undefined;

export interface LoadedProject {
  readonly file: ProjectFile;
  readonly locate: Locate;
}

/** 1 MiB: 10,000 routes take about half of it. */
const MAX_FILE_BYTES = 1_048_576;

/** What follows a broken line is mostly an echo of it. */
const MAX_SYNTAX_PROBLEMS = 10;

/** How many mistakes are told of one file, counted as the validator counts, which is several for a value that fits no form. */
const MAX_ERRORS = 1_000;

const validator = Compile(ProjectFileSchema);

/** Throws ProjectFileError. `source` names the text in messages: a file name, or `body`. */
export function loadProjectText(text: string, source: string): LoadedProject {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new ProjectFileError(source, [
      { field: "", message: `is longer than 1 MiB (${MAX_FILE_BYTES} bytes)` },
    ]);
  }
  if (nestsTooDeep(text)) throw new ProjectFileError(source, [{ field: "", message: "is nested too deep" }]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    version: "1.2",
  });
  const broken = syntaxProblems(document, lines);
  if (broken.length > 0) throw new ProjectFileError(source, broken);
  const locate: Locate = (path) => lineOfPath(document, lines, path);
  return { file: checkShape(readValue(document, lines, source), source, locate), locate };
}

function syntaxProblems(document: Document, lines: LineCounter): ProjectProblem[] {
  // A warning is a tag that nothing here reads: what it was meant to say would be lost.
  const told = [...document.errors, ...document.warnings]
    .slice(0, MAX_SYNTAX_PROBLEMS)
    .map((error) => ({
      field: "",
      line: lines.linePos(error.pos[0]).line,
      message: SYNTAX_WORDS[error.code] ?? error.message,
    }))
    // The parser may stumble over one place several times.
    .filter((one, index, all) => index === 0 || !isDeepStrictEqual(one, all[index - 1]));
  const repeated = repeatedNames(document, lines).slice(0, MAX_SYNTAX_PROBLEMS);
  return [
    ...told,
    ...repeated.map(({ path, line }) => ({ field: fieldName(path), line, message: "is given twice" })),
  ];
}

/** Where the parser's own words speak of the parser. */
const SYNTAX_WORDS: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: "a second document begins here (---); a project file is one document",
  RESOURCE_EXHAUSTION: "is nested too deep",
};

function readValue(document: Document, lines: LineCounter, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    const { message } = error as Error;
    const alias = /^Unresolved alias .*: (.+)$/s.exec(message)?.[1];
    const line = alias === undefined ? undefined : lineOfAlias(document, lines, alias);
    const told =
      alias === undefined
        ? `its aliases stand for too much: ${message}`
        : `the alias *${alias} stands for nothing: write &${alias} before the value that it means`;
    throw new ProjectFileError(source, [{ field: "", message: told, ...(line !== undefined && { line }) }]);
  }
}

/** The same check for a project given as a value. */
export function checkShape(value: unknown, source: string, locate?: Locate): ProjectFile {
  const tooMuch = boundsProblem(value);
  if (tooMuch === undefined && validator.Check(value)) return value;
  const problems = tooMuch === undefined ? problemsOf(value) : [tooMuch];
  throw new ProjectFileError(
    source,
    problems.map(({ path, message }) => {
      const line = locate?.(path);
      return { field: fieldName(path), message, ...(line !== undefined && { line }) };
    }),
  );
}

function problemsOf(value: unknown): ReturnType<typeof shapeProblems> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    const what = value === null || value === undefined ? "is empty" : "is not a group of fields";
    return [{ path: [], message: `${what}; the least that a project file says is name: acme` }];
  }
  return shapeProblems(ProjectFileSchema, value, validatorErrors(value));
}

/** The validator stops counting at 8 unless told otherwise, and can only be told for all of its uses at once. */
function validatorErrors(value: unknown): readonly ShapeError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MAX_ERRORS });
  try {
    return validator.Errors(value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

/** `routes[3].scopes[0]`. */
export function fieldName(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
