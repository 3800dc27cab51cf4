// Handshakes over bare sockets, for tests in which every byte matters: a client that writes its own, and an upstream that grants any
// and then leaves the bytes to the test.
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { acceptFor } from "../../src/gateway/websocket-handshake.ts";

/** RFC 6455 section 1.3. */
export const HANDSHAKE_KEY = "dGhlIHNhbXBsZSBub25jZQ==";

export function handshakeLines(host: string, target: string, lines: readonly string[] = []): string {
  const own = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const all = [`GET ${target} HTTP/1.1`, `Host: ${host}`, ...own, `Sec-WebSocket-Key: ${HANDSHAKE_KEY}`];
  return `${[...all, ...lines].join("\r\n")}\r\n\r\n`;
}

export interface RawSocket {
  readonly socket: Socket;
  /** The head of the answer, as text. */
  readonly head: string;
  /** So far, of what came behind the head. */
  bytes(): Buffer;
  /** Resolves when so many have come behind the head; rejects when it closes before. */
  received(count: number): Promise<Buffer>;
  /** All that came behind the head until the other side ended. */
  readonly ended: Promise<Buffer>;
}

/** Resolves when the head of the answer is there. */
export async function rawUpgrade(port: number, handshake: string | Buffer): Promise<RawSocket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  let all = Buffer.alloc(0);
  let isOver = false;
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const one of looks) one();
  };
  socket.on("data", (chunk: Buffer) => {
    all = Buffer.concat([all, chunk]);
    look();
  });
  const over = (): void => {
    isOver = true;
    look();
  };
  socket.once("end", over);
  socket.once("close", over);
  const until = (isThere: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const one = (): void => {
        if (!isThere() && !isOver) return;
        looks.delete(one);
        if (isThere()) resolve();
        else reject(new Error(`closed after ${all.toString("latin1").slice(0, 300)}`));
      };
      looks.add(one);
      one();
    });
  socket.write(handshake);
  await until(() => all.includes("\r\n\r\n"));
  const body = all.indexOf("\r\n\r\n") + 4;
  const bytes = (): Buffer => all.subarray(body);
  return {
    socket,
    head: all.subarray(0, body).toString("latin1"),
    bytes,
    received: async (count) => {
      await until(() => all.length - body >= count);
      return bytes().subarray(0, count);
    },
    ended: until(() => isOver).then(bytes),
  };
}

export interface RawUpstream extends AsyncDisposable {
  readonly url: string;
  /** Of each handshake, the request. */
  readonly requests: readonly IncomingMessage[];
}

/** Grants every handshake with these lines more, then hands over the bare socket. */
export async function startRawUpstream(
  onSocket: (socket: Socket, head: Buffer, request: IncomingMessage) => void,
  lines: readonly string[] = [],
): Promise<RawUpstream> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on("upgrade", (request, duplex, head) => {
    const socket = duplex as Socket;
    requests.push(request);
    sockets.add(socket);
    socket.on("error", () => {});
    const accept = acceptFor(String(request.headers["sec-websocket-key"]));
    const own = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`${["HTTP/1.1 101 Switching Protocols", ...own, ...lines].join("\r\n")}\r\n\r\n`);
    onSocket(socket, head, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
