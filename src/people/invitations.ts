// Invitations: a one-time link that makes a person a member of an account, or an operator. It brings the person into being where
// there is none yet.
import { isoTime } from "../base/clock.ts";
import { ClavigerError } from "../base/errors.ts";
import { invitationLetter, linkTo, type Pages } from "./letters.ts";
import { normalPassword } from "./password.ts";
import type { Side } from "./side.ts";
import { badToken, normalEmail } from "./sign-in.ts";
import type { FoundToken } from "./tokens.ts";

export interface Invitation<Role extends string> {
  readonly email: string;
  readonly role: Role;
  /** What the letter and the page call it. */
  readonly title: string;
  /** For whom: an account's place, or nothing for operators. */
  readonly project?: string;
  readonly account?: string;
}

export interface InvitationDescription<Role extends string> {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Only at once, and only where no mail was sent. */
  readonly link?: string;
}

const INVITATION_MS = 7 * 24 * 3_600_000;
/** Each is a mail to a stranger. */
const MOST_OPEN = 50;

/** `subject` is what it is listed and ended by. Throws `limit_reached`. */
export async function invite<Role extends string>(
  side: Side,
  subject: string,
  given: Invitation<Role>,
  pages: Pages,
): Promise<InvitationDescription<Role>> {
  const name = `${side.kind}-invitation` as const;
  const invitation = { ...given, email: normalEmail("email", given.email) };
  if ((await side.tokens.list(name, subject)).length >= MOST_OPEN)
    throw new ClavigerError("limit_reached", `At most ${MOST_OPEN} invitations may be open.`);
  const { id, text, expiresAt } = await side.tokens.issue(name, subject, invitation, INVITATION_MS);
  const link = linkTo(pages, "invitation", text);
  side.mailer?.send(invitationLetter(pages, invitation.email, link, invitation.title));
  const described = describe({ id, subject, data: invitation, createdAt: side.clock.now(), expiresAt });
  return side.mailer === undefined ? { ...described, link } : described;
}

export async function listInvitations<Role extends string>(
  side: Side,
  subject: string,
): Promise<{ items: InvitationDescription<Role>[] }> {
  const found = await side.tokens.list<Invitation<Role>>(`${side.kind}-invitation`, subject);
  return { items: found.map(describe) };
}

function describe<Role extends string>({ id, data, createdAt, expiresAt }: FoundToken<Invitation<Role>>) {
  const { email, role } = data;
  return { id, email, role, createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt) };
}

/** Throws `invalid_request` for a token that is not good. */
export async function readInvitation<Role extends string>(
  side: Side,
  token: string,
): Promise<FoundToken<Invitation<Role>>> {
  const found = await side.tokens.read<Invitation<Role>>(`${side.kind}-invitation`, token);
  if (found === undefined) throw badToken();
  return found;
}

export interface Acceptance {
  readonly token: string;
  /** Of a person who is signed in: the invitation must be for their address. */
  readonly person?: { readonly id: string; readonly email: string } | undefined;
  /** Of one who has no account yet. */
  readonly name?: string | undefined;
  readonly password?: string | undefined;
}

/** Takes the invitation. Throws `invalid_request`, `forbidden` and `validation_failed`. */
export async function acceptInvitation<Role extends string>(
  side: Side,
  given: Acceptance,
): Promise<{ person: string; invitation: Invitation<Role> }> {
  const { data } = await readInvitation<Role>(side, given.token);
  if (given.person !== undefined && given.person.email !== data.email)
    throw new ClavigerError("forbidden", "The invitation is for another address: sign out first.");
  // Checked before the token is spent.
  const password = given.person ? undefined : normalPassword("password", given.password ?? "");
  const known = await side.context.internalAdapter.findUserByEmail(data.email);
  if (given.person === undefined && known !== null)
    throw new ClavigerError(
      "session_required",
      "The address is known here: sign in first, then open the link again.",
    );
  const taken = await side.tokens.take<Invitation<Role>>(`${side.kind}-invitation`, given.token);
  if (taken === undefined) throw badToken();
  if (password === undefined) return { person: given.person!.id, invitation: taken.data };
  const person = await createPerson(side, { name: given.name ?? data.email, email: data.email, password });
  return { person, invitation: taken.data };
}

/** With a confirmed address: the link came to it, or was handed over by who answers for it. */
export async function createPerson(
  side: Side,
  { name, email, password }: { name: string; email: string; password: string },
): Promise<string> {
  const { internalAdapter } = side.context;
  const hash = await side.hashing.hash(password);
  const user = await internalAdapter.createUser(
    { name, email, emailVerified: true },
    { method: "email-password" },
  );
  await internalAdapter.linkAccount({
    userId: user.id,
    providerId: "credential",
    accountId: user.id,
    password: hash,
  });
  return user.id;
}
