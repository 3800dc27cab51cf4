// A whole control plane on a port of its own over an engine of `engine.ts`, spoken to over real HTTP.
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { pino } from "pino";
import { createControlPlane } from "../../src/http/app.ts";
import type { ControlledInstance, Readiness } from "../../src/http/operation.ts";
import { ensureRootKey } from "../../src/manage/root-key.ts";
import { type Engine, type EngineOptions, engineFor } from "./engine.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed body; throws when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

export interface HttpAsk {
  /** An object is sent as JSON; text and bytes as they are, with the content type that `headers` names. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Another root key; `null` sends none. */
  readonly rootKey?: string | null;
}

export interface ControlPlane {
  readonly engine: Engine;
  readonly rootKey: string;
  readonly url: string;
  /** The log, one object for each line. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into lines of many shapes.
  readonly log: any[];
  /** `POST /v1/verify`, the path behind the method. */
  ask(request: string, ask?: HttpAsk): Promise<HttpAnswer>;
  /** A root key of an account of its own, with these scopes. */
  rootKeyWith(scopes: readonly string[]): Promise<{ key: string; id: string; account: string }>;
  /** The bytes as they are; what came back until the other side closed or went quiet for 200 ms. */
  raw(bytes: string | Buffer): Promise<string>;
}

export interface ControlPlaneOptions extends EngineOptions {
  /** Puts something between the control plane and the instance. */
  readonly over?: (instance: ControlledInstance) => ControlledInstance | Promise<ControlledInstance>;
  readonly ready?: () => Promise<Readiness>;
  readonly endpoints?: Parameters<typeof createControlPlane>[0]["endpoints"];
}

export async function controlPlaneFor(
  context: TestContext,
  { over = (instance) => instance, ready, endpoints, ...options }: ControlPlaneOptions = {},
): Promise<ControlPlane> {
  const engine = await engineFor(context, options);
  let rootKey = "";
  await ensureRootKey(engine.instance, (text) => {
    rootKey = text;
  });
  const log: unknown[] = [];
  const app = await createControlPlane({
    instance: await over(engine.instance),
    ready: ready ?? (async () => ({ ready: true, checks: { store: "ok" } })),
    ...(endpoints && { endpoints }),
    log: pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) }),
  });
  context.after(() => app.close());
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    engine,
    rootKey,
    url,
    log,
    ask: (request, ask) => askOver(url, rootKey, request, ask),
    rootKeyWith: async (scopes) => engine.key("claviger", { scopes }),
    raw: (bytes) => raw(port, bytes),
  };
}

async function askOver(
  url: string,
  ownKey: string,
  request: string,
  { body, headers = {}, rootKey = ownKey }: HttpAsk = {},
): Promise<HttpAnswer> {
  const [method, path] = request.split(" ", 2);
  const isPlain = body === undefined || typeof body === "string" || body instanceof Uint8Array;
  const answer = await fetch(`${url}${path}`, {
    method: method!,
    headers: {
      ...(rootKey !== null && { authorization: `Bearer ${rootKey}` }),
      ...(!isPlain && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isPlain ? (body as string) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    socket.setTimeout(200, finish);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("end", finish);
    socket.on("close", finish);
    socket.on("error", (error: NodeJS.ErrnoException) =>
      chunks.length > 0 || error.code === "ECONNRESET" || error.code === "EPIPE" ? finish() : reject(error),
    );
  });
}
