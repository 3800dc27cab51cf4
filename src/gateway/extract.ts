// Finds the one credential of a request, or says why there is not exactly one. It reads what the project allows, repairs
// nothing and echoes nothing.
import type { CredentialRules } from "../project/delivery.ts";
import { readBearer } from "../verify/credential.ts";
import type { Credential } from "../verify/question.ts";
import { type Field, valuesOf } from "./fields.ts";

const IN_HEADER = "Send it in the header, not in the URL.";
const BEARER_FORM = "The Authorization header must be: Bearer <key>.";

/**
 * Every place counts: two lines of one header, two headers, a header and the query parameter are all more than one, even
 * when they agree (RFC 6750 section 2, hostile A09 to A18).
 */
export function extractCredential(
  rules: CredentialRules,
  fields: readonly Field[],
  query: string,
  isUpgrade: boolean,
): Credential {
  const bearer = rules.bearer ? valuesOf(fields, "authorization") : [];
  const headers = rules.headers.map((name) => valuesOf(fields, name));
  const parameters = parametersOf(query, rules.query.name);
  const carriers = [bearer, ...headers].filter((values) => values.length > 1 || (values[0] ?? "") !== "");
  if (carriers.length + (parameters.length > 0 ? 1 : 0) > 1) return { kind: "many" };
  if (carriers.some((values) => values.length > 1) || parameters.length > 1) return { kind: "many" };
  const [only] = carriers;
  if (only !== undefined)
    return only === bearer ? readBearer(only[0]!, BEARER_FORM) : { kind: "key", text: only[0]! };
  const [parameter] = parameters;
  if (parameter === undefined) return { kind: "none" };
  return isUpgrade && rules.query.on === "upgrade"
    ? { kind: "key", text: parameter }
    : { kind: "none", hint: IN_HEADER };
}

/** Decoded as an upstream would, so that `api%5Fkey` is seen too; names are compared exactly. */
function parametersOf(query: string, name: string): string[] {
  return query === "" ? [] : new URLSearchParams(query).getAll(name);
}

/** The query without the credential, the rest byte for byte. */
export function withoutParameter(query: string, name: string): string {
  return query
    .split("&")
    .filter((part) => !new URLSearchParams(part).has(name))
    .join("&");
}
