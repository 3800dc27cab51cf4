// One-time tickets as they are asked for and answered.
import { Type } from "typebox";
import { MAX_TTL_SECONDS } from "../../manage/tickets.ts";
import { strict, Time } from "./json.ts";

export const NewTicket = Type.Object(
  {
    key: Type.String({
      maxLength: 100,
      description: "The id of the key whose rights, limits and money the socket has.",
    }),
    path: Type.Optional(
      Type.String({ maxLength: 2_000, description: "The only path that it opens, without a query." }),
    ),
    address: Type.Optional(
      Type.String({ maxLength: 100, description: "The address of the only client that may use it." }),
    ),
    ttlSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_TTL_SECONDS, default: MAX_TTL_SECONDS }),
    ),
  },
  { ...strict, title: "NewTicket" },
);

export const IssuedTicket = Type.Object(
  {
    ticket: Type.String({
      description: "To be used once, in the URL of a WebSocket. Shown here and nowhere else.",
    }),
    expiresAt: Time,
  },
  { title: "IssuedTicket" },
);
