// What the portal's page needs to know before anybody has signed in, and what a launch gives. Nothing of an account is in it.
import { Type } from "typebox";
import { listOf, nullableText, oneOf, Texts, Time } from "./json.ts";
import { memberRole } from "./people.ts";

const Labels = Type.Object({
  menu: listOf(Type.String(), "The way to the keys."),
  keys: Type.String(),
  key: Type.String(),
  createKey: Type.String(),
  rotateKey: Type.String(),
  revokeKey: Type.String(),
  account: Type.String(),
  usage: Type.String(),
});

const maybeDays = Type.Union([Type.Integer(), Type.Null()]);

export const PortalFacts = Type.Object(
  {
    project: Type.String(),
    title: Type.String(),
    description: nullableText(),
    labels: Labels,
    accent: Type.String({ description: "Such as #1c5fd4." }),
    logo: nullableText("A data URI."),
    signUp: oneOf(["open", "invited"]),
    mail: Type.Boolean({ description: "Whether a reset can be asked for by mail." }),
    environments: Texts,
    scopes: listOf(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        group: nullableText("The product it belongs to."),
        implies: Texts,
        standsForAll: Type.Boolean(),
      }),
    ),
    defaultScopes: Texts,
    tiers: listOf(Type.Object({ name: Type.String(), title: Type.String(), scopes: Texts })),
    keys: Type.Object({
      looksLike: Type.String({ description: "The template of a new key." }),
      maxPerAccount: Type.Union([Type.Integer(), Type.Null()]),
      defaultExpiryDays: maybeDays,
      maxExpiryDays: maybeDays,
    }),
    client: Type.Object({
      environmentVariable: Type.String(),
      baseUrl: nullableText("Where keys are used."),
      snippets: listOf(
        Type.Object({ title: Type.String(), language: Type.String(), code: Type.String() }),
        "A request that works, and reads the key from the environment.",
      ),
    }),
  },
  { title: "Portal" },
);

export const PortalLaunch = Type.Object(
  {
    token: Type.String({ description: "Sent as Authorization: Bearer; kept in memory only." }),
    project: Type.String(),
    account: Type.String(),
    role: memberRole,
    expiresAt: Time,
  },
  { title: "PortalLaunch" },
);
