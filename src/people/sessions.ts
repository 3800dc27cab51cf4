// Sessions of people: read, listed, ended. Read from the database at every request, so that one that ended anywhere is ended
// everywhere (hostile H07).
import { isoTime } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";
import { type Cookies, headersOf, type Side, type Visitor } from "./side.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly secondFactor: boolean;
}

export interface SignedIn {
  readonly person: Person;
  readonly session: {
    readonly id: string;
    /** Leaves this room in no answer. */
    readonly token: string;
    /** Milliseconds, as the next. */
    readonly authenticatedAt: number;
    readonly expiresAt: number;
  };
}

/** Said again after so long that a session is in use. */
const SEEN_MS = 60_000;

export async function readSession(side: Side, visitor: Visitor): Promise<SignedIn | undefined> {
  if (visitor.cookie === undefined || !visitor.cookie.includes(`${side.cookie}=`)) return undefined;
  const found = await side.auth.api.getSession({ headers: headersOf(visitor) });
  if (found === null) return undefined;
  const { session, user } = found;
  if (Date.now() - session.updatedAt.getTime() >= SEEN_MS)
    await side.context.internalAdapter.updateSession(session.token, { updatedAt: new Date() });
  return {
    person: { id: user.id, name: user.name, email: user.email, secondFactor: user.twoFactorEnabled === true },
    session: {
      id: session.id,
      token: session.token,
      authenticatedAt: Number(session.authenticatedAt ?? 0),
      expiresAt: session.expiresAt.getTime(),
    },
  };
}

/** Throws `session_required`. */
export async function requireSession(side: Side, visitor: Visitor): Promise<SignedIn> {
  const found = await readSession(side, visitor);
  if (found === undefined) throw new ClavigerError("session_required", "Sign in first.");
  return found;
}

export interface SessionDescription {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly address: string;
  readonly userAgent: string;
}

export async function listSessions(
  side: Side,
  { person, session }: SignedIn,
): Promise<{ items: SessionDescription[] }> {
  const sessions = await side.context.internalAdapter.listSessions(person.id, { onlyActiveSessions: true });
  const items = sessions.map((one) => ({
    id: one.id,
    current: one.id === session.id,
    createdAt: isoTime(one.createdAt.getTime()),
    lastSeenAt: isoTime(one.updatedAt.getTime()),
    expiresAt: isoTime(one.expiresAt.getTime()),
    address: one.ipAddress ?? "",
    userAgent: one.userAgent ?? "",
  }));
  return { items: items.sort((one, other) => (one.lastSeenAt < other.lastSeenAt ? 1 : -1)) };
}

/** Of the person's own only. Throws `not_found`. */
export async function endSession(side: Side, { person }: SignedIn, id: string): Promise<void> {
  const ended = await side.context.adapter.deleteMany({
    model: "session",
    where: [
      { field: "id", value: id },
      { field: "userId", value: person.id },
    ],
  });
  if (ended === 0) throw new ClavigerError("not_found", "There is no such session.");
}

/** All but `keep`. */
export async function endSessions(side: Side, person: string, keep?: string): Promise<void> {
  await side.context.adapter.deleteMany({
    model: "session",
    where: [
      { field: "userId", value: person },
      ...(keep === undefined ? [] : [{ field: "id", value: keep, operator: "ne" as const }]),
    ],
  });
}

/** For good: sessions, second factor, credentials, name and address. The address may come again. */
export async function forgetPerson(side: Side, person: string): Promise<void> {
  await endSessions(side, person);
  await side.context.adapter.deleteMany({ model: "twoFactor", where: [{ field: "userId", value: person }] });
  await side.context.internalAdapter.deleteUser(person);
}

export async function signOut(side: Side, visitor: Visitor): Promise<Cookies> {
  const answer = await side.auth.api.signOut({ headers: headersOf(visitor), asResponse: true });
  return { cookies: answer.headers.getSetCookie() };
}
