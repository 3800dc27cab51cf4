// Operators: the first one by a link of the terminal, the others by invitation, each with a role. No default password exists.
import { isoTime } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";
import { createPerson } from "./invitations.ts";
import { normalPassword } from "./password.ts";
import { forgetPerson } from "./sessions.ts";
import type { Side } from "./side.ts";
import { normalEmail } from "./sign-in.ts";
import type { OperatorRole, Tables } from "./tables.ts";

const SETUP_MS = 24 * 3_600_000;
const FIRST = "first operator";

export async function hasOperator(tables: Tables): Promise<boolean> {
  return (
    (await tables.selectFrom("people_operators").select("person").limit(1).executeTakeFirst()) !== undefined
  );
}

/** `undefined` where there is an operator: nobody needs one any more. */
export async function issueSetupToken(side: Side, tables: Tables): Promise<string | undefined> {
  if (await hasOperator(tables)) return undefined;
  return (await side.tokens.issue("operator-setup", FIRST, {}, SETUP_MS)).text;
}

export interface Setup {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Of any number that come at once one makes the first operator (hostile H20). Throws `forbidden` to all others. */
export async function claimSetup(side: Side, tables: Tables, given: Setup): Promise<void> {
  const email = normalEmail("email", given.email);
  const password = normalPassword("password", given.password);
  const refusal = new ClavigerError(
    "forbidden",
    "The set-up link is not good, or has done its work already.",
  );
  if (await hasOperator(tables)) throw refusal;
  if ((await side.tokens.take("operator-setup", given.token)) === undefined) throw refusal;
  const first = await tables
    .insertInto("people_firsts")
    .values({ name: FIRST })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .executeTakeFirst();
  if (first.numInsertedOrUpdatedRows !== 1n) throw refusal;
  const person = await createPerson(side, { name: given.name, email, password });
  await addOperator(side, tables, person, "owner");
}

export async function addOperator(
  side: Side,
  tables: Tables,
  person: string,
  role: OperatorRole,
): Promise<void> {
  await tables
    .insertInto("people_operators")
    .values({ person, role, createdAt: side.clock.now() })
    .onConflict((conflict) => conflict.column("person").doNothing())
    .execute();
}

export async function operatorRole(tables: Tables, person: string): Promise<OperatorRole | undefined> {
  const row = await tables
    .selectFrom("people_operators")
    .select("role")
    .where("person", "=", person)
    .executeTakeFirst();
  return row?.role;
}

export interface OperatorDescription {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: OperatorRole;
  readonly secondFactor: boolean;
  readonly since: string;
}

export async function listOperators(side: Side, tables: Tables): Promise<{ items: OperatorDescription[] }> {
  const rows = await tables.selectFrom("people_operators").selectAll().orderBy("createdAt").execute();
  const items = await Promise.all(
    rows.map(async ({ person, role, createdAt }) => {
      const known = (await side.context.internalAdapter.findUserById(person)) as {
        name: string;
        email: string;
        twoFactorEnabled?: boolean;
      } | null;
      const { name = "", email = "", twoFactorEnabled } = known ?? {};
      return {
        id: person,
        name,
        email,
        role,
        secondFactor: twoFactorEnabled === true,
        since: isoTime(createdAt),
      };
    }),
  );
  return { items };
}

/** `undefined` takes the operator out, with every session. Throws `not_found`, and `conflict` for the last owner. */
export async function changeOperator(
  side: Side,
  tables: Tables,
  person: string,
  role: OperatorRole | undefined,
): Promise<void> {
  await tables.transaction().execute(async (transaction) => {
    const rows = await transaction.selectFrom("people_operators").selectAll().execute();
    const before = rows.find((row) => row.person === person);
    if (before === undefined) throw new ClavigerError("not_found", "There is no such operator.");
    const owners = rows.filter((row) => row.role === "owner").length;
    if (before.role === "owner" && role !== "owner" && owners === 1)
      throw new ClavigerError("conflict", "Nobody would be left who may do everything.");
    if (role === undefined)
      await transaction.deleteFrom("people_operators").where("person", "=", person).execute();
    else
      await transaction.updateTable("people_operators").set({ role }).where("person", "=", person).execute();
  });
  if (role === undefined) await forgetPerson(side, person);
}
