// The shape of the part of a project file that says how its portal looks and what its customers may do there by themselves.
import { Type } from "typebox";
import { patterned, strict, text } from "./schema-words.ts";

const label = (description: string) => Type.Optional(text(description, 60));

const Labels = Type.Object(
  {
    menu: Type.Optional(
      Type.Array(text("A step on the way to the keys.", 40), {
        minItems: 1,
        maxItems: 4,
        description: "The way to the keys, such as [Settings, API Keys]. Default [API Keys].",
      }),
    ),
    keys: label("What keys are called, in the plural. Default API keys."),
    key: label("What a key is called. Default API key."),
    createKey: label("On the button that makes a key. Default Create API key."),
    rotateKey: label("On the button that replaces a key. Default Rotate."),
    revokeKey: label("On the button that ends a key. Default Revoke."),
    account: label("What an account is called. Default account."),
    usage: label("What usage is called. Default Usage."),
  },
  { ...strict, description: "The words of the vendor's own pages." },
);

export const Portal = Type.Object(
  {
    labels: Type.Optional(Labels),
    accent: Type.Optional(
      patterned("^#[0-9a-f]{6}$", "must be a colour such as #0a7d5c, in lower case", {
        description: "Of buttons and links. Default #1c5fd4.",
      }),
    ),
    logo: Type.Optional(
      patterned(
        "^data:image/(?:png|svg\\+xml|webp);base64,[A-Za-z0-9+/]+={0,2}$",
        "must be a data URI of a PNG, SVG or WebP image in base64",
        { description: "Shown as an image, in which no script runs.", maxLength: 65_536 },
      ),
    ),
    signUp: Type.Optional(
      Type.Union([Type.Literal("open"), Type.Literal("invited")], {
        description: "Whether anybody may make an account, or only who is invited. Default open.",
      }),
    ),
    embedOrigins: Type.Optional(
      Type.Array(
        patterned(
          "^https?://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?$",
          "must be one origin such as https://app.example.com: no path, no wildcard, in lower case",
        ),
        { maxItems: 20, description: "Whose pages may show the portal in a frame. Default nobody's." },
      ),
    ),
  },
  { ...strict, description: "The page on which customers keep their keys." },
);

/** Of new keys. */
export const keyBounds = {
  maxPerAccount: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: "How many keys of an account may be alive at once. Without it there is no bound.",
    }),
  ),
  defaultExpiryDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_650,
      description: "Of a key that is made without expiresAt. Without it such a key does not expire.",
    }),
  ),
  maxExpiryDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_650,
      description:
        "The longest life of a key that a customer makes; then none without an end. Without it there is no bound.",
    }),
  ),
};
