// Requests as they were seen, for people who look on.
import { Type } from "typebox";
import { VERDICT_CODES } from "../../policy/verdict.ts";
import { listOf, nullableText, oneOf, strict, Time } from "./json.ts";

export const SeenRequest = Type.Object(
  {
    id: Type.String({ description: "Grows; of this node and its present run." }),
    at: Time,
    method: nullableText(),
    path: nullableText("Without its query."),
    route: nullableText("The pattern of the project file."),
    outcome: Type.String({ description: "The code of the verdict." }),
    allowed: Type.Boolean(),
    reason: Type.String({ description: "The verdict in words, and what to do." }),
    key: nullableText(),
    keyName: nullableText(),
    account: nullableText(),
    environment: nullableText(),
    address: nullableText(),
    cost: Type.Union([Type.Integer(), Type.Null()]),
  },
  { title: "SeenRequest" },
);

export const SeenRequests = Type.Object(
  { items: listOf(SeenRequest, "Newest first; what this node remembers.") },
  { title: "SeenRequests" },
);

const filters = {
  key: Type.Optional(Type.String({ maxLength: 100 })),
  outcome: Type.Optional(oneOf([...VERDICT_CODES, "refused"], "A code, or refused for all but ok.")),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
};

export const AccountRequestsQuery = Type.Object(filters, strict);
export const RequestsQuery = Type.Object(
  { ...filters, account: Type.Optional(Type.String({ maxLength: 100 })) },
  strict,
);
export const TrafficQuery = Type.Object(
  {
    key: filters.key,
    outcome: filters.outcome,
    account: Type.Optional(Type.String({ maxLength: 100 })),
  },
  strict,
);
