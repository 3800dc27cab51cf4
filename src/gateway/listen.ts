// The gateway's sockets: limits against slow and oversized requests, and an answer for what Node's parser refuses.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** In bytes, for all header fields of a request together. */
const MAX_HEADER_BYTES = 16_384;
/** Slow headers hold a socket no longer than this. */
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often a draining server looks for connections whose answer has ended. */
const SWEEP_MS = 50;
/** How long the rest of what a refused client sends is read and thrown away. */
const LINGER_MS = 1_000;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function createHttpServer(handler: Handler): Server {
  const receive: Handler = (request, response) => {
    // Behind the body of a request that asks for another protocol Node reads no further one and would leave the client
    // waiting; nor may what follows be taken for a request (RFC 9110 section 7.8).
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    handler(request, response);
  };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // A body may take as long as it keeps coming.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      // Each handler answers for Host itself, in the project's own words where it can.
      requireHostHeader: false,
    },
    receive,
  );
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored; Node's own 417 would speak no dialect.
  server.on("checkExpectation", receive);
  // Node would drop fields past its count in silence; the byte limit bounds them and the handler counts.
  server.maxHeadersCount = 0;
  server.on("clientError", answerClientError);
  // RFC 9110 section 9.3.6: this is no tunnel.
  server.on("connect", (_request, socket) => {
    // Node has let go of this socket, its error listener included, and an error that nobody hears ends the process.
    socket.on("error", () => socket.destroy());
    refuseInTurn(socket, "400 Bad Request", "invalid_request");
  });
  return server;
}

const PARSER_ANSWERS: Readonly<Record<string, readonly [status: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers_too_large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "request_timeout"],
};

/** Sockets that an error has been noticed on: what else the client sends is more of the same. */
const refused = new WeakSet<Duplex>();

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  if (refused.has(socket)) return;
  refused.add(socket);
  const [status, code] = PARSER_ANSWERS[error.code ?? ""] ?? ["400 Bad Request", "invalid_request"];
  refuseInTurn(socket, status, code);
}

/**
 * Pipelined requests are answered in order (RFC 9112 section 9.3.2), so a refusal waits for those before it. Within the body
 * of a request whose answer has begun there is no room for another.
 */
function refuseInTurn(socket: Duplex, status: string, code: string): void {
  // As Node's own handler of this event finds the answer under way; there is no public name for it.
  const pending = (socket as { _httpMessage?: ServerResponse })._httpMessage;
  if (pending?.req.complete) pending.once("finish", () => refuseInTurn(socket, status, code));
  else if (pending?.headersSent || !socket.writable) socket.destroy();
  else refuseSocket(socket, status, code);
}

/** The answer, then the end. Unread input would reset the connection and could take the answer with it (RFC 9112 section 9.6). */
function refuseSocket(socket: Duplex, status: string, code: string): void {
  const body = JSON.stringify({
    type: "about:blank",
    title: status.slice(4),
    status: Number(status.slice(0, 3)),
    code,
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(cut));
}

/** Resolves with the port that was taken; `port` 0 asks for a free one. Rejects with the system's error. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Lets running requests finish, up to `graceMs`, then cuts what is left. */
export async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  // Node closes what is idle now; a connection whose answer ends later would be kept for its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
