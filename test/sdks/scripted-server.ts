// A real HTTP server on two origins that plays a list of answers and remembers what reached it, in one process for both languages:
// a runner in another process sends it the script over HTTP. It judges nothing.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";

type Piece = string | { readonly base64: string };

/** One answer; without any of the fields it is 200 with no body. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly base64?: string;
  readonly repeat?: { readonly text: string; readonly times: number };
  /** Sent one after the other, each in a packet of its own. */
  readonly chunks?: readonly Piece[];
  readonly drips?: { readonly text: string; readonly everyMs: number; readonly times?: number };
  /** Content-Length, whatever comes. */
  readonly declaredLength?: number;
  readonly breaks?: "before-headers" | "reset" | "after-chunks";
  readonly hangs?: "before-headers" | "after-chunks";
  readonly delayMs?: number;
  /** Instead of an HTTP answer. */
  readonly raw?: string;
  /** For every further request too. */
  readonly always?: boolean;
}

export interface Seen {
  readonly at: "here" | "there";
  readonly method: string;
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly base64: string;
  /** Whether the client ended the connection before the answer was whole. */
  isAbandoned: boolean;
}

export interface ScriptedServer {
  readonly here: string;
  readonly there: string;
  /** An address where nobody listens. */
  readonly nowhere: string;
  /** `PUT` a list of answers to begin anew; `GET` what was seen. */
  readonly control: string;
  play(answers: readonly ScriptedAnswer[]): void;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** Long enough for two writes to arrive as two packets on loopback. */
const BETWEEN_CHUNKS_MS = 5;

export async function startScriptedServer(): Promise<ScriptedServer> {
  let script: ScriptedAnswer[] = [];
  let seen: Seen[] = [];
  const serve = (at: Seen["at"]) => async (request: IncomingMessage, response: ServerResponse) => {
    const answer = script[0]?.always ? script[0] : script.shift();
    const entry: Seen = {
      at,
      method: request.method ?? "",
      target: request.url ?? "",
      headers: request.headers as Record<string, string>,
      base64: (await buffer(request)).toString("base64"),
      isAbandoned: false,
    };
    seen.push(entry);
    response.on("close", () => {
      entry.isAbandoned = !response.writableFinished;
    });
    await give(answer ?? { status: 418, text: "the script has no further answer" }, response);
  };
  const play = (answers: readonly ScriptedAnswer[]): void => {
    script = [...answers];
    seen = [];
  };
  const control = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "PUT") play(JSON.parse((await buffer(request)).toString("utf8")));
    response.setHeader("Connection", "close");
    response.end(JSON.stringify(seen));
  };
  const servers = [createServer(serve("here")), createServer(serve("there")), createServer(control)];
  const [here = "", there = "", controlUrl = ""] = await Promise.all(servers.map(listen));
  return {
    here,
    there,
    control: controlUrl,
    nowhere: await freeAddress(),
    play,
    get seen() {
      return seen;
    },
    async close() {
      await Promise.all(servers.map(stop));
    },
  };
}

async function give(answer: ScriptedAnswer, response: ServerResponse): Promise<void> {
  const socket = response.socket as Socket;
  if (answer.delayMs) await pause(answer.delayMs);
  if (answer.breaks === "reset") return void socket.resetAndDestroy();
  if (answer.breaks === "before-headers") return void socket.destroy();
  if (answer.hangs === "before-headers") return;
  if (answer.raw !== undefined) return void socket.end(answer.raw);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.json !== undefined && !answer.headers?.["Content-Type"])
    response.setHeader("Content-Type", "application/json");
  if (answer.declaredLength !== undefined) response.setHeader("Content-Length", answer.declaredLength);
  response.writeHead(answer.status ?? 200);
  if (answer.drips) return drip(answer.drips, response);
  if (!answer.chunks) return void response.end(bodyOf(answer));
  response.flushHeaders();
  for (const chunk of answer.chunks) {
    response.write(bytesOf(chunk));
    await pause(BETWEEN_CHUNKS_MS);
  }
  if (answer.breaks === "after-chunks") socket.destroy();
  else if (answer.hangs !== "after-chunks") response.end();
}

async function drip(
  { text, everyMs, times = Number.POSITIVE_INFINITY }: NonNullable<ScriptedAnswer["drips"]>,
  response: ServerResponse,
): Promise<void> {
  for (let count = 0; count < times && !response.destroyed; count++) {
    response.write(text);
    await pause(everyMs);
  }
  response.end();
}

function bodyOf({ json, text, base64, repeat }: ScriptedAnswer): Buffer | undefined {
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  if (repeat) return Buffer.from(repeat.text.repeat(repeat.times));
  if (base64 !== undefined) return bytesOf({ base64 });
  return text === undefined ? undefined : bytesOf(text);
}

function bytesOf(piece: Piece): Buffer {
  return typeof piece === "string" ? Buffer.from(piece) : Buffer.from(piece.base64, "base64");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );
}

function stop(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
}

async function freeAddress(): Promise<string> {
  const server = createServer();
  const address = await listen(server);
  await stop(server);
  return address;
}
