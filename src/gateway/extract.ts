// Finds the one credential of a request, or says why there is not exactly one. It reads what the project allows, repairs
// nothing and echoes nothing.
import { looksLikeTicket } from "../key/ticket.ts";
import type { CredentialRules } from "../project/delivery.ts";
import { readBearer } from "../verify/credential.ts";
import type { Credential } from "../verify/question.ts";
import { type Field, valuesOf } from "./fields.ts";

const IN_HEADER = "Send it in the header, not in the URL.";
const NO_TICKET_FORM = "What stands where a ticket may stand is none.";
const BEARER_FORM = "The Authorization header must be: Bearer <key>.";

/** What stands for a key, and is not known to be good for one before it is taken. */
export interface TicketFound {
  readonly kind: "ticket";
  readonly text: string;
}

/** Of a request that is plain HTTP: nothing in its URL lets anybody in. */
export function extractCredential(
  rules: CredentialRules,
  fields: readonly Field[],
  query: string,
): Credential {
  const found = findCredential(rules, fields, query);
  return found.kind === "parameter" ? { kind: "none", hint: IN_HEADER } : found;
}

/** Of a request that asks for WebSocket, which a browser cannot give a header. */
export function extractUpgradeCredential(
  rules: CredentialRules,
  fields: readonly Field[],
  query: string,
): Credential | TicketFound {
  const found = findCredential(rules, fields, query);
  return found.kind === "parameter" ? inUpgrade(rules, found) : found;
}

interface ParameterFound {
  readonly kind: "parameter";
  readonly name: string;
  readonly text: string;
}

/**
 * Every place counts: two lines of one header, two headers, a header and the query parameter are all more than one, even
 * when they agree (RFC 6750 section 2, hostile A09 to A18).
 */
function findCredential(
  rules: CredentialRules,
  fields: readonly Field[],
  query: string,
): Credential | ParameterFound {
  const bearer = rules.bearer ? valuesOf(fields, "authorization") : [];
  const headers = rules.headers.map((name) => valuesOf(fields, name));
  const parameters = parameterNames(rules).flatMap((name) =>
    parametersOf(query, name).map((text) => ({ kind: "parameter" as const, name, text })),
  );
  const carriers = [bearer, ...headers].filter((values) => values.length > 1 || (values[0] ?? "") !== "");
  if (carriers.length + (parameters.length > 0 ? 1 : 0) > 1) return { kind: "many" };
  if (carriers.some((values) => values.length > 1) || parameters.length > 1) return { kind: "many" };
  const [only] = carriers;
  if (only !== undefined)
    return only === bearer ? readBearer(only[0]!, BEARER_FORM) : { kind: "key", text: only[0]! };
  return parameters[0] ?? { kind: "none" };
}

/** A ticket is known by its look, wherever one may stand; a key has a place of its own. */
function inUpgrade(
  { query, ticket }: CredentialRules,
  { name, text }: ParameterFound,
): Credential | TicketFound {
  const isForKeys = name === query.name && query.on === "upgrade";
  if (!isForKeys && name !== ticket) return { kind: "none", hint: IN_HEADER };
  if (looksLikeTicket(text)) return { kind: "ticket", text };
  return isForKeys ? { kind: "key", text } : { kind: "unreadable", hint: NO_TICKET_FORM };
}

/** All in which a credential is looked for. */
function parameterNames({ query, ticket }: CredentialRules): readonly string[] {
  return ticket === undefined || ticket === query.name ? [query.name] : [query.name, ticket];
}

/** Decoded as an upstream would, so that `api%5Fkey` is seen too; names are compared exactly. */
function parametersOf(query: string, name: string): string[] {
  return query === "" ? [] : new URLSearchParams(query).getAll(name);
}

/** The query without the credential, the rest byte for byte. A ticket is good for nothing any more and never goes on. */
export function withoutCredential(query: string, rules: CredentialRules): string {
  const names = parameterNames(rules);
  return query
    .split("&")
    .filter((part) => {
      const parameters = new URLSearchParams(part);
      return !names.some((name) =>
        rules.keep ? looksLikeTicket(parameters.get(name) ?? "") : parameters.has(name),
      );
    })
    .join("&");
}
