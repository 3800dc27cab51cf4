// What is answered where a project file says nothing: status, code and message for every denial and every gateway fault.
import { DENIAL_CODES, type DenialCode } from "./verdict.ts";

/** One answer: HTTP status, the vendor's code and message, and where needed a body or headers of its own. */
export interface AnswerRule {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Faults of the gateway itself; not verdicts, but told in the same dialect. */
export const FAULT_CODES = [
  "upstream_unavailable",
  "upstream_timeout",
  "method_not_allowed",
  "headers_too_large",
  "origin_not_allowed",
] as const;
export type AnswerCode = DenialCode | (typeof FAULT_CODES)[number];

/** Every code that a project file may give an answer of its own. */
export const ANSWER_CODES: readonly AnswerCode[] = [...DENIAL_CODES, ...FAULT_CODES];

export const DEFAULT_BODY = { error: { code: "{code}", message: "{message}" } };

/** Statuses after RFC 6750 section 3.1 (400, 401, 403), RFC 6585 (429, 431) and RFC 9110 (402, 405, 502, 503, 504). */
export const DEFAULT_ANSWERS: Readonly<Record<AnswerCode, AnswerRule>> = {
  missing_key: { status: 401, code: "missing_api_key", message: "No API key was sent. {hint}" },
  multiple_credentials: {
    status: 400,
    code: "multiple_credentials",
    message: "More than one credential was sent. Send the API key once, in one place.",
  },
  malformed_request: { status: 400, code: "invalid_request", message: "The request cannot be read. {hint}" },
  ambiguous_path: {
    status: 400,
    code: "ambiguous_path",
    message: "The path could be read in two ways. {hint}",
  },
  invalid_key: { status: 401, code: "invalid_api_key", message: "The API key is not valid. {hint}" },
  revoked_key: {
    status: 401,
    code: "revoked_api_key",
    message: "The API key has been revoked. Use another key.",
  },
  disabled_key: { status: 401, code: "disabled_api_key", message: "The API key is disabled." },
  expired_key: {
    status: 401,
    code: "expired_api_key",
    message: "The API key has expired. Create a new one.",
  },
  account_suspended: { status: 403, code: "account_suspended", message: "The account is suspended." },
  wrong_environment: {
    status: 401,
    code: "invalid_api_key",
    message: "The API key belongs to another environment than this address.",
  },
  ip_not_allowed: {
    status: 403,
    code: "ip_not_allowed",
    message: "The API key may not be used from this address.",
  },
  no_route: {
    status: 403,
    code: "forbidden",
    message: "There is nothing for API keys at this path and method.",
  },
  insufficient_scope: {
    status: 403,
    code: "insufficient_scope",
    message: "The API key lacks a scope. Needed: {requiredScopes:spaces}.",
  },
  wrong_account: {
    status: 403,
    code: "forbidden",
    message: "The API key may not use another account's resources.",
  },
  feature_not_in_plan: {
    status: 403,
    code: "feature_not_in_plan",
    message: "The account's plan does not include this.",
  },
  concurrency_exceeded: {
    status: 429,
    code: "concurrency_limit_exceeded",
    message: "Too many requests run at once.",
    headers: { "Retry-After": "{retryAfter}" },
  },
  rate_exceeded: {
    status: 429,
    code: "rate_limit_exceeded",
    message: "Too many requests.",
    headers: { "Retry-After": "{retryAfter}" },
  },
  unmeasurable_request: {
    status: 400,
    code: "invalid_request",
    message: "What the request costs cannot be told. {hint}",
  },
  request_too_large: {
    status: 413,
    code: "request_too_large",
    message: "The body is too large to tell what the request costs. {hint}",
  },
  allowance_exceeded: {
    status: 429,
    code: "quota_exceeded",
    message: "What is left of this period's allowance does not pay for the request.",
    headers: { "Retry-After": "{retryAfter}" },
  },
  insufficient_credits: {
    status: 402,
    code: "insufficient_credits",
    message: "The account has too few credits.",
  },
  store_unavailable: {
    status: 503,
    code: "store_unavailable",
    message: "The API key cannot be checked at the moment. It may well be valid; try again.",
    headers: { "Retry-After": "1" },
  },
  upstream_unavailable: {
    status: 502,
    code: "upstream_unavailable",
    message: "The service behind the gateway does not answer.",
  },
  upstream_timeout: {
    status: 504,
    code: "upstream_timeout",
    message: "The service behind the gateway took too long.",
  },
  method_not_allowed: {
    status: 405,
    code: "method_not_allowed",
    message: "The method is not supported.",
    headers: { Allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
  },
  headers_too_large: {
    status: 431,
    code: "headers_too_large",
    message: "The header fields are too large or too many.",
  },
  origin_not_allowed: {
    status: 403,
    code: "forbidden",
    message: "Pages of this origin may not open a WebSocket here.",
  },
};
