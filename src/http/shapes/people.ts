// People as they are sent and answered: sign-in, sessions, members, invitations, operators. No answer has a field for a session's token.
import { Type } from "typebox";
import { MEMBER_ROLES, OPERATOR_ROLES } from "../../people/tables.ts";
import { listOf, oneOf, strict, Texts, Time } from "./json.ts";

const email = Type.String({ minLength: 3, maxLength: 254 });
const personName = Type.String({ minLength: 1, maxLength: 100 });
/** Its true bounds are told by the operation, before anything is hashed (hostile H14). */
const password = Type.String({ maxLength: 10_000, description: "8 to 1,024 characters after NFKC." });
const token = Type.String({ maxLength: 100, description: "Out of the fragment of a link; works once." });
const code = Type.String({ maxLength: 20, description: "Of the authenticator." });
export const memberRole = oneOf(MEMBER_ROLES);
export const operatorRole = oneOf(OPERATOR_ROLES);

export const NewPerson = Type.Object(
  {
    project: Type.String({ description: "The project on whose portal somebody signs up." }),
    name: personName,
    email,
    password,
  },
  { ...strict, title: "NewPerson" },
);
export const Credentials = Type.Object({ email, password }, { ...strict, title: "Credentials" });
export const SignInAnswer = Type.Object(
  { secondFactor: Type.Boolean({ description: "The session begins after POST /auth/second-factor only." }) },
  { title: "SignInAnswer" },
);
export const GivenCode = Type.Object(
  { code: Type.Optional(code), backupCode: Type.Optional(code) },
  { ...strict, title: "GivenCode" },
);
export const Confirmation = Type.Object(
  { password: Type.Optional(password), code: Type.Optional(code) },
  { ...strict, title: "Confirmation" },
);
export const PasswordChange = Type.Object(
  { password, newPassword: password },
  { ...strict, title: "PasswordChange" },
);
export const OwnPassword = Type.Object({ password }, { ...strict, title: "OwnPassword" });
export const Code = Type.Object({ code }, { ...strict, title: "Code" });
export const Enrolment = Type.Object(
  {
    uri: Type.String({ description: "otpauth://totp/…, for an authenticator." }),
    secret: Type.String({ description: "The same in base32, for typing." }),
    backupCodes: Texts,
  },
  { title: "Enrolment" },
);
export const ResetRequest = Type.Object(
  { email, project: Type.Optional(Type.String({ description: "Whose portal the link leads to." })) },
  { ...strict, title: "ResetRequest" },
);
export const ResetCompletion = Type.Object({ token, password }, { ...strict, title: "ResetCompletion" });
export const GivenToken = Type.Object({ token }, { ...strict, title: "GivenToken" });
export const Setup = Type.Object({ token, name: personName, email, password }, { ...strict, title: "Setup" });
export const LaunchCode = Type.Object({ code: token }, { ...strict, title: "LaunchCode" });
export const Accepted = Type.Object({}, { title: "Accepted" });

const Person = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  secondFactor: Type.Boolean(),
});
const Membership = Type.Object({
  project: Type.String(),
  account: Type.String(),
  accountName: Type.String(),
  role: memberRole,
});
export const MemberSession = Type.Object(
  {
    person: Person,
    authenticatedAt: Time,
    expiresAt: Time,
    memberships: listOf(Membership, "Oldest first."),
  },
  { title: "MemberSession" },
);
export const OperatorSession = Type.Object(
  { person: Person, authenticatedAt: Time, expiresAt: Time, role: operatorRole, scopes: Texts },
  { title: "OperatorSession" },
);
export const Sessions = Type.Object(
  {
    items: listOf(
      Type.Object({
        id: Type.String(),
        current: Type.Boolean(),
        createdAt: Time,
        lastSeenAt: Time,
        expiresAt: Time,
        address: Type.String(),
        userAgent: Type.String(),
      }),
    ),
  },
  { title: "Sessions" },
);
export const SessionPath = Type.Object({ session: Type.String({ description: "The session's id." }) });
