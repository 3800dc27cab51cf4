// The tables as Kysely sees them, and the way between rows and records. Lists and objects are JSON text, times are integers
// of milliseconds, so that every SQL database holds the same values.
import type { Insertable, Selectable } from "kysely";
import type { AllowanceUse, HoldRecord, MovementRecord } from "../ledger.ts";
import type {
  AccountRecord,
  AuditRecord,
  Change,
  KeyRecord,
  ProjectRecord,
  ReplayRecord,
} from "../records.ts";
import type { UsageCount } from "../usage.ts";

type Json<Fields extends string> = Record<Fields, string>;

export type ProjectRow = Omit<ProjectRecord, "file"> & Json<"file">;
export type AccountRow = Omit<AccountRecord, "metadata"> & Json<"metadata">;
export type KeyRow = Omit<KeyRecord, "scopes" | "frozenScopes" | "allowedIps" | "metadata"> &
  Json<"scopes" | "frozenScopes" | "allowedIps" | "metadata">;
export type AuditRow = Omit<AuditRecord, "detail"> & Json<"detail">;
export type ReplayRow = Omit<ReplayRecord, "body"> & Json<"body">;

export type MovementRow = Omit<MovementRecord, "compacted"> & { readonly compacted: number };
export type HoldRow = Omit<HoldRecord, "parts" | "draws"> & Json<"parts" | "draws">;
/** `expiresAt` is NEVER for credits that do not expire, so that the key has no null. */
export type CreditLotRow = {
  readonly project: string;
  readonly account: string;
  readonly expiresAt: number;
  readonly remaining: number;
};
/** Movements of one batch that are not in their own table yet, see postings.ts. */
export interface PostingRow {
  readonly id: string;
  readonly movements: string;
}
/** See ../tickets.ts; null for what is not bound. */
export interface TicketRow {
  readonly digest: string;
  readonly project: string;
  readonly keyDigest: string;
  readonly path: string | null;
  readonly address: string | null;
  readonly expiresAt: number;
}
/** When a key was last proved. */
export type LastUseRow = { readonly project: string; readonly key: string; readonly at: number };

/** Later than any time that can be written down. */
export const NEVER = Number.MAX_SAFE_INTEGER;

export interface Tables {
  projects: ProjectRow;
  accounts: AccountRow;
  keys: KeyRow;
  audit: AuditRow;
  replays: ReplayRow;
  changes: Change;
  counters: { name: string; value: number };
  settings: { name: string; value: string };
  allowances: AllowanceUse;
  creditLots: CreditLotRow;
  movements: MovementRow;
  postings: PostingRow;
  holds: HoldRow;
  usage: UsageCount;
  tickets: TicketRow;
  lastUses: LastUseRow;
}

export function projectRow({ file, ...rest }: ProjectRecord): Insertable<ProjectRow> {
  return { ...rest, file: JSON.stringify(file) };
}

export function projectRecord({ file, ...rest }: Selectable<ProjectRow>): ProjectRecord {
  return { ...rest, file: JSON.parse(file) };
}

export function accountRow({ metadata, ...rest }: AccountRecord): Insertable<AccountRow> {
  return { ...rest, metadata: JSON.stringify(metadata) };
}

export function accountRecord({ metadata, ...rest }: Selectable<AccountRow>): AccountRecord {
  return { ...rest, metadata: JSON.parse(metadata) };
}

export function keyRow({
  scopes,
  frozenScopes,
  allowedIps,
  metadata,
  ...rest
}: KeyRecord): Insertable<KeyRow> {
  return {
    ...rest,
    scopes: JSON.stringify(scopes),
    frozenScopes: JSON.stringify(frozenScopes),
    allowedIps: JSON.stringify(allowedIps),
    metadata: JSON.stringify(metadata),
  };
}

export function keyRecord({
  scopes,
  frozenScopes,
  allowedIps,
  metadata,
  ...rest
}: Selectable<KeyRow>): KeyRecord {
  return {
    ...rest,
    scopes: JSON.parse(scopes),
    frozenScopes: JSON.parse(frozenScopes),
    allowedIps: JSON.parse(allowedIps),
    metadata: JSON.parse(metadata),
  };
}

export function auditRow({ detail, ...rest }: AuditRecord): Insertable<AuditRow> {
  return { ...rest, detail: JSON.stringify(detail) };
}

export function auditRecord({ detail, ...rest }: Selectable<AuditRow>): AuditRecord {
  return { ...rest, detail: JSON.parse(detail) };
}

export function replayRow({ body, ...rest }: ReplayRecord): Insertable<ReplayRow> {
  return { ...rest, body: JSON.stringify(body) };
}

export function replayRecord({ body, ...rest }: Selectable<ReplayRow>): ReplayRecord {
  return { ...rest, body: JSON.parse(body) };
}
