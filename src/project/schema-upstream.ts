// The shape of what a project file says about where requests go on to, and for how long their answer is waited for.
import { Type } from "typebox";
import { identifier, named, patterned, strict } from "./schema-words.ts";

const URL_PATTERN = "https?://[^\\s/?#@]+(?:/[^\\s?#]*)?";

export const Upstream = patterned(
  `^(?:sample|${URL_PATTERN})$`,
  "must be sample, or a URL that begins with https:// or http:// and has no query, fragment or user name",
  { description: "The URL that requests are forwarded to, or `sample` for one served inside the process." },
);

export const UpstreamTimeouts = Type.Object(
  {
    answerSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        description: "How long the upstream may take to begin its answer; default 60.",
      }),
    ),
    silenceSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 86_400,
        description: "How long it may pause within its answer; default 300.",
      }),
    ),
  },
  strict,
);

export const Regions = named(
  identifier("A region."),
  Type.Object(
    {
      keyPrefix: patterned(
        "^[a-z0-9]{1,16}-$",
        "must be 1 to 16 of a-z 0-9 and a hyphen at the end, such as eu-",
      ),
      upstream: Type.Optional(
        patterned(
          `^${URL_PATTERN}$`,
          "must be a URL that begins with https:// or http:// and has no query, fragment or user name",
          { description: "Where requests of the region go on to, in place of `upstream`." },
        ),
      ),
    },
    strict,
  ),
);
