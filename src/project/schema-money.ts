// The shape of the part of a project file that says what requests cost and what pays for them: allowances, costs, pots, holds.
import { Type } from "typebox";
import { MAX_BALANCE, MAX_COST, POTS } from "../policy/pot.ts";
import { headerName, patterned, strict } from "./schema-words.ts";

const currency = patterned("^[A-Z]{3}$", "must be a currency code of three capital letters, such as USD");

export const price = Type.Optional(
  Type.Object(
    {
      amount: Type.Number({ minimum: 0 }),
      currency: Type.Optional(currency),
      per: Type.Optional(Type.Union([Type.Literal("month"), Type.Literal("year")])),
    },
    strict,
  ),
);

const Overage = Type.Object(
  {
    upTo: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_BALANCE,
        description: "Units past the allowance that a period takes; without it there is no bound.",
      }),
    ),
    price: Type.Optional(
      Type.Object(
        {
          amount: Type.Number({ minimum: 0 }),
          units: Type.Integer({ minimum: 1, description: "How many units the amount is for." }),
          currency: Type.Optional(currency),
        },
        strict,
      ),
    ),
  },
  { ...strict, description: "Lets the account go past its allowance; what went over is counted and told." },
);

const units = Type.Union([
  Type.Integer({ minimum: 0, maximum: MAX_BALANCE, description: "Units; 0 for none." }),
  Type.Literal("unlimited"),
]);

export const allowance = Type.Optional(
  Type.Union(
    [
      Type.Integer({ minimum: 0, maximum: MAX_BALANCE }),
      Type.Literal("unlimited"),
      Type.Object(
        {
          units,
          overage: Type.Optional(Overage),
          resetsOn: Type.Optional(
            Type.Union([Type.Integer({ minimum: 1, maximum: 31 }), Type.Literal("created")], {
              description:
                "Day of the month, or created for the day on which the account was made; default 1. A month too short for it has its last day.",
            }),
          ),
        },
        strict,
      ),
    ],
    {
      description:
        "Units of each environment of an account in a calendar month (UTC). A plan without it has none; unlimited counts without bound.",
    },
  ),
);

const member = patterned(
  "^[A-Za-z0-9_-]{1,64}(?:\\.[A-Za-z0-9_-]{1,64}){0,7}$",
  "must be the name of a member of the JSON body, or names with dots between them",
);

export const cost = Type.Optional(
  Type.Union(
    [
      Type.Integer({ minimum: 0, maximum: MAX_COST }),
      Type.Object({ characters: member }, { ...strict, description: "The Unicode code points of a text." }),
      Type.Object(
        { value: member, minimum: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_COST })) },
        { ...strict, description: "A whole number that the client sends; less than minimum is refused." },
      ),
      Type.Object({ bytes: Type.Literal("body") }, { ...strict, description: "The bytes of the body." }),
    ],
    { description: "Units that a request costs; 1 where the route names a pot and no cost." },
  ),
);

const [allowancePot, creditsPot] = POTS;
const aPot = Type.Union([Type.Literal(allowancePot), Type.Literal(creditsPot)]);

export const pot = Type.Optional(
  Type.Union([aPot, Type.Array(aPot, { minItems: 1, maxItems: POTS.length, uniqueItems: true })], {
    description: "What pays: a pot, or pots in the order in which they pay.",
  }),
);

export const messages = Type.Optional(
  Type.Object(
    { cost, pot },
    {
      ...strict,
      description:
        "What each message costs that a client sends over a WebSocket of this route, paid before it is passed on; 1 where the cost is not said. Paid from the route's pot where none is named.",
    },
  ),
);

export const hold = Type.Optional(
  Type.Union([
    Type.Literal(true, {
      description:
        "The cost is given back when the upstream is known to have failed (5xx, or never reached).",
    }),
    Type.Object(
      {
        settle: headerName,
        max: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: MAX_COST,
            description: "The most that a request may come to; default what was held.",
          }),
        ),
      },
      {
        ...strict,
        description:
          "The cost is held and settled at the whole number in this header of the upstream's answer.",
      },
    ),
  ]),
);
