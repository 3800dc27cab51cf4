// A request that is only tried, as it is sent and answered.
import { Type } from "typebox";
import { listOf, nullableText, oneOf, strict } from "./json.ts";

export const TestRequest = Type.Object(
  {
    key: Type.Optional(Type.String({ maxLength: 300, description: "A whole key; in no log and no URL." })),
    keyId: Type.Optional(
      Type.String({ maxLength: 100, description: "Or a key's id, as if the key were sent." }),
    ),
    method: Type.String({ pattern: "^[A-Z]{1,20}$" }),
    path: Type.String({ minLength: 1, maxLength: 8_192, description: "As a client would send it." }),
    host: Type.Optional(
      Type.String({ maxLength: 253, description: "A host of the project; default the first." }),
    ),
    clientAddress: Type.Optional(Type.String({ maxLength: 100 })),
    cost: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000,
        description: "Units; in place of the route's cost.",
      }),
    ),
  },
  { ...strict, title: "TestRequest" },
);

export const TestedRequest = Type.Object(
  {
    allowed: Type.Boolean(),
    code: Type.String({ description: "Of the verdict." }),
    reason: Type.String(),
    key: nullableText("The key's id, once its secret was proved."),
    route: nullableText("The matched pattern."),
    answer: Type.Union([Type.Object({ status: Type.Integer(), body: Type.String() }), Type.Null()], {
      description: "What the client would be told, where it is refused.",
    }),
    steps: listOf(
      Type.Object({
        step: Type.String(),
        outcome: oneOf(["passed", "failed", "not_reached"]),
        words: Type.String(),
      }),
      "In the order in which they are taken.",
    ),
  },
  { title: "TestedRequest" },
);
