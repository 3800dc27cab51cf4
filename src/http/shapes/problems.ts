// The shape of every failure: problem details (RFC 9457), and the OAuth error of the introspection operation.
import { Type } from "typebox";
import { PROBLEMS, type ProblemCode } from "../../base/errors.ts";
import { listOf, oneOf } from "./json.ts";

export const Problem = Type.Object(
  {
    type: Type.String({ description: "urn:claviger:error: and the code." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What to mend." }),
    code: oneOf(Object.keys(PROBLEMS) as ProblemCode[], "Stable; programs may rely on it."),
    instance: Type.String({ description: "The request's id, as in X-Request-Id." }),
    errors: Type.Optional(
      listOf(
        Type.Object({
          field: Type.String({ description: "Dotted path of the field; empty for the body as a whole." }),
          message: Type.String(),
        }),
        "Where the mistakes are, with validation_failed; at most 100 of them.",
      ),
    ),
  },
  { title: "Problem" },
);

/** RFC 6749 section 5.2. */
export const OAuthError = Type.Object(
  { error: Type.String(), error_description: Type.Optional(Type.String()) },
  { title: "OAuthError" },
);
