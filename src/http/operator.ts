// Operators at the control plane: a session in the place of a root key, with the scopes of the operator's role.
import type { FastifyRequest } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import type { Caller } from "../manage/save.ts";
import { operatorRole } from "../people/operators.ts";
import { readSession, type SignedIn } from "../people/sessions.ts";
import type { OperatorRole } from "../people/tables.ts";
import { closeScopes } from "../policy/scope.ts";
import { BUILTIN_PROJECT } from "../project/builtin.ts";
import type { RootScope } from "./operation.ts";
import { assertOwnPage } from "./own-page.ts";
import type { PeopleDoor } from "./people-door.ts";
import { visitorOf } from "./visitor.ts";

const READS = ["projects:read", "accounts:read", "keys:read", "audit:read", "people:read"];

const SCOPES: Readonly<Record<OperatorRole, readonly string[]>> = {
  viewer: READS,
  support: [...READS, "accounts:write", "keys:write", "keys:verify"],
  admin: [...READS, "accounts:write", "keys:write", "keys:verify", "projects:write"],
  owner: ["*"],
};

export function scopesOf(role: OperatorRole): ReadonlySet<string> {
  return closeScopes(BUILTIN_PROJECT.scopes, SCOPES[role]);
}

export interface Operator extends SignedIn {
  readonly role: OperatorRole;
}

/** `undefined` without a session; one of a person who is no operator any more counts as none. */
export async function operatorOf(door: PeopleDoor, request: FastifyRequest): Promise<Operator | undefined> {
  const { people, trustedProxies } = door;
  const signedIn = await readSession(people.operators, visitorOf(request, trustedProxies));
  if (signedIn === undefined) return undefined;
  const role = await operatorRole(people.tables, signedIn.person.id);
  return role && { ...signedIn, role };
}

/** `undefined` without a session. Throws `csrf_failed`, `insufficient_scope` and `reauth_required`. */
export async function operatorCaller(
  door: PeopleDoor,
  request: FastifyRequest,
  scope: RootScope,
  fresh: boolean,
): Promise<Caller | undefined> {
  const operator = await operatorOf(door, request);
  if (operator === undefined) return undefined;
  assertOwnPage(request, door.origin);
  const scopes = scopesOf(operator.role);
  if (!scopes.has(scope))
    throw new ClavigerError("insufficient_scope", `The role ${operator.role} does not include ${scope}.`);
  if (fresh) assertFresh(door, operator.session.authenticatedAt);
  return { actor: `operator:${operator.person.id}`, scopes };
}

/** Hostile H08: a stolen session makes no key. */
const FRESH_MS = 10 * 60_000;

/** Throws `reauth_required`. */
export function assertFresh({ people }: Pick<PeopleDoor, "people">, authenticatedAt: number): void {
  if (people.clock.now() - authenticatedAt <= FRESH_MS) return;
  throw new ClavigerError("reauth_required", "Confirm who you are, then repeat what you did.");
}
