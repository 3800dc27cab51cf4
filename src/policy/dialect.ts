// The dialect: how a verdict is told in the project's own words: status, body, headers. Pure; it may not decide anything.
import { type AnswerCode, type AnswerRule, DEFAULT_ANSWERS } from "./answers.ts";
import type { LimitState } from "./limit.ts";
import type { AllowanceState } from "./pot.ts";
import { rateLimitFields } from "./ratelimit-fields.ts";
import { speaksOfUsage, type Verdict } from "./verdict.ts";

/**
 * `body` and header values are templates: `{name}` stands for a value, `{name:format}` for one in a format (`list`, `spaces`,
 * `epoch`, `iso`, `delta`). A JSON string that is nothing but a placeholder takes the value's own type. A header whose value is
 * unknown is left out, and so is one whose value could end the line.
 */
export interface Dialect {
  readonly realm: string;
  readonly body: unknown;
  readonly answers: ReadonlyMap<AnswerCode, AnswerRule>;
  /** On every answer to a valid key, refusals included. */
  readonly usageHeaders: Readonly<Record<string, string>>;
  /** Whether they are joined by `RateLimit-Policy` and `RateLimit`. */
  readonly rateLimitFields?: boolean;
  /** Request header names by which answers differ, for `Vary`. */
  readonly vary: string;
}

export interface RenderedAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Values = Readonly<Record<string, unknown>>;

/** What feeds placeholders beside the verdict, never a credential; `now` in milliseconds since 1970. */
export type Occasion = Values & { readonly now: number };

/** Overrides laid over the defaults, one rule per answer; unknown members are the schema's concern. */
export function compileAnswers(
  overrides: Readonly<Record<string, Partial<AnswerRule>>>,
): Map<AnswerCode, AnswerRule> {
  const answers = new Map<AnswerCode, AnswerRule>();
  for (const [code, rule] of Object.entries(DEFAULT_ANSWERS) as [AnswerCode, AnswerRule][]) {
    answers.set(code, { ...rule, ...overrides[code] });
  }
  return answers;
}

/** What a denial says where there is no body for it: its code and its message. */
export function denialWords(
  dialect: Dialect,
  verdict: Verdict & { allowed: false },
  occasion: Occasion,
): string {
  const rule = dialect.answers.get(verdict.code) ?? DEFAULT_ANSWERS[verdict.code];
  const details = { hint: "", ...verdictValues(verdict), ...occasion };
  const values = { ...details, verdict: verdict.code, status: rule.status, code: rule.code };
  return `${rule.code}: ${messageOf(rule, DEFAULT_ANSWERS[verdict.code], values)}`;
}

/** A fault of the gateway, or a denial without its verdict, as the project's clients expect it. */
export function renderAnswer(dialect: Dialect, code: AnswerCode, details: Values = {}): RenderedAnswer {
  const rule = dialect.answers.get(code) ?? DEFAULT_ANSWERS[code];
  const base: Values = { hint: "", ...details, verdict: code, status: rule.status, code: rule.code };
  const message = messageOf(rule, DEFAULT_ANSWERS[code], base);
  const values: Values = { ...base, message };
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  };
  if (dialect.vary !== "") headers.vary = dialect.vary;
  fillHeaders(headers, rule.headers ?? {}, values);
  return { status: rule.status, headers, body: JSON.stringify(fillJson(rule.body ?? dialect.body, values)) };
}

/** A text that speaks of what is not known gives way to the default one. */
function messageOf(rule: AnswerRule, fallback: AnswerRule, values: Values): string {
  const message = fillText(rule.message, values) ?? fillText(fallback.message, values);
  return message?.trim() ?? fallback.code;
}

export function renderDenial(
  dialect: Dialect,
  verdict: Verdict & { allowed: false },
  occasion: Occasion,
): RenderedAnswer {
  const answer = renderAnswer(dialect, verdict.code, { ...verdictValues(verdict), ...occasion });
  const challenge = bearerChallenge(dialect, verdict, answer.status);
  if (challenge !== undefined) answer.headers["www-authenticate"] = challenge;
  Object.assign(answer.headers, usageHeaders(dialect, verdict, occasion.now));
  return answer;
}

/**
 * The project's usage headers for an answer to a valid key, names in lower case; none for any other. `now` in milliseconds since
 * 1970.
 */
export function usageHeaders(dialect: Dialect, verdict: Verdict, now: number): Record<string, string> {
  const headers: Record<string, string> = {};
  const { usageHeaders: templates, rateLimitFields: hasFields = false } = dialect;
  if (!hasFields && Object.keys(templates).length === 0) return headers;
  // Too many requests may also be said to an address from which no valid key came.
  if (!speaksOfUsage(verdict.code) || verdict.key === undefined) return headers;
  fillHeaders(headers, templates, { ...verdictValues(verdict), now });
  return hasFields ? Object.assign(headers, rateLimitFields(verdict, now)) : headers;
}

function verdictValues(verdict: Verdict): Values {
  const facts = verdict.key;
  return {
    ...(facts && {
      scopes: facts.scopes,
      tier: facts.tier,
      plan: facts.plan,
      environment: facts.environment,
      keyId: facts.id,
    }),
    ...(facts && { account: facts.account }),
    ...(!verdict.allowed && { hint: verdict.hint ?? "", requiredScopes: verdict.requiredScopes }),
    ...(!verdict.allowed && { retryAfter: verdict.retryAfterSeconds }),
    ...limitValues(verdict.limits ?? []),
    ...(verdict.allowance && allowanceValues(verdict.allowance)),
    credits: verdict.credits,
    cost: verdict.cost,
  };
}

/** What has no bound is `null`, and so unknown to a header. */
function allowanceValues({ limit, used, remaining, over, resetsAt }: AllowanceState): Values {
  return {
    "allowance.limit": limit,
    "allowance.used": used,
    "allowance.remaining": remaining,
    "allowance.over": over,
    "allowance.reset": resetsAt,
  };
}

/** `limit.<name>.limit`, `.remaining` and `.reset`, the last in milliseconds since 1970 until a format says otherwise. */
function limitValues(states: readonly LimitState[]): Values {
  return Object.fromEntries(
    states.flatMap(({ name, limit, remaining, resetsAt }) => [
      [`limit.${name}.limit`, limit],
      [`limit.${name}.remaining`, remaining],
      [`limit.${name}.reset`, resetsAt],
    ]),
  );
}

/** RFC 6749 section 3.3; what a caller asked for may be anything, and stands between quotes. */
const SCOPE_TOKEN = /^[!#-[\]-~]+$/;

/** RFC 6750 section 3: a challenge on every 401 and on a missing scope; no `error` where no credential was sent. */
function bearerChallenge(
  dialect: Dialect,
  verdict: Verdict & { allowed: false },
  status: number,
): string | undefined {
  const realm = `Bearer realm="${dialect.realm}"`;
  if (verdict.code === "insufficient_scope") {
    const scopes = (verdict.requiredScopes ?? []).filter((name) => SCOPE_TOKEN.test(name));
    return `${realm}, error="insufficient_scope", scope="${scopes.join(" ")}"`;
  }
  if (status !== 401) return undefined;
  return verdict.code === "missing_key" ? realm : `${realm}, error="invalid_token"`;
}

function fillHeaders(
  headers: Record<string, string>,
  templates: Readonly<Record<string, string>>,
  values: Values,
): void {
  for (const [name, template] of Object.entries(templates)) {
    const value = fillText(template, values);
    if (value !== undefined && PRINTABLE.test(value)) headers[name.toLowerCase()] = value;
  }
}

/** Printable ASCII: nothing that a header value could be split at. */
const PRINTABLE = /^[ -~]*$/;

/** A name, and a format after a colon. */
export const PLACEHOLDER = /\{([a-zA-Z][\w.-]*)(?::([a-z]+))?\}/g;

/** `undefined` when a placeholder has no value. */
function fillText(template: string, values: Values): string | undefined {
  let known = true;
  const text = template.replaceAll(PLACEHOLDER, (_match, name: string, format: string | undefined) => {
    const value = ownValue(values, name);
    const shown = formatValue(value, format, values.now);
    if (shown === undefined) known = false;
    return shown ?? "";
  });
  return known ? text : undefined;
}

function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === "string") {
    const whole = /^\{([a-zA-Z][\w.-]*)\}$/.exec(template)?.[1];
    return whole === undefined ? (fillText(template, values) ?? null) : (ownValue(values, whole) ?? null);
  }
  if (Array.isArray(template)) return template.map((item) => fillJson(item, values));
  if (template === null || typeof template !== "object") return template;
  return Object.fromEntries(Object.entries(template).map(([name, item]) => [name, fillJson(item, values)]));
}

/** Own values only: `{constructor}` names nothing. */
function ownValue(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** `undefined` for what has no value. Times are rounded up: nobody comes back before them. */
function formatValue(value: unknown, format: string | undefined, now: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(format === "spaces" ? " " : ",");
  if (typeof value !== "number") return String(value);
  if (format === "epoch") return String(Math.ceil(value / 1000));
  if (format === "iso") return new Date(value).toISOString();
  if (format !== "delta") return String(value);
  return typeof now === "number" ? String(Math.max(0, Math.ceil((value - now) / 1000))) : undefined;
}
