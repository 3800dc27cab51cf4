// Verdicts in words for people: what happened, and what to do about it. Pure.

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  ok: ["Allowed", ""],
  missing_key: ["No key was sent", "Put the key into the header that the documentation names."],
  multiple_credentials: ["More than one key was sent", "Send one key, in one place."],
  malformed_request: ["The request cannot be read", "Look at the headers that your program sends."],
  ambiguous_path: ["The path has more than one reading", "Send the path without encoded slashes or dots."],
  invalid_key: ["The key is not known", "Compare it with the beginning and the end on the list of keys."],
  revoked_key: ["The key is revoked", "Use another key; a revoked one never works again."],
  disabled_key: ["The key is disabled", "Enable it in the list of keys."],
  expired_key: ["The key has expired", "Make a new key, or rotate sooner next time."],
  account_suspended: ["The account is suspended", "Ask the people you have the account from."],
  wrong_environment: ["The key is of another environment", "Use a key of the environment of this address."],
  ip_not_allowed: ["The address is not on the key's list", "Add the address to the key's allowed addresses."],
  no_route: ["Keys give no access to this path", "Compare method and path with the documentation."],
  insufficient_scope: ["The key lacks a scope", "Give the key the scope, or use one that has it."],
  wrong_account: ["The resource belongs to another account", "Use the id of your own account."],
  feature_not_in_plan: ["The plan does not include this", "Change the plan."],
  concurrency_exceeded: ["Too many requests at the same time", "Wait for one to end before the next."],
  rate_exceeded: ["Too many requests", "Wait as long as Retry-After says, then go on more slowly."],
  unmeasurable_request: [
    "The cost cannot be read from the request",
    "Compare the body with the documentation.",
  ],
  request_too_large: ["The body is too large", "Send less at a time."],
  allowance_exceeded: [
    "The allowance of the month is used up",
    "Wait until it starts anew, or change the plan.",
  ],
  insufficient_credits: ["Too few credits", "Add credits."],
  store_unavailable: ["The service could not decide", "Try again; the key may well be valid."],
};

export const outcomeWord = (code: string): string => WORDS[code]?.[0] ?? code.replaceAll("_", " ");

/** What to do about it; empty for what was allowed. */
export const outcomeAdvice = (code: string): string => WORDS[code]?.[1] ?? "";

export const outcomeCodes = (): string[] => Object.keys(WORDS);
