// Bounds what a project file may unfold to once its aliases are written out, before anything walks it again; it does not
// know the schema.
import type { Path, ShapeProblem } from "./shape.ts";

/** Nothing that a project file says needs more; what holds itself has no end. */
const MAX_DEPTH = 32;

/** In characters of text and members together: four times what a file may have as text. */
const MAX_SIZE = 4_194_304;

/** The parser's time grows with the square of this. */
const MAX_OPEN_COLLECTIONS = 200;

/** Whether brackets, braces or dashes open more collections inside one another than any project file does; a look at the text only. */
export function nestsTooDeep(text: string): boolean {
  if (/(?:^|\n) *(?:[-?:] +){33}/.test(text)) return true;
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) open += 1;
    if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > MAX_OPEN_COLLECTIONS) return true;
  }
  return false;
}

/** The first breach, told of the outermost field that holds it. Recursion ends at MAX_DEPTH, so any value may be handed in. */
export function boundsProblem(value: unknown): ShapeProblem | undefined {
  let size = 0;
  const walk = (item: unknown, path: Path): ShapeProblem | undefined => {
    size += typeof item === "string" ? item.length + 1 : 1;
    const told = (message: string) => ({ path: path.slice(0, 1), message });
    if (size > MAX_SIZE)
      return told(`is longer than ${MAX_SIZE} characters once its aliases are written out`);
    if (typeof item === "string" && !item.isWellFormed()) return told("holds half of a surrogate pair");
    if (item === null || typeof item !== "object") return undefined;
    if (path.length >= MAX_DEPTH) return told(`is nested more than ${MAX_DEPTH} deep, or holds itself`);
    const members = Array.isArray(item) ? item.entries() : Object.entries(item);
    for (const [name, member] of members) {
      size += String(name).length;
      const problem = walk(member, [...path, name]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return walk(value, []);
}
