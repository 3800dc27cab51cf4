// Accounts as they are sent and answered; `describeAccount` of manage fills the answer.
import { Type } from "typebox";
import { Allowance, credits } from "./credits.ts";
import { Metadata, nullableText, nullableTime, strict, Time } from "./json.ts";

const name = Type.String({ description: "1 to 100 characters, none of them a control character." });
const externalId = nullableText("Your own id of the customer, unique in the project.");
const plan = nullableText("A plan of the project; null for its default plan.");

export const Account = Type.Object(
  {
    id: Type.String(),
    project: Type.String(),
    name: Type.String(),
    externalId: nullableText(),
    plan: nullableText("The account's plan, or the project's default plan where it has none."),
    metadata: Metadata,
    suspended: Type.Boolean({ description: "All keys of a suspended account are refused." }),
    suspendedAt: nullableTime(),
    credits,
    allowance: Type.Optional(Allowance),
    createdAt: Time,
    updatedAt: Time,
  },
  { title: "Account" },
);

export const NewAccount = Type.Object(
  {
    name,
    externalId: Type.Optional(externalId),
    plan: Type.Optional(plan),
    metadata: Type.Optional(Metadata),
  },
  { ...strict, title: "NewAccount" },
);

export const AccountChange = Type.Object(
  {
    name: Type.Optional(name),
    externalId: Type.Optional(externalId),
    plan: Type.Optional(plan),
    metadata: Type.Optional(Metadata),
    suspended: Type.Optional(
      Type.Boolean({ description: "Keys of a suspended account are refused and come back unharmed." }),
    ),
  },
  { ...strict, title: "AccountChange" },
);
