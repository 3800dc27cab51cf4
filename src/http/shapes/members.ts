// Members of accounts, invitations, operators and portal sessions, as they are sent and answered.
import { Type } from "typebox";
import { listOf, strict, Time } from "./json.ts";
import { memberRole, operatorRole } from "./people.ts";

const email = Type.String({ minLength: 3, maxLength: 254 });
const link = Type.Optional(
  Type.String({ description: "To be handed over; only here and only where no mail was sent." }),
);

export const Members = Type.Object(
  {
    items: listOf(
      Type.Object({
        person: Type.String(),
        name: Type.String(),
        email: Type.String(),
        role: memberRole,
        since: Time,
      }),
      "Oldest first.",
    ),
  },
  { title: "Members" },
);
export const MemberChange = Type.Object({ role: memberRole }, { ...strict, title: "MemberChange" });
export const MemberPath = Type.Object({
  project: Type.String({ description: "The project's name." }),
  account: Type.String({ description: "The account's id." }),
  person: Type.String({ description: "The member's id." }),
});
export const InvitationPath = Type.Object({
  project: Type.String({ description: "The project's name." }),
  account: Type.String({ description: "The account's id." }),
  invitation: Type.String({ description: "The invitation's id." }),
});
export const NewInvitation = Type.Object({ email, role: memberRole }, { ...strict, title: "NewInvitation" });

const invitationFacts = { id: Type.String(), email: Type.String(), createdAt: Time, expiresAt: Time };
export const Invitation = Type.Object(
  { ...invitationFacts, role: memberRole, link },
  { title: "Invitation" },
);
export const Invitations = Type.Object(
  { items: listOf(Invitation, "Newest first.") },
  { title: "Invitations" },
);

export const ReadInvitation = Type.Object(
  {
    title: Type.String({ description: "What one is invited to." }),
    project: Type.Optional(Type.String()),
    account: Type.Optional(Type.String()),
    accountName: Type.Optional(Type.String()),
    role: Type.String(),
    email: Type.String(),
    expiresAt: Time,
  },
  { title: "ReadInvitation" },
);
export const Acceptance = Type.Object(
  {
    token: Type.String({ maxLength: 100 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    password: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  { ...strict, title: "Acceptance" },
);

const Operator = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: operatorRole,
  secondFactor: Type.Boolean(),
  since: Time,
});
export const OperatorInvitation = Type.Object(
  { ...invitationFacts, role: operatorRole, link },
  { title: "OperatorInvitation" },
);
export const Operators = Type.Object(
  { items: listOf(Operator, "Oldest first."), invitations: listOf(OperatorInvitation) },
  { title: "Operators" },
);
export const NewOperator = Type.Object({ email, role: operatorRole }, { ...strict, title: "NewOperator" });
export const OperatorChange = Type.Object({ role: operatorRole }, { ...strict, title: "OperatorChange" });
export const OperatorPath = Type.Object({ operator: Type.String({ description: "The operator's id." }) });

export const OneTimeLink = Type.Object(
  { link: Type.String({ description: "Works once; shown here and nowhere else." }), expiresAt: Time },
  { title: "OneTimeLink" },
);

export const NewPortalSession = Type.Object(
  {
    account: Type.String({ maxLength: 100, description: "Whose keys are shown." }),
    role: Type.Optional(memberRole),
  },
  { ...strict, title: "NewPortalSession" },
);
export const PortalSession = Type.Object(
  {
    url: Type.String({ description: "Opens the portal, signed in. The code stands in the fragment." }),
    embedUrl: Type.String({ description: "For a frame, which is handed the code by postMessage." }),
    code: Type.String({ description: "Works once." }),
    expiresAt: Time,
  },
  { title: "PortalSession" },
);
