// The vendors' published Authentication pages, which are not part of the repository: found beside it, and taken apart into the blocks of
// code that they print. Their formatting is damaged in places; it is repaired by the rules written here and by no other.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./server-process.ts";

export type BlockKind =
  | "curl"
  | "environment"
  | "header"
  | "http"
  | "json"
  | "python"
  | "typescript"
  | "webSocket";

export interface PageBlock {
  readonly kind: BlockKind;
  readonly code: string;
}

/** Throws, in words, when the page is not there. */
export function pageOf(vendor: string): string {
  const folder = process.env.CLAVIGER_VENDOR_PAGES ?? join(ROOT, "../shared/vendors");
  const file = join(folder, `${vendor}.txt`);
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new Error(
    `${file} is missing: the vendors' pages belong in shared/vendors beside the repository, or in the folder that CLAVIGER_VENDOR_PAGES names`,
  );
}

/** All blocks of a page, in its order. */
export function blocksOf(page: string): PageBlock[] {
  const text = withoutMarkup(page);
  const codes = /^ *```/m.test(text) ? fenced(text) : unfenced(partedLines(text));
  return codes.map((code) => ({
    kind: kindOf(code),
    code: kindOf(code) === "python" ? indented(code) : code,
  }));
}

/** Rule 1. What is left of a highlighter's tags, such as `class="code-string">`, is no code. */
function withoutMarkup(text: string): string {
  return text.replaceAll(/(?:class=)?"code-[a-z]+">/g, "");
}

/**
 * Rule 2. A heading that is glued to the end of a block begins a line: at a `#` without a space
 * before it (but for the number of a line), or after a final brace.
 */
function partedLines(text: string): string[] {
  return text
    .replaceAll(/(?<=\S)(?<!^\d+)(?=# [A-Z])/gm, "\n")
    .replaceAll(/^\}(?=[A-Z])/gm, "}\n")
    .split("\n");
}

/** Rule 3. Where a page has fences, they say what a block is; a block is indented as its fence is. */
function fenced(text: string): string[] {
  const fences = text.matchAll(/^( *)```(\w+)[^\n]*\n(.*?)^ *```$/gms);
  return [...fences].map(([, indent = "", , code = ""]) =>
    code.replaceAll(new RegExp(`^${indent}`, "gm"), "").trimEnd(),
  );
}

/** How many lines from here on are a block. */
type Reader = (lines: readonly string[]) => number;

/** Rule 4. A page without fences has blocks where lines look like one, from here to where they end. */
const READERS: readonly Reader[] = [numbered, command, assignment, header, answer, python];

function unfenced(lines: readonly string[]): string[] {
  const codes: string[] = [];
  for (let index = 0; index < lines.length; ) {
    const rest = lines.slice(index);
    const length = Math.max(...READERS.map((read) => read(rest)));
    if (length > 0) codes.push(unnumbered(rest.slice(0, length)).join("\n").trim());
    index += Math.max(length, 1);
  }
  return codes;
}

/** The first line that does not fit, or the end. */
function run(lines: readonly string[], fits: (line: string, index: number) => boolean): number {
  const end = lines.findIndex((line, index) => !fits(line, index));
  return end === -1 ? lines.length : end;
}

/** Lines that begin with their numbers, from 1 on. */
function numbered(lines: readonly string[]): number {
  return run(lines, (line, index) => line.startsWith(String(index + 1)));
}

function unnumbered(lines: readonly string[]): string[] {
  if (numbered(lines) < lines.length) return [...lines];
  return lines.map((line, index) => line.slice(String(index + 1).length));
}

/** A command goes on where a line ends in a backslash. */
function command(lines: readonly string[]): number {
  return lines[0]?.startsWith("curl ") ? run(lines, (line) => line.endsWith("\\")) + 1 : 0;
}

/** A variable, with the comment above it. */
function assignment(lines: readonly string[]): number {
  const start = lines[0]?.startsWith("# .env") ? 1 : 0;
  return /^[A-Z][A-Z0-9_]*_API_KEY=\S+$/.test(lines[start] ?? "") ? start + 1 : 0;
}

function header(lines: readonly string[]): number {
  return /^Authorization: Bearer \S+$/.test(lines[0] ?? "") ? 1 : 0;
}

/** A JSON object, with the status line and headers before it if there are any. */
function answer(lines: readonly string[]): number {
  const start = lines[0]?.startsWith("HTTP/1.1 ") ? run(lines, (line) => line !== "{") : 0;
  if (lines[start] !== "{") return 0;
  let depth = 0;
  const inside = run(lines.slice(start), (line) => {
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
    return depth > 0;
  });
  return start + inside + 1;
}

function python(lines: readonly string[]): number {
  return /^import \w+$/.test(lines[0] ?? "")
    ? run(lines, (line) => line !== "" && !line.startsWith("# "))
    : 0;
}

function kindOf(code: string): BlockKind {
  if (/wss?:/.test(code)) return "webSocket";
  if (/^curl /m.test(code)) return "curl";
  if (/^Authorization: /.test(code)) return "header";
  if (code.startsWith("HTTP/1.1 ")) return "http";
  if (code.startsWith("{")) return "json";
  if (/^(?:from|import) \w+(?: import|$)/m.test(code)) return "python";
  if (/^import \{/m.test(code)) return "typescript";
  if (/^(?:export )?\w+_API_KEY=/m.test(code)) return "environment";
  throw new Error(`a block of no known kind: ${code}`);
}

/**
 * Rule 5. Python that lost its indentation gets it back: a line that ends in a colon opens a block, and what leaves a block ends it.
 * Code whose blocks are indented is left as it is.
 */
function indented(code: string): string {
  if (!/:\n\S/.test(code)) return code;
  let depth = 0;
  return code
    .split("\n")
    .map((line) => {
      const shown = "    ".repeat(depth) + line;
      if (line.endsWith(":")) depth++;
      else if (/^(?:break|continue|pass|raise|return)\b/.test(line)) depth--;
      return shown;
    })
    .join("\n");
}

/** What stands for a key: `YOUR_API_KEY`, `acme_your_api_key_here`, or the beginning of one, such as `acme_live_aBc...`. */
const PLACEHOLDER =
  /\b(?:[a-z]+_)*(?:YOUR_API_KEY|your_(?:api_)?key_here)\b|\b[a-z]+(?:_[A-Za-z0-9]*)+\.{3}/g;

/** The block with the API's address and the key replaced, and nothing else. */
export function adapted({ code }: PageBlock, baseUrl: string, key: string): string {
  return code
    .replaceAll(/https:\/\/api\.[a-z0-9.]+/g, baseUrl)
    .replaceAll(/wss:\/\/api\.[a-z0-9.]+/g, baseUrl.replace(/^http/, "ws"))
    .replaceAll(PLACEHOLDER, key);
}

/** Rule 7. Where a block leaves room for the reader's own code, `# ...` or `// ...`, the code is put in, as deep as the room. */
export function withOwnCode(code: string, own: readonly string[]): string {
  return code.replace(/^( *)(?:#|\/\/) \.\.\.$/m, (room, indent: string) =>
    [room, ...own.map((line) => indent + line)].join("\n"),
  );
}

/**
 * Rule 6. A block that shows two ways to make one thing declares it twice, which a module may not: the declarations become such as
 * may be repeated.
 */
export function withRepeatedNames(code: string): string {
  return code.replaceAll(/^const /gm, "var ");
}
