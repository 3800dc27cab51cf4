// Keys as they are sent and answered; `describeKey` of manage fills the answer. Only a fresh key has a field for its secret.
import { Type } from "typebox";
import { listOf, Metadata, nullableText, nullableTime, oneOf, strict, Texts, Time } from "./json.ts";

const facts = {
  id: Type.String({ description: "Names the key; no secret." }),
  project: Type.String(),
  account: Type.String(),
  name: Type.String(),
  environment: Type.String(),
  scopes: Texts,
  tier: nullableText(),
  allowedIps: listOf(Type.String(), "Canonical addresses and CIDR ranges; empty admits every address."),
  metadata: Metadata,
  start: Type.String({ description: "The beginning of the key, for listings." }),
  lastFour: Type.String({ description: "The end of the key, for listings." }),
  status: oneOf(["active", "disabled", "expired", "revoked", "not_yet_valid"]),
  notBefore: nullableTime(),
  expiresAt: nullableTime("Exclusive: the key is expired at this moment."),
  disabledAt: nullableTime(),
  revokedAt: nullableTime(),
  deletedAt: nullableTime(),
  family: Type.String({ description: "The id of the first key of the rotation family." }),
  predecessor: nullableText("The key that this one replaced."),
  successor: nullableText("The key that replaced this one."),
  createdAt: Time,
  updatedAt: Time,
  lastUsedAt: Type.Optional(
    nullableTime("The newest verdict that proved the key, refusals included; null for none. In reads only."),
  ),
};

export const Key = Type.Object(facts, { title: "Key" });

export const CreatedKey = Type.Object(
  {
    ...facts,
    key: Type.Optional(
      Type.String({
        description:
          "The full key, shown here and never again. Absent when the answer of an Idempotency-Key is repeated.",
      }),
    ),
  },
  { title: "CreatedKey" },
);

const name = Type.String({ description: "1 to 100 characters, none of them a control character." });
const scopes = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 1_000,
  description: "Scopes of the project, attached as the project declares them now.",
});
const tier = Type.String({ description: "A tier of the project." });
const allowedIps = Type.Array(Type.String({ maxLength: 100 }), {
  maxItems: 1_000,
  description: "Addresses and CIDR ranges, IPv4 and IPv6. One bad entry refuses the list.",
});
const confirmAnyAddress = Type.Boolean({
  description: "Must be true for a list that holds 0.0.0.0/0 or ::/0.",
});
const notBefore = nullableTime("The key is unknown before this moment.");
const expiresAt = nullableTime("A moment in the future; null for never.");

const changeable = {
  scopes: Type.Optional(scopes),
  tier: Type.Optional(tier),
  allowedIps: Type.Optional(allowedIps),
  confirmAnyAddress: Type.Optional(confirmAnyAddress),
  notBefore: Type.Optional(notBefore),
  expiresAt: Type.Optional(expiresAt),
  metadata: Type.Optional(Metadata),
};

export const NewKey = Type.Object(
  {
    account: Type.String({ maxLength: 100, description: "The id of the account that owns the key." }),
    name,
    environment: Type.Optional(Type.String({ description: "The project's first when absent." })),
    ...changeable,
  },
  { ...strict, title: "NewKey" },
);

export const KeySearch = Type.Object(
  {
    account: Type.Optional(Type.String({ maxLength: 100, description: "Keys of this account only." })),
    text: Type.String({
      minLength: 1,
      maxLength: 300,
      description:
        "An id, a start, the last four, a name or a part of one; or a whole key, of which only the digest is looked for.",
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  },
  { ...strict, title: "KeySearch" },
);

export const FoundKeys = Type.Object({ items: listOf(Key, "Newest first.") }, { title: "FoundKeys" });

export const KeyUses = Type.Object(
  {
    lastUsedAt: nullableTime("The newest verdict that proved the key; null for none."),
    lastAddress: nullableText("From where, as far as this node remembers."),
    requestsLast24Hours: Type.Integer(),
    routes: listOf(
      Type.Object({ route: Type.String(), requests: Type.Integer() }),
      "Of the last 24 hours, the busiest first.",
    ),
  },
  { title: "KeyUses" },
);

export const KeyChange = Type.Object(
  { name: Type.Optional(name), ...changeable },
  { ...strict, title: "KeyChange" },
);

export const Revocation = Type.Object(
  {
    family: Type.Optional(
      Type.Boolean({ default: false, description: "Every key of the rotation family too." }),
    ),
  },
  { ...strict, title: "Revocation" },
);

export const Rotation = Type.Object(
  {
    graceSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 7_776_000,
        default: 0,
        description: "How long the old key goes on working; 0 revokes it in the same moment.",
      }),
    ),
  },
  { ...strict, title: "Rotation" },
);

export const RevokeMany = Type.Object(
  {
    account: Type.Optional(Type.String({ maxLength: 100 })),
    createdBefore: Type.Optional(Type.String({ format: "date-time", description: "Exclusive." })),
    expectedCount: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "How many keys are meant to die. Without the exact number none does, and it is told.",
      }),
    ),
  },
  { ...strict, title: "RevokeMany" },
);

export const RevokedMany = Type.Object({ revoked: Type.Integer({ minimum: 0 }) }, { title: "RevokedMany" });
