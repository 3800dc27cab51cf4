// The gateway's sockets: limits against slow and oversized requests, and an answer for what Node's parser refuses.
import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { addressBucket, parseAddress } from "../policy/network.ts";
import { TLS_OPTIONS, type TlsPair } from "./tls.ts";
import { asksForWebSocket } from "./websocket-handshake.ts";

/** In bytes, for all header fields of a request together. */
const MAX_HEADER_BYTES = 16_384;
/** Slow headers, or none, hold a socket no longer than this and the time between two looks. */
const HEADERS_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
/** A body may take as long as it keeps coming, and pause for so long. */
const BODY_STALL_MS = 60_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often a draining server looks for connections whose answer has ended. */
const SWEEP_MS = 50;
/** How long the rest of what a refused client sends is read and thrown away. */
const LINGER_MS = 1_000;

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What becomes of a socket whose request asks for WebSocket; it has been let go of whole, and `head` is what came behind. */
export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface ListenerOptions {
  /** Speaks TLS; plain HTTP where it is not said. */
  readonly tls?: TlsPair | undefined;
  /** Open connections of one client address (IPv6: one /64); any number where it is not said. Those beyond are closed unread. */
  readonly maxPerAddress?: number | undefined;
  readonly headersTimeoutMs?: number;
  readonly lookEveryMs?: number;
  readonly bodyStallMs?: number;
}

/** Without `onUpgrade` a request that asks for WebSocket is a request like any other. */
export function createHttpServer(
  handler: Handler,
  onUpgrade?: OnUpgrade,
  options: ListenerOptions = {},
): Server {
  const { tls, maxPerAddress, headersTimeoutMs = HEADERS_TIMEOUT_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const { bodyStallMs = BODY_STALL_MS } = options;
  const receive: Handler = (request, response) => {
    // Behind the body of a request that asks for another protocol Node reads no further one and would leave the client
    // waiting; nor may what follows be taken for a request (RFC 9110 section 7.8).
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    if (hasBody(request)) boundSilence(request, response, bodyStallMs);
    handler(request, response);
  };
  const settings = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    connectionsCheckingInterval: lookEveryMs,
    // In all: see boundSilence.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Each handler answers for Host itself, in the project's own words where it can.
    requireHostHeader: false,
    shouldUpgradeCallback: (request: IncomingMessage) => onUpgrade !== undefined && mayUpgrade(request),
  };
  const server: Server =
    tls === undefined
      ? createServer(settings, receive)
      : createTlsServer({ ...settings, ...TLS_OPTIONS, ...tls }, receive);
  if (maxPerAddress !== undefined) boundConnections(server, maxPerAddress);
  if (onUpgrade !== undefined) {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      keepUntilClosed(server, socket);
      // Node before 24.9 does not ask, and here nothing can be made plain HTTP again.
      if (!mayUpgrade(request)) return refuseInTurn(socket, "400 Bad Request", "invalid_request");
      // Nobody reads it yet, and what is not read is not heard when it breaks off.
      socket.read(0);
      onUpgrade(request, socket, head);
    });
  }
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

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** A client that stops within its body would hold a socket, and a place of its limits, for ever (hostile I21). */
function boundSilence(request: IncomingMessage, response: ServerResponse, stallMs: number): void {
  const { socket } = request;
  socket.setTimeout(stallMs);
  response.on("timeout", () => {
    // What nobody has read yet is no silence of the client's.
    if (request.complete || request.readableLength > 0) socket.setTimeout(stallMs);
    else refuseInTurn(socket, "408 Request Timeout", "request_timeout");
  });
  // Once its answer has ended, the time is that of a connection between two requests.
  request.once("end", () => {
    if (!response.writableFinished) socket.setTimeout(0);
  });
}

/** A client that holds many sockets and says nothing over them (hostile I21). */
function boundConnections(server: Server, maxPerAddress: number): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const bucket = addressBucket(parseAddress(socket.remoteAddress ?? ""));
    const count = (open.get(bucket) ?? 0) + 1;
    if (count > maxPerAddress) return socket.destroy();
    open.set(bucket, count);
    socket.once("close", () => {
      const left = (open.get(bucket) ?? 1) - 1;
      if (left === 0) open.delete(bucket);
      else open.set(bucket, left);
    });
    return undefined;
  });
}

/**
 * What asks for anything but WebSocket is plain HTTP (RFC 9110 section 7.8), and so is what stands behind a request that is not
 * answered yet: answers are given in order (RFC 9112 section 9.3.2).
 */
function mayUpgrade(request: IncomingMessage): boolean {
  return asksForWebSocket(request) && pendingOn(request.socket) === undefined;
}

const PARSER_ANSWERS: Readonly<Record<string, readonly [status: string, code: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headers_too_large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "request_timeout"],
};

const NO_SESSION = /^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/;

/** Sockets that an error has been noticed on: what else the client sends is more of the same. */
const refused = new WeakSet<Duplex>();

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Nobody is there any more, or there never was a session of TLS to answer in.
  if (error.code === "ECONNRESET" || NO_SESSION.test(error.code ?? "")) {
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
  const pending = pendingOn(socket);
  if (pending?.req.complete) pending.once("finish", () => refuseInTurn(socket, status, code));
  else if (pending?.headersSent || !socket.writable) socket.destroy();
  else refuseSocket(socket, status, code);
}

/** As Node's own handlers find the answer under way; there is no public name for it. */
function pendingOn(socket: Duplex): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
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
  lingerOn(socket);
}

/** Reads and throws away what still comes on a socket whose last byte is written, for a while. */
function lingerOn(socket: Duplex): void {
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(cut));
}

/** An answer by HTTP on a socket that the server has let go of; the socket ends with it. */
export function responseOver(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  // The server has taken its own listener off.
  socket.on("drain", () => response.emit("drain"));
  response.once("finish", () => {
    response.detachSocket(socket as Socket);
    socket.end();
    lingerOn(socket);
  });
  return response;
}

/** Sockets that a server has let go of and that keep it from closing. */
const upgraded = new WeakMap<Server, Set<Duplex>>();

function keepUntilClosed(server: Server, socket: Duplex): void {
  const sockets = upgraded.get(server) ?? new Set<Duplex>();
  upgraded.set(server, sockets.add(socket));
  socket.once("close", () => sockets.delete(socket));
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

/** Lets running requests finish, up to `graceMs`, then cuts what is left; sockets that were let go of, a moment later. */
export async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  // Node closes what is idle now; a connection whose answer ends later would be kept for its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // Whoever holds them says good-bye at the end of the grace.
  const cutUpgraded = setTimeout(() => {
    for (const socket of upgraded.get(server) ?? []) socket.destroy();
  }, graceMs + LINGER_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
  clearTimeout(cutUpgraded);
}
