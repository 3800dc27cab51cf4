// What a store adds that several nodes share: they hear of each other's changes, hold a lease on what they remember, and wait for one
// another where a change takes something away. Plain words for every driver; see docs/decisions/0013-revoked-means-dead-everywhere.md.
import type { Change } from "./records.ts";

/** This node among those whose lease has not run out. */
export interface Share {
  /** More for a while after one is gone, see parts.ts. */
  readonly nodes: number;
  /** 0 to nodes - 1, another for each node that is there. */
  readonly rank: number;
}

export interface Cluster {
  /** Whether what is remembered may be used without asking the store. */
  isFresh(): boolean;
  /**
   * What is remembered is used although the lease has run out, because the operator prefers that to refusing (`failStaticMs`). What is not
   * remembered has to be asked for, and `catchUp` comes first.
   */
  isStatic(): boolean;
  /** Resolves when everything that was committed before the call is known here. Rejects with StoreUnavailable, in time. */
  catchUp(): Promise<void>;
  /**
   * Resolves when no node can use anything from before change `seq`, or from before what was committed when it was called: each has
   * applied it, or its lease has run out. Rejects with StoreUnavailable when that cannot be known.
   */
  settled(seq?: number): Promise<void>;
  share(): Share;
  /** What is wrong, in words; `undefined` when nothing is. */
  problem(): string | undefined;
  /** Why this node may answer nothing and change nothing, whatever its lease: its clock is wrong, or its store is an older backup. */
  distrusts(): "clock" | "restored" | undefined;
}

/** How long a node may use what it remembers without having read the changes log. */
export const LEASE_MS = 500;

export interface News {
  readonly changes: readonly Change[];
  /** The number of the newest change there is, also where `changes` is cut short. */
  readonly newest: number;
}

export interface Beat extends News {
  /** The store's clock, milliseconds since 1970. */
  readonly time: number;
  /** Ids of the nodes whose lease has not run out, in order. */
  readonly live: readonly string[];
}

/** The registry of nodes, in the store itself. Every method rejects with StoreUnavailable. */
export interface Nodes {
  /** Enters the node; answers the number of the newest change, from which on it has to follow. */
  join(id: string, leaseMs: number): Promise<number>;
  /** Says that the node has applied everything up to `applied` and holds its lease for another while; answers what came after. */
  beat(id: string, applied: number, leaseMs: number): Promise<Beat>;
  /** The number of the newest change. */
  newest(): Promise<number>;
  /** What came after `applied`. Writes nothing, and so it prolongs nothing. */
  news(applied: number): Promise<News>;
  /** Says that the node has applied everything up to `applied`, and no more. */
  applied(id: string, applied: number): Promise<void>;
  /** Whether some live node but this one has not applied `seq`. */
  isBehind(seq: number, but: string): Promise<boolean>;
  leave(id: string): Promise<void>;
  /** Hears what some node has committed, a hint that may be lost; without changes, that there may be some. */
  onWake(listener: (changes?: readonly Change[]) => void): void;
}
