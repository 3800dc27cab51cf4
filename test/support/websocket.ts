// A WebSocket client as a test holds it (the package `ws`): what came is read in its order, and what was refused is an HTTP answer.
import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { type ClientOptions, WebSocket } from "ws";

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface OpenSocket {
  readonly socket: WebSocket;
  /** Of the answer that switched. */
  readonly headers: IncomingHttpHeaders;
  /** The next message; rejects when the socket closes instead. */
  next(): Promise<Buffer | string>;
  /** The next message as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of many shapes.
  nextJson(): Promise<any>;
  readonly closed: Promise<Closed>;
}

export interface RefusedSocket {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface SocketAsk {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
  readonly options?: ClientOptions;
}

/** Opened, or the answer that it got instead. */
export function trySocket(
  port: number,
  host: string,
  ask: SocketAsk = {},
): Promise<OpenSocket | RefusedSocket> {
  const { path = "/", headers = {}, protocols = [], options = {} } = ask;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
    perMessageDeflate: false,
    ...options,
    headers: { Host: host, ...headers },
  });
  return new Promise((resolve, reject) => {
    const received = receive(socket);
    let answered: IncomingHttpHeaders = {};
    socket.once("upgrade", (response) => {
      answered = response.headers;
    });
    socket.once("open", () => resolve({ socket, headers: answered, ...received }));
    socket.on("error", reject);
    socket.once("unexpected-response", async (_request, response) => {
      const { statusCode: status = 0, headers: refused } = response;
      resolve({ status, headers: refused, text: await text(response) });
    });
  });
}

/** Rejects with what was answered where it is refused. */
export async function openSocket(port: number, host: string, ask?: SocketAsk): Promise<OpenSocket> {
  const opened = await trySocket(port, host, ask);
  if ("status" in opened) throw new Error(`refused: ${opened.status} ${opened.text}`);
  return opened;
}

/** Rejects where it is opened. */
export async function refusedSocket(port: number, host: string, ask?: SocketAsk): Promise<RefusedSocket> {
  const opened = await trySocket(port, host, ask);
  if ("status" in opened) return opened;
  opened.socket.terminate();
  throw new Error("the socket was opened");
}

function receive(socket: WebSocket): Pick<OpenSocket, "next" | "nextJson" | "closed"> {
  const messages: (Buffer | string)[] = [];
  const waiting: { resolve: (message: Buffer | string) => void; reject: (error: Error) => void }[] = [];
  let end: Closed | undefined;
  socket.on("message", (data: Buffer, isBinary) => {
    const message = isBinary ? data : data.toString("utf8");
    const first = waiting.shift();
    if (first === undefined) messages.push(message);
    else first.resolve(message);
  });
  const over = ({ code, reason }: Closed): Error => new Error(`closed with ${code} ${reason}`);
  const closed = new Promise<Closed>((resolve) => {
    socket.once("close", (code, reason) => {
      end = { code, reason: reason.toString("utf8") };
      for (const { reject } of waiting) reject(over(end));
      resolve(end);
    });
  });
  const next: OpenSocket["next"] = () =>
    new Promise((resolve, reject) => {
      const first = messages.shift();
      if (first !== undefined) resolve(first);
      else if (end !== undefined) reject(over(end));
      else waiting.push({ resolve, reject });
    });
  return { next, nextJson: async () => JSON.parse(String(await next())), closed };
}
