// Questions about keys and the verdicts on them. Shaped for speed: a verdict is serialised on every request of somebody's API.
import { Type } from "typebox";
import { MAX_COST } from "../../policy/pot.ts";
import { VERDICT_CODES } from "../../policy/verdict.ts";
import { Allowance, credits } from "./credits.ts";
import { Metadata, oneOf, strict, Texts, Time } from "./json.ts";

export const VerifyQuestion = Type.Object(
  {
    project: Type.String({ description: "The project whose key it should be." }),
    key: Type.String({ description: "The credential as it was sent to you." }),
    ip: Type.Optional(
      Type.String({
        maxLength: 100,
        description: "The client's address. Without it a key that has an allowlist is refused.",
      }),
    ),
    environment: Type.Optional(Type.String({ description: "Admit keys of this environment only." })),
    scopes: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        maxItems: 1_000,
        description: "Needed beside what the route needs.",
      }),
    ),
    method: Type.Optional(
      Type.String({ pattern: "^[A-Z-]{1,32}$", description: "Together with path: judge on this route." }),
    ),
    path: Type.Optional(
      Type.String({ description: "The request target as it was sent. Without it no route is consulted." }),
    ),
    cost: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_COST,
        description:
          "What the request costs in units, in place of the route's cost. Needed where the route takes its cost from the request. An allowed verdict has spent it.",
      }),
    ),
    hold: Type.Optional(
      Type.Boolean({
        description: "Keep what is spent open under an id, so that it can be settled or given back.",
      }),
    ),
  },
  { ...strict, title: "VerifyQuestion" },
);

export const MAX_BATCH = 1_000;

export const VerifyBatch = Type.Object(
  { requests: Type.Array(VerifyQuestion, { maxItems: MAX_BATCH }) },
  { ...strict, title: "VerifyBatch" },
);

export const Verdict = Type.Object(
  {
    allowed: Type.Boolean(),
    code: oneOf(VERDICT_CODES),
    key: Type.Optional(
      Type.Object(
        {
          id: Type.String(),
          name: Type.String(),
          account: Type.String(),
          environment: Type.String(),
          scopes: Texts,
          tier: Type.Optional(Type.String()),
          plan: Type.Optional(Type.String()),
          expiresAt: Type.Optional(Time),
          metadata: Metadata,
        },
        { description: "Present once the secret has matched." },
      ),
    ),
    route: Type.Optional(Type.String({ description: "The pattern of the project file that matched." })),
    region: Type.Optional(Type.String({ description: "The region that the credential's prefix asked for." })),
    stale: Type.Optional(
      Type.Boolean({
        description:
          "The database does not answer, and the key was admitted from memory past its lease (--fail-static).",
      }),
    ),
    requiredScopes: Type.Optional(Texts),
    limits: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String(),
          kind: oneOf(["rate", "concurrency"] as const),
          limit: Type.Integer(),
          remaining: Type.Integer(),
          resetsAt: Time,
          windowSeconds: Type.Optional(Type.Number()),
          retryAfterSeconds: Type.Optional(Type.Integer()),
        }),
        { description: "What the limits say, for a valid key." },
      ),
    ),
    cost: Type.Optional(
      Type.Integer({ description: "Units: what the request has paid, or would have had to pay." }),
    ),
    allowance: Type.Optional(Allowance),
    credits: Type.Optional(credits),
    hold: Type.Optional(
      Type.Object(
        {
          id: Type.String({ description: "Settle or release it under this id." }),
          units: Type.Integer(),
          expiresAt: Time,
        },
        { description: "Where one was asked for and something was paid. At expiresAt it stays spent." },
      ),
    ),
    retryAfterSeconds: Type.Optional(Type.Integer({ description: "With the codes that pass by waiting." })),
    hint: Type.Optional(Type.String({ description: "What to mend, out of a fixed list." })),
  },
  { title: "Verdict" },
);

export const Verdicts = Type.Object({
  verdicts: Type.Unsafe<readonly unknown[]>({
    type: "array",
    items: Verdict,
    description: "In the order of the requests.",
  }),
});

/** RFC 7662 section 2.1; other parameters are ignored. */
export const IntrospectionForm = Type.Object({
  token: Type.String({ description: "The key, exactly once." }),
  token_type_hint: Type.Optional(Type.String({ description: "Ignored." })),
  project: Type.Optional(Type.String({ description: "Needed with Bearer; with Basic the user says it." })),
});

/** RFC 7662 section 2.2. An inactive key has no member but `active`. */
export const Introspection = Type.Object(
  {
    active: Type.Boolean(),
    scope: Type.Optional(
      Type.String({ description: "All scopes that the key may use now, implied ones included." }),
    ),
    client_id: Type.Optional(Type.String({ description: "The account's id." })),
    sub: Type.Optional(Type.String({ description: "The key's id." })),
    token_type: Type.Optional(Type.String()),
    iat: Type.Optional(Type.Integer()),
    nbf: Type.Optional(Type.Integer()),
    exp: Type.Optional(Type.Integer()),
    claviger: Type.Optional(
      Type.Object({
        project: Type.String(),
        environment: Type.String(),
        tier: Type.Optional(Type.String()),
        plan: Type.Optional(Type.String()),
      }),
    ),
  },
  { title: "Introspection" },
);
