// The sections about what comes back: errors with an example, and the headers that tell of a key's use.
import { renderDenial, usageHeaders } from "../../policy/dialect.ts";
import { concurrencyState, rateState } from "../../policy/limit.ts";
import type { Allowed, DenialCode, KeyFacts } from "../../policy/verdict.ts";
import type { Project } from "../compile.ts";
import { asWords, type DenialRow, denialRows, nameOf } from "./denials.ts";
import { allLimits } from "./limits.ts";
import { cellCode, code, fence, list, prose, section, table } from "./markdown.ts";

const WHEN: Readonly<Record<DenialCode, string>> = {
  missing_key: "No key stands in any of the places above.",
  multiple_credentials: "Keys stand in more than one place, or twice in one, even if they are the same.",
  malformed_request: "The request cannot be read, such as one with two Host headers.",
  ambiguous_path: "The path could be read in two ways, such as one with // or an encoded slash.",
  invalid_key: "The key is mistyped, cut short, unknown or not valid yet.",
  revoked_key: "The key was revoked, deleted or rotated without a grace period.",
  disabled_key: "The key is switched off for the time being.",
  expired_key: "The key has expired, or the grace period after its rotation has ended.",
  account_suspended: "The account that owns the key is suspended.",
  wrong_environment: "The key belongs to another environment than the host.",
  ip_not_allowed: "The key has an IP allowlist, and the request comes from somewhere else.",
  no_route: "No endpoint that is listed above has this method and path.",
  insufficient_scope: "The key lacks a scope that the endpoint needs.",
  wrong_account: "The path names an account that is not the key's own.",
  feature_not_in_plan: "The endpoint needs a feature that the account's plan does not include.",
  concurrency_exceeded: "Too many requests run at the same time.",
  rate_exceeded: "Too many requests came in a short time.",
  allowance_exceeded: "What is left of this period's allowance does not pay for the request.",
  insufficient_credits: "The account's credits do not pay for the request.",
  store_unavailable: "The key could not be checked. It may well be valid: keep it and try again.",
};

/** Denials that say something of one API in particular, for the second example. */
const TELLING: readonly DenialCode[] = [
  "insufficient_scope",
  "feature_not_in_plan",
  "wrong_account",
  "no_route",
  "ip_not_allowed",
];

export function errorSection(project: Project): string {
  const rows = denialRows(project);
  const cells = rows.map((row) => [
    String(row.status),
    row.code === undefined ? "" : cellCode(row.code),
    row.message === undefined ? cellCode(row.body) : prose(row.message),
    WHEN[row.denial],
  ]);
  const second = TELLING.map((denial) => rows.find((row) => row.denial === denial)).find((row) => row);
  return section(
    "Errors",
    "A refused request is not forwarded. Words in parentheses stand for what depends on the request.",
    table(["Status", "Code", "Message", "When"], cells),
    ...withoutKey(project),
    ...(second === undefined ? [] : [`The body of a ${nameOf(second)}:`, fence("json", second.body)]),
    list(advice(rows)),
  )!;
}

/** The answer to a request without any key, exactly as the gateway sends it. */
function withoutKey({ dialect }: Project): string[] {
  const answer = renderDenial(dialect, { allowed: false, code: "missing_key" });
  const challenge = answer.headers["www-authenticate"];
  const header = challenge === undefined ? "" : ` and ${code(`WWW-Authenticate: ${challenge}`)}`;
  return [
    `A request without a key is answered with status ${answer.status}${header}, and this body:`,
    fence("json", answer.body),
  ];
}

function advice(rows: readonly DenialRow[]): string[] {
  const withHeaders = rows.filter(({ headers }) => Object.keys(headers).length > 0);
  const retried = [
    ...new Set(rows.map(({ status }) => status).filter((status) => status === 429 || status === 503)),
  ];
  return [
    ...withHeaders.map((row) => {
      const headers = Object.entries(row.headers).map(([name, value]) => code(`${name}: ${value}`));
      return `${nameOf(row)} comes with ${headers.join(", ")}.`;
    }),
    ...(retried.length === 0
      ? []
      : [
          `Try again after a ${retried.sort().join(" or ")}, later each time, and not before Retry-After if it is there.`,
        ]),
    "No other answer of this list changes by repeating the request.",
  ];
}

const HEADER_WORDS: Readonly<Record<string, string>> = {
  scopes: "the key's scopes",
  tier: "the key's tier",
  plan: "the account's plan",
  environment: "the key's environment",
  keyId: "the key's public id",
  account: "the key's account",
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  epoch: " in seconds since 1970",
  iso: " in ISO 8601",
  spaces: ", separated by spaces",
};

export function usageSection(project: Project): string | undefined {
  const templates = Object.entries(project.dialect.usageHeaders);
  if (templates.length === 0) return undefined;
  const example = usageHeaders(project.dialect, exampleVerdict(project));
  const rows = templates.map(([name, template]) => {
    const value = example[name.toLowerCase()];
    return [code(name), prose(headerMeaning(template)), value === undefined ? "" : cellCode(value)];
  });
  return section(
    "Response headers",
    "Every answer to a valid key carries these, refusals included. One whose value is not known is left out.",
    table(["Header", "Value", "Example"], rows),
  );
}

function headerMeaning(template: string): string {
  return template.replaceAll(
    /\{([a-zA-Z][\w.-]*)(?::([a-z]+))?\}/g,
    (_match, name: string, format: string | undefined) => {
      const listed = name === "scopes" && format === undefined ? ", separated by commas" : "";
      return `${HEADER_WORDS[name] ?? asWords(name)}${listed}${FORMAT_WORDS[format ?? ""] ?? ""}`;
    },
  );
}

/** Any moment will do; this one is the same in every page. */
const EXAMPLE_TIME = Date.UTC(2026, 2, 1);

/** A key with as much as one may have, so that no header of the example is left out for want of a value. */
function exampleVerdict(project: Project): Allowed {
  const [tier, { scopes } = { scopes: ordinaryScopes(project).slice(0, 2) }] =
    [...project.tiers].at(-1) ?? [];
  const plan = project.defaultPlan ?? project.plans.keys().next().value;
  const key: KeyFacts = {
    id: "key_3f9a1c",
    name: "Production server",
    account: "acc_7d20e4",
    environment: project.environments[0] ?? "",
    scopes,
    metadata: {},
    ...(tier !== undefined && { tier }),
    ...(plan !== undefined && { plan }),
  };
  const limits = allLimits(project).map((limit) =>
    limit.kind === "rate"
      ? rateState(limit, undefined, EXAMPLE_TIME)
      : concurrencyState(limit, 0, EXAMPLE_TIME, false),
  );
  return { allowed: true, code: "ok", key, limits };
}

function ordinaryScopes({ scopes }: Project): string[] {
  return [...scopes.values()].filter(({ stands }) => stands === undefined).map(({ name }) => name);
}
