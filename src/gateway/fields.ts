// The header fields of a request as they arrived, line by line. Node's own header object hides a second Authorization line and
// joins others, so nothing that decides about access may read it.

export interface Field {
  /** Lower case. */
  readonly name: string;
  /** As sent. */
  readonly sentName: string;
  readonly value: string;
}

/** RFC 9110 section 7.6.1, and the proxy fields that are for one hop only. */
const HOP_BY_HOP = new Set(
  "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

/**
 * The fields that are meant for us and for those behind us: hop-by-hop ones and those that Connection names are gone before
 * anything is decided, so that a stripped field can only ever take access away (hostile D14).
 */
export function endToEndFields(rawHeaders: readonly string[]): Field[] {
  const fields = readFields(rawHeaders);
  const named = new Set(
    fields
      .filter((field) => field.name === "connection")
      .flatMap((field) => field.value.toLowerCase().split(/[\s,]+/)),
  );
  return fields.filter((field) => !HOP_BY_HOP.has(field.name) && !named.has(field.name));
}

function readFields(rawHeaders: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const sentName = rawHeaders[index]!;
    fields.push({ name: sentName.toLowerCase(), sentName, value: rawHeaders[index + 1]! });
  }
  return fields;
}

/** Flat lines as the dispatcher hands them over; each byte is a character, as Node gives those of requests. */
export function textOf(rawHeaders: unknown): string[] {
  return (rawHeaders as readonly Buffer[]).map((text) => text.toString("latin1"));
}

export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

/** `X_Key-Id` and `x-key-id` reach many servers as one variable, so they are compared as one (hostile D15). */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}
