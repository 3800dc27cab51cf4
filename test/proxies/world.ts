// One Claviger with every way in that a proxy can take, before one application, and callers of every kind. A client connects from
// an address of its own, so that it is no trusted proxy.
import { request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import { createForwardAuth } from "../../src/gateway/forward-auth.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { updateAccount } from "../../src/manage/accounts.ts";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type GatewayUnderTest, START, startGateway } from "../support/gateway.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

export const HOST = "api.example.com";
export const SECRET = "a-secret-of-these-tests-only";
/** Where clients connect from; proxies connect to Claviger from 127.0.0.1. */
export const CLIENT = "127.0.0.2";

export const projectText = (url: string) => `name: acme
hosts: [{ host: ${HOST}, environment: live }]
keys: { format: "acme_{env}_{secret:32}" }
credentials: { headers: [X-API-Key] }
network: { trustedProxies: [127.0.0.1], forwardAuth: true }
scopes: { "things:read": Read things, "things:write": Write things }
limits:
  requests: { rate: 2, windowSeconds: 60 }
  running: { concurrency: 1, retryAfterSeconds: 7 }
plans:
  free: { allowance: 1, features: [] }
  pro: { allowance: 1000, features: [fast] }
defaultPlan: pro
routes:
  - { match: "GET|POST|DELETE /things/**", scopes: [things:read], limits: [] }
  - { match: POST /things/new, scopes: [things:write], limits: [] }
  - { match: GET /fast, feature: fast, limits: [] }
  - { match: "GET /accounts/{account}", ownAccount: account, limits: [] }
  - { match: GET /rated, limits: [requests] }
  - { match: GET /running, limits: [running], forwardAuth: { concurrencySeconds: 60 } }
  - { match: GET /metered, pot: allowance, limits: [] }
  - { match: GET /paid, cost: 10, pot: credits, limits: [] }
  - { match: POST /measured, cost: { bytes: body }, pot: credits, limits: [], forwardAuth: { cost: 5 } }
  - { match: POST /held, cost: 10, pot: credits, hold: true, limits: [], forwardAuth: { cost: 10 } }
  - { match: POST /gateway-only, cost: { bytes: body }, pot: credits, limits: [], forwardAuth: false }
dialect:
  body: { fault: "{code}", text: "{message}" }
  headers: { X-Credits: "{credits}", X-Quota-Remaining: "{allowance.remaining}" }
  answers: { insufficient_credits: { status: 402, code: buy-credits, message: "{credits} credits are too few." } }
upstream: ${url}
`;

export interface World {
  readonly gateway: GatewayUnderTest;
  readonly app: Upstream;
  /** The listener for forward-auth, and its port. */
  readonly auth: Server;
  readonly authPort: number;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  // Says something under the name of a usage header, which no client may take for Claviger's word.
  const app = await startUpstream((request, response) => {
    request.resume();
    request.on("end", () => {
      const forged = request.url?.startsWith("/things") ? { "X-Credits": "forged" } : {};
      response.writeHead(200, { "Content-Type": "text/plain", "X-App": "yes", ...forged });
      response.end("served");
    });
  });
  const gateway = await startGateway({ files: [] });
  await gateway.apply(projectText(app.url));
  const handle = createForwardAuth({
    ...gateway.instance,
    secret: SECRET,
    onFault: (message) => void (gateway.faults as string[]).push(message),
  });
  const auth = createHttpServer((request, response) => void handle(request, response));
  const authPort = await listen(auth, 0, "127.0.0.1");
  return {
    gateway,
    app,
    auth,
    authPort,
    async close() {
      await drain(auth, 0);
      await gateway.close();
      await app[Symbol.asyncDispose]();
    },
  };
}

/** Fresh for each way in, so that none finds used up what another has used. */
export async function makeCallers({ gateway }: World) {
  const { instance } = gateway;
  const account = async (plan: string, credits: number) => {
    const { id } = await gateway.account("acme", { plan });
    if (credits > 0) await gateway.grant("acme", id, credits);
    return id;
  };
  const scopes = ["things:read", "things:write"];
  const key = (owner: string, more = {}) => gateway.key("acme", { account: owner, scopes, ...more });
  const rich = await account("pro", 1_000);
  const poor = await account("free", 3);
  const suspended = await account("pro", 0);
  const revoked = await key(rich);
  const disabled = await key(rich);
  const keys = {
    good: await key(rich, { name: "Grün & Söhne" }),
    other: await key(rich),
    /** In nobody's memory until it is asked about. */
    cold: await key(rich),
    poor: await key(poor),
    reader: await key(rich, { scopes: ["things:read"] }),
    revoked,
    disabled,
    expired: await key(rich, { expiresAt: new Date(START + 1_000).toISOString() }),
    suspended: await key(suspended),
    testing: await key(rich, { environment: "test" }),
    here: await key(rich, { allowedIps: [CLIENT] }),
    elsewhere: await key(rich, { allowedIps: ["10.0.0.0/8"] }),
  };
  await revokeKey(instance, LOCAL_CALLER, "acme", revoked.id);
  await disableKey(instance, LOCAL_CALLER, "acme", disabled.id);
  await updateAccount(instance, LOCAL_CALLER, "acme", suspended, { suspended: true });
  return { ...keys, rich };
}

export type Callers = Awaited<ReturnType<typeof makeCallers>>;

export interface Sent {
  readonly method?: string;
  readonly target: string;
  /** Flat, as they are. */
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly host?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request on a connection of its own. */
export function send(
  port: number,
  { method = "GET", target, headers = [], body, host = HOST }: Sent,
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))];
    const sent = httpRequest(
      {
        host: "127.0.0.1",
        port,
        localAddress: CLIENT,
        method,
        path: target,
        headers: ["Host", host, ...headers, ...length],
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          sent.destroy();
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, headers: got, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
