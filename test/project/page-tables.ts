/** Reads a Markdown page as the tests of this folder need it: sections and table cells, escapes undone; by CommonMark's rules. */

/** The text below a heading of the second level, up to the next. */
export function sectionOf(page: string, title: string): string | undefined {
  const sections = page.split(/^## /m).slice(1);
  return sections.find((text) => text.startsWith(`${title}\n`))?.slice(title.length + 1);
}

/** The rows of the first table, without its head; cells as a reader sees them. */
export function rowsOf(text: string): string[][] {
  const lines = text.split("\n");
  const rule = lines.findIndex((line) => /^\|(?: --- \|)+$/.test(line));
  if (rule === -1) return [];
  const end = lines.findIndex((line, index) => index > rule && !line.startsWith("|"));
  return lines.slice(rule + 1, end === -1 ? lines.length : end).map(cellsOf);
}

export function cellsOf(line: string): string[] {
  // A pipe after a backslash does not end a cell (GitHub Flavored Markdown 4.10).
  const cells = line.match(/(?:\\.|[^|\\])+/g) ?? [];
  return cells.map((cell) => visible(cell.trim()));
}

/** An escape, a code span, code as HTML, or any other character, whichever comes first. */
const PIECE = /\\([!-/:-@[-`{-~])|`([^`]*)`|<code>(.*?)<\/code>|(.)/gsu;

function visible(cell: string): string {
  return cell.replace(PIECE, (_match, escaped?: string, span?: string, html?: string, other?: string) => {
    const decoded = html?.replace(/&#(\d+);/g, (_entity, point: string) =>
      String.fromCodePoint(Number(point)),
    );
    return escaped ?? span ?? decoded ?? other ?? "";
  });
}
