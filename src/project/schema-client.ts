// The shape of the part of a project file that its client packages and examples are made from; what it means together is checked
// where the packages are written.
import { Type } from "typebox";
import { identifier, named, patterned, strict } from "./schema-words.ts";

const url = (description: string) =>
  patterned(
    "^https?://[^\\s\"'<>]{1,200}$",
    "must begin with https:// or http:// and hold no spaces, quotes or angle brackets",
    { description },
  );

const packageName = (description: string) =>
  patterned(
    "^[a-z0-9](?:[a-z0-9._-]{0,60}[a-z0-9])?$",
    "must be 1 to 62 of a-z 0-9 . _ and -, with a letter or digit at both ends",
    { description },
  );

const npmName = patterned(
  "^(?:@[a-z0-9](?:[a-z0-9._-]{0,60}[a-z0-9])?/)?[a-z0-9](?:[a-z0-9._-]{0,60}[a-z0-9])?$",
  "must be a package name of npm in lower case, such as acme or @acme/client",
  { description: "On npm; may have a scope." },
);

export const Client = Type.Object(
  {
    environmentVariable: Type.Optional(
      patterned("^[A-Z][A-Z0-9_]{0,63}$", "must be 1 to 64 of A-Z 0-9 and _, the first a letter"),
    ),
    baseUrl: Type.Optional(url("Where the API is; default the first host.")),
    regions: Type.Optional(
      named(identifier("A region."), url("Where its keys go; default the first host of the region.")),
    ),
    packageName: Type.Optional(
      Type.Union(
        [
          packageName("On PyPI and on npm."),
          Type.Object(
            { python: Type.Optional(packageName("On PyPI.")), typescript: Type.Optional(npmName) },
            strict,
          ),
        ],
        { description: "What is installed; default the project's name." },
      ),
    ),
    moduleName: Type.Optional(
      patterned("^[a-z][a-z0-9_]{0,61}$", "must be 1 to 62 of a-z 0-9 and _, the first a letter", {
        description: "What Python imports; default the package's name with _ for other signs.",
      }),
    ),
    className: Type.Optional(
      patterned(
        "^[A-Z][A-Za-z0-9]{0,63}$",
        "must be 1 to 64 letters and digits, the first a capital letter",
        {
          description: "The client's class; default the title, if it can be one, else the name.",
        },
      ),
    ),
    example: Type.Optional(
      Type.Object(
        {
          method: Type.Optional(
            patterned("^(GET|POST|PUT|PATCH|DELETE)$", "must be GET, POST, PUT, PATCH or DELETE"),
          ),
          path: patterned(
            "^/[^\\s\"'<>]*$",
            "must begin with / and hold no spaces, quotes or angle brackets",
            { maxLength: 300 },
          ),
          body: Type.Optional(Type.Unknown()),
        },
        strict,
      ),
    ),
  },
  strict,
);

/** Of a route: what client packages call it. */
export const methodName = Type.Optional(
  patterned(
    "^[a-z][a-z0-9_]{0,39}(?:\\.[a-z][a-z0-9_]{0,39})?$",
    "must be a group and a method, such as voices.list, or a group alone; each 1 to 40 of a-z 0-9 and _, the first a letter",
    { description: "The group of methods, or group and method, that stands for it in client packages." },
  ),
);

export const webSocket = Type.Optional(
  Type.Boolean({ description: "Whether client packages open a WebSocket here. Default false." }),
);
