// One server of the gateway's benchmark in a process of its own: the upstream, the gateway before it, or one of the bare proxies that
// the gateway is held against. It tells its parent where it listens.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { Agent } from "undici";
import { createForwardAuth } from "../src/gateway/forward-auth.ts";
import { createGateway } from "../src/gateway/gateway.ts";
import { createHttpServer, listen } from "../src/gateway/listen.ts";
import { createUpstreamPool } from "../src/gateway/upstream-pool.ts";
import { createAccount } from "../src/manage/accounts.ts";
import { createKey } from "../src/manage/create-key.ts";
import { applyProject } from "../src/manage/projects.ts";
import { LOCAL_CALLER } from "../src/manage/save.ts";
import { openInstance } from "../src/open.ts";
import { loadProjectText } from "../src/project/load.ts";

/** What an upstream answers: a small piece of JSON. */
const ANSWER = Buffer.from(JSON.stringify({ id: "thing_1", text: "x".repeat(200) }));

const project = (upstream: string): string => `name: bench
hosts: [bench.localhost]
upstream: ${upstream}
network: { trustedProxies: [127.0.0.1], forwardAuth: true }
scopes: { read: Read }
limits: { requests: { rate: 1000000000, windowSeconds: 60 } }
plans: { all: { allowance: 9000000000000000 } }
defaultPlan: all
routes:
  - { match: GET /plain, scopes: [read], limits: [] }
  - { match: GET /limited, scopes: [read] }
  - { match: GET /metered, scopes: [read], cost: 1, pot: allowance, limits: [] }
`;

export interface GatewayFacts {
  readonly port: number;
  /** Of the listener for proxies that ask; the gateway only. */
  readonly authPort?: number;
  readonly key?: string;
}

async function started(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function upstream(): Promise<GatewayFacts> {
  const headers = { "content-type": "application/json", "content-length": ANSWER.length };
  return { port: await started(createServer((_, response) => response.writeHead(200, headers).end(ANSWER))) };
}

/** What a proxy cannot do without: the request's fields on, the answer's fields back, both bodies streamed. */
async function bare(url: string): Promise<GatewayFacts> {
  const { origin } = new URL(url);
  const agent = new Agent({ allowH2: false });
  const server = createServer(async (request, response) => {
    const { method = "GET", url: path = "/", headers } = request;
    const { connection: _, host: __, ...rest } = headers;
    try {
      const answer = await agent.request({
        ...{ origin, path, method: method as "GET", headers: rest },
        body: headers["content-length"] === undefined ? null : request,
      });
      const { connection: ___, "keep-alive": ____, ...kept } = answer.headers;
      response.writeHead(answer.statusCode, kept);
      await pipeline(answer.body, response);
    } catch {
      response.destroy();
    }
  });
  return { port: await started(server) };
}

/** The same without undici's streams, the least that a proxy in Node can do. */
async function leanest(url: string): Promise<GatewayFacts> {
  const { origin } = new URL(url);
  const agent = new Agent({ allowH2: false });
  const server = createServer((request, response) => {
    const { method = "GET", url: path = "/", headers } = request;
    const { connection: _, host: __, ...rest } = headers;
    const body = headers["content-length"] === undefined ? null : request;
    agent.dispatch(
      { origin, path, method: method as "GET", headers: rest, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, status, { connection: ___, "keep-alive": ____, ...kept }) {
          response.writeHead(status, kept);
        },
        onResponseData(controller, chunk) {
          if (response.write(chunk)) return;
          controller.pause();
          response.once("drain", () => controller.resume());
        },
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      },
    );
  });
  return { port: await started(server) };
}

async function gateway(url: string, data: string, secret: string): Promise<GatewayFacts> {
  const instance = await openInstance({ data });
  await applyProject(instance, LOCAL_CALLER, loadProjectText(project(url), "bench"));
  const account = await createAccount(instance, LOCAL_CALLER, "bench", { name: "Bench" });
  const input = { account: account.id, name: "Bench", scopes: ["read"] };
  const { key } = await createKey(instance, LOCAL_CALLER, "bench", input);
  const parts = { ...instance, dispatcher: createUpstreamPool(), upstreamOf: () => url };
  const handle = createGateway(parts);
  const ask = createForwardAuth({ ...instance, secret });
  const port = await listen(
    createHttpServer((request, response) => void handle(request, response)),
    0,
    "127.0.0.1",
  );
  const auth = createHttpServer((request, response) => void ask(request, response));
  return { port, authPort: await listen(auth, 0, "127.0.0.1"), key };
}

const [mode, url = "", data = "", secret = ""] = process.argv.slice(2);
if (mode === "upstream") process.send?.(await upstream());
else if (mode === "bare") process.send?.(await bare(url));
else if (mode === "leanest") process.send?.(await leanest(url));
else process.send?.(await gateway(url, data, secret));
// An end of its own, so that a profile is written (BENCH_PROFILE).
process.once("SIGTERM", () => process.exit(0));
