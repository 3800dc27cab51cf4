// A load generator that costs little next to what it measures: prebuilt bytes over keep-alive sockets, one request at a time on
// each. It knows a complete answer by its length, which the first answer shows.
import { connect, type Socket } from "node:net";

export interface Load {
  readonly port: number;
  /** Default POST. */
  readonly method?: string;
  /** Default this machine's address. */
  readonly host?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly requests: number;
  /** Hears how long each answer took, in milliseconds. */
  readonly onLatency?: (ms: number) => void;
}

/** Requests per second. Throws when an answer is not 200. */
export async function load({
  port,
  method = "POST",
  host = "127.0.0.1",
  path,
  headers,
  body,
  connections,
  requests,
  onLatency = () => {},
}: Load): Promise<number> {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${fields.join("")}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  let left = requests;
  const take = (): boolean => left-- > 0;
  const start = performance.now();
  await Promise.all(sockets.map((socket) => drive(socket, bytes, take, onLatency)));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return requests / seconds;
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

function drive(
  socket: Socket,
  bytes: Buffer,
  take: () => boolean,
  onLatency: (ms: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let length = 0;
    /** Until its head is whole. */
    let first = Buffer.alloc(0);
    let received = 0;
    let sentAt = 0;
    const next = (): void => {
      received = 0;
      sentAt = performance.now();
      if (take()) socket.write(bytes);
      else resolve();
    };
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the connection")));
    socket.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (length === 0) {
        first = Buffer.concat([first, chunk]);
        if (!first.includes("\r\n\r\n")) return;
        length = answerLength(first);
        if (length === 0) reject(new Error(`not a 200 with its length: ${first.subarray(0, 200)}`));
      }
      if (received < length) return;
      onLatency(performance.now() - sentAt);
      next();
    });
    next();
  });
}

/** Of head and body together, by the head; 0 when it is not a 200 or not told. */
function answerLength(chunk: Buffer): number {
  const text = chunk.toString("latin1");
  const head = text.indexOf("\r\n\r\n") + 4;
  const body = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1];
  return text.startsWith("HTTP/1.1 200") && head > 3 && body !== undefined ? head + Number(body) : 0;
}
