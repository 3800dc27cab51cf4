// How the store suite gets a store, and what its parts share. Nothing here may know a driver.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type Batch,
  type ConflictReason,
  type Store,
  StoreConflict,
  type Write,
} from "../../src/store/contract.ts";
import { NOON } from "../support/records.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again over the same data. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** A store of its own for one test. */
export async function storeFor(context: TestContext, open: OpenStore): Promise<Store> {
  return (await openedFor(context, open)).store;
}

export async function openedFor(context: TestContext, open: OpenStore): Promise<OpenedStore> {
  const opened = await open();
  context.after(() => opened.close());
  return opened;
}

export function batch(writes: readonly Write[], more: Partial<Batch> = {}): Batch {
  return { at: NOON, writes, audit: [], ...more };
}

export async function assertConflict(
  work: Promise<unknown>,
  reason: ConflictReason,
  what?: string,
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StoreConflict, `a StoreConflict is wanted, not ${String(error)}`);
    assert.equal(error.reason, reason);
    if (what !== undefined) assert.equal(error.what, what);
    return true;
  });
}
