// One-time secrets: links of resets, invitations and set-up, launch codes, and the bearer tokens of embedded pages. Only their digests are
// kept, and each is taken at most once.
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { newId } from "../base/ids.ts";
import type { Tables, TokenRow } from "./tables.ts";

export type TokenKind = "reset" | "confirm" | "invitation" | "setup" | "launch" | "portal";

/** Of a kind for members and one for operators, so that neither opens what is the other's. */
export type TokenName = `${"member" | "operator"}-${TokenKind}`;

export interface IssuedToken {
  readonly id: string;
  /** Given out here and nowhere else. */
  readonly text: string;
  readonly expiresAt: number;
}

export interface FoundToken<Data> {
  readonly id: string;
  readonly subject: string;
  readonly data: Data;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface Tokens {
  issue(name: TokenName, subject: string, data: object, ttlMs: number): Promise<IssuedToken>;
  /** `undefined` for what is unknown, of another name, used or expired: nobody is told which. */
  read<Data>(name: TokenName, text: string): Promise<FoundToken<Data> | undefined>;
  /** Of two that come at once one gets it. */
  take<Data>(name: TokenName, text: string): Promise<FoundToken<Data> | undefined>;
  /** Those that have not expired, newest first. */
  list<Data>(name: TokenName, subject: string): Promise<FoundToken<Data>[]>;
  /** Whether there was such a one. */
  end(name: TokenName, subject: string, id?: string): Promise<boolean>;
}

const TOKEN_BYTES = 32;

export function createTokens(tables: Tables, clock: Clock): Tokens {
  const found = <Data>(row: TokenRow | undefined): FoundToken<Data> | undefined =>
    row === undefined || row.expiresAt <= clock.now() ? undefined : { ...row, data: JSON.parse(row.data) };
  return {
    async issue(name, subject, data, ttlMs) {
      const now = clock.now();
      const text = randomBytes(TOKEN_BYTES).toString("base64url");
      const [id, expiresAt] = [newId("tok"), now + ttlMs];
      const row = { id, digest: digestOf(text), kind: name, subject, data: JSON.stringify(data) };
      await tables.deleteFrom("people_tokens").where("expiresAt", "<=", now).execute();
      await tables
        .insertInto("people_tokens")
        .values({ ...row, createdAt: now, expiresAt })
        .execute();
      return { id, text, expiresAt };
    },
    async read(name, text) {
      const row = await tables
        .selectFrom("people_tokens")
        .selectAll()
        .where("digest", "=", digestOf(text))
        .where("kind", "=", name)
        .executeTakeFirst();
      return found(row);
    },
    async take(name, text) {
      const row = await tables
        .deleteFrom("people_tokens")
        .where("digest", "=", digestOf(text))
        .where("kind", "=", name)
        .returningAll()
        .executeTakeFirst();
      return found(row);
    },
    async list<Data>(name: TokenName, subject: string) {
      const rows = await tables
        .selectFrom("people_tokens")
        .selectAll()
        .where("kind", "=", name)
        .where("subject", "=", subject)
        .orderBy("createdAt", "desc")
        .execute();
      return rows.flatMap((row) => found<Data>(row) ?? []);
    },
    async end(name, subject, id) {
      let query = tables.deleteFrom("people_tokens").where("kind", "=", name).where("subject", "=", subject);
      if (id !== undefined) query = query.where("id", "=", id);
      return (await query.executeTakeFirst()).numDeletedRows > 0n;
    },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
