// The errors that a client throws, one class for each thing a caller may want to do about it; they never hold the key.
import type { Usage } from "./usage.ts";

/** Everything that this package throws, except the reason of a caller's own AbortSignal and a plain TypeError for misuse. */
export class ClientError extends Error {
  override name = "ClientError";
}

/** The client cannot be made: no key, a key that cannot be one, a browser. Nothing was sent. */
export class ConfigurationError extends ClientError {
  override name = "ConfigurationError";
}

export interface ErrorFacts {
  readonly status?: number | undefined;
  /** The API's own word for what went wrong, out of the body. */
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly headers?: Headers | undefined;
  /** Parsed if it is JSON, else its text; what came of it, if it broke off. */
  readonly body?: unknown;
  readonly usage?: Usage | undefined;
}

/** The call failed. `status` is undefined when no answer came. */
export class ApiError extends ClientError {
  override name = "ApiError";
  declare readonly status: number | undefined;
  declare readonly code: string | undefined;
  declare readonly requestId: string | undefined;
  declare readonly headers: Headers | undefined;
  declare readonly body: unknown;
  declare readonly usage: Usage | undefined;

  constructor(message: string, facts: ErrorFacts = {}, cause?: Error) {
    super(message, cause && { cause });
    Object.assign(this, facts);
  }

  /** What the server asked to wait, in milliseconds, also where that was too long to be waited for. */
  get retryAfterMs(): number | undefined {
    return this.usage?.retryAfterMs;
  }
}

export class AuthenticationError extends ApiError {
  override name = "AuthenticationError";
}
export class PaymentRequiredError extends ApiError {
  override name = "PaymentRequiredError";
}
export class PermissionError extends ApiError {
  override name = "PermissionError";
}
export class NotFoundError extends ApiError {
  override name = "NotFoundError";
}
export class ConflictError extends ApiError {
  override name = "ConflictError";
}
export class RateLimitError extends ApiError {
  override name = "RateLimitError";
}
export class ServerError extends ApiError {
  override name = "ServerError";
}
/** No answer, or one that broke off. */
export class ConnectionError extends ApiError {
  override name = "ConnectionError";
}
export class TimeoutError extends ConnectionError {
  override name = "TimeoutError";
}

const BY_STATUS: Readonly<Record<number, typeof ApiError>> = {
  401: AuthenticationError,
  402: PaymentRequiredError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  429: RateLimitError,
};

/** The class for a status that is not a success. */
export function errorClassOf(status: number): typeof ApiError {
  return BY_STATUS[status] ?? (status >= 500 ? ServerError : ApiError);
}
