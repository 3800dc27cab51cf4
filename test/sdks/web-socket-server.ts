// As much of a WebSocket server (RFC 6455) as a client needs to be tested: it greets, echoes short texts, and remembers handshakes,
// which `GET /handshakes` gives and forgets; any other plain request gets a ticket.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

export interface Handshake {
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What to do with a handshake: accept it, refuse it with a status line and headers, or never answer. */
export type Manner = "accept" | "silence" | `HTTP/1.1 ${string}`;

export interface WebSocketServer extends AsyncDisposable {
  /** An http URL. */
  readonly url: string;
  manner: Manner;
  readonly handshakes: Handshake[];
}

export async function startWebSocketServer(): Promise<WebSocketServer> {
  const handshakes: Handshake[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer(({ url }, response) => {
    response.end(JSON.stringify(url === "/handshakes" ? handshakes.splice(0) : { ticket: "once" }));
  });
  server.on("upgrade", ({ url = "", headers }, socket) => {
    handshakes.push({ target: url, headers });
    sockets.add(socket);
    socket.on("error", () => {});
    if (self.manner === "silence") return;
    if (self.manner !== "accept") return void socket.end(`${self.manner}\r\nContent-Length: 0\r\n\r\n`);
    const accept = createHash("sha1").update(
      `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    const protocol = headers["sec-websocket-protocol"]?.split(",")[0];
    // The greeting leaves in one packet with the handshake: a client must not lose it.
    socket.write(
      Buffer.concat([
        Buffer.from(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            (protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : "") +
            `Sec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`,
        ),
        frame(0x1, Buffer.from("hello")),
      ]),
    );
    socket.on("data", (data: Buffer) => answer(socket, data));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const self: WebSocketServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manner: "accept",
    handshakes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return self;
}

/** One masked frame under 126 bytes, as clients send them: texts are echoed, a close is answered. */
function answer(socket: Duplex, data: Buffer): void {
  const kind = data[0]! & 0x0f;
  const mask = data.subarray(2, 6);
  const payload = data.subarray(6, 6 + (data[1]! & 0x7f)).map((byte, index) => byte ^ mask[index % 4]!);
  if (kind === 0x8) socket.end(frame(0x8, payload));
  else if (kind === 0x1) socket.write(frame(0x1, payload));
}

function frame(kind: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x80 | kind, payload.length]), payload]);
}
