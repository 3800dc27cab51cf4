// Who is signed in and for which account; absent in an embedded page, where the operator vouches for the person.
import { createContext, useContext } from "react";
import type { Membership, Role, Session } from "../shared/api/shapes.ts";

export interface PersonFacts {
  readonly session: Session;
  readonly membership: Membership;
  /** All of the person's accounts in this project. */
  readonly memberships: readonly Membership[];
  readonly choose: (account: string) => void;
}

export const PersonContext = createContext<PersonFacts | undefined>(undefined);

export function usePerson(): PersonFacts {
  const person = useContext(PersonContext);
  if (person === undefined) throw new Error("nobody is signed in on this page");
  return person;
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, developer: 1, admin: 2, owner: 3 };

export const isAtLeast = (role: Role, least: Role): boolean => RANK[role] >= RANK[least];

/** Why a member of this role may not change keys, or nothing. */
export function refusalOf(role: Role): string | undefined {
  return role === "viewer"
    ? "You may look at keys, not change them. Ask an admin of the account to make you a developer."
    : undefined;
}
