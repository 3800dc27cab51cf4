// A whole gateway in the test's own process: embedded store in a temporary folder, the five bundled projects (or others),
// their samples, one listener for all hosts. Requests go over real sockets.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { fixedClock } from "../../src/base/clock.ts";
import { bundledProjectFiles } from "../../src/cli/files.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { createSamples } from "../../src/gateway/samples.ts";
import { createWatch } from "../../src/gateway/watch.ts";
import { createWebSockets } from "../../src/gateway/websocket.ts";
import { createAccount, type NewAccount } from "../../src/manage/accounts.ts";
import { type CreatedKey, createKey, type NewKey } from "../../src/manage/create-key.ts";
import { changeCredits } from "../../src/manage/credits.ts";
import type { AccountDescription } from "../../src/manage/describe.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Instance, openInstance } from "../../src/open.ts";
import { periodAt } from "../../src/policy/month.ts";
import type { Balance } from "../../src/policy/pot.ts";
import { loadProjectText } from "../../src/project/load.ts";
import { type HeldAlarms, heldAlarms } from "./alarms.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly text: string;
  /** Parsed body; throws when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  /** Flat or as an object; the key is not added by itself. */
  readonly headers?: Record<string, string> | string[];
  readonly body?: string | Buffer;
}

export interface GatewayUnderTest {
  readonly instance: Instance;
  /** The folder of its store. */
  readonly data: string;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly port: number;
  /** Another port, which belongs to this host whatever the Host header says. */
  hostPort(host: string): Promise<number>;
  /** One request with this Host. */
  ask(host: string, request?: Ask): Promise<Answer>;
  /** The bytes as they are; resolves with all that came back until the other side closed or went quiet for 200 ms. */
  raw(bytes: string | Buffer): Promise<string>;
  account(project: string, input?: Partial<NewAccount>): Promise<AccountDescription>;
  /** A key of a fresh account unless one is named. */
  key(project: string, input?: Partial<NewKey>): Promise<CreatedKey>;
  /** Adds credits that do not expire. */
  grant(project: string, account: string, credits: number): Promise<void>;
  /** What the ledger says now, in this month; the project's first environment unless one is named. */
  balance(project: string, account: string, environment?: string): Promise<Balance>;
  apply(yaml: string): Promise<void>;
  /** What the gateway told its operator so far. */
  readonly faults: readonly string[];
  /** What waits for the clock; setting that rings none. */
  readonly alarms: HeldAlarms;
  /** Says good-bye to open sockets after the grace. */
  drainSockets(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Noon of a fixed day, so that tests read the same every year. */
export const START = Date.parse("2026-11-21T12:00:00Z");

export interface GatewayOptions {
  /** The five bundled projects when it is not said. */
  readonly files?: readonly string[];
  /** How upstreams are reached. */
  readonly dispatcher?: Agent.Options;
}

export async function startGateway(options: GatewayOptions = {}): Promise<GatewayUnderTest> {
  const data = mkdtempSync(join(tmpdir(), "claviger-test-"));
  const clock = fixedClock(START);
  const instance = await openInstance({ data, clock });
  const apply = async (yaml: string): Promise<void> => {
    await applyProject(instance, LOCAL_CALLER, loadProjectText(yaml, "test.yaml"));
  };
  for (const file of options.files ?? bundledProjectFiles()) await apply(readFileSync(file, "utf8"));
  const samples = createSamples();
  const dispatcher = new Agent(options.dispatcher);
  const faults: string[] = [];
  const onFault = (message: string) => void faults.push(message);
  const alarms = heldAlarms(clock);
  const watch = createWatch({ ...instance, alarm: alarms.set });
  const parts = { ...instance, dispatcher, upstreamOf: samples.upstreamOf, watch, onFault };
  const handler = createGateway(parts);
  const sockets = createWebSockets(parts);
  const serverFor = (host?: string) =>
    createHttpServer(
      (request, response) => void handler(request, response, host),
      (request, socket, head) => void sockets.handle(request, socket, head, host),
    );
  const server = serverFor();
  const servers = [server];
  const port = await listen(server, 0, "127.0.0.1");
  const account = (project: string, input: Partial<NewAccount> = {}) =>
    createAccount(instance, LOCAL_CALLER, project, { name: "Test account", ...input });
  return {
    instance,
    data,
    clock,
    port,
    hostPort(host) {
      const own = serverFor(host);
      servers.push(own);
      return listen(own, 0, "127.0.0.1");
    },
    ask: (host, request) => askPort(port, host, request),
    raw: (bytes) => raw(port, bytes),
    account,
    key: async (project, input = {}) =>
      createKey(instance, LOCAL_CALLER, project, {
        account: input.account ?? (await account(project)).id,
        name: "Test key",
        ...input,
      }),
    grant: async (project, account, credits) =>
      void (await changeCredits(instance, LOCAL_CALLER, project, account, { amount: credits })),
    balance: async (project, account, environment) => {
      const { environments } = instance.directory.project(project)!;
      const now = clock.now();
      const purse = { project, account, environment: environment ?? environments[0]! };
      const [balance] = await instance.store.balances([{ ...purse, period: periodAt(now).start }], now);
      return balance!;
    },
    apply,
    faults,
    alarms,
    drainSockets: sockets.drain,
    async close() {
      await Promise.all([...servers.map((one) => drain(one, 0)), sockets.drain(0)]);
      await dispatcher.destroy();
      await samples.close();
      await instance.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** One request with this Host to whatever listens on the port. */
export function askPort(
  port: number,
  host: string,
  { method = "GET", path = "/", headers = {}, body }: Ask = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const flat = Array.isArray(headers) ? headers : Object.entries(headers).flat();
    const length = body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))];
    const request = httpRequest(
      { host: "127.0.0.1", port, method, path, headers: ["Host", host, ...flat, ...length], agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0, headers: received, rawHeaders } = response;
          resolve({
            status: statusCode,
            headers: received,
            rawHeaders,
            text,
            get json() {
              return JSON.parse(text);
            },
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
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

/** Status of a raw answer, 0 when the other side only closed. */
export function rawStatus(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
}

/** Body of a raw answer as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
export function rawJson(answer: string): any {
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
}

export function bearer(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}` };
}
