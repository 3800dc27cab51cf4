// The words that the project file's schema is made of: names, texts, headers. Each says in words what it must look like.
import { type TRecord, type TSchema, type TString, Type } from "typebox";

export const strict = { additionalProperties: false } as const;
export const text = (description: string, maxLength = 500) =>
  Type.String({ minLength: 1, maxLength, description });

/** A string that fits a pattern, with the pattern in words: for load.ts, and for editors, which show `patternErrorMessage`. */
export const patterned = (
  pattern: string,
  words: string,
  more: { description?: string; maxLength?: number } = {},
) => Type.String({ pattern, patternErrorMessage: words, ...more });

/** A mapping from names; `propertyNames` because a record says nothing of the members whose names do not fit. */
export const named = <Value extends TSchema>(
  name: TString,
  value: Value,
  more: { description?: string } = {},
): TRecord<string, Value> => Type.Record(name, value, { propertyNames: name, ...more });

/** Also in URLs, host names and header values, hence lower case and short. */
export const NAME_PATTERN = "^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$";
export const identifier = (description: string) =>
  patterned("^[a-z0-9][a-z0-9_-]{0,39}$", "must be 1 to 40 of a-z 0-9 _ and -, the first a letter or digit", {
    description,
  });
/** No comma, quote, space or control character: scopes stand in header values and challenges (RFC 6749 section 3.3). */
export const SCOPE_PATTERN = "^(?:\\*|[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63})$";
export const scopeName = patterned(
  SCOPE_PATTERN,
  "must be * or 1 to 64 letters, digits and _ . : / -, the first a letter or digit",
);
export const headerName = patterned(
  "^[A-Za-z][A-Za-z0-9-]{0,63}$",
  "must be a header name: 1 to 64 letters, digits and hyphens, the first a letter",
);
/** Printable ASCII: what a header value may hold without a fold or a second line. */
export const headerText = patterned(
  "^[ -~]{0,500}$",
  "must be one line of at most 500 printable ASCII characters",
);
export const hostName = patterned(
  "^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$",
  "must be a host name in lower case, such as api.example.com, without scheme, port or path",
  { maxLength: 253 },
);
