// What an answer's headers say about what was used and what is left. Pure; an unreadable header counts as absent.
import { readDate, readMoment, readNumber } from "./instant.ts";
import { known } from "./known.ts";

export interface Limit {
  /** The policy's name in the RateLimit fields. */
  readonly name?: string;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: Date;
  readonly windowSeconds?: number;
}

/** The limit that counts: of X-RateLimit-*, else the policy with the least remaining. What is not known is not there. */
export interface Usage extends Limit {
  readonly retryAfterMs?: number;
  /** X-RateLimit-Scopes and X-RateLimit-Tier. */
  readonly scopes?: readonly string[];
  readonly tier?: string;
  /** One entry for each policy of RateLimit and RateLimit-Policy, the one with the least remaining first. */
  readonly limits: readonly Limit[];
}

export function readUsage(headers: Headers, nowMs: number): Usage {
  const limits = readLimits(headers, nowMs);
  const of = (name: string): string | null =>
    headers.get(`x-ratelimit-${name}`) ?? headers.get(`ratelimit-${name}`);
  // Some servers add their policy to the number: `100, 100;w=60`.
  const count = (name: string): number | undefined => readNumber(of(name)?.split(/[,;]/)[0]);
  const plain: Limit = known({
    limit: count("limit"),
    remaining: count("remaining"),
    resetAt: readMoment(of("reset"), nowMs),
  });
  return {
    ...(Object.keys(plain).length > 0 ? plain : limits[0]),
    ...known({
      retryAfterMs: readRetryAfterMs(headers, nowMs),
      scopes: of("scopes")?.match(/[^\s,]+/g),
      tier: of("tier"),
    }),
    limits,
  };
}

/** Retry-After in seconds or as a date (RFC 9110 section 10.2.3); retry-after-ms is finer and goes first. */
function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get("retry-after");
  const seconds = readNumber(text);
  const date = readDate(text);
  return (
    readNumber(headers.get("retry-after-ms")) ??
    (seconds === undefined ? date && Math.max(0, date.getTime() - nowMs) : seconds * 1000)
  );
}

/** A member of a list or dictionary (RFC 9651), and one of its parts: what commas and semicolons part, outside of quotes. */
const MEMBER = /(?:"(?:\\.|[^"\\])*"|[^",])+/g;
const PART = /(?:"(?:\\.|[^"\\])*"|[^";])+/g;

/**
 * The RateLimit fields of the IETF (draft-ietf-httpapi-ratelimit-headers): `"name";r=50;t=30` and `"name";q=100;w=60`, and of
 * its drafts up to 7: `limit=100, remaining=50, reset=30` and `100;w=60`.
 */
function readLimits(headers: Headers, nowMs: number): Limit[] {
  const byName = new Map<string | undefined, Limit>();
  for (const field of ["ratelimit-policy", "ratelimit"]) {
    for (const member of headers.get(field)?.match(MEMBER) ?? []) {
      const [first = "", ...parts] = (member.match(PART) ?? []).map((part) => part.trim());
      const isNamed = !/^\d+$|^[^"]+=/.test(first);
      const name = isNamed ? first.replace(/^"|"$/g, "") : undefined;
      const words = readWords([isNamed || first.includes("=") ? first : `q=${first}`, ...parts], nowMs);
      byName.set(name, { ...known({ name }), ...byName.get(name), ...words });
    }
  }
  return [...byName.values()].sort((a, b) => (a.remaining ?? Infinity) - (b.remaining ?? Infinity));
}

function readWords(parts: readonly string[], nowMs: number): Limit {
  const words: Record<string, string> = Object.fromEntries(parts.map((part) => part.split("=")));
  const seconds = readNumber(words.t ?? words.reset) ?? Number.NaN;
  return known({
    limit: readNumber(words.q ?? words.limit),
    remaining: readNumber(words.r ?? words.remaining),
    resetAt: readDate(nowMs + seconds * 1000, /^/),
    windowSeconds: readNumber(words.w),
  });
}
