// Blanks out comments and literals of TypeScript, so that rules may search the code alone; may not read files.

/** Keywords after which a slash opens a regular expression; after any other word it divides. */
const BEFORE_REGEX = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "delete",
  "void",
  "throw",
  "new",
  "await",
]);

/**
 * The text with the contents of comments, strings, templates and regular expressions turned to spaces.
 *
 * Length, line breaks and quote characters stay, so a position in the result is the same position in the text.
 * Code inside `${…}` stays. A literal that is not closed on its line is taken as plain code, which is what JSX
 * prose such as "don't" needs.
 */
export function maskLiterals(text: string): string {
  const out = text.split("");
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  /** Depth of braces inside each open `${`; empty outside of templates. */
  const holes: number[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    const depth = holes.at(-1);
    if (char === "`" || (char === "}" && depth === 0)) {
      if (char === "}") holes.pop();
      const end = templatePartEnd(text, at + 1);
      blank(at + 1, end);
      if (text[end] === "$") holes.push(0);
      at = end + (text[end] === "$" ? 2 : 1);
      continue;
    }
    if (depth !== undefined && (char === "{" || char === "}")) {
      holes[holes.length - 1] = depth + (char === "{" ? 1 : -1);
    }
    const [from, to] = literalAt(text, at, out);
    blank(from, to);
    at = Math.max(at + 1, to + (from > at ? 1 : 0));
  }
  return out.join("");
}

/** The stretch to blank for a comment, string or regular expression that opens at `at`; empty if none does. */
function literalAt(text: string, at: number, out: readonly string[]): [from: number, to: number] {
  const two = text.slice(at, at + 2);
  if (two === "//") return [at, indexOrEnd(text, "\n", at)];
  if (two === "/*") return [at, Math.min(text.length, indexOrEnd(text, "*/", at + 2) + 2)];
  const char = text[at];
  if (char === '"' || char === "'") return [at + 1, closedOnLine(text, at, char)];
  if (char === "/" && opensRegex(out, at)) return [at + 1, closedOnLine(text, at, "/")];
  return [at, at];
}

function indexOrEnd(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found;
}

/** Where the literal opened at `at` closes; `at` when its line ends first. */
function closedOnLine(text: string, at: number, close: string): number {
  let inClass = false;
  for (let i = at + 1; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] === "\\") i++;
    else if (close === "/" && text[i] === "[") inClass = true;
    else if (close === "/" && text[i] === "]") inClass = false;
    else if (text[i] === close && !inClass) return i;
  }
  return at;
}

/** The position of the backtick or of the `${` that ends this part of a template. */
function templatePartEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`" || text.startsWith("${", i)) return i;
  }
  return text.length;
}

/** A slash opens a regular expression where a value may begin. Reads what is already masked before it. */
function opensRegex(out: readonly string[], at: number): boolean {
  let i = at - 1;
  while (i >= 0 && /\s/.test(out[i] as string)) i--;
  if (i < 0 || /[(,=:[!&|?{};+\-*%~^<>]/.test(out[i] as string)) return true;
  let word = "";
  while (i >= 0 && /[\w$]/.test(out[i] as string)) word = (out[i--] as string) + word;
  return BEFORE_REGEX.has(word);
}
