// Says whether a failed attempt is worth another, and after how long. Pure; waiting is the client's work.
import type { ApiError } from "./errors.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_OWN_WAIT_MS = 8_000;
/** What a server may ask for; a caller who is told to wait longer wants to know at once. */
const LONGEST_ASKED_WAIT_MS = 60_000;
/** Clients that were all told the same come back spread over this long. */
const SPREAD_MS = 500;

/** Whether the error is of a kind that may pass. The server's own word goes first: it knows whether a repetition does harm. */
export function isWorthRetrying(error: ApiError, isSafeToRepeat: boolean): boolean {
  const asked = error.headers?.get("x-should-retry");
  if (asked === "true") return true;
  // Without a status the connection broke, which may pass too.
  const { status = 500 } = error;
  return asked !== "false" && isSafeToRepeat && ([408, 409, 429].includes(status) || status >= 500);
}

/**
 * Milliseconds to wait after `retries` retries, or undefined when the server asks for more than a minute. What it asks for is
 * waited in full and up to half a second longer; without its word the wait doubles each time, and is up to a quarter shorter.
 */
export function waitBeforeRetry(error: ApiError, retries: number, random: () => number): number | undefined {
  const asked = error.retryAfterMs ?? 0;
  if (asked > LONGEST_ASKED_WAIT_MS) return undefined;
  if (asked > 0) return asked + random() * SPREAD_MS;
  return Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_OWN_WAIT_MS) * (1 - random() / 4);
}
