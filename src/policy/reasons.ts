// Why a request was refused, in words for the customer who sent it and for the operator who looks on. One sentence says what happened,
// the next what to do.
import type { Verdict, VerdictCode } from "./verdict.ts";

type Words = (verdict: Verdict) => string;

const WORDS: Readonly<Record<VerdictCode, Words>> = {
  ok: () => "Admitted.",
  missing_key: () => "No key was sent. Send it as the documentation shows.",
  multiple_credentials: () => "More than one key was sent. Send one, once.",
  malformed_request: () => "The request could not be read. See that the client sends plain HTTP/1.1.",
  ambiguous_path: () =>
    "The path could be read in two ways, for example with .. or an encoded slash. Send it plainly.",
  invalid_key: () => "The key is not known. Copy the whole key, or create a new one.",
  revoked_key: () => "The key has been revoked. Use another one.",
  disabled_key: () => "The key is disabled. Enable it, or use another one.",
  expired_key: () => "The key has expired. Create a new one.",
  account_suspended: () => "The account is suspended. Ask whoever runs the service.",
  wrong_environment: ({ key }) =>
    `The key is for the environment ${key?.environment ?? "of another address"}, and this address is for another. Use a key of that environment.`,
  ip_not_allowed: () => "The key may not be used from this address. Add the address to the key's allowlist.",
  no_route: () => "There is nothing for keys at this path and method. Check both.",
  insufficient_scope: (verdict) =>
    `The key lacks a scope: this needs ${scopesOf(verdict)}, and it has ${verdict.key?.scopes.join(", ") || "none"}. Give the key the scope.`,
  wrong_account: () => "The path names another account. A key reaches its own account's things only.",
  feature_not_in_plan: ({ key }) =>
    `The plan ${key?.plan ?? "of the account"} does not include this. Choose a plan that does.`,
  concurrency_exceeded: () => "As many requests ran as may run at once. Wait for one to end.",
  rate_exceeded: (verdict) => `Too many requests came in a short time.${waitOf(verdict)}`,
  unmeasurable_request: () =>
    "What the request costs could not be told from its body. Send the body as documented.",
  request_too_large: () => "The body is too large to tell what it costs. Send less at once.",
  allowance_exceeded: ({ allowance }) =>
    `What is left of the allowance does not pay for it. It is filled again ${allowance === undefined ? "with the next period" : `on ${new Date(allowance.resetsAt).toISOString().slice(0, 10)}`}.`,
  insufficient_credits: () => "The account has too few credits. Add some.",
  store_unavailable: () =>
    "The key could not be checked at that moment. It may well be valid: send the request again.",
};

export function reasonOf(verdict: Verdict): string {
  return WORDS[verdict.code](verdict);
}

function scopesOf(verdict: Verdict): string {
  return (!verdict.allowed && verdict.requiredScopes?.join(" and ")) || "another one";
}

function waitOf(verdict: Verdict): string {
  const seconds = verdict.allowed ? undefined : verdict.retryAfterSeconds;
  return seconds === undefined ? " Send them further apart." : ` Wait ${seconds} s.`;
}
