// Looks at how an instance stands at this moment: what it can reach, and what it does without. It changes nothing.
import type { Store } from "../store/contract.ts";
import type { Directory } from "../store/directory.ts";
import { STORE_BUDGET_MS, within } from "../store/patience.ts";
import type { SharingCounters } from "../store/sharing-counters.ts";
import type { Condition } from "./fail-policy.ts";

export interface Inspected {
  readonly store: Store;
  readonly directory: Directory;
  readonly counters: SharingCounters | undefined;
  readonly failStaticMs: number;
  /** Since the start. */
  readonly staleAdmissions: number;
}

/** Never rejects, and answers in time. */
export async function readCondition({ store, directory, counters, ...more }: Inspected): Promise<Condition> {
  const { cluster } = store;
  const stored = await within(STORE_BUDGET_MS / 2, store.projects(), "").catch(() => undefined);
  const isStatic = cluster?.isStatic() ?? false;
  const distrusted = cluster?.distrusts();
  return {
    ...(cluster !== undefined && { nodes: cluster.share().nodes }),
    isStoreDown: stored === undefined,
    isRefusing: cluster?.problem() !== undefined && !isStatic,
    isClockWrong: distrusted === "clock",
    isRestored: distrusted === "restored",
    isStatic,
    isCountingAlone: counters?.isAlone() ?? false,
    isProjectBroken: stored?.some(({ name }) => directory.project(name) === undefined) ?? false,
    staleAdmissions: more.staleAdmissions,
    countedAlone: counters?.decidedAlone() ?? 0,
    failStaticSeconds: more.failStaticMs / 1000,
  };
}
