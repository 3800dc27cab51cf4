// The section about refusals: each with status, code, message and cause, and an example.
import { renderDenial } from "../../policy/dialect.ts";
import type { DenialCode } from "../../policy/verdict.ts";
import type { Project } from "../compile.ts";
import { type DenialRow, denialRows, nameOf } from "./denials.ts";
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
  unmeasurable_request: "What the request costs is measured from its body, which cannot be read in one way.",
  request_too_large: "What the request costs is measured from its body, which is too large.",
  allowance_exceeded: "What is left of this period's allowance does not pay for the request.",
  insufficient_credits: "The account's credits do not pay for the request.",
  store_unavailable: "The key could not be checked. It may well be valid: keep it and try again.",
};

function whenWords({ network }: Project, denial: DenialCode): string {
  if (denial !== "rate_exceeded" || network.failedAttempts === undefined) return WHEN[denial];
  const { limit, windowMs } = network.failedAttempts;
  return `${WHEN[denial]} Or more than ${limit} invalid keys came from one address in ${windowMs / 1000} seconds; a valid key still works from there.`;
}

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
    whenWords(project, row.denial),
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
  const answer = renderDenial(dialect, { allowed: false, code: "missing_key" }, { now: 0 });
  const challenge = answer.headers["www-authenticate"];
  const header = challenge === undefined ? "" : ` and ${code(`WWW-Authenticate: ${challenge}`)}`;
  return [
    `A request without a key is answered with status ${answer.status}${header}, and this body:`,
    fence("json", answer.body),
  ];
}

function advice(rows: readonly DenialRow[]): string[] {
  const withHeaders = rows.filter(({ headers }) => Object.keys(headers).length > 0);
  const spent = rows.find(({ denial }) => denial === "allowance_exceeded");
  const retried = [
    ...new Set(
      rows.flatMap(({ denial, status }) =>
        denial !== spent?.denial && (status === 429 || status === 503) ? [status] : [],
      ),
    ),
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
    ...(spent === undefined
      ? []
      : [`${nameOf(spent)} lasts until the allowance is there anew, or the account has a larger plan.`]),
    "No other answer of this list changes by repeating the request.",
  ];
}
