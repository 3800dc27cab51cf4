// Signing up and in: what a stranger may try, and how little an answer tells them. Every proof is counted before it is checked.
import { ClavigerError, invalidField } from "../base/errors.ts";
import { canonicalAccount, type Trial } from "./attempts.ts";
import { confirmLetter, knownLetter, linkTo, type Pages } from "./letters.ts";
import { normalPassword } from "./password.ts";
import type { SignedIn } from "./sessions.ts";
import { type Cookies, cookieValue, headersOf, type Side, type Visitor } from "./side.ts";

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What follows from RFC 5321's bounds; what may stand before the @ is the mail server's business. */
export function normalEmail(field: string, text: string): string {
  const email = text.normalize("NFKC").trim().toLowerCase();
  if (email.length > 254 || !/^[^\s@"<>,;:\\[\]()]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(email))
    throw invalidField(field, "must be an e-mail address such as ada@example.com");
  return email;
}

const CONFIRM_MS = 24 * 3_600_000;

/** Says nothing of whether the address was known, in words or in time; its owner is told by mail (hostile H10). */
export async function signUp(side: Side, visitor: Visitor, person: NewPerson, pages: Pages): Promise<void> {
  const email = normalEmail("email", person.email);
  const password = normalPassword("password", person.password);
  side.attempts.begin({ account: `sign-up ${canonicalAccount(email)}`, address: visitor.addressBucket });
  const known = await side.context.internalAdapter.findUserByEmail(email);
  const answer = await side.auth.api.signUpEmail({
    body: { name: person.name, email, password },
    asResponse: true,
  });
  if (!answer.ok) throw new Error(`sign-up answered ${answer.status}`);
  if (side.mailer === undefined) return;
  if (known !== null) return side.mailer.send(knownLetter(pages, email));
  await sendConfirmation(side, email, pages);
}

async function sendConfirmation(side: Side, email: string, pages: Pages): Promise<void> {
  const { text } = await side.tokens.issue(`${side.kind}-confirm`, email, {}, CONFIRM_MS);
  side.mailer?.send(confirmLetter(pages, email, linkTo(pages, "confirm", text)));
}

/** Throws `invalid_request` for a token that is not good, without saying why. */
export async function confirmAddress(side: Side, token: string): Promise<void> {
  const found = await side.tokens.take(`${side.kind}-confirm`, token);
  if (found === undefined) throw badToken();
  const known = await side.context.internalAdapter.findUserByEmail(found.subject);
  if (known !== null) await side.context.internalAdapter.updateUser(known.user.id, { emailVerified: true });
}

export function badToken(): ClavigerError {
  return new ClavigerError("invalid_request", "The link is not good any more; ask for a new one.");
}

export interface SignInAnswer extends Cookies {
  /** A code is wanted before there is a session. */
  readonly secondFactor: boolean;
}

/** Throws `invalid_credentials`, `address_unconfirmed`, `too_many_attempts`, `overloaded`. */
export async function signIn(
  side: Side,
  visitor: Visitor,
  given: { readonly email: string; readonly password: string },
): Promise<SignInAnswer> {
  const trial = trialOf(side, visitor, canonicalAccount(given.email));
  const password = attemptedPassword(given.password);
  side.attempts.begin(trial);
  const email = given.email.normalize("NFKC").trim().toLowerCase();
  const headers = headersOf({ ...visitor, cookie: undefined });
  const answer = await side.auth.api.signInEmail({ body: { email, password }, headers, asResponse: true });
  const body = (await answer.json()) as { code?: string; twoFactorRedirect?: boolean };
  if (body.code === "EMAIL_NOT_VERIFIED")
    throw new ClavigerError("address_unconfirmed", "Open the link in the mail first.");
  if (!answer.ok) {
    // An address that cannot be one is a wrong one; anything else is a defect.
    if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`);
    throw new ClavigerError("invalid_credentials", "The e-mail address or the password is not right.");
  }
  const cookies = answer.headers.getSetCookie();
  if (body.twoFactorRedirect === true) return { secondFactor: true, cookies };
  side.attempts.succeed(trial);
  return { secondFactor: false, cookies: [...cookies, deviceCookie(side, trial.account)] };
}

/** A text that can be nobody's password must cost as much as one that can. */
function attemptedPassword(text: string): string {
  return text.length > 4_096 ? "" : text.normalize("NFKC");
}

const deviceName = ({ cookie }: Side) => `${cookie}-device`;
const DEVICE_SECONDS = 180 * 86_400;

export function trialOf(side: Side, visitor: Visitor, account: string): Trial {
  return { account, address: visitor.addressBucket, device: cookieValue(visitor, deviceName(side)) };
}

function deviceCookie(side: Side, account: string): string {
  const secure = side.isHttps ? "; Secure" : "";
  const value = side.attempts.deviceFor(account);
  return `${deviceName(side)}=${value}; Max-Age=${DEVICE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

export interface GivenCode {
  readonly code?: string | undefined;
  readonly backupCode?: string | undefined;
}

/** After a sign-in that wanted it. Throws `invalid_credentials` and `too_many_attempts`. */
export async function giveCode(side: Side, visitor: Visitor, given: GivenCode): Promise<SignInAnswer> {
  const answer = await checkCode(side, visitor, given);
  return { secondFactor: false, cookies: answer.headers.getSetCookie() };
}

/** better-auth takes five tries for each sign-in and ten in a row for each person, and then locks for 15 minutes. */
async function checkCode(side: Side, visitor: Visitor, { code, backupCode }: GivenCode): Promise<Response> {
  if ((code === undefined) === (backupCode === undefined))
    throw invalidField("code", "or backupCode must be given");
  const headers = headersOf(visitor);
  const answer =
    code === undefined
      ? await side.auth.api.verifyBackupCode({ body: { code: backupCode! }, headers, asResponse: true })
      : await side.auth.api.verifyTOTP({ body: { code }, headers, asResponse: true });
  if (answer.ok) return answer;
  if (answer.status >= 500) throw new Error(`the second factor answered ${answer.status}`);
  if (answer.status === 429)
    throw new ClavigerError("too_many_attempts", "Too many wrong codes; wait before you try again.", {
      retryAfterSeconds: 900,
    });
  throw new ClavigerError("invalid_credentials", "The code is not right, or the sign-in took too long.");
}

/** Proves once more who sits there. Throws `invalid_credentials` and `too_many_attempts`. */
export async function confirmPerson(
  side: Side,
  visitor: Visitor,
  { person, session }: SignedIn,
  given: { readonly password?: string | undefined; readonly code?: string | undefined },
): Promise<void> {
  const trial = trialOf(side, visitor, `confirm ${person.id}`);
  side.attempts.begin(trial);
  if (given.password !== undefined) await checkPassword(side, person.id, given.password);
  else await checkCode(side, visitor, { code: given.code });
  side.attempts.succeed(trial);
  const authenticatedAt = side.clock.now();
  await side.context.internalAdapter.updateSession(session.token, { authenticatedAt });
}

/** Throws `invalid_credentials`. */
export async function checkPassword(side: Side, person: string, password: string): Promise<void> {
  const credentials = await side.context.internalAdapter.findAccounts(person);
  const hash = credentials.find(({ providerId }) => providerId === "credential")?.password ?? "";
  const isRight = await side.hashing.verify({ hash, password: attemptedPassword(password) });
  if (!isRight) throw new ClavigerError("invalid_credentials", "The password is not right.");
}
