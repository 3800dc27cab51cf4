// Usage as it is asked for and answered; `getAccountUsage` and `exportUsage` of manage fill the answers.
import { Type } from "typebox";
import { USAGE_GROUPS } from "../../store/usage.ts";
import { listOf, nullableText, oneOf, strict, Time } from "./json.ts";

const UsageLine = Type.Object({
  account: Type.Optional(Type.String({ description: "Empty for verdicts without a proven key." })),
  environment: Type.Optional(Type.String({ description: "Empty for verdicts without a proven key." })),
  key: Type.Optional(Type.String({ description: "Empty for verdicts without a proven key." })),
  route: Type.Optional(
    Type.String({ description: "The pattern of the project file; empty where none matched." }),
  ),
  outcome: Type.Optional(Type.String({ description: "The code of the verdict." })),
  hour: Type.Optional(Time),
  day: Type.Optional(Type.String({ description: "In UTC, such as 2026-11-21." })),
  month: Type.Optional(Type.String({ description: "In UTC, such as 2026-11." })),
  requests: Type.Integer({ description: "Verdicts, refusals among them." }),
  units: Type.Integer({
    description: "What they cost, less what was given back; below 0 where more was given back than spent.",
  }),
  lastAt: Time,
});

export const Usage = Type.Object(
  {
    from: Time,
    to: Time,
    by: listOf(oneOf(USAGE_GROUPS)),
    items: listOf(
      UsageLine,
      "In the order of the groups, oldest and lowest first; nothing where nothing was counted.",
    ),
    totals: Type.Object({ requests: Type.Integer(), units: Type.Integer() }),
  },
  { title: "Usage" },
);

const time = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

const queryFor = (groups: string) =>
  Type.Object(
    {
      by: Type.Optional(Type.String({ maxLength: 100, description: `${groups} Default: day.` })),
      from: time(
        "A time, a day (2026-11-21) or a month (2026-11) in UTC. Default: 30 days, today among them.",
      ),
      to: time("In the same forms, exclusive. Default: now. Both are widened to whole hours."),
      environment: Type.Optional(Type.String({ maxLength: 100, description: "Of this environment only." })),
    },
    strict,
  );

export const AccountUsageQuery = queryFor(
  "Groups with commas between them: environment, key, route, outcome, and one of hour, day, month.",
);

export const ProjectUsageQuery = queryFor(
  "Groups with commas between them: account, environment, key, route, outcome, and one of hour, day, month.",
);

export const ExportQuery = Type.Object(
  { month: Type.String({ maxLength: 7, description: "Such as 2026-11, in UTC." }) },
  strict,
);

/** One line of the export. */
export const BillingLine = Type.Object(
  {
    project: Type.String(),
    account: Type.String(),
    externalId: nullableText(),
    name: Type.String(),
    plan: nullableText("The plan that the account has now."),
    environment: Type.String(),
    month: Type.String(),
    requests: Type.Integer({ description: "Those that were allowed." }),
    units: Type.Integer({ description: "What they cost, whatever paid it, less what was given back." }),
    allowance: Type.Union([
      Type.Object({
        limit: Type.Union([Type.Integer(), Type.Null()], {
          description: "Of the plan now; null without bound.",
        }),
        used: Type.Integer(),
        over: Type.Integer({ description: "Of used, what was past the limit." }),
        startsAt: Time,
        resetsAt: Time,
      }),
      Type.Null(),
    ]),
    creditsSpent: Type.Integer({ description: "Less what was given back." }),
  },
  { title: "BillingLine" },
);
