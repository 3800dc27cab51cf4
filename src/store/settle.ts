// Waits until no other node lags behind a change. It looks, and tells nobody anything.
import { setTimeout as delay } from "node:timers/promises";
import type { Nodes } from "./cluster.ts";
import { StoreUnavailable } from "./contract.ts";

/** Between two looks at who is behind: most nodes need a few milliseconds, and one that is gone half a second. */
const SETTLE_PAUSE_MS = 1;
const MAX_SETTLE_PAUSE_MS = 20;
/** How much longer each pause is than all that was waited before. */
const SETTLE_GROWTH = 0.1;
/** Beyond the longest lease: then something is wrong that waiting does not mend. */
const SETTLE_SPARE_MS = 1_000;

/** `promisedMs` is the longest that a node may go on without being heard of. Rejects with StoreUnavailable when it cannot be known. */
export async function settle(
  nodes: Nodes,
  seq: number,
  id: string,
  promisedMs: number,
  elapsed: () => number,
): Promise<void> {
  const startedAt = elapsed();
  const deadline = startedAt + promisedMs + SETTLE_SPARE_MS;
  let fault: unknown;
  while (elapsed() < deadline) {
    try {
      if (!(await nodes.isBehind(seq, id))) return;
    } catch (error) {
      fault = error;
    }
    const pauseMs = SETTLE_GROWTH * (elapsed() - startedAt);
    await delay(Math.min(Math.max(pauseMs, SETTLE_PAUSE_MS), MAX_SETTLE_PAUSE_MS));
  }
  throw new StoreUnavailable(
    "it is not known whether every node has the change; it is made, and may be repeated",
    {
      cause: fault,
    },
  );
}
