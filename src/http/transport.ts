// What holds for every request before anything knows what it asks: limits, the Host header, the headers of every answer, and
// answers to what Node could not even parse.
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import type { App } from "./operation.ts";
import { PROBLEM_TYPE, problemBody } from "./problem.ts";

/** Above it Node would silently drop the last ones if it were left to count (hostile A25). */
const MAX_HEADER_LINES = 200;

/** Node's own 60 s and 300 s let a client that sends a byte at a time hold a socket for minutes (hostile I21). */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const TIMEOUT_CHECK_MS = 1_000;

export const SERVER_OPTIONS = {
  genReqId: () => newId("req"),
  requestTimeout: REQUEST_TIMEOUT_MS,
  http: {
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    // Checked here, so that the answer is a problem like every other.
    requireHostHeader: false,
  },
  clientErrorHandler: answerUnparsed,
} satisfies FastifyHttpOptions<Server>;

export function guardTransport(app: App): void {
  app.server.maxHeadersCount = 0;
  // An expectation that is not known may be ignored (RFC 9110 section 10.1.1); Node's own 417 would lack our headers.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.addHook("onRequest", (request, reply, done) => {
    setAnswerHeaders(request, reply);
    const { rawHeaders, httpVersion } = request.raw;
    if (rawHeaders.length / 2 > MAX_HEADER_LINES) {
      reply.header("connection", "close");
      return done(
        new ClavigerError("headers_too_large", `At most ${MAX_HEADER_LINES} header lines are read.`),
      );
    }
    const hosts = countHosts(rawHeaders);
    if (hosts > 1 || (hosts === 0 && httpVersion === "1.1"))
      return done(new ClavigerError("invalid_request", "A request has exactly one Host header."));
    done();
  });
}

/** For every answer; those to a target that Fastify cannot route are sent before any hook runs. */
export function setAnswerHeaders(request: FastifyRequest, reply: FastifyReply): void {
  for (const [name, value] of Object.entries(answerHeaders(request.id))) reply.header(name, value);
}

/** Answers are for who asked and nobody else; each says by which id the log knows it. */
function answerHeaders(requestId: string): Record<string, string> {
  return { "cache-control": "no-store", "x-content-type-options": "nosniff", "x-request-id": requestId };
}

/** RFC 9112 section 3.2; Node's parser takes two (hostile C19). */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === "host") count++;
  }
  return count;
}

function answerUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  // RFC 9110 section 15.5.9: the client may simply be slow, and repeats what it wants.
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const problem =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new ClavigerError("headers_too_large", "The header fields are larger than 16 KiB.")
      : new ClavigerError("invalid_request", "The request is not well-formed HTTP/1.1.");
  const requestId = newId("req");
  const body = problemBody(problem, requestId);
  const headers = Object.entries({
    ...answerHeaders(requestId),
    "content-type": PROBLEM_TYPE,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${problem.status} ${REASONS[problem.status]}\r\n${lines}\r\n${body}`);
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  431: "Request Header Fields Too Large",
};
