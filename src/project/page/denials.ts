// Which denials a project can give, and each as its dialect renders it: the page shows what the gateway would answer and has no
// words of its own for it.
import { DEFAULT_ANSWERS } from "../../policy/answers.ts";
import { PLACEHOLDER, renderDenial } from "../../policy/dialect.ts";
import type { Limit } from "../../policy/limit.ts";
import type { Pot } from "../../policy/pot.ts";
import { DENIAL_CODES, type DenialCode, type Denied, type KeyFacts } from "../../policy/verdict.ts";
import type { Project } from "../compile.ts";
import { allLimits } from "./limits.ts";
import { code } from "./markdown.ts";
import { isMeasured, paidRoutes } from "./routes.ts";
import { valueWords } from "./words.ts";

export interface DenialRow {
  readonly denial: DenialCode;
  readonly status: number;
  /** The vendor's code and message; absent where the body holds no member that is exactly this. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** As sent, with plain words in parentheses for what depends on the request. */
  readonly body: string;
  /** Those that belong to this answer alone, names as declared. */
  readonly headers: Readonly<Record<string, string>>;
}

const always = () => true;
const limited = (kind: Limit["kind"]) => (project: Project) =>
  allLimits(project).some((limit) => limit.kind === kind);
const measured = (project: Project) => paidRoutes(project).some(({ cost }) => isMeasured(cost));
/** What several pots cannot pay together is refused in the name of the last. */
const paidLastBy = (pot: Pot) => (project: Project) =>
  paidRoutes(project).some(
    ({ cost, pots }) => pots.at(-1) === pot && (cost.kind !== "fixed" || cost.units > 0),
  );

const CAN_OCCUR: Readonly<Record<DenialCode, (project: Project) => boolean>> = {
  missing_key: always,
  multiple_credentials: always,
  malformed_request: always,
  ambiguous_path: always,
  invalid_key: always,
  revoked_key: always,
  disabled_key: always,
  expired_key: always,
  account_suspended: always,
  wrong_environment: ({ hosts }) => hosts.some(({ environment }) => environment !== undefined),
  ip_not_allowed: always,
  no_route: ({ routes }) => routes !== undefined,
  insufficient_scope: ({ scopes }) => scopes.size > 0,
  wrong_account: ({ file }) => (file.routes ?? []).some(({ ownAccount }) => ownAccount !== undefined),
  feature_not_in_plan: ({ file, plans }) =>
    (file.routes ?? []).some(({ feature }) =>
      [...plans.values()].some(
        ({ features }) => feature !== undefined && features !== "all" && !features.has(feature),
      ),
    ),
  concurrency_exceeded: limited("concurrency"),
  rate_exceeded: (project) => limited("rate")(project) || project.network.failedAttempts !== undefined,
  unmeasurable_request: measured,
  request_too_large: measured,
  allowance_exceeded: paidLastBy("allowance"),
  insufficient_credits: paidLastBy("credits"),
  store_unavailable: always,
};

/** In the order in which they are decided. */
export function denialRows(project: Project): readonly DenialRow[] {
  return DENIAL_CODES.filter((denial) => CAN_OCCUR[denial](project)).map((denial) => row(project, denial));
}

/** Such as ``401 `unauthorized` ``; as Markdown. */
export function answerTo(project: Project, denial: DenialCode): string {
  return nameOf(row(project, denial));
}

export function nameOf({ status, code: vendorCode }: Pick<DenialRow, "status" | "code">): string {
  return vendorCode === undefined ? String(status) : `${status} ${code(vendorCode)}`;
}

function row(project: Project, denial: DenialCode): DenialRow {
  const rule = project.dialect.answers.get(denial) ?? DEFAULT_ANSWERS[denial];
  const occasion = { ...placeholderWords(project, denial, rule), now: NO_TIME };
  const answer = renderDenial(project.dialect, inWords(project, denial), occasion);
  const texts = textsIn(JSON.parse(answer.body));
  const message = renderedMessage(project, denial);
  return {
    denial,
    status: answer.status,
    code: texts.has(rule.code) ? rule.code : undefined,
    message: texts.has(message) ? message : undefined,
    body: answer.body,
    headers: Object.fromEntries(
      Object.keys(rule.headers ?? {}).flatMap((name) => {
        const value = answer.headers[name.toLowerCase()];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

/** The same answer with nothing but the message in its body. */
function renderedMessage(project: Project, denial: DenialCode): string {
  const { dialect } = project;
  const rule = dialect.answers.get(denial) ?? DEFAULT_ANSWERS[denial];
  const alone = { ...dialect, answers: new Map([[denial, { ...rule, body: "{message}" }]]) };
  const occasion = { ...placeholderWords(project, denial, rule), now: NO_TIME };
  return String(JSON.parse(renderDenial(alone, inWords(project, denial), occasion).body));
}

/** Words stand where times would. */
const NO_TIME = 0;

/** The denial with words in the place of what a request would bring. */
function inWords(project: Project, denial: DenialCode): Denied {
  const waitSeconds = knownWaitSeconds(project, denial);
  return {
    allowed: false,
    ...(waitSeconds !== undefined && { retryAfterSeconds: waitSeconds }),
    code: denial,
    hint: "(what to correct)",
    requiredScopes: ["(the scopes needed)"],
    key: KEY_IN_WORDS,
  };
}

/** A refusal for concurrency names the seconds that the project file says; for a rate they depend on what was used. */
function knownWaitSeconds(project: Project, denial: DenialCode): number | undefined {
  if (denial !== "concurrency_exceeded") return undefined;
  const waits = allLimits(project).flatMap((limit) =>
    limit.kind === "concurrency" ? limit.retryAfterSeconds : [],
  );
  return new Set(waits).size === 1 ? waits[0] : undefined;
}

const KEY_IN_WORDS: KeyFacts = {
  id: "(the key's id)",
  name: "(the key's name)",
  account: "(the account)",
  environment: "(the key's environment)",
  scopes: ["(the key's scopes)"],
  tier: "(the key's tier)",
  plan: "(the account's plan)",
  metadata: {},
};

/** Filled in by the verdict or by the answer itself. */
const KNOWN = new Set(
  "hint requiredScopes keyId account environment scopes tier plan verdict status code message".split(" "),
);

/** Every other placeholder of an answer stands for itself: `(request id)`. */
function placeholderWords(project: Project, denial: DenialCode, rule: object): Record<string, string> {
  const names = [...JSON.stringify(rule).matchAll(PLACEHOLDER)].map(([, name]) => name ?? "");
  const isKnown = (name: string) =>
    KNOWN.has(name) || (name === "retryAfter" && knownWaitSeconds(project, denial) !== undefined);
  const unknown = names.filter((name) => !isKnown(name));
  return Object.fromEntries(unknown.map((name) => [name, `(${valueWords(name)})`]));
}

function textsIn(value: unknown): Set<string> {
  if (typeof value === "string") return new Set([value]);
  if (value === null || typeof value !== "object") return new Set();
  return new Set(Object.values(value).flatMap((member) => [...textsIn(member)]));
}
