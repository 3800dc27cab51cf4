// The verdict: what every way in receives and every dialect renders. Data only.
import type { Hold } from "./cost.ts";
import type { LimitState } from "./limit.ts";
import type { AllowanceState, Receipt } from "./pot.ts";

/** The closed set, in the order in which they are decided; each has a row in docs/verdicts.md. */
export const VERDICT_CODES = [
  "ok",
  "missing_key",
  "multiple_credentials",
  "malformed_request",
  "ambiguous_path",
  "invalid_key",
  "revoked_key",
  "disabled_key",
  "expired_key",
  "account_suspended",
  "wrong_environment",
  "ip_not_allowed",
  "no_route",
  "insufficient_scope",
  "wrong_account",
  "feature_not_in_plan",
  "concurrency_exceeded",
  "rate_exceeded",
  "unmeasurable_request",
  "request_too_large",
  "allowance_exceeded",
  "insufficient_credits",
  "store_unavailable",
] as const;

export type VerdictCode = (typeof VERDICT_CODES)[number];
export type DenialCode = Exclude<VerdictCode, "ok">;

export const DENIAL_CODES = VERDICT_CODES.filter((code): code is DenialCode => code !== "ok");

/** Denials in which the caller proved a key that is alive; only these and `ok` may speak of scopes, tier and usage. */
const PROVEN: ReadonlySet<VerdictCode> = new Set<VerdictCode>([
  "ok",
  "ip_not_allowed",
  "no_route",
  "insufficient_scope",
  "wrong_account",
  "feature_not_in_plan",
  "concurrency_exceeded",
  "rate_exceeded",
  "unmeasurable_request",
  "request_too_large",
  "allowance_exceeded",
  "insufficient_credits",
]);

export function speaksOfUsage(code: VerdictCode): boolean {
  return PROVEN.has(code);
}

/** What a verdict tells of the key: nothing secret, and nothing at all until its secret matched. */
export interface KeyFacts {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  readonly tier?: string;
  readonly plan?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** ISO 8601, absent when the key does not expire. */
  readonly expiresAt?: string;
}

/** What limits and pots say at a verdict about a valid key; see policy/limit.ts and policy/pot.ts. */
export interface UsageFacts {
  readonly limits?: readonly LimitState[];
  /** Where the account's plan has one and somebody wants to know. */
  readonly allowance?: AllowanceState;
  readonly credits?: number;
  /** Units: what the request has paid, or would have had to pay. */
  readonly cost?: number;
}

export interface Allowed extends UsageFacts {
  readonly allowed: true;
  readonly code: "ok";
  readonly key: KeyFacts;
  /** The matched pattern of the project file; absent where no route was consulted. */
  readonly route?: string;
  /** The region that the credential's prefix asked for. */
  readonly region?: string;
  /** By what was in memory past its lease, because the store does not answer. */
  readonly stale?: true;
  /** Where something was paid. */
  readonly receipt?: Receipt;
  /** Where what was paid depends on how the request ends. */
  readonly settlement?: Hold;
  /** Under which the payment can be settled; `expiresAt` in milliseconds since 1970. */
  readonly hold?: { readonly id: string; readonly expiresAt: number };
}

export interface Denied extends UsageFacts {
  readonly allowed: false;
  readonly code: DenialCode;
  /** What to mend, out of a fixed list; never an echo of what was sent. */
  readonly hint?: string;
  readonly key?: KeyFacts;
  readonly route?: string;
  /** All scopes the route asks for, with `insufficient_scope` (RFC 6750 section 3, `scope`). */
  readonly requiredScopes?: readonly string[];
  /** Whole seconds, at least 1, with the codes that pass by waiting. */
  readonly retryAfterSeconds?: number;
}

export type Verdict = Allowed | Denied;
