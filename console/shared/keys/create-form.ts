// The half-filled form of a new key. It lives in memory, so that it survives a closed dialog, and nowhere else.
import type { NewKey } from "../api/keys.ts";
import type { Portal } from "../api/portal.ts";
import { allowlistProblem } from "./allowlist.ts";
import { CUSTOM, defaultExpiry, expiryMoment } from "./expiry.ts";
import { startingScopes } from "./scopes.ts";

export interface KeyForm {
  readonly name: string;
  readonly environment: string;
  readonly tier: string;
  readonly scopes: readonly string[];
  readonly allowedIps: readonly string[];
  readonly expiry: string;
  readonly expiryDay: string;
}

export function startForm(portal: Portal): KeyForm {
  return {
    name: "",
    environment: portal.environments[0] ?? "",
    tier: portal.tiers[0]?.name ?? "",
    scopes: portal.tiers.length > 0 ? [] : startingScopes(portal.defaultScopes),
    allowedIps: [],
    expiry: defaultExpiry(portal.keys),
    expiryDay: "",
  };
}

/** Used when the field is left empty. */
export const placeholderName = (environment: string): string =>
  `${environment.charAt(0).toUpperCase()}${environment.slice(1)} key`;

export type FormProblems = Partial<Record<"scopes" | "allowedIps" | "expiresAt", string>>;

export function formProblems(form: KeyForm, portal: Portal, nowMs: number): FormProblems {
  const needsScopes = portal.tiers.length === 0 && portal.scopes.length > 0 && form.scopes.length === 0;
  const badAddress = allowlistProblem(form.allowedIps);
  const isDayMissing =
    form.expiry === CUSTOM && expiryMoment(form.expiry, form.expiryDay, nowMs) === undefined;
  return {
    ...(needsScopes && { scopes: "Choose what this key may do, or it could do nothing." }),
    ...(badAddress !== undefined && { allowedIps: badAddress }),
    ...(isDayMissing && { expiresAt: "Choose a day in the future." }),
  };
}

/** What is sent. A tier brings its scopes, and addresses are left out when there are none. */
export function newKeyOf(form: KeyForm, portal: Portal, account: string, nowMs: number): NewKey {
  const withScopes = portal.tiers.length === 0 && portal.scopes.length > 0;
  return {
    account,
    name: form.name.trim() || placeholderName(form.environment),
    environment: form.environment,
    ...(portal.tiers.length > 0 && { tier: form.tier }),
    ...(withScopes && { scopes: form.scopes }),
    ...(form.allowedIps.length > 0 && { allowedIps: form.allowedIps }),
    expiresAt: expiryMoment(form.expiry, form.expiryDay, nowMs) ?? null,
  };
}
