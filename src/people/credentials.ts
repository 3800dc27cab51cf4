// What a person proves themselves with, changed: the password, the second factor, and a password set anew by a one-time link.
import { ClavigerError } from "../base/errors.ts";
import { canonicalAccount } from "./attempts.ts";
import { linkTo, type Pages, resetLetter } from "./letters.ts";
import { minutesUntil } from "./mail.ts";
import { normalPassword } from "./password.ts";
import { endSessions, type SignedIn } from "./sessions.ts";
import { type Cookies, headersOf, type Side, type Visitor } from "./side.ts";
import { badToken, checkPassword, trialOf } from "./sign-in.ts";

/** Every other session ends; this one goes on under a new token (hostile H06, H07). */
export async function changePassword(
  side: Side,
  visitor: Visitor,
  { person }: SignedIn,
  given: { readonly password: string; readonly newPassword: string },
): Promise<Cookies> {
  const newPassword = normalPassword("newPassword", given.newPassword);
  const trial = trialOf(side, visitor, `confirm ${person.id}`);
  side.attempts.begin(trial);
  await checkPassword(side, person.id, given.password);
  side.attempts.succeed(trial);
  const answer = await side.auth.api.changePassword({
    body: { currentPassword: given.password.normalize("NFKC"), newPassword, revokeOtherSessions: true },
    headers: headersOf(visitor),
    asResponse: true,
  });
  if (!answer.ok) throw new Error(`the change of a password answered ${answer.status}`);
  return { cookies: answer.headers.getSetCookie() };
}

export interface Enrolment {
  /** For an authenticator: otpauth://totp/…. */
  readonly uri: string;
  /** The same secret, for typing. */
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

/** In force after `activateSecondFactor`. Throws `invalid_credentials`, and `conflict` where there is one. */
export async function enrolSecondFactor(
  side: Side,
  visitor: Visitor,
  { person }: SignedIn,
  password: string,
): Promise<Enrolment> {
  await checkPassword(side, person.id, password);
  const answer = await side.auth.api.enableTwoFactor({
    body: { password: password.normalize("NFKC") },
    headers: headersOf(visitor),
    asResponse: true,
  });
  if (!answer.ok) throw new ClavigerError("conflict", "There is a second factor already; remove it first.");
  const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] };
  return { uri: totpURI, secret: new URL(totpURI).searchParams.get("secret") ?? "", backupCodes };
}

export async function activateSecondFactor(side: Side, visitor: Visitor, code: string): Promise<Cookies> {
  const headers = headersOf(visitor);
  const answer = await side.auth.api.verifyTOTP({ body: { code }, headers, asResponse: true });
  if (!answer.ok) throw new ClavigerError("invalid_credentials", "The code is not right.");
  return { cookies: answer.headers.getSetCookie() };
}

export async function removeSecondFactor(
  side: Side,
  visitor: Visitor,
  { person }: SignedIn,
  password: string,
): Promise<Cookies> {
  await checkPassword(side, person.id, password);
  const answer = await side.auth.api.disableTwoFactor({
    body: { password: password.normalize("NFKC") },
    headers: headersOf(visitor),
    asResponse: true,
  });
  if (!answer.ok) throw new ClavigerError("conflict", "There is no second factor to remove.");
  return { cookies: answer.headers.getSetCookie() };
}

/** Hostile H17: 11 minutes are too long. */
const RESET_MS = 10 * 60_000;

export interface ResetLink {
  readonly link: string;
  readonly expiresAt: number;
}

/** For an operator to hand over; earlier links of the person end. */
export async function issueResetLink(side: Side, person: string, pages: Pages): Promise<ResetLink> {
  const name = `${side.kind}-reset` as const;
  await side.tokens.end(name, person);
  const { text, expiresAt } = await side.tokens.issue(name, person, {}, RESET_MS);
  return { link: linkTo(pages, "reset", text), expiresAt };
}

/** The same whoever asks (hostile H10). Throws `mail_unavailable` where no mail can be sent, to everybody. */
export async function requestReset(side: Side, visitor: Visitor, email: string, pages: Pages): Promise<void> {
  const { mailer } = side;
  if (mailer === undefined)
    throw new ClavigerError(
      "mail_unavailable",
      "No mail can be sent here: ask whoever runs this service for a link.",
    );
  const account = canonicalAccount(email);
  side.attempts.begin({ account: `reset ${account}`, address: visitor.addressBucket });
  // Not waited for: an address that is known costs more work than one that is not.
  void side.context.internalAdapter
    .findUserByEmail(email.normalize("NFKC").trim().toLowerCase())
    .then(async (known) => {
      if (known === null) return;
      const { link, expiresAt } = await issueResetLink(side, known.user.id, pages);
      mailer.send(resetLetter(pages, known.user.email, link, minutesUntil(expiresAt, side.clock)));
    })
    .catch(() => {});
}

/** Every session of the person ends. Throws `invalid_request` for a token that is not good. */
export async function completeReset(side: Side, token: string, newPassword: string): Promise<void> {
  const password = normalPassword("password", newPassword);
  const name = `${side.kind}-reset` as const;
  const found = await side.tokens.take(name, token);
  if (found === undefined) throw badToken();
  await setPassword(side, found.subject, password);
}

async function setPassword(side: Side, person: string, password: string): Promise<void> {
  const { internalAdapter } = side.context;
  const hash = await side.hashing.hash(password);
  const known = await internalAdapter.findUserById(person);
  if (known === null) throw badToken();
  await internalAdapter.updatePassword(person, hash);
  // Whoever read the mail or was given the link by an operator owns the address.
  await internalAdapter.updateUser(person, { emailVerified: true });
  await endSessions(side, person);
  side.attempts.succeed({ account: canonicalAccount(known.email), address: "" });
}
