// One kind of people as the rest of this room works with it: its sign-in, its limits and its secrets.
import type { Clock } from "../base/clock.ts";
import type { PeopleDatabase } from "../store/people.ts";
import { type Attempts, createAttempts } from "./attempts.ts";
import { ADDRESS_HEADER, type Auth, cookieName, type Kind, openAuth } from "./auth.ts";
import type { Mailer } from "./mail.ts";
import type { Hashing } from "./password.ts";
import type { Tokens } from "./tokens.ts";

export interface Side {
  readonly kind: Kind;
  readonly auth: Auth;
  readonly context: Awaited<Auth["$context"]>;
  readonly attempts: Attempts;
  readonly hashing: Hashing;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly mailer: Mailer | undefined;
  readonly cookie: string;
  readonly isHttps: boolean;
}

export interface SideParts {
  readonly kind: Kind;
  readonly database: PeopleDatabase;
  readonly secret: string;
  readonly isHttps: boolean;
  readonly issuer: string;
  readonly hashing: Hashing;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly mailer: Mailer | undefined;
}

export async function openSide(parts: SideParts): Promise<Side> {
  const { kind, secret, isHttps, hashing, tokens, clock, mailer } = parts;
  // Operators are invited to their address or set up by whoever owns the machine.
  const confirmsAddress = kind === "member" && mailer !== undefined;
  const auth = await openAuth({ ...parts, confirmsAddress });
  const context = await auth.$context;
  const attempts = createAttempts(secret, clock);
  const cookie = cookieName(kind, isHttps);
  return { kind, auth, context, attempts, hashing, tokens, clock, mailer, cookie, isHttps };
}

/** Who asks, as far as the way in knows. */
export interface Visitor {
  /** The Cookie header as it came. */
  readonly cookie: string | undefined;
  readonly userAgent: string | undefined;
  /** For people to read; empty where it is not known. */
  readonly address: string;
  /** What counts as one client. */
  readonly addressBucket: string;
}

/** What is put on the answer. */
export interface Cookies {
  readonly cookies: readonly string[];
}

export function headersOf({ cookie, userAgent, address }: Visitor): Headers {
  const headers = new Headers();
  if (cookie !== undefined) headers.set("cookie", cookie);
  if (userAgent !== undefined) headers.set("user-agent", userAgent.slice(0, 300));
  if (address !== "") headers.set(ADDRESS_HEADER, address);
  return headers;
}

/** The value of a cookie by its whole name. */
export function cookieValue({ cookie = "" }: Visitor, name: string): string | undefined {
  for (const pair of cookie.split(";")) {
    const [found = "", ...value] = pair.trim().split("=");
    if (found === name) return value.join("=");
  }
  return undefined;
}
