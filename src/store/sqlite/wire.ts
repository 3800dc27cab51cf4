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

/**
 * The same with input and answer as JSON text: of the long lists of the ledger a structured clone takes several times as long, and
 * there it was most of the cost of a spend.
 */
export type AskedAsText = Omit<Asked, "input"> & { readonly text: string };

/** Of the databases of people: `open` takes the file; of the three exactly one is there. */
export interface AskedOfPeople {
  readonly id: number;
  readonly people: number;
  readonly open?: string;
  readonly run?: { readonly sql: string; readonly parameters: readonly unknown[] };
  readonly close?: true;
}

/** A conflict, or a fault in words. */
export type Refused =
  | { readonly reason: ConflictReason; readonly what: string }
  | { readonly message: string; readonly cause: string };

export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly refused: Refused };
