// The project file's shape: the source of its types, its checks and the published JSON Schema. What one field means beside
// another (a scope that exists, a plan that is declared) is checked in compile.ts.
import { type Static, Type } from "typebox";
import { ANSWER_CODES } from "../policy/answers.ts";
import { limits, match, Plan, Route, Scope, Tier } from "./schema-access.ts";
import { Client } from "./schema-client.ts";
import { Cors } from "./schema-cors.ts";
import { keyBounds, Portal } from "./schema-portal.ts";
import { Regions, Upstream, UpstreamTimeouts } from "./schema-upstream.ts";
import {
  headerName,
  headerText,
  hostName,
  identifier,
  NAME_PATTERN,
  named,
  patterned,
  scopeName,
  strict,
  text,
} from "./schema-words.ts";

const Host = Type.Union([
  hostName,
  Type.Object(
    {
      host: hostName,
      environment: Type.Optional(identifier("Only keys of this environment are admitted here.")),
      region: Type.Optional(identifier("The region reported to the upstream for requests to this host.")),
    },
    strict,
  ),
]);

const checksum = Type.Union([Type.Literal("crc32"), Type.Literal("none")], {
  description: "Whether the last six characters of the secret are a base62 CRC-32 of all before them.",
});

const Keys = Type.Object(
  {
    format: Type.Optional(
      Type.String({
        maxLength: 256,
        description:
          "Template of a key, of text, {env}, {id:N} and a final {secret:N}; such as acme_{env}_{secret:32}.",
      }),
    ),
    checksum: Type.Optional(checksum),
    accept: Type.Optional(
      Type.Array(
        Type.Object({ format: Type.String({ maxLength: 256 }), checksum: Type.Optional(checksum) }, strict),
        {
          maxItems: 20,
          description: "Formats that are read beside the one that is minted, for keys issued before.",
        },
      ),
    ),
    defaultScopes: Type.Optional(
      Type.Array(scopeName, {
        description: "Scopes of a key that is made without naming any; without it such a key is refused.",
      }),
    ),
    ...keyBounds,
  },
  strict,
);

const parameterName = patterned("^[A-Za-z0-9_-]{1,64}$", "must be 1 to 64 letters, digits, _ and -");

const Credentials = Type.Object(
  {
    bearer: Type.Optional(
      Type.Boolean({ description: "Authorization: Bearer <key> (RFC 6750). Default true." }),
    ),
    headers: Type.Optional(
      Type.Array(headerName, { maxItems: 5, description: "Headers whose whole value is the key." }),
    ),
    query: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(parameterName),
          on: Type.Optional(
            Type.Union([Type.Literal("never"), Type.Literal("upgrade")], {
              description: "Where the parameter is accepted: nowhere, or on WebSocket upgrades only.",
            }),
          ),
        },
        strict,
      ),
    ),
    keep: Type.Optional(
      Type.Boolean({
        description:
          "Hands the key on to the upstream as the client sent it. Default false: it is taken out.",
      }),
    ),
    ticket: Type.Optional(
      Type.Object(
        { name: Type.Optional(parameterName) },
        {
          ...strict,
          description:
            "Where a one-time ticket may stand in the URL of a WebSocket upgrade, for clients that must not hold a key; default ticket.",
        },
      ),
    ),
  },
  strict,
);

const Answer = Type.Object(
  {
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    code: Type.Optional(text("The vendor's error code.", 100)),
    message: Type.Optional(text("May hold placeholders such as {hint}.")),
    body: Type.Optional(Type.Unknown({ description: "A body of its own instead of the dialect's." })),
    headers: Type.Optional(named(headerName, headerText)),
  },
  strict,
);

const Dialect = Type.Object(
  {
    realm: Type.Optional(
      patterned("^[A-Za-z0-9 ._-]{1,60}$", "must be 1 to 60 letters, digits, spaces and . _ -", {
        description: "In WWW-Authenticate.",
      }),
    ),
    body: Type.Optional(
      Type.Unknown({ description: "JSON template of every refusal: {code}, {message}, {status}, …" }),
    ),
    answers: Type.Optional(
      Type.Object(Object.fromEntries(ANSWER_CODES.map((code) => [code, Type.Optional(Answer)])), strict),
    ),
    headers: Type.Optional(named(headerName, headerText, { description: "On every answer to a valid key." })),
    rateLimitFields: Type.Optional(
      Type.Boolean({
        description:
          "Adds RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10) to every answer to a valid key.",
      }),
    ),
  },
  strict,
);

const Network = Type.Object(
  {
    trustedProxies: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 200 })),
    clientAddressHeader: Type.Optional(headerName),
    headerStyle: Type.Optional(
      Type.Union([Type.Literal("list"), Type.Literal("single"), Type.Literal("forwarded")]),
    ),
    forwardAuth: Type.Optional(
      Type.Boolean({
        description:
          "Lets the trusted proxies ask for verdicts (forward-auth, ext_authz); every route must then fit. Default false.",
      }),
    ),
    failedAttempts: Type.Optional(
      Type.Object(
        {
          rate: Type.Integer({ minimum: 1, maximum: 1_000_000, description: "Invalid keys per window." }),
          windowSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
        },
        {
          ...strict,
          description:
            "How many invalid keys one client address (IPv6: one /64) may try; those beyond are answered rate_exceeded. Without it there is no bound.",
        },
      ),
    ),
  },
  strict,
);

const SampleAnswer = Type.Object(
  {
    match,
    status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
    body: Type.Optional(Type.Unknown()),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    audio: Type.Optional(
      Type.Boolean({
        description:
          "Over a WebSocket each message is answered with a moment of audio too (16-bit PCM, 24 kHz, mono), before the echo.",
      }),
    ),
    failWhen: Type.Optional(
      Type.Object(
        {
          field: text("Member of the JSON body.", 64),
          equals: Type.Unknown(),
          status: Type.Integer({ minimum: 400, maximum: 599 }),
        },
        strict,
      ),
    ),
  },
  strict,
);

export const ProjectFileSchema = Type.Object(
  {
    name: patterned(
      NAME_PATTERN,
      "must be 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end",
      { description: "The project's id; the only field that must be given." },
    ),
    title: Type.Optional(text("The shown name.", 80)),
    description: Type.Optional(text("One sentence for the generated pages.", 500)),
    hosts: Type.Optional(Type.Array(Host, { minItems: 1, maxItems: 50 })),
    environments: Type.Optional(
      Type.Array(identifier("An environment; the first is the default."), { minItems: 1, maxItems: 20 }),
    ),
    keys: Type.Optional(Keys),
    credentials: Type.Optional(Credentials),
    regions: Type.Optional(Regions),
    scopes: Type.Optional(named(scopeName, Scope)),
    tiers: Type.Optional(named(identifier("A tier."), Tier)),
    limits: limits("How fast and how many at once, for every key unless a plan says otherwise."),
    plans: Type.Optional(named(identifier("A plan."), Plan)),
    defaultPlan: Type.Optional(identifier("The plan of an account that has none.")),
    routes: Type.Optional(
      Type.Array(Route, {
        maxItems: 20_000,
        description:
          "Without it every path is open to every valid key; with it what matches none is refused.",
      }),
    ),
    network: Type.Optional(Network),
    cors: Type.Optional(Cors),
    upstream: Type.Optional(Upstream),
    upstreamTimeouts: Type.Optional(UpstreamTimeouts),
    sample: Type.Optional(
      Type.Array(SampleAnswer, {
        maxItems: 100,
        description: "Answers of the sample upstream that are not the echo.",
      }),
    ),
    client: Type.Optional(Client),
    dialect: Type.Optional(Dialect),
    portal: Type.Optional(Portal),
  },
  { ...strict, $schema: "https://json-schema.org/draft/2020-12/schema", title: "Claviger project file" },
);

export type ProjectFile = Static<typeof ProjectFileSchema>;
