// What every record store must do. Methods take and give plain data, so that a store may live in another thread or
// behind a wire; test/store/suite.ts holds every driver to these words.
import type { Cluster } from "./cluster.ts";
import type { CreditWrite, LedgerStore } from "./ledger.ts";
import type { PageQuery } from "./page.ts";
import type {
  AccountRecord,
  AuditRecord,
  Change,
  KeyRecord,
  ProjectRecord,
  ReplayRecord,
} from "./records.ts";
import type { AuditFilter, SearchStore } from "./search.ts";
import type { Tickets } from "./tickets.ts";
import type { UsageStore } from "./usage.ts";

export interface KeyFilter {
  readonly account?: string;
  /** Milliseconds, exclusive. */
  readonly createdBefore?: number;
  /** Deleted keys are left out unless asked for. */
  readonly includeDeleted?: boolean;
  /** Only those that have not expired at this time. */
  readonly aliveAt?: number;
}

export interface KeyWithAccount {
  readonly key: KeyRecord;
  readonly account: AccountRecord;
}

/**
 * One change of one record. `replaces` is the version that the writer read: a record that has moved on makes the whole
 * batch fail with StoreConflict "stale".
 */
export type Write =
  | { readonly kind: "put-project"; readonly record: ProjectRecord; readonly replaces: number | null }
  | { readonly kind: "insert-account"; readonly record: AccountRecord }
  | { readonly kind: "update-account"; readonly record: AccountRecord; readonly replaces: number }
  | { readonly kind: "insert-key"; readonly record: KeyRecord }
  | { readonly kind: "update-key"; readonly record: KeyRecord; readonly replaces: number }
  /** Revokes every key of the filter that is not revoked yet; fails with "count" unless exactly `expected` match. */
  | {
      readonly kind: "revoke-keys";
      readonly project: string;
      readonly filter: KeyFilter;
      readonly expected: number;
    }
  /** Takes the account and its keys out of the store, and what the audit says in words of them. Fails with "stale" when it moved on. */
  | {
      readonly kind: "erase-account";
      readonly project: string;
      readonly account: string;
      readonly replaces: number;
    }
  | CreditWrite;

export interface Batch {
  readonly at: number;
  readonly writes: readonly Write[];
  readonly audit: readonly AuditRecord[];
  readonly replay?: ReplayRecord;
}

/** `balance`: see CreditWrite. */
export type ConflictReason = "stale" | "duplicate" | "count" | "replayed" | "balance";

/** The batch was refused and nothing of it happened. */
export class StoreConflict extends Error {
  override readonly name = "StoreConflict";
  readonly reason: ConflictReason;
  /** What collided: `id`, `digest`, `externalId` or `replay`, for "duplicate". */
  readonly what: string;

  constructor(reason: ConflictReason, what = "") {
    super(`store conflict: ${reason} ${what}`.trim());
    this.reason = reason;
    this.what = what;
  }
}

/** The store cannot be used: in use by another process, too new, damaged or out of reach. The message says which. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

export type ChangeListener = (changes: readonly Change[]) => void | Promise<void>;

export interface Store extends LedgerStore, UsageStore, SearchStore {
  projects(): Promise<ProjectRecord[]>;
  project(name: string): Promise<ProjectRecord | undefined>;

  account(project: string, id: string): Promise<AccountRecord | undefined>;
  accountByExternalId(project: string, externalId: string): Promise<AccountRecord | undefined>;
  accounts(project: string, page: PageQuery): Promise<AccountRecord[]>;

  /** Deleted keys included: the caller decides whether to show them. */
  key(project: string, id: string): Promise<KeyRecord | undefined>;
  keyByDigest(digest: string): Promise<KeyWithAccount | undefined>;
  keys(project: string, filter: KeyFilter, page: PageQuery): Promise<KeyRecord[]>;
  /** How many keys of the filter are not revoked; the only read that `aliveAt` is for. */
  countLiveKeys(project: string, filter: KeyFilter): Promise<number>;

  /** Newest first. */
  audit(project: string, page: PageQuery, filter?: AuditFilter): Promise<AuditRecord[]>;
  /** `undefined` when there is none or it has expired at `now`. */
  replay(id: string, now: number): Promise<ReplayRecord | undefined>;

  /**
   * All of the batch or nothing, durable when it resolves, its changes numbered in the same transaction. Throws
   * StoreConflict. Every listener has been told, and what it returned has settled, before it resolves; a listener that fails
   * changes nothing of that.
   */
  commit(batch: Batch): Promise<readonly Change[]>;
  /** Changes after `seq`, oldest first. */
  changesSince(seq: number, limit: number): Promise<Change[]>;
  /** The number of the newest change; 0 where there is none. */
  newestChange(): Promise<number>;
  onChanges(listener: ChangeListener): void;

  /** Where other nodes write to it too; absent where this process is the only one. */
  readonly cluster?: Cluster;
  /** Where every node finds the tickets of every other; absent where this process is the only one. */
  readonly tickets?: Tickets;

  /** Small named values of the store itself, such as a pepper's check value. */
  setting(name: string): Promise<string | undefined>;
  /** Keeps the first value: answers what is stored afterwards. */
  settle(name: string, value: string): Promise<string>;
  close(): Promise<void>;
}
