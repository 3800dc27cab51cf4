// The shape of the part of a project file that says who may do what, how fast and how often: scopes, tiers, limits, plans, routes.
import { Type } from "typebox";
import { methodName, webSocket } from "./schema-client.ts";
import { forwardAuth } from "./schema-forward-auth.ts";
import { allowance, cost, hold, messages, pot, price } from "./schema-money.ts";
import { identifier, named, scopeName, strict, text } from "./schema-words.ts";

export const Scope = Type.Union([
  text("What the scope allows, in the customer's words."),
  Type.Object(
    {
      description: Type.Optional(text("What the scope allows, in the customer's words.")),
      group: Type.Optional(text("The product it belongs to.", 80)),
      implies: Type.Optional(Type.Array(scopeName, { description: "Scopes that it includes." })),
      standsForAll: Type.Optional(
        Type.Union([Type.Literal("frozen"), Type.Literal("future")], {
          description: "Full access: to the scopes of the key's creation only, or to those added later too.",
        }),
      ),
    },
    strict,
  ),
]);

export const Tier = Type.Object(
  { title: Type.Optional(text("Shown name.", 80)), scopes: Type.Array(scopeName) },
  strict,
);

const per = Type.Optional(
  Type.Union([Type.Literal("key"), Type.Literal("account"), Type.Literal("address")], {
    description:
      "Whose it is: each key's (shared by its rotation family), shared by all keys of an account, or of everything that one client address sends (IPv6: one /64).",
  }),
);

const Limit = Type.Union([
  Type.Object(
    {
      rate: Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000,
        description: "Units per window; 0 admits nothing.",
      }),
      windowSeconds: Type.Integer({ minimum: 1, maximum: 2_592_000 }),
      burst: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_000_000_000,
          description: "Units at one moment; default the rate.",
        }),
      ),
      per,
    },
    strict,
  ),
  Type.Object(
    {
      concurrency: Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: "Requests at once; 0 admits nothing.",
      }),
      retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600 })),
      per,
    },
    strict,
  ),
]);

export const limits = (description: string) =>
  Type.Optional(named(identifier("A limit."), Limit, { description }));

export const Plan = Type.Object(
  {
    title: Type.Optional(text("Shown name.", 80)),
    features: Type.Optional(
      Type.Union([Type.Literal("all"), Type.Array(identifier("A feature that routes may ask for."))]),
    ),
    limits: limits("Limits of the plan's accounts; one with a name of the project's takes its place."),
    allowance,
    price,
  },
  strict,
);

export const match = text(
  "METHODS /path, such as GET /v1/voices/**, POST|PATCH /v1/voices/{voice}, or /v1/music/** for any method.",
  300,
);

export const Route = Type.Object(
  {
    match: Type.Union([match, Type.Array(match, { minItems: 1, maxItems: 100 })]),
    name: methodName,
    webSocket,
    scopes: Type.Optional(Type.Array(scopeName, { description: "All of these are needed." })),
    feature: Type.Optional(identifier("The feature that the account's plan must include.")),
    ownAccount: Type.Optional(
      text("The path parameter that must be the key's own account (its id or externalId).", 40),
    ),
    limits: Type.Optional(
      Type.Array(identifier("A limit."), { description: "The limits that hold here; default all of them." }),
    ),
    weight: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: "What a request counts in rate limits; default 1.",
      }),
    ),
    cost,
    pot,
    hold,
    messages,
    forwardAuth,
  },
  strict,
);
