// What the process and the thread of its stores say to each other: plain data that survives a structured clone.
import type { ConflictReason, Store } from "../contract.ts";

/** Everything of the contract but the listeners, which stay in the process. */
export type StoreMethod = Exclude<keyof Store, "onChanges">;

export interface Asked {
  readonly id: number;
  /** Which of the process's stores is meant. */
  readonly store: number;
  /** `open` takes the file. */
  readonly method: StoreMethod | "open";
  readonly input: readonly unknown[];
}

/** A conflict, or a fault in words. */
export type Refused =
  | { readonly reason: ConflictReason; readonly what: string }
  | { readonly message: string; readonly cause: string };

export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly refused: Refused };
