// What the API answers, as far as the pages read it (openapi.json is the source).

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

export type KeyStatus = "active" | "disabled" | "expired" | "revoked" | "not_yet_valid";

export interface Key {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  readonly tier: string | null;
  readonly allowedIps: readonly string[];
  readonly start: string;
  readonly lastFour: string;
  readonly status: KeyStatus;
  readonly expiresAt: string | null;
  readonly disabledAt: string | null;
  readonly revokedAt: string | null;
  readonly predecessor: string | null;
  readonly successor: string | null;
  readonly createdAt: string;
  readonly lastUsedAt?: string | null;
}

/** `key` is the full key: it may be handed to the reveal dialog and to nothing else. */
export interface CreatedKey extends Key {
  readonly key?: string;
}

export interface KeyUses {
  readonly lastUsedAt: string | null;
  readonly lastAddress: string | null;
  readonly requestsLast24Hours: number;
  readonly routes: readonly { readonly route: string; readonly requests: number }[];
}

export interface Allowance {
  readonly limit: number | null;
  readonly used: number;
  readonly remaining: number | null;
  readonly over: number;
  readonly resetsAt: string;
}

export interface Account {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly plan: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly suspended: boolean;
  readonly suspendedAt: string | null;
  readonly credits: number;
  readonly allowance?: Allowance;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface UsageLine {
  readonly account?: string;
  readonly environment?: string;
  readonly key?: string;
  readonly route?: string;
  readonly outcome?: string;
  readonly hour?: string;
  readonly day?: string;
  readonly requests: number;
  readonly units: number;
  readonly lastAt: string;
}

export interface Usage {
  readonly from: string;
  readonly to: string;
  readonly items: readonly UsageLine[];
  readonly totals: { readonly requests: number; readonly units: number };
}

export type Role = "owner" | "admin" | "developer" | "viewer";

export interface Membership {
  readonly project: string;
  readonly account: string;
  readonly accountName: string;
  readonly role: Role;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly secondFactor: boolean;
}

export interface Session {
  readonly person: Person;
  readonly authenticatedAt: string;
  readonly expiresAt: string;
  readonly memberships: readonly Membership[];
}

export interface OpenSession {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface ScopeFacts {
  readonly name: string;
  readonly group?: string | null;
  readonly description?: string | null;
  readonly implies?: readonly string[];
  readonly standsForAll?: string | boolean | null;
}

export interface TierFacts {
  readonly name: string;
  readonly title?: string;
  readonly scopes: readonly string[];
}

export interface Snippet {
  readonly title: string;
  readonly language: string;
  readonly code: string;
}
