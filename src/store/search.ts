// What a store must find beside records by their ids: keys and accounts by what people remember of them, and when keys were last used.
import type { AccountRecord, KeyRecord } from "./records.ts";

export interface KeySearch {
  /** Of this account only. */
  readonly account?: string;
  /** As somebody typed it: an id, a start, the last four, a name, or a part of one. Never a whole key. */
  readonly text: string;
  readonly limit: number;
}

export interface LastUse {
  readonly key: string;
  /** Milliseconds, of the newest verdict that proved the key. */
  readonly at: number;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Milliseconds, inclusive. */
  readonly from?: number | undefined;
  /** Milliseconds, exclusive. */
  readonly to?: number | undefined;
}

/** Parts of a text are looked for among so many of the newest only; whole ones among all. */
export const SCANNED = 20_000;

export interface SearchStore {
  /** Newest first, deleted keys left out. */
  findKeys(project: string, search: KeySearch): Promise<KeyRecord[]>;
  /** By id, externalId, name or a part of these; newest first. */
  findAccounts(project: string, text: string, limit: number): Promise<AccountRecord[]>;
  /** Nothing for a key that was never used, or not since this was first written down. */
  lastUses(project: string, keys: readonly string[]): Promise<LastUse[]>;
}
