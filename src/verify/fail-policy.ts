// What each layer does when what it depends on fails: the one table that the control plane shows and docs/operating.md repeats. It
// describes; the rules themselves are in the files that keep them.

/** How an instance stands at this moment. */
export interface Condition {
  /** Nodes whose lease has not run out; absent where the store is not shared. */
  readonly nodes?: number;
  /** The store does not answer. */
  readonly isStoreDown: boolean;
  /** The lease has run out and nothing is admitted. */
  readonly isRefusing: boolean;
  /** The clock is too far from the store's. */
  readonly isClockWrong: boolean;
  /** The store has gone back to what it was. */
  readonly isRestored: boolean;
  /** Keys in memory are admitted past their lease. */
  readonly isStatic: boolean;
  /** Each node counts its part of every limit. */
  readonly isCountingAlone: boolean;
  /** A project is stored that cannot be read. */
  readonly isProjectBroken: boolean;
  /** Since the start: admissions past the lease, and decisions on limits by this node alone. */
  readonly staleAdmissions: number;
  readonly countedAlone: number;
  readonly failStaticSeconds: number;
}

export interface FailPolicy {
  readonly layer: string;
  readonly dependsOn: string;
  readonly onFailure: string;
  readonly bound: string;
  /** Whether it is so under this condition. */
  readonly isNow: (condition: Condition) => boolean;
}

const isAway = ({ isStoreDown, isRefusing }: Condition): boolean => isStoreDown || isRefusing;

export const FAIL_POLICY: readonly FailPolicy[] = [
  {
    layer: "keys not in memory",
    dependsOn: "database",
    onFailure: "refused with 503, never with 401",
    bound: "answered within 2 s",
    isNow: (condition) => isAway(condition) || condition.isStatic,
  },
  {
    layer: "keys in memory, within the lease",
    dependsOn: "database",
    onFailure: "admitted",
    bound: "500 ms since the changes were last read",
    isNow: () => false,
  },
  {
    layer: "keys in memory, past the lease",
    dependsOn: "database",
    onFailure: "refused with 503; with --fail-static admitted, marked Claviger-Stale: 1 and counted",
    bound: "--fail-static, 60 s at most; revoking waits as long",
    isNow: ({ isRefusing, isStatic }) => isRefusing || isStatic,
  },
  {
    layer: "routes, scopes and allowlists",
    dependsOn: "the stored row",
    onFailure: "what cannot be read denies itself and nothing else",
    bound: "one project or one key",
    isNow: ({ isProjectBroken }) => isProjectBroken,
  },
  {
    layer: "rates and concurrency",
    dependsOn: "Valkey",
    onFailure: "each node admits its part of every limit",
    bound: "all nodes together never more than the limit; Valkey is tried again after 500 ms",
    isNow: ({ isCountingAlone }) => isCountingAlone,
  },
  {
    layer: "allowances and credits",
    dependsOn: "database",
    onFailure: "refused with 503; what was not confirmed may stay spent, and is never spent twice",
    bound: "answered within 2 s",
    isNow: ({ isStoreDown }) => isStoreDown,
  },
  {
    layer: "changes to projects, accounts and keys",
    dependsOn: "database, audit log included",
    onFailure: "refused with 503; no change without its audit entry, and no 200 before every node has it",
    bound: "500 ms and --fail-static for a node that is out of reach",
    isNow: isAway,
  },
  {
    layer: "usage counts",
    dependsOn: "database",
    onFailure: "kept in memory and written later",
    bound: "1 s of counts when the process is killed",
    isNow: ({ isStoreDown }) => isStoreDown,
  },
  {
    layer: "a node's clock",
    dependsOn: "the database's clock",
    onFailure: "the node refuses everything with 503",
    bound: "2 s apart",
    isNow: ({ isClockWrong }) => isClockWrong,
  },
  {
    layer: "a store that was restored from an older backup",
    dependsOn: "the mark outside the store",
    onFailure: "does not start, and a running node refuses everything with 503",
    bound: "until --accept-restored-store",
    isNow: ({ isRestored }) => isRestored,
  },
];
