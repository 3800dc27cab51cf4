// Forgets who belonged to an account that is erased; people who belong to nothing else are forgotten too.
import { endMemberships, membershipsOf } from "./memberships.ts";
import type { People } from "./people.ts";
import { forgetPerson } from "./sessions.ts";

export async function forgetAccount(
  { members, tables, tokens }: People,
  project: string,
  account: string,
): Promise<void> {
  const subject = `${project}/${account}`;
  for (const name of ["member-invitation", "member-launch", "member-portal"] as const)
    await tokens.end(name, subject);
  for (const person of await endMemberships(tables, { project, account })) {
    if ((await membershipsOf(tables, person)).length > 0) continue;
    await forgetPerson(members, person);
  }
}
