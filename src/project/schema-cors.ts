// The shape of what a project file says about pages of other origins: which of them may call the API, and what they may send and see.
import { Type } from "typebox";
import { headerName, patterned, strict } from "./schema-words.ts";

/** Scheme, host and port: what a browser sends as Origin. */
const origin = patterned(
  "^(?:\\*|[a-z][a-z0-9+.-]*://[^\\s/?#@,*]+)$",
  "must be * or an origin as a browser sends it, such as https://app.example.com, without a path",
  { maxLength: 300 },
);

export const Cors = Type.Object(
  {
    origins: Type.Array(origin, {
      minItems: 1,
      maxItems: 100,
      description: "Exact origins whose pages may call the API, or * alone for every page.",
    }),
    headers: Type.Optional(
      Type.Array(headerName, {
        maxItems: 50,
        description: "Request headers beside those that carry a key, Content-Type and Idempotency-Key.",
      }),
    ),
    exposedHeaders: Type.Optional(
      Type.Array(headerName, {
        maxItems: 50,
        description: "Answer headers beside those that Claviger itself sets.",
      }),
    ),
    maxAgeSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        description: "How long a browser may remember the answer to a preflight; default 600.",
      }),
    ),
  },
  {
    ...strict,
    description:
      "Preflights are answered without the upstream, and every answer says which pages may read it. Never with cookies.",
  },
);
