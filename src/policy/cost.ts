// The cost of a request: a number of units, or a measure of its body. Pure: bytes go in, units or a reason come out.
import { isUtf8 } from "node:buffer";
import { type MemberProblem, readMember } from "./json-member.ts";
import { MAX_COST } from "./pot.ts";

/** How a route says what a request costs. `field` is the way to a member of the JSON body. */
export type Cost =
  | { readonly kind: "fixed"; readonly units: number }
  /** Unicode code points of a text. */
  | { readonly kind: "characters"; readonly field: readonly string[] }
  /** A whole number that the client sends. */
  | { readonly kind: "value"; readonly field: readonly string[]; readonly minimum: number }
  | { readonly kind: "bytes" };

export type MeasuredCost = Exclude<Cost, { kind: "fixed" }>;

/** `settle` is the response header in which the upstream tells what the request really cost, in units. */
export interface Hold {
  readonly settle?: string;
  /** The most that a settlement may come to, where that is more than what was held. */
  readonly max?: number;
}

/** `hint` is out of a fixed list and echoes nothing of the body. */
export type Measured =
  | { readonly ok: true; readonly units: number }
  | {
      readonly ok: false;
      readonly code: "unmeasurable_request" | "request_too_large";
      readonly hint: string;
    };

/** What the header says of the body; lines of one name are joined with a comma. */
export interface BodyFacts {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

/** The most that is read of a body to measure it (CONTRACTS M3). */
export const MAX_MEASURED_BYTES = 1_048_576;

export const TOO_LARGE: Measured = {
  ok: false,
  code: "request_too_large",
  hint: `It may have ${MAX_MEASURED_BYTES} bytes at most.`,
};

/**
 * What the request costs, from its body as it was sent. A body under a Content-Encoding is refused whatever is measured: the work it
 * makes is that of what it unfolds to.
 */
export function measureBody(cost: MeasuredCost, body: Uint8Array, facts: BodyFacts): Measured {
  if (body.length > MAX_MEASURED_BYTES) return TOO_LARGE;
  if ((facts.contentEncoding ?? "identity").toLowerCase() !== "identity")
    return unmeasurable("Send the body without a Content-Encoding.");
  if (cost.kind === "bytes") return { ok: true, units: body.length };
  if (!isJson(facts.contentType))
    return unmeasurable("Send the body as JSON in UTF-8, with Content-Type: application/json.");
  // A byte order mark is no JSON (RFC 8259 section 8.1), and readers differ in whether they take it.
  if (!isUtf8(body) || (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf))
    return unmeasurable("The body is not UTF-8, or begins with a byte order mark.");
  const member = readMember(body, cost.field);
  if (!member.ok) return unmeasurable(MEMBER_HINTS[member.problem](cost.field.join(".")));
  return cost.kind === "characters" ? countCharacters(cost, member.text) : readUnits(cost, member.text);
}

/** They name what the project file names, and nothing that was sent. */
const MEMBER_HINTS: Readonly<Record<MemberProblem, (field: string) => string>> = {
  not_json: () => "The body is not valid JSON.",
  too_deep: () => "The body is nested too deep.",
  missing: (field) => `The body lacks ${field}, or it is an object or an array.`,
  twice: (field) => `The body has ${field} more than once.`,
};

function unmeasurable(hint: string): Measured {
  return { ok: false, code: "unmeasurable_request", hint };
}

/** `application/json` or `…+json` (RFC 6839 section 3.1), with no other charset than UTF-8. */
function isJson(contentType = ""): boolean {
  const [mediaType = "", ...parameters] = contentType.toLowerCase().split(";");
  const charsets = parameters
    .map((parameter) => parameter.trim())
    .filter((text) => text.startsWith("charset"));
  return JSON_TYPE.test(mediaType.trim()) && charsets.every((text) => UTF_8.test(text));
}

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/;
const UTF_8 = /^charset=(?:utf-?8|"utf-?8")$/;

/**
 * Unicode code points, however they are spelled. Half a surrogate pair is refused: it is no character, and readers make different
 * things of it (RFC 8259 section 8.2).
 */
function countCharacters({ field }: { field: readonly string[] }, json: string): Measured {
  const text: unknown = json.startsWith('"') ? JSON.parse(json) : undefined;
  if (typeof text !== "string" || !text.isWellFormed())
    return unmeasurable(`${field.join(".")} must be a text, in whole Unicode characters.`);
  let units = text.length;
  for (let index = 0; index < text.length; index += 1)
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800) units -= 1;
  return { ok: true, units };
}

/**
 * A number that is whole, however it is spelled: JSON has one kind of number, and `5`, `5.0` and `5e0` are the same to every reader.
 * What is only rounded to a whole number is not one, and neither is -0 (hostile E17).
 */
function readUnits(
  { field, minimum }: { field: readonly string[]; minimum: number },
  json: string,
): Measured {
  const units = DIGIT.test(json) && json.length <= LONGEST_NUMBER ? Number(json) : Number.NaN;
  if (
    Number.isInteger(units) &&
    units >= minimum &&
    units <= MAX_COST &&
    digitsOf(json) === digitsOf(`${units}`)
  )
    return { ok: true, units };
  return unmeasurable(`${field.join(".")} must be a whole number from ${minimum} to ${MAX_COST}.`);
}

const DIGIT = /^\d/;
/** In bytes; more are of no use, and cost time. */
const LONGEST_NUMBER = 32;

/** Without the point, the exponent, and the zeros at either end. */
function digitsOf(json: string): string {
  const [digits = ""] = json.toLowerCase().split("e");
  return digits.replace(".", "").replace(/^0+/, "").replace(/0+$/, "");
}
