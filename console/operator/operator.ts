// Who is signed in as an operator, and what the role allows.
import { createContext, useContext } from "react";
import type { Client } from "../shared/api/client.ts";
import type { Person } from "../shared/api/shapes.ts";

export interface OperatorSession {
  readonly person: Person;
  readonly role: "owner" | "admin" | "support" | "viewer";
  /** Scopes of the control plane, as a root key would have them. */
  readonly scopes: readonly string[];
}

export interface OperatorFacts {
  readonly session: OperatorSession;
  readonly client: Client;
}

export const OperatorContext = createContext<OperatorFacts | undefined>(undefined);

export function useOperator(): OperatorFacts {
  const facts = useContext(OperatorContext);
  if (facts === undefined) throw new Error("no operator is signed in on this page");
  return facts;
}

/** Why the operator may not, or nothing where they may. */
export function useRefusal(scope: string): string | undefined {
  const { session } = useOperator();
  return session.scopes.includes(scope)
    ? undefined
    : `Your role ${session.role} does not include ${scope}. Ask an owner of this installation.`;
}
