// Writes texts as literals of TypeScript, Python and TOML, and as comments, so that nothing an operator wrote becomes code. What it
// writes is printable ASCII.

/** Printable ASCII but for what ends or bends a string in double quotes. */
const PLAIN = /^[ !#-[\]-~]$/;

/** A string of TypeScript or JavaScript. */
export function scriptText(text: string): string {
  return quoted(text, (unit) => `\\u{${unit.toString(16)}}`);
}

/** A string of Python. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
export function pythonText(text: string): string {
  return quoted(text, longEscape);
}

/** A basic string of TOML, which has the same long escapes (TOML 1.0, String). */
export const tomlText = pythonText;

function longEscape(point: number): string {
  return point > 0xffff
    ? `\\U${point.toString(16).padStart(8, "0")}`
    : `\\u${point.toString(16).padStart(4, "0")}`;
}

function quoted(text: string, escaped: (point: number) => string): string {
  const inside = [...text.toWellFormed()].map((character) => {
    if (character === "\\" || character === '"') return `\\${character}`;
    return PLAIN.test(character) ? character : escaped(character.codePointAt(0)!);
  });
  return `"${inside.join("")}"`;
}

/** A comment of one line that stands where editors show it. */
export function scriptComment(text: string): string {
  return `/** ${line(text).replaceAll("*/", "* /")} */`;
}

/** Text without line breaks, control characters and what changes the direction of reading. */
function line(text: string): string {
  return text.replace(/[^ -~]+/gu, " ").trim();
}

/** One line of text as it may stand in metadata, in any script. */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}
