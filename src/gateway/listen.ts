// The gateway's sockets: limits against slow and oversized requests, and an answer for what Node's parser refuses.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** In bytes, for all header fields of a request together. */
const MAX_HEADER_BYTES = 16_384;
/** Slow headers hold a socket no longer than this. */
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function createHttpServer(handler: Handler): Server {
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
    handler,
  );
  // Node would drop fields past its count in silence; the byte limit bounds them and the handler counts.
  server.maxHeadersCount = 0;
  server.on("clientError", answerClientError);
  // RFC 9110 section 9.3.6: this is no tunnel.
  server.on("connect", (_request, socket) => refuseSocket(socket, "400 Bad Request", "invalid_request"));
  return server;
}

const PARSER_ANSWERS: Readonly<Record<string, readonly [status: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers_too_large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "request_timeout"],
};

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code] = PARSER_ANSWERS[error.code ?? ""] ?? ["400 Bad Request", "invalid_request"];
  refuseSocket(socket, status, code);
}

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
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
