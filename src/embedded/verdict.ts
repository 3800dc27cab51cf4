// The verdict as programs get it: plain data, times in ISO 8601. It tells what the engine decided and leaves out what only the engine
// needs.
import { told } from "../http/routes/verify.ts";
import type { AllowanceDescription } from "../manage/describe.ts";
import type { LimitState } from "../policy/limit.ts";
import type { Verdict as EngineVerdict, KeyFacts, VerdictCode } from "../policy/verdict.ts";

export type LimitDescription = Omit<LimitState, "resetsAt"> & { readonly resetsAt: string };

/** What limits and pots say, of a valid key. */
export interface UsageDescription {
  /** The pattern of the project file that matched; absent where no route was consulted. */
  readonly route?: string;
  readonly limits?: readonly LimitDescription[];
  readonly allowance?: AllowanceDescription;
  readonly credits?: number;
  /** Units: what the request has paid, or would have had to pay. */
  readonly cost?: number;
}

export interface AllowedVerdict extends UsageDescription {
  readonly allowed: true;
  readonly code: "ok";
  readonly key: KeyFacts;
  /** The region that the credential's prefix asked for. */
  readonly region?: string;
  /** Where one was asked for and something was paid. */
  readonly hold?: { readonly id: string; readonly units: number; readonly expiresAt: string };
}

export interface DeniedVerdict extends UsageDescription {
  readonly allowed: false;
  /** A row of docs/verdicts.md. A store that does not answer is a fault and no verdict: it is thrown. */
  readonly code: Exclude<VerdictCode, "ok" | "store_unavailable">;
  /** What to mend, out of a fixed list; never an echo of what was sent. */
  readonly hint?: string;
  /** Once the secret has matched. */
  readonly key?: KeyFacts;
  readonly requiredScopes?: readonly string[];
  /** Whole seconds, at least 1, with the codes that pass by waiting. */
  readonly retryAfterSeconds?: number;
}

export type Verdict = AllowedVerdict | DeniedVerdict;

/** Throws ClavigerError `store_unavailable`. */
export function tellVerdict(verdict: EngineVerdict & { readonly allowed: true }): AllowedVerdict;
export function tellVerdict(verdict: EngineVerdict): Verdict;
export function tellVerdict(verdict: EngineVerdict): Verdict {
  return told(verdict) as Verdict;
}
