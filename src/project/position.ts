// Finds where in the YAML text of a project file a field stands, and which field stands at an offset; it judges neither.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
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

/** The field whose name begins at `offset`; of two of the same name, either. */
export function pathAtOffset(document: Document, offset: number): Path | undefined {
  let found: Path | undefined;
  visit(document, {
    Pair(_key, pair, ancestors) {
      if (!isNode(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      found = [...pathOfAncestors([...ancestors, pair])];
      return visit.BREAK;
    },
  });
  return found;
}

function pathOfAncestors(ancestors: readonly (Document | Node | Pair)[]): Path {
  return ancestors.flatMap((ancestor, depth): (string | number)[] => {
    if (isPair(ancestor)) return [isScalar(ancestor.key) ? String(ancestor.key.value) : String(ancestor.key)];
    const child = ancestors[depth + 1];
    return isSeq(ancestor) && child !== undefined ? [ancestor.items.indexOf(child)] : [];
  });
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
