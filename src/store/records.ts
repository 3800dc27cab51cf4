// The shapes of what is remembered. Plain data that survives a structured clone; times are milliseconds since 1970 and
// `null` means never. Secrets have no field here: of a key only its digest is kept.
import type { ProjectFile } from "../project/schema.ts";

export type Metadata = Readonly<Record<string, unknown>>;

export interface ProjectRecord {
  readonly name: string;
  readonly file: ProjectFile;
  /** SHA-256 of the file's text when it was last applied from a file at start; `null` if it never was. */
  readonly sourceDigest: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts the changes of this record from 1; an update names the version that it replaces. */
  readonly version: number;
}

export interface AccountRecord {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  /** The operator's own id for the customer, unique in the project. */
  readonly externalId: string | null;
  readonly plan: string | null;
  readonly metadata: Metadata;
  readonly suspendedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export interface KeyRecord {
  readonly id: string;
  readonly project: string;
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  /** As named at creation or at the last change of scopes. */
  readonly scopes: readonly string[];
  /** All that `scopes` reached at that moment; later additions to the catalogue do not enter (see policy/scope.ts). */
  readonly frozenScopes: readonly string[];
  readonly tier: string | null;
  /** Canonical addresses and CIDR ranges; empty admits every address. */
  readonly allowedIps: readonly string[];
  readonly metadata: Metadata;
  readonly start: string;
  readonly lastFour: string;
  /** HMAC-SHA-256 of the key under the pepper of `pepperVersion`, 43 characters of base64url. */
  readonly digest: string;
  readonly pepperVersion: number;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
  /** A deleted key is revoked, hidden from lists and kept for the audit. */
  readonly deletedAt: number | null;
  /** The id of the first key of the rotation family; limits and money are shared by it. */
  readonly family: string;
  readonly predecessor: string | null;
  readonly successor: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

/** Who did what to which record. `detail` holds no secret. */
export interface AuditRecord {
  readonly id: string;
  readonly at: number;
  readonly project: string;
  /** The root key's id, or `local` for a command run by whoever owns the store. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Metadata;
}

/** The stored answer of a request that carried an Idempotency-Key; its body never holds a secret. */
export interface ReplayRecord {
  /** Digest of who asked for what under which Idempotency-Key. */
  readonly id: string;
  /** Digest of the request's body. */
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
  readonly expiresAt: number;
}

/** One line of the changes log; `seq` grows by one in the order of commits. */
export interface Change {
  readonly seq: number;
  readonly kind: "project" | "account" | "key";
  readonly project: string;
  readonly subject: string;
}
