// The room as a whole: both kinds of people over one database. It knows no project and no key.
import type { Clock } from "../base/clock.ts";
import type { PeopleDatabase } from "../store/people.ts";
import type { Kind } from "./auth.ts";
import type { Mailer } from "./mail.ts";
import { createHashing } from "./password.ts";
import { openSide, type Side } from "./side.ts";
import { createTables, type Tables } from "./tables.ts";
import { createTokens, type Tokens } from "./tokens.ts";

export interface People {
  readonly members: Side;
  readonly operators: Side;
  readonly tokens: Tokens;
  readonly tables: Tables;
  readonly clock: Clock;
  readonly mailer: Mailer | undefined;
  /** Where the pages of each kind are, without a slash at the end; what links begin with (hostile H16). */
  readonly urls: PeopleUrls;
  /** For cursors and other values that are given out and come back. */
  readonly secret: string;
  close(): Promise<void>;
}

export interface PeopleUrls {
  readonly portal: string;
  readonly console: string;
}

export interface PeopleOptions {
  readonly database: PeopleDatabase;
  /** A secret for a purpose, at least 32 characters, always the same for the same words. */
  readonly secretFor: (purpose: string) => string;
  readonly clock: Clock;
  readonly mailer: Mailer | undefined;
  readonly urls: PeopleUrls;
}

/** Brings the tables up to date. */
export async function openPeople(options: PeopleOptions): Promise<People> {
  const { database, secretFor, clock, mailer, urls } = options;
  await database.alone(() => createTables(database));
  const tables = database.tables as Tables;
  const tokens = createTokens(tables, clock);
  const hashing = createHashing();
  const side = (kind: Kind, url: string, issuer: string) =>
    openSide({
      kind,
      database,
      secret: secretFor(`people ${kind}`),
      isHttps: url.startsWith("https://"),
      issuer,
      hashing,
      tokens,
      clock,
      mailer,
    });
  const members = await side("member", urls.portal, "API keys");
  const operators = await side("operator", urls.console, "Claviger");
  return {
    members,
    operators,
    tokens,
    tables,
    clock,
    mailer,
    urls,
    secret: secretFor("people pages"),
    async close() {
      await mailer?.close();
      await database.close();
    },
  };
}
