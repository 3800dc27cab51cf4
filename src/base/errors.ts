// Coded errors: one table for every problem that management and the control plane can answer. A denial of a key is a
// verdict (policy), not an error, and does not pass through here.

/** Stable code → HTTP status and a title that holds for every occurrence. docs/errors.md lists the same table. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request cannot be read" },
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  multiple_credentials: { status: 400, title: "More than one credential was sent" },
  missing_key: { status: 401, title: "A root key is needed" },
  invalid_key: { status: 401, title: "The root key is not valid" },
  session_required: { status: 401, title: "Somebody has to sign in" },
  invalid_credentials: { status: 401, title: "The sign-in failed" },
  insufficient_credits: { status: 402, title: "The account has too little to pay" },
  insufficient_scope: { status: 403, title: "The root key lacks a scope" },
  forbidden: { status: 403, title: "The root key may not do this" },
  csrf_failed: { status: 403, title: "The request does not come from the page itself" },
  reauth_required: { status: 403, title: "The person must confirm who they are" },
  address_unconfirmed: { status: 403, title: "The e-mail address is not confirmed" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "The method is not supported here" },
  conflict: { status: 409, title: "The request conflicts with the present state" },
  confirmation_required: { status: 409, title: "The number of affected keys must be confirmed" },
  mail_unavailable: { status: 409, title: "No mail can be sent" },
  limit_reached: { status: 409, title: "There are as many as there may be" },
  idempotency_in_progress: { status: 409, title: "A request with this Idempotency-Key is still running" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The content type is not supported" },
  validation_failed: { status: 422, title: "The request was understood and is not acceptable" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used with another request" },
  too_many_attempts: { status: 429, title: "Too many attempts" },
  headers_too_large: { status: 431, title: "The header fields are too large or too many" },
  overloaded: { status: 503, title: "Too much at this moment" },
  store_unavailable: { status: 503, title: "The store does not answer" },
  internal_error: { status: 500, title: "A defect in Claviger" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Where in the input a problem lies: a JSON pointer (RFC 6901) or a header or parameter name. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export class ClavigerError extends Error {
  override readonly name = "ClavigerError";
  readonly code: ProblemCode;
  readonly status: number;
  /** What is wrong with which field, for `validation_failed`. */
  readonly fields: readonly FieldProblem[];
  /** For the log only; never answered. */
  readonly internal: string | undefined;
  /** Whole seconds, for what passes by waiting. */
  readonly retryAfterSeconds: number | undefined;

  /** `detail` is public: it names what to mend and holds no secret. */
  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      fields?: readonly FieldProblem[];
      internal?: string;
      cause?: unknown;
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.fields = more.fields ?? [];
    this.internal = more.internal;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export function invalidField(field: string, message: string): ClavigerError {
  return new ClavigerError("validation_failed", `${field}: ${message}`, { fields: [{ field, message }] });
}
