// The part of a project file that says how requests arrive and how answers leave: hosts, credentials, trusted proxies and
// the dialect, with their references checked.

import { type AnswerRule, DEFAULT_BODY } from "../policy/answers.ts";
import { compileAnswers, type Dialect } from "../policy/dialect.ts";
import type { RateLimit } from "../policy/limit.ts";
import { type AllowlistMatcher, compileAllowlist, parseAllowlist } from "../policy/network.ts";
import { ALLOWANCE_POLICY } from "../policy/ratelimit-fields.ts";
import { declaredLimits } from "./limits.ts";
import type { Note } from "./load.ts";
import { checkPlaceholders } from "./placeholders.ts";
import type { ProjectFile } from "./schema.ts";

export interface ProjectHost {
  readonly host: string;
  readonly environment: string | undefined;
  readonly region: string | undefined;
}

/** Where a credential may stand; header names in lower case. */
export interface CredentialRules {
  readonly bearer: boolean;
  readonly headers: readonly string[];
  /** Always watched, so that a key in a URL is noticed; accepted only where `on` says so. */
  readonly query: { readonly name: string; readonly on: "never" | "upgrade" };
  /** Whether the upstream sees it too, as the client sent it. */
  readonly keep: boolean;
  /** The query parameter in which an upgrade may bring a ticket; absent where it may do so only in that of keys, if there. */
  readonly ticket?: string;
}

export interface NetworkRules {
  readonly trustedProxies: AllowlistMatcher;
  /** Lower case. */
  readonly clientAddressHeader: string;
  readonly headerStyle: "list" | "single" | "forwarded";
  /** Whether the trusted proxies may ask for verdicts. */
  readonly forwardAuth: boolean;
  /** How many invalid keys an address may try; absent for any number. */
  readonly failedAttempts?: RateLimit;
}

/** Headers that frame a message or name its sender; a project may neither read a key from them nor answer with them. */
const RESERVED_HEADERS = new Set(
  "authorization connection content-length cookie forwarded host keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade x-forwarded-for".split(
    " ",
  ),
);

export function compileHosts(file: ProjectFile, environments: readonly string[], note: Note): ProjectHost[] {
  const declared = file.hosts ?? [`${file.name}.localhost`];
  const hosts: ProjectHost[] = [];
  for (const [index, entry] of declared.entries()) {
    const one = typeof entry === "string" ? { host: entry } : entry;
    if (hosts.some((earlier) => earlier.host === one.host))
      note(["hosts", index], `host ${one.host} is named twice`);
    if (one.environment !== undefined && !environments.includes(one.environment)) {
      note(["hosts", index, "environment"], `environment ${JSON.stringify(one.environment)} is not declared`);
    }
    if (one.region !== undefined && !Object.hasOwn(file.regions ?? {}, one.region)) {
      note(["hosts", index, "region"], `region ${JSON.stringify(one.region)} is not declared under regions`);
    }
    hosts.push({ host: one.host, environment: one.environment, region: one.region });
  }
  return hosts;
}

export function compileCredentials(file: ProjectFile, note: Note): CredentialRules {
  const { bearer = true, headers = [], query = {}, keep = false, ticket } = file.credentials ?? {};
  for (const [index, name] of headers.entries()) {
    if (RESERVED_HEADERS.has(name.toLowerCase()) || name.toLowerCase().startsWith("claviger-")) {
      note(["credentials", "headers", index], `${name} cannot carry a key: it has a meaning of its own`);
    }
    // Read twice, the one key would count as two.
    if (headers.slice(0, index).some((earlier) => earlier.toLowerCase() === name.toLowerCase()))
      note(["credentials", "headers", index], `header ${name} is named twice`);
  }
  const { name = "api_key", on = "never" } = query;
  if (!bearer && headers.length === 0 && on === "never")
    note(["credentials"], "leaves no place where a key could stand");
  return {
    bearer,
    headers: headers.map((header) => header.toLowerCase()),
    query: { name, on },
    keep,
    ...(ticket !== undefined && { ticket: ticket.name ?? "ticket" }),
  };
}

export function compileNetwork(file: ProjectFile, note: Note): NetworkRules {
  const {
    trustedProxies = [],
    clientAddressHeader = "X-Forwarded-For",
    headerStyle = "list",
    forwardAuth = false,
    failedAttempts,
  } = file.network ?? {};
  const parsed = parseAllowlist(trustedProxies, { confirmAny: false });
  if (!parsed.ok) {
    for (const { index, message } of parsed.problems) note(["network", "trustedProxies", index], message);
  }
  if (forwardAuth && trustedProxies.length === 0)
    note(["network", "forwardAuth"], "trusts nobody: name the proxies under trustedProxies");
  return {
    trustedProxies: compileAllowlist(parsed.ok ? parsed.entries : []),
    clientAddressHeader: clientAddressHeader.toLowerCase(),
    headerStyle,
    forwardAuth,
    ...(failedAttempts && { failedAttempts: compileFailedAttempts(failedAttempts) }),
  };
}

type FailedAttempts = NonNullable<NonNullable<ProjectFile["network"]>["failedAttempts"]>;

function compileFailedAttempts({ rate, windowSeconds }: FailedAttempts): RateLimit {
  const windowMs = windowSeconds * 1000;
  return { kind: "rate", name: "failed-attempts", per: "address", limit: rate, windowMs, burst: rate };
}

export function compileDialect(file: ProjectFile, credentials: CredentialRules, note: Note): Dialect {
  const {
    realm = file.name,
    body = DEFAULT_BODY,
    answers = {},
    headers = {},
    rateLimitFields = false,
  } = file.dialect ?? {};
  checkHeaderNames(headers, ["dialect", "headers"], note);
  for (const [code, rule] of Object.entries(answers)) {
    checkHeaderNames(rule?.headers ?? {}, ["dialect", "answers", code, "headers"], note);
  }
  checkPlaceholders(file, note);
  if (rateLimitFields) checkRateLimitFields(file, note);
  return {
    realm,
    body,
    answers: compileAnswers(answers as Record<string, Partial<AnswerRule>>),
    usageHeaders: headers,
    rateLimitFields,
    vary: varyOf(file, credentials),
  };
}

/** Where every page may call, all are told the same. */
function varyOf({ credentials: { headers = [] } = {}, cors }: ProjectFile, { bearer }: CredentialRules) {
  const namesOrigin = cors !== undefined && !cors.origins.includes("*");
  return [...(bearer ? ["Authorization"] : []), ...headers, ...(namesOrigin ? ["Origin"] : [])].join(", ");
}

function checkHeaderNames(headers: object, path: readonly string[], note: Note): void {
  for (const name of Object.keys(headers)) {
    if (RESERVED_HEADERS.has(name.toLowerCase()))
      note([...path, name], `${name} is set by the gateway itself`);
  }
}

const RATE_LIMIT_FIELDS = ["ratelimit", "ratelimit-policy"];

/** One name means one thing in an answer. */
function checkRateLimitFields(file: ProjectFile, note: Note): void {
  for (const name of Object.keys(file.dialect?.headers ?? {})) {
    if (RATE_LIMIT_FIELDS.includes(name.toLowerCase()))
      note(["dialect", "headers", name], `${name} is written by rateLimitFields`);
  }
  if (declaredLimits(file).has(ALLOWANCE_POLICY))
    note(
      ["dialect", "rateLimitFields"],
      `tells the allowance under the name ${ALLOWANCE_POLICY}, which a limit has too`,
    );
}
