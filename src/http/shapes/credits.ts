// Money as it is sent and answered: allowances, changes of credits, the journal, holds. Units are whole and safe as JSON numbers.
import { Type } from "typebox";
import { MAX_BALANCE, MAX_COST, POTS } from "../../policy/pot.ts";
import { MOVEMENT_KINDS } from "../../store/ledger.ts";
import { nullableText, nullableTime, oneOf, strict, Time } from "./json.ts";

const nullableUnits = (description: string) =>
  Type.Unsafe<number | null>({ type: ["integer", "null"], description });

export const credits = Type.Integer({ description: "Prepaid units of the account, in every environment." });

export const Allowance = Type.Object(
  {
    limit: nullableUnits("Units of a period; null without bound."),
    used: Type.Integer(),
    remaining: nullableUnits("Never below 0; null without bound."),
    over: Type.Integer({ description: "Of what was used, what was taken past the limit." }),
    resetsAt: Time,
  },
  { title: "Allowance", description: "Where the account's plan has one, in one environment." },
);

export const NewCredits = Type.Object(
  {
    amount: Type.Integer({
      minimum: -MAX_BALANCE,
      maximum: MAX_BALANCE,
      description: "Units to add, or below 0 to take away; not 0.",
    }),
    expiresAt: Type.Optional(
      nullableTime("A moment in the future at which added credits end; null for never."),
    ),
    reason: Type.Optional(
      nullableText("1 to 200 characters, none of them a control character; it stands in the journal."),
    ),
  },
  { ...strict, title: "NewCredits" },
);

export const CreditsChange = Type.Object(
  {
    project: Type.String(),
    account: Type.String(),
    amount: Type.Integer({ description: "Added, or below 0 taken away." }),
    expiresAt: nullableTime(),
    reason: nullableText(),
    at: Time,
    credits: Type.Integer({
      description:
        "What the account has at this answer. The repeated answer of an Idempotency-Key differs in this alone.",
    }),
  },
  { title: "CreditsChange" },
);

export const Movement = Type.Object(
  {
    id: Type.String(),
    at: Type.String({ format: "date-time", description: "The hour's beginning where it sums up an hour." }),
    account: Type.String(),
    environment: nullableText("null for credits that were granted, adjusted or expired."),
    pot: oneOf(POTS),
    kind: oneOf(MOVEMENT_KINDS),
    units: Type.Integer({ description: "Above 0 gained, below 0 lost." }),
    requests: Type.Integer({ description: "How many requests it sums up; 0 where none made it." }),
    key: nullableText("The key that spent."),
    route: nullableText("The pattern of the route; null where none was consulted."),
    period: nullableTime("Of an allowance, when its period began."),
    expiresAt: nullableTime("Of credits, when they end; null for never."),
    reason: nullableText(),
    compacted: Type.Boolean({ description: "Whether it stands for all like it of its hour." }),
  },
  { title: "Movement" },
);

export const HoldPath = Type.Object({ hold: Type.String({ description: "The hold's id." }) });

export const Settlement = Type.Object(
  {
    cost: Type.Integer({
      minimum: 0,
      maximum: MAX_COST,
      description: "What the request really cost, in units. Less than held is given back, more is taken.",
    }),
  },
  { ...strict, title: "Settlement" },
);

export const Hold = Type.Object(
  {
    id: Type.String(),
    project: Type.String(),
    account: Type.String(),
    environment: Type.String(),
    units: Type.Integer({ description: "What was held." }),
    settledUnits: Type.Integer({ description: "What was paid in the end." }),
    status: oneOf(["settled", "released"], "released where all of it was given back."),
    settledAt: Time,
    allowance: Type.Optional(Allowance),
    credits,
  },
  { title: "Hold" },
);
