// The tables of people that are ours, and how they come to be. Those of better-auth are made by better-auth, see auth.ts.
import { type Kysely, sql } from "kysely";
import type { PeopleDatabase } from "../store/people.ts";

export const MEMBER_ROLES = ["viewer", "developer", "admin", "owner"] as const;
/** Each may do what those before it may. */
export type MemberRole = (typeof MEMBER_ROLES)[number];

export const OPERATOR_ROLES = ["viewer", "support", "admin", "owner"] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

export interface MembershipRow {
  readonly person: string;
  readonly project: string;
  readonly account: string;
  readonly role: MemberRole;
  readonly createdAt: number;
}

export interface OperatorRow {
  readonly person: string;
  readonly role: OperatorRole;
  readonly createdAt: number;
}

/** A one-time secret: of its text only the digest is kept. */
export interface TokenRow {
  readonly id: string;
  readonly digest: string;
  readonly kind: string;
  /** What it is listed and ended by, such as an account. */
  readonly subject: string;
  /** JSON. */
  readonly data: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface PeopleTables {
  people_memberships: MembershipRow;
  people_operators: OperatorRow;
  people_tokens: TokenRow;
  /** Things that happen once in the life of an instance. */
  people_firsts: { readonly name: string };
}

export type Tables = Kysely<PeopleTables>;

const STATEMENTS = [
  `create table if not exists people_memberships (person text not null, project text not null, account text not null,
     role text not null, "createdAt" bigint not null, primary key (person, project, account))`,
  "create index if not exists people_of_account on people_memberships (project, account)",
  `create table if not exists people_operators (person text primary key, role text not null, "createdAt" bigint not null)`,
  `create table if not exists people_tokens (id text primary key, digest text not null, kind text not null, subject text not null,
     data text not null, "createdAt" bigint not null, "expiresAt" bigint not null)`,
  "create unique index if not exists people_tokens_digest on people_tokens (digest)",
  "create index if not exists people_tokens_subject on people_tokens (kind, subject)",
  "create table if not exists people_firsts (name text primary key)",
];

export async function createTables({ tables }: PeopleDatabase): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(tables);
}
