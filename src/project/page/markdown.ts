// Writes Markdown (CommonMark with GitHub's tables) so that nothing an operator wrote can turn into markup; it knows no project.

/** Text in a paragraph, a heading or a table cell. Line breaks and control characters become spaces. */
export function prose(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  // The last three would make a link of what looks like an address, with the backslashes in it.
  const escaped = line.replace(/[\\`*_[\]<>|#~&@]|:(?=\/\/)|(?<=www)\./gi, "\\$&");
  // What would begin a list or a rule at the start of a line.
  return escaped.replace(/^([-+=])/, "\\$1").replace(/^(\d+)([.)])/, "$1\\$2");
}

/** Code inside a line. As HTML where a backtick would end the span, or spaces at its ends would be lost. */
export function code(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  return line === "" || line.trim() !== line || line.includes("`") ? htmlCode(line) : `\`${line}\``;
}

/** Code in a table cell, which a pipe would end. */
export function cellCode(text: string): string {
  return text.includes("|") ? htmlCode(text) : code(text);
}

function htmlCode(line: string): string {
  const entities = line.replace(/[^0-9A-Za-z ]/gu, (character) => `&#${character.codePointAt(0)};`);
  return `<code>${entities}</code>`;
}

export function codeList(texts: Iterable<string>): string {
  return [...texts].map(code).join(", ");
}

/** A block of code, fenced by more backticks than it holds in a row. */
export function fence(language: string, text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const mark = "`".repeat(longest + 1);
  return `${mark}${language}\n${text}\n${mark}`;
}

/** Columns without a cell that says anything are left out. Cells hold Markdown in which pipes are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = [...head.keys()].filter((column) => rows.some((row) => (row[column] ?? "") !== ""));
  const line = (cells: readonly string[]) =>
    `| ${columns.map((column) => cells[column] || NOTHING).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(columns.length)}`, ...rows.map(line)].join("\n");
}

const NOTHING = "–";

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Nothing at all where the section has nothing to say. */
export function section(title: string, ...parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined && part !== "");
  return said.length === 0 ? undefined : [`## ${title}`, ...said].join("\n\n");
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}
