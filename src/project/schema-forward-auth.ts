// The shape of what a route says about being asked for by a proxy, which shows neither the body nor the end of the answer.
import { Type } from "typebox";
import { MAX_COST } from "../policy/pot.ts";
import { strict } from "./schema-words.ts";

export const forwardAuth = Type.Optional(
  Type.Union(
    [
      Type.Literal(false, { description: "Served by the gateway only." }),
      Type.Object(
        {
          cost: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_COST,
              description:
                "Units, in place of the route's cost; spent for good, whatever the upstream answers.",
            }),
          ),
          concurrencySeconds: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 3_600,
              description: "How long a request counts as running, since nobody says when it ends.",
            }),
          ),
        },
        strict,
      ),
    ],
    { description: "How the route is judged for a proxy that asks (forward-auth, ext_authz)." },
  ),
);
