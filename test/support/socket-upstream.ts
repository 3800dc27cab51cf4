// An upstream of WebSockets that a test writes itself: it remembers the handshakes and the messages that reached it, and by itself
// says nothing.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { ReceivedRequest } from "./upstream.ts";

export interface UpstreamSocket {
  readonly socket: WebSocket;
  /** So far, text as text. */
  readonly messages: readonly (Buffer | string)[];
  /** Resolves as soon as so many have come in all. */
  received(count: number): Promise<readonly (Buffer | string)[]>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Ends with the block that it was declared in by `await using`. */
export interface SocketUpstream extends AsyncDisposable {
  /** Without a final slash. */
  readonly url: string;
  readonly handshakes: readonly ReceivedRequest[];
  /** The next socket that nobody has asked for yet. */
  opened(): Promise<UpstreamSocket>;
}

export async function startSocketUpstream(
  options: ServerOptions = {},
  onSocket: (socket: WebSocket, request: IncomingMessage) => void = () => {},
): Promise<SocketUpstream> {
  const handshakes: ReceivedRequest[] = [];
  const opened: UpstreamSocket[] = [];
  const waiting: ((socket: UpstreamSocket) => void)[] = [];
  const sockets = new WebSocketServer({ noServer: true, ...options });
  const server = createServer((_request, response) => response.writeHead(426).end("sockets only"));
  server.on("upgrade", (request, socket, head) => {
    const { method = "", url = "", rawHeaders } = request;
    handshakes.push({ method, target: url, rawHeaders });
    sockets.handleUpgrade(request, socket, head, (client) => {
      const one = follow(client);
      const first = waiting.shift();
      if (first === undefined) opened.push(one);
      else first(one);
      onSocket(client, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    handshakes,
    opened: () =>
      new Promise((resolve) => {
        const first = opened.shift();
        if (first === undefined) waiting.push(resolve);
        else resolve(first);
      }),
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function follow(socket: WebSocket): UpstreamSocket {
  const messages: (Buffer | string)[] = [];
  const waiting = new Set<() => void>();
  socket.on("error", () => {});
  socket.on("message", (data: Buffer, isBinary) => {
    messages.push(isBinary ? data : data.toString("utf8"));
    for (const look of waiting) look();
  });
  return {
    socket,
    messages,
    received: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (messages.length < count) return;
          waiting.delete(look);
          resolve(messages);
        };
        waiting.add(look);
        look();
      }),
    closed: new Promise((resolve) =>
      socket.once("close", (code, reason) => resolve({ code, reason: reason.toString("utf8") })),
    ),
  };
}
