// better-auth as it is used here: one instance for each kind of people, on tables of its own, called from inside only. None of its
// own HTTP routes is served.
import { getAdapter } from "better-auth/db/adapter";
import { getMigrations } from "better-auth/db/migration";
import { type BetterAuthOptions, betterAuth } from "better-auth/minimal";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Auth as AuthOf } from "better-auth/types";
import type { Clock } from "../base/clock.ts";
import type { PeopleDatabase } from "../store/people.ts";
import { type Adapter, hashSessionTokens } from "./hashed-sessions.ts";
import type { Hashing } from "./password.ts";

/** Never a flag on one table: a customer has no way to what makes an operator. */
export type Kind = "member" | "operator";

export const SESSION_DAYS = 7;
const SECOND_FACTOR_SECONDS = 600;

export interface AuthParts {
  readonly kind: Kind;
  readonly database: PeopleDatabase;
  /** At least 32 characters; signs cookies and encrypts second factors. */
  readonly secret: string;
  readonly isHttps: boolean;
  /** Shown beside the codes of a second factor. */
  readonly issuer: string;
  /** Nobody signs in before the address was confirmed. */
  readonly confirmsAddress: boolean;
  readonly clock: Clock;
  readonly hashing: Hashing;
}

/** `__Host-` ties a cookie to this host and to TLS (RFC 6265bis); browsers refuse it without (hostile H05). */
export function cookieName(kind: Kind, isHttps: boolean): string {
  return `${isHttps ? "__Host-" : ""}claviger-${kind === "member" ? "portal" : "console"}`;
}

const tablesOf = (kind: Kind) => ({
  user: `people_${kind}_users`,
  session: `people_${kind}_sessions`,
  account: `people_${kind}_credentials`,
  verification: `people_${kind}_verifications`,
  twoFactor: `people_${kind}_second_factors`,
});

export const AUTH_TABLES = [...Object.values(tablesOf("member")), ...Object.values(tablesOf("operator"))];

function optionsFor({ kind, database, secret, isHttps, issuer, confirmsAddress, clock, hashing }: AuthParts) {
  const names = tablesOf(kind);
  const cookie = cookieName(kind, isHttps);
  return {
    appName: issuer,
    secret,
    // No answer is built from it: what a link says is decided where links are made.
    baseURL: isHttps ? "https://claviger.invalid" : "http://claviger.invalid",
    database: { db: database.tables, type: database.dialect },
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    user: { modelName: names.user },
    account: { modelName: names.account },
    verification: { modelName: names.verification, storeIdentifier: "hashed" as const },
    session: {
      modelName: names.session,
      expiresIn: SESSION_DAYS * 86_400,
      disableSessionRefresh: true,
      additionalFields: {
        /** Milliseconds; when the person last proved to be who they are. */
        authenticatedAt: {
          type: "number" as const,
          bigint: true,
          required: false,
          input: false,
          defaultValue: () => clock.now(),
        },
      },
    },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      requireEmailVerification: confirmsAddress,
      // Checked before, by normalPassword.
      minPasswordLength: 1,
      maxPasswordLength: 4_096,
      password: hashing,
    },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: cookie,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" as const, path: "/", secure: isHttps },
      cookies: { session_token: { name: cookie }, two_factor: { name: `${cookie}-second-factor` } },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [
      twoFactor({
        issuer,
        twoFactorCookieMaxAge: SECOND_FACTOR_SECONDS,
        schema: { twoFactor: { modelName: names.twoFactor } },
      }),
    ],
  } satisfies BetterAuthOptions;
}

/** Set by us on every call, and never what a client sent. */
export const ADDRESS_HEADER = "x-claviger-address";

/** Brings the tables up to date first. */
export async function openAuth(parts: AuthParts): Promise<Auth> {
  const options = optionsFor(parts);
  await parts.database.alone(async () => (await getMigrations(options)).runMigrations());
  const adapter = hashSessionTokens(await getAdapter(options));
  return betterAuth<Options>({ ...options, database: () => adapter });
}

type Options = Omit<ReturnType<typeof optionsFor>, "database"> & { database: () => Adapter };
export type Auth = AuthOf<Options>;
