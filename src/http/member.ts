// Members at the portal: who signed in, or whose portal token was sent, and whether the account that a request is about is theirs.
import type { FastifyRequest, onRequestAsyncHookHandler, RouteOptions } from "fastify";
import { ClavigerError, invalidField } from "../base/errors.ts";
import { membershipsOf, suffices } from "../people/memberships.ts";
import { readSession } from "../people/sessions.ts";
import type { MemberRole } from "../people/tables.ts";
import type { Store } from "../store/contract.ts";
import type { MemberAccess } from "./member-access.ts";
import { assertFresh } from "./operator.ts";
import { assertOwnPage } from "./own-page.ts";
import type { PeopleDoor } from "./people-door.ts";
import { authorizationLines } from "./principal.ts";
import { visitorOf } from "./visitor.ts";

export interface PortalToken {
  readonly project: string;
  readonly account: string;
  readonly role: MemberRole;
  readonly launch: string;
}

/** A route of the portal that members may not call keeps it from starting. */
export function guardMemberRoute(door: PeopleDoor, store: Pick<Store, "key">, route: RouteOptions): void {
  const { access, member, fresh = false } = route.config ?? {};
  if (access === "anyone" && member === undefined) return;
  if (member === undefined) throw new Error(`${route.url} is not for members`);
  route.onRequest = [requireMember(door, fresh)];
  route.preHandler = [async (request) => requireAccount(store, request, member)];
}

function requireMember(door: PeopleDoor, fresh: boolean): onRequestAsyncHookHandler {
  return async (request) => {
    const lines = authorizationLines(request.raw.rawHeaders);
    if (lines.length > 0) return acceptToken(door, request, lines);
    const signedIn = await readSession(door.people.members, visitorOf(request, door.trustedProxies));
    if (signedIn === undefined) throw sessionRequired();
    assertOwnPage(request, door.origin);
    if (fresh) assertFresh(door, signedIn.session.authenticatedAt);
    const { person } = signedIn;
    const memberships = await membershipsOf(door.people.tables, person.id);
    request.member = { person, memberships, role: undefined };
    request.caller = { actor: `member:${person.id}`, scopes: new Set() };
  };
}

/** A token lives in a page's memory for an hour at most: it counts as fresh for as long. */
async function acceptToken(
  { people }: PeopleDoor,
  request: FastifyRequest,
  lines: readonly string[],
): Promise<void> {
  if (lines.length > 1) throw new ClavigerError("multiple_credentials", "Send one Authorization header.");
  const text = /^Bearer +([A-Za-z0-9_-]{20,200})$/i.exec(lines[0]!)?.[1];
  const found = text === undefined ? undefined : await people.tokens.read<PortalToken>("member-portal", text);
  if (found === undefined) throw sessionRequired();
  const { project, account, role } = found.data;
  request.member = { person: undefined, memberships: [{ project, account, role }], role: undefined };
  request.caller = { actor: `portal:${found.data.launch}`, scopes: new Set() };
}

function sessionRequired(): ClavigerError {
  return new ClavigerError("session_required", "Sign in first.");
}

async function requireAccount(
  store: Pick<Store, "key">,
  request: FastifyRequest,
  { role, account: place }: MemberAccess,
): Promise<void> {
  const member = request.member!;
  if (place === "none") {
    if (member.person === undefined) throw new ClavigerError("forbidden", "A person must sign in for this.");
    return;
  }
  const { project } = request.params as { project: string };
  const account = await accountOf(store, request, place, project);
  const held = member.memberships.find((one) => one.project === project && one.account === account);
  // Another's account and one that does not exist are told apart by nobody (hostile G03).
  if (held === undefined)
    throw new ClavigerError(
      "not_found",
      place === "key" ? "There is no such key in the project." : "There is no such account in the project.",
    );
  if (!suffices(held.role, role))
    throw new ClavigerError("forbidden", `Your role in this account is ${held.role}; this needs ${role}.`);
  request.member = { ...member, role: held.role };
}

async function accountOf(
  store: Pick<Store, "key">,
  { params, query, body }: FastifyRequest,
  place: Exclude<MemberAccess["account"], "none">,
  project: string,
): Promise<string | undefined> {
  if (place === "key") return (await store.key(project, (params as { key: string }).key))?.account;
  if (place === "path") return (params as { account: string }).account;
  const { account } = (place === "query" ? query : body) as { account?: string };
  if (account === undefined) throw invalidField("account", "must be given");
  return account;
}

/** Refuses what is an operator's to set. Throws `forbidden`. */
export function refuseForMembers({ member }: FastifyRequest, sent: object, fields: readonly string[]): void {
  const field = fields.find((name) => Object.hasOwn(sent, name));
  if (member !== null && field !== undefined)
    throw new ClavigerError("forbidden", `${field} is set by whoever runs the service.`);
}
