// The section about the headers that tell of a key's use, with an example of each.
import { PLACEHOLDER, usageHeaders } from "../../policy/dialect.ts";
import { concurrencyState, type LimitState, rateState } from "../../policy/limit.ts";
import { type Allowance, type AllowanceState, allowanceState } from "../../policy/pot.ts";
import type { Allowed, KeyFacts } from "../../policy/verdict.ts";
import type { Project } from "../compile.ts";
import { allLimits } from "./limits.ts";
import { cellCode, code, prose, section, table } from "./markdown.ts";
import { valueWords } from "./words.ts";

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  epoch: ", in seconds since 1970",
  iso: ", in ISO 8601",
  delta: ", in seconds from now",
  spaces: ", separated by spaces",
};

export function usageSection(project: Project): string | undefined {
  const { dialect } = project;
  const meanings = Object.entries(dialect.usageHeaders).map(([name, template]) => [
    name,
    headerMeaning(template),
  ]);
  if (dialect.rateLimitFields === true) meanings.push(...FIELD_MEANINGS);
  if (meanings.length === 0) return undefined;
  const example = usageHeaders(dialect, exampleVerdict(project), EXAMPLE_TIME);
  const rows = meanings.map(([name = "", meaning = ""]) => {
    const value = example[name.toLowerCase()];
    return [code(name), prose(meaning), value === undefined ? "" : cellCode(value)];
  });
  return section(
    "Response headers",
    "Every answer to a valid key carries these, refusals included. One whose value is not known is left out.",
    table(["Header", "Value", "Example"], rows),
  );
}

/** Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4. */
const FIELD_MEANINGS = [
  ["RateLimit-Policy", "of each limit and the allowance: what it grants (q), in how many seconds (w)"],
  [
    "RateLimit",
    "of each limit and the allowance: what is left (r), and in how many seconds there is more (t)",
  ],
];

function headerMeaning(template: string): string {
  return template.replaceAll(PLACEHOLDER, (_match, name: string, format: string | undefined) => {
    const listed = name === "scopes" && format === undefined ? ", separated by commas" : "";
    return `${valueWords(name)}${listed}${FORMAT_WORDS[format ?? ""] ?? ""}`;
  });
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
  const { allowance } = (plan === undefined ? undefined : project.plans.get(plan)) ?? {};
  return {
    allowed: true,
    code: "ok",
    key,
    limits: exampleStates(project),
    ...(allowance && { allowance: exampleAllowance(allowance) }),
    credits: 100,
    cost: 1,
  };
}

/** Of limits with one name in several plans, one. */
function exampleStates(project: Project): LimitState[] {
  const named = new Map(allLimits(project).map((limit) => [limit.name, limit]));
  return [...named.values()].map((limit) =>
    limit.kind === "rate"
      ? rateState(limit, undefined, EXAMPLE_TIME)
      : concurrencyState(limit, 0, EXAMPLE_TIME, false),
  );
}

function exampleAllowance({ limit, resetsOn }: Allowance): AllowanceState {
  const day = resetsOn === "created" ? 1 : resetsOn;
  const untouched = { period: EXAMPLE_TIME, used: 0, over: 0, credits: 0 };
  return allowanceState({ limit, day }, untouched, EXAMPLE_TIME);
}

function ordinaryScopes({ scopes }: Project): string[] {
  return [...scopes.values()].filter(({ stands }) => stands === undefined).map(({ name }) => name);
}
