// Who belongs to which account, and as what. Read at every request, so that a role that was lowered is lowered at once.
import type { Clock } from "../base/clock.ts";
import { isoTime } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";
import { MEMBER_ROLES, type MemberRole, type MembershipRow, type Tables } from "./tables.ts";

export interface Membership {
  readonly project: string;
  readonly account: string;
  readonly role: MemberRole;
}

export function suffices(held: MemberRole, wanted: MemberRole): boolean {
  return MEMBER_ROLES.indexOf(held) >= MEMBER_ROLES.indexOf(wanted);
}

export async function membershipsOf(tables: Tables, person: string): Promise<Membership[]> {
  return tables
    .selectFrom("people_memberships")
    .select(["project", "account", "role"])
    .where("person", "=", person)
    .orderBy("createdAt")
    .execute();
}

/** A role that is there already stays as it is. */
export async function addMembership(
  tables: Tables,
  clock: Clock,
  person: string,
  { project, account, role }: Membership,
): Promise<void> {
  await tables
    .insertInto("people_memberships")
    .values({ person, project, account, role, createdAt: clock.now() })
    .onConflict((conflict) => conflict.columns(["person", "project", "account"]).doNothing())
    .execute();
}

export async function rowsOfAccount(
  tables: Tables,
  { project, account }: Omit<Membership, "role">,
): Promise<MembershipRow[]> {
  return tables
    .selectFrom("people_memberships")
    .selectAll()
    .where("project", "=", project)
    .where("account", "=", account)
    .orderBy("createdAt")
    .execute();
}

export interface MemberDescription {
  readonly person: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly since: string;
}

export async function listMembers(
  tables: Tables,
  named: (id: string) => Promise<{ name: string; email: string } | null>,
  place: Omit<Membership, "role">,
): Promise<{ items: MemberDescription[] }> {
  const rows = await rowsOfAccount(tables, place);
  const items = await Promise.all(
    rows.map(async ({ person, role, createdAt }) => {
      const known = await named(person);
      return { person, name: known?.name ?? "", email: known?.email ?? "", role, since: isoTime(createdAt) };
    }),
  );
  return { items };
}

export interface MemberChange extends Omit<Membership, "role"> {
  readonly person: string;
  /** `undefined` takes the person out. */
  readonly role: MemberRole | undefined;
  /** Of whoever asks: owners are made and unmade by owners only. */
  readonly by: MemberRole;
}

/** Throws `not_found`, `forbidden`, and `conflict` for the last owner. */
export async function changeMember(tables: Tables, change: MemberChange): Promise<void> {
  const { project, account, person, role, by } = change;
  await tables.transaction().execute(async (transaction) => {
    const rows = await rowsOfAccount(transaction, { project, account });
    const before = rows.find((row) => row.person === person);
    if (before === undefined) throw new ClavigerError("not_found", "There is no such member.");
    if ((before.role === "owner" || role === "owner") && by !== "owner")
      throw new ClavigerError("forbidden", "Only an owner may do this to an owner.");
    const owners = rows.filter((row) => row.role === "owner");
    if (before.role === "owner" && role !== "owner" && owners.length === 1)
      throw new ClavigerError("conflict", "The account would be left without an owner.");
    if (role === undefined)
      await transaction
        .deleteFrom("people_memberships")
        .where("project", "=", project)
        .where("account", "=", account)
        .where("person", "=", person)
        .execute();
    else
      await transaction
        .updateTable("people_memberships")
        .set({ role })
        .where("project", "=", project)
        .where("account", "=", account)
        .where("person", "=", person)
        .execute();
  });
}

/** For an account that is erased. Answers who belonged to it. */
export async function endMemberships(tables: Tables, place: Omit<Membership, "role">): Promise<string[]> {
  const rows = await rowsOfAccount(tables, place);
  await tables
    .deleteFrom("people_memberships")
    .where("project", "=", place.project)
    .where("account", "=", place.account)
    .execute();
  return rows.map(({ person }) => person);
}
