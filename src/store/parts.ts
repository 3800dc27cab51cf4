// Into how many parts limits are divided where nodes count alone: as many as there were nodes lately. It asks nobody.
import type { Share } from "./cluster.ts";

/**
 * How long a node that is gone keeps its part of every limit. It has used it, as far as anybody knows: nodes that took it over at once
 * would admit it twice, also when the node was only frozen. What it had used of a longer window is forgotten after that.
 */
export const KEEP_PART_MS = 60_000;

export interface Parts {
  /** `live` in order; `at` only grows. */
  see(live: readonly string[], at: number): void;
  share(): Share;
}

/** For the node of that id, alone until it has seen the others. */
export function createParts(id: string): Parts {
  /** How many there were, and when last: ever fewer, ever later. */
  let seen: readonly { readonly nodes: number; readonly at: number }[] = [];
  let rank = 0;
  return {
    see(live, at) {
      const all = live.includes(id) ? live : [...live, id].sort();
      const nodes = all.length;
      rank = all.indexOf(id);
      seen = [...seen.filter((one) => one.nodes > nodes && at - one.at < KEEP_PART_MS), { nodes, at }];
    },
    share: () => ({ nodes: seen[0]?.nodes ?? 1, rank }),
  };
}
