// The one decision about a found key: status, environment, network, route and scope, account, plan. Pure: the record, the
// question and the time go in, a denial or nothing comes out, so that cached and uncached, embedded and remote agree.
import { isDeepStrictEqual } from "node:util";
import type { Cost, Hold } from "./cost.ts";
import type { Address, AllowlistMatcher } from "./network.ts";
import type { Pot } from "./pot.ts";
import { missingScopes } from "./scope.ts";
import type { DenialCode } from "./verdict.ts";

/** What a route asks for; `accountParameter` names the path parameter that must be the key's own account. */
export interface RoutePolicy {
  readonly pattern: string;
  readonly scopes: readonly string[];
  readonly feature?: string;
  readonly accountParameter?: string;
  /** Names of the limits that hold here; absent for all of them. */
  readonly limits?: ReadonlySet<string>;
  /** What a request counts in rate limits; 1 when it is not said. */
  readonly weight?: number;
  /** What pays, in this order; absent where a request costs nothing. */
  readonly pots?: readonly Pot[];
  /** Beside `pots`, always. */
  readonly cost?: Cost;
  /** Given back on a known failure of the upstream, and perhaps settled. */
  readonly hold?: Hold;
  /** Of the messages that a client sends over a WebSocket of this route. */
  readonly messages?: MessagePolicy;
  /** How it is judged for a proxy that asks; `false` for not at all, absent where nothing is different. */
  readonly forwardAuth?: ForwardAuthPolicy | false;
}

/** What each message costs, and what pays, in this order. */
export interface MessagePolicy {
  readonly cost: Cost;
  readonly pots: readonly Pot[];
}

export interface ForwardAuthPolicy {
  /** Units, in place of `cost`. */
  readonly cost?: number;
  /** How long a request counts as running. */
  readonly concurrencyMs?: number;
}

/** A key as the decision needs it; times are milliseconds since 1970, `null` for never. */
export interface Subject {
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
  readonly environment: string;
  readonly granted: ReadonlySet<string>;
  /** `undefined` when the key has no allowlist. */
  readonly allowlist: AllowlistMatcher | undefined;
  readonly account: {
    readonly id: string;
    readonly externalId: string | null;
    readonly suspendedAt: number | null;
  };
  /** What the account's plan includes; `"all"` without a plan. */
  readonly features: ReadonlySet<string> | "all";
}

export interface Circumstances {
  /** The environment that the host or the caller insists on. */
  readonly environment: string | undefined;
  /** `undefined` when unknown or unreadable, which an allowlist refuses (hostile D04). */
  readonly clientAddress: Address | undefined;
  /** Scopes that the caller asks for beyond the route's. */
  readonly scopes: readonly string[];
  /** `"none"` where no route is consulted, `undefined` where none matched. */
  readonly route:
    | { readonly policy: RoutePolicy; readonly parameters: Readonly<Record<string, string>> }
    | "none"
    | undefined;
}

export interface Denial {
  readonly code: DenialCode;
  readonly requiredScopes?: readonly string[];
}

/** The first reason to refuse, in the order of ARCHITECTURE.md, or `undefined`. Expiry is exclusive: valid iff now < expiresAt. */
export function judge(subject: Subject, asked: Circumstances, now: number): Denial | undefined {
  return judgeStatus(subject, now) ?? judgePlace(subject, asked) ?? judgeRoute(subject, asked);
}

function judgeStatus(subject: Subject, now: number): Denial | undefined {
  if (subject.revokedAt !== null) return { code: "revoked_key" };
  if (subject.disabledAt !== null) return { code: "disabled_key" };
  if (subject.expiresAt !== null && now >= subject.expiresAt) return { code: "expired_key" };
  // A key that is not valid yet is told apart from no other unknown key (hostile B10).
  if (subject.notBefore !== null && now < subject.notBefore) return { code: "invalid_key" };
  if (subject.account.suspendedAt !== null) return { code: "account_suspended" };
  return undefined;
}

function judgePlace(subject: Subject, asked: Circumstances): Denial | undefined {
  if (asked.environment !== undefined && asked.environment !== subject.environment)
    return { code: "wrong_environment" };
  if (subject.allowlist !== undefined && !subject.allowlist.allows(asked.clientAddress))
    return { code: "ip_not_allowed" };
  return undefined;
}

function judgeRoute(subject: Subject, asked: Circumstances): Denial | undefined {
  const { route } = asked;
  if (route === undefined) return { code: "no_route" };
  const requiredScopes =
    route === "none" ? asked.scopes : [...new Set([...route.policy.scopes, ...asked.scopes])];
  if (missingScopes(subject.granted, requiredScopes).length > 0)
    return { code: "insufficient_scope", requiredScopes };
  if (route === "none") return undefined;
  const { accountParameter, feature } = route.policy;
  if (accountParameter !== undefined && !ownsAccount(subject, route.parameters[accountParameter]))
    return { code: "wrong_account" };
  if (feature !== undefined && subject.features !== "all" && !subject.features.has(feature))
    return { code: "feature_not_in_plan" };
  return undefined;
}

function ownsAccount(subject: Subject, named: string | undefined): boolean {
  return named !== undefined && (named === subject.account.id || named === subject.account.externalId);
}

/** Whether a request that `direct` admits would also have been admitted by `shadow`: used for look-alike paths (hostile C11). */
export function isAtLeastAsStrict(shadow: RoutePolicy, direct: RoutePolicy): boolean {
  return (
    missingScopes(new Set(direct.scopes), shadow.scopes).length === 0 &&
    (shadow.feature === undefined || shadow.feature === direct.feature) &&
    (shadow.accountParameter === undefined || shadow.accountParameter === direct.accountParameter) &&
    (direct.limits === undefined || shadow.limits?.isSubsetOf(direct.limits) === true) &&
    (direct.weight ?? 1) >= (shadow.weight ?? 1) &&
    (shadow.cost === undefined || isDeepStrictEqual(moneyOf(shadow), moneyOf(direct))) &&
    (shadow.messages === undefined || isDeepStrictEqual(shadow.messages, direct.messages)) &&
    isDeepStrictEqual(shadow.forwardAuth, direct.forwardAuth)
  );
}

/** Costs measured in other ways cannot be compared. */
function moneyOf({ cost, pots, hold }: RoutePolicy) {
  return { cost, pots, hold };
}
