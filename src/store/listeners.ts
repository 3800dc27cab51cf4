// Tells those who listen to a store what has changed. It may not know what they make of it.
import type { ChangeListener } from "./contract.ts";
import type { Change } from "./records.ts";

/**
 * One after the other, in the order in which they began to listen: the directory is the first, so that whoever comes after it finds the
 * projects as they are now. The changes are durable: a listener that fails has to mend itself and cannot make them look refused.
 */
export async function tellAll(
  listeners: readonly ChangeListener[],
  changes: readonly Change[],
): Promise<void> {
  for (const listener of listeners) await Promise.allSettled([(async () => listener(changes))()]);
}
