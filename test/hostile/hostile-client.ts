// A gateway before an upstream that counts, and a client that sends bytes as they are. Every answer is checked for what no
// input may cause: a server error, a request that gets through without being admitted, a credential that comes back.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after } from "node:test";
import type { NewKey } from "../../src/manage/create-key.ts";
import { bundledProjects } from "../support/bundled.ts";
import { type GatewayUnderTest, rawStatus, startGateway } from "../support/gateway.ts";
import { type Answering, type ReceivedRequest, startUpstream, type Upstream } from "../support/upstream.ts";

export interface HostileRequest {
  readonly host: string;
  readonly method?: string;
  readonly target?: string;
  /** Header lines as they are, after Host and before the Connection that ends the exchange. */
  readonly lines?: readonly (string | Buffer)[];
  /** After the empty line. */
  readonly body?: string;
}

export interface HostileAnswer {
  readonly status: number;
  /** In lower case to value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `undefined` for a body that is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
  readonly reached: readonly ReceivedRequest[];
  /** How often the store was asked for a key. */
  readonly lookUps: number;
}

export interface Siege {
  readonly gateway: GatewayUnderTest;
  readonly upstream: Upstream;
  send(request: HostileRequest): Promise<HostileAnswer>;
  /** For what is no request at all. `secrets` may not come back. */
  sendBytes(bytes: string | Buffer, secrets?: readonly string[]): Promise<HostileAnswer>;
  /** A fresh key, watched for in every later answer. */
  key(project: string, input?: Partial<NewKey>): Promise<{ readonly id: string; readonly key: string }>;
  /** A project file of its own, forwarded to the upstream. */
  apply(yaml: string): Promise<void>;
}

/** An upstream that reads all that it gets, answers 204 and does not mind a request that breaks off. */
const readAndAnswer: Answering = (request, response) => {
  request.on("error", () => {});
  request.on("end", () => response.writeHead(204).end());
  request.resume();
};

/** Ends with the test file. `vendors` are bundled projects to serve, forwarded to the counting upstream, which answers 204. */
export async function layStage(vendors: readonly string[] = [], answering = readAndAnswer): Promise<Siege> {
  const upstream = await startUpstream(answering);
  const gateway = await startGateway({ files: [] });
  after(async () => {
    await gateway.close();
    await upstream[Symbol.asyncDispose]();
  });
  const apply = (yaml: string) => gateway.apply(`${yaml}\nupstream: ${upstream.url}\n`);
  for (const vendor of vendors) await apply(bundledProjects()[vendor] ?? assert.fail(vendor));
  const minted: string[] = [];
  const lookUps = countLookUps(gateway);
  const output = watchOutput();
  const sendBytes: Siege["sendBytes"] = async (bytes, secrets = []) => {
    const before = { reached: upstream.received.length, lookUps: lookUps() };
    const text = await exchange(gateway.port, bytes);
    const reached = upstream.received.slice(before.reached);
    const answer = { ...readAnswer(text), reached, lookUps: lookUps() - before.lookUps };
    assert.ok(answer.status > 0 && answer.status < 500, `answered ${JSON.stringify(text.slice(0, 300))}`);
    if (answer.status >= 300) assert.deepEqual(reached, [], "a refused request reached the upstream");
    for (const secret of [...minted, ...secrets]) {
      assert.ok(!text.includes(secret), "a credential came back");
      assert.ok(!output().includes(secret), "a credential was written to the log");
    }
    return answer;
  };
  return {
    gateway,
    upstream,
    apply,
    sendBytes,
    send: (request) => sendBytes(bytesOf(request), sentCredentials(request)),
    async key(project, input) {
      const created = await gateway.key(project, input);
      minted.push(created.key);
      return created;
    },
  };
}

/** The words of a text: how long lists are written here. */
export const words = (text: string): string[] => text.trim().split(/\s+/);

/** Longer than any answer takes on a busy machine: only a connection that nobody closes gets here. */
const PATIENCE_MS = 20_000;

/** All that comes back until the other side closes, which every request here makes it do. A reset ends it too. */
export function exchange(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("the connection was left open")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("end", () => socket.destroy());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

/** Text as UTF-8, the way most clients would send it. */
export function bytesOf({
  host,
  method = "GET",
  target = "/",
  lines = [],
  body = "",
}: HostileRequest): Buffer {
  const parts = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, ...lines, "Connection: close", "", body];
  return Buffer.concat(
    parts.flatMap((part, index) => [
      ...(index === 0 ? [] : [Buffer.from("\r\n")]),
      typeof part === "string" ? Buffer.from(part) : part,
    ]),
  );
}

function readAnswer(text: string): Pick<HostileAnswer, "status" | "headers" | "text" | "json"> {
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, Math.max(end, 0)).split("\r\n").slice(1);
  const body = text.slice(end + 4);
  return {
    status: rawStatus(text),
    headers: Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    ),
    text: body,
    json: parseJson(body),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const CARRIER = /^(?:authorization|x.api.key|cookie)\s*:\s*(.*)$/is;

/** Every piece of what was sent where a credential may stand that is long enough to be one. */
function sentCredentials({ target = "", lines = [] }: HostileRequest): string[] {
  const values = lines.map((line) => CARRIER.exec(String(line))?.[1] ?? "");
  const query = target.split("?").slice(1).join("?");
  return [...values, ...query.split(/[&=]/)]
    .flatMap((value) => value.split(/[\s,;=]+/))
    .filter((piece) => piece.length >= 12);
}

/** All that a client could tell two refusals apart by. */
export function seen({ status, text, headers: { date, "x-request-id": id, ...headers } }: HostileAnswer) {
  return { status, text, headers: Object.entries(headers), idLength: id?.length, dateLength: date?.length };
}

function countLookUps({ instance: { store } }: GatewayUnderTest): () => number {
  let count = 0;
  const find = store.keyByDigest.bind(store);
  store.keyByDigest = (digest) => {
    count += 1;
    return find(digest);
  };
  return () => count;
}

/** All that this process writes to its two outputs from now on. */
function watchOutput(): () => string {
  let written = "";
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...parts: unknown[]) => boolean;
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      written += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("latin1");
      return write(chunk, ...rest);
    }) as typeof stream.write;
  }
  return () => written;
}
