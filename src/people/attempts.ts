// How often somebody may try to prove who they are. Counts before anything is hashed, in the memory of this process; it knows no
// password and no person.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";

const WINDOW_MS = 15 * 60_000;
/** Hostile H11: a refusal by the tenth try at the latest. */
const PER_ACCOUNT = 8;
/** After so many failures without a success nothing but a known device or a reset opens the account. */
const CONSECUTIVE = 100;
/** A known device has a budget of its own, so that a stranger cannot lock its owner out. */
const PER_DEVICE = 8;
/** One address, or the /64 of one (hostile H13). Offices share an address. */
const PER_ADDRESS = 60;
/** All strangers together: a spray from many addresses. */
const PER_EVERYBODY = 2_000;
const MOST_REMEMBERED = 50_000;

export interface Trial {
  /** See canonicalAccount. */
  readonly account: string;
  /** As `addressBucket` spells it. */
  readonly address: string;
  /** What `deviceFor` gave out to this browser. */
  readonly device?: string | undefined;
}

export interface Attempts {
  /** Counts the try. Throws `too_many_attempts`, with the seconds to wait. */
  begin(trial: Trial): void;
  /** The proof was good: the account's failures are forgotten. */
  succeed(trial: Trial): void;
  /** A value for a cookie, by which this browser is known for this account. */
  deviceFor(account: string): string;
}

/**
 * What counts as one account: spellings that reach the same mailbox as a rule, so that nobody multiplies their tries by case, by
 * spaces, by look-alikes of compatibility (NFKC) or by what follows a plus.
 */
export function canonicalAccount(email: string): string {
  return email
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*(?=@)/, "");
}

export function createAttempts(secret: string, clock: Clock): Attempts {
  const windows = new LRUCache<string, { since: number; count: number }>({ max: MOST_REMEMBERED });
  const failures = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  const isKnown = ({ device, account }: Trial) => device !== undefined && vouches(secret, device, account);
  const take = (name: string, most: number): void => {
    const now = clock.now();
    let window = windows.get(name);
    if (window === undefined || now - window.since >= WINDOW_MS) window = { since: now, count: 0 };
    windows.set(name, window);
    if (window.count >= most) throw tooMany(window.since + WINDOW_MS - now);
    window.count += 1;
  };
  return {
    begin(trial) {
      if (isKnown(trial)) return take(`device ${trial.account} ${trial.device}`, PER_DEVICE);
      const failed = failures.get(trial.account) ?? 0;
      if (failed >= CONSECUTIVE) throw tooMany(WINDOW_MS);
      take(`address ${trial.address}`, PER_ADDRESS);
      take(`account ${trial.account}`, PER_ACCOUNT);
      take("everybody", PER_EVERYBODY);
      failures.set(trial.account, failed + 1);
    },
    succeed(trial) {
      failures.delete(trial.account);
      windows.delete(`account ${trial.account}`);
      if (trial.device !== undefined) windows.delete(`device ${trial.account} ${trial.device}`);
    },
    deviceFor(account) {
      const nonce = randomBytes(12).toString("base64url");
      return `${nonce}.${signature(secret, nonce, account)}`;
    },
  };
}

function tooMany(waitMs: number): ClavigerError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ClavigerError("too_many_attempts", "Too many attempts; wait before you try again.", {
    retryAfterSeconds,
  });
}

function signature(secret: string, nonce: string, account: string): string {
  return createHmac("sha256", secret).update(`device ${nonce} ${account}`).digest("base64url");
}

function vouches(secret: string, device: string, account: string): boolean {
  const [nonce = "", given = ""] = device.split(".");
  const wanted = Buffer.from(signature(secret, nonce, account));
  const found = Buffer.from(given);
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}
