// Finds where in the YAML text of a project file a field stands, and which names stand there twice; it knows no schema.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  visit,
} from "yaml";
import type { Path } from "./shape.ts";

/** The line, counted from 1, of the deepest part of `path` that the text has. */
export function lineOfPath(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const start = startOf(document, path.slice(0, length));
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}

function startOf(document: Document, path: Path): number | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length === 0 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (last === undefined) return isNode(parent) ? parent.range?.[0] : undefined;
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(last));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node: unknown = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Deeper ones are refused for their depth before anything else is asked of them. */
const MAX_DEPTH = 100;

export interface Place {
  readonly path: Path;
  readonly line: number;
}

/**
 * Where a name is given that its mapping has already, in the order of the text. Not left to the parser's `uniqueKeys`, which
 * compares each name with each other (at least 25 s for 60,000 names, where this takes 0.1 s) and does not say which it was.
 */
export function repeatedNames(document: Document, lines: LineCounter): Place[] {
  const repeated: Place[] = [];
  const walk = (node: unknown, path: Path): void => {
    if (path.length > MAX_DEPTH) return;
    if (isSeq(node)) for (const [index, item] of node.items.entries()) walk(item, [...path, index]);
    if (!isMap(node)) return;
    const names = new Set<string>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const start = isNode(key) ? key.range?.[0] : undefined;
      if (names.has(name) && start !== undefined)
        repeated.push({ path: [...path, name], line: lines.linePos(start).line });
      names.add(name);
      walk(value, [...path, name]);
    }
  };
  walk(document.contents, []);
  return repeated;
}

/** The line of the first `*name`. */
export function lineOfAlias(document: Document, lines: LineCounter, name: string): number | undefined {
  let line: number | undefined;
  visit(document, {
    Alias(_key, alias) {
      if (!isAlias(alias) || alias.source !== name || alias.range == null) return undefined;
      line = lines.linePos(alias.range[0]).line;
      return visit.BREAK;
    },
  });
  return line;
}
