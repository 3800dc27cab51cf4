// How every failure leaves the control plane: problem details (RFC 9457), made in this one place. It never answers a
// credential, a body or the inside of a fault.
import type { FastifyReply, FastifyRequest } from "fastify";
import { ClavigerError, PROBLEMS, type ProblemCode } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { unreadable } from "../manage/projects.ts";
import { ProjectFileError } from "../project/load.ts";
import { StoreConflict, StoreUnavailable } from "../store/contract.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** More would only be read by nobody: a batch of 1,000 can be wrong in as many places. */
const MAX_FIELDS = 100;

/** In whole seconds (RFC 9110 section 10.2.3): both states pass by themselves. */
const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, number>> = {
  store_unavailable: 1,
  overloaded: 1,
  idempotency_in_progress: 1,
};

/** Faults of the request that Fastify finds, by its own codes. */
const FASTIFY_CODES: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["payload_too_large", "The body is larger than this operation takes."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    "unsupported_media_type",
    "This operation does not read bodies of this content type.",
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["invalid_request", "The body is not as long as Content-Length says."],
  FST_ERR_BAD_URL: ["invalid_request", "The path holds a broken percent escape."],
  FST_ERR_MAX_PARAM_LENGTH: ["not_found", "There is nothing under this path."],
};

/** Every error as one that may be answered; `internal_error` for whatever is not known to be the caller's doing. */
export function publicError(error: unknown): ClavigerError {
  if (error instanceof ClavigerError) return error;
  if (error instanceof ProjectFileError) return unreadable(error);
  if (error instanceof StoreUnavailable)
    return new ClavigerError("store_unavailable", "The store does not answer; try again.", { cause: error });
  if (error instanceof StoreConflict)
    return new ClavigerError("conflict", "The records are being changed by someone else; retry.");
  const { code = "", statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = FASTIFY_CODES[String(code)];
  if (known !== undefined) return new ClavigerError(...known);
  // What is left of 400 is a body that broke off.
  if (statusCode === 400) return new ClavigerError("invalid_request", "The request cannot be read.");
  return new ClavigerError("internal_error", "The request failed by a defect of this server.", {
    cause: error,
  });
}

/** The body of a problem; `instance` is the request's id, by which the log knows it. */
export function problemBody(error: ClavigerError, requestId: string): string {
  const { code, status, message, fields } = error;
  return JSON.stringify({
    type: `urn:claviger:error:${code}`,
    title: PROBLEMS[code].title,
    status,
    detail: message,
    code,
    instance: requestId,
    ...(fields.length > 0 && { errors: fields.slice(0, MAX_FIELDS) }),
  });
}

/** Answers the problem and writes a log line where someone has to look at the server. */
export function sendProblem(
  log: Logger,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = publicError(thrown);
  noteFault(log, error, request);
  const retryAfter = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS[error.code];
  if (retryAfter !== undefined) reply.header("retry-after", retryAfter);
  // Clients that repeat a 409 by themselves would meet this one again, and keep their caller waiting for it.
  else if (error.status === 409 && !(thrown instanceof StoreConflict))
    reply.header("x-should-retry", "false");
  // A buffer, because Fastify adds a charset to strings, and this media type has no such parameter.
  return reply
    .code(error.status)
    .header("content-type", PROBLEM_TYPE)
    .send(Buffer.from(problemBody(error, request.id)));
}

/** The route's pattern and not the URL, in which a caller may have put a key. */
export function noteFault(log: Logger, error: ClavigerError, request: FastifyRequest): void {
  if (error.status < 500) return;
  const { method, id, routeOptions } = request;
  const fields = { err: error.cause ?? error, requestId: id, method, route: routeOptions.url };
  if (error.code === "internal_error") log.error(fields, "a request failed by a defect");
  else log.warn(fields, "a request failed because the store did not answer");
}
