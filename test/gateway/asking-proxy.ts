// A gateway whose project lets proxies ask, its listener for them, and a proxy that asks by hand.

import { request } from "node:http";
import { text } from "node:stream/consumers";
import { createForwardAuth } from "../../src/gateway/forward-auth.ts";
import { createHttpServer, drain, listen } from "../../src/gateway/listen.ts";
import { type Answer, type GatewayUnderTest, startGateway } from "../support/gateway.ts";

export const SECRET = "a-secret-of-these-tests-only";
export const HOST = "acme.localhost";

export const ASKED_PROJECT = `name: acme
network: { trustedProxies: [127.0.0.1], forwardAuth: true }
limits: { running: { concurrency: 1, retryAfterSeconds: 7 } }
routes:
  - { match: GET /things, limits: [] }
  - { match: GET /running, limits: [running], forwardAuth: { concurrencySeconds: 60 } }
  - { match: POST /measured, cost: { bytes: body }, pot: credits, limits: [], forwardAuth: { cost: 5 } }
  - { match: POST /held, cost: 10, pot: credits, hold: true, limits: [], forwardAuth: { cost: 7 } }
  - { match: POST /gateway-only, cost: { bytes: body }, pot: credits, limits: [], forwardAuth: false }
dialect: { headers: { X-Credits: "{credits}" } }
`;

export interface AskingProxy extends AsyncDisposable {
  readonly gateway: GatewayUnderTest;
  readonly faults: readonly string[];
  /** What is to be run later: the delay in milliseconds, and the thing itself. */
  readonly later: readonly { readonly delayMs: number; readonly run: () => void }[];
  /** The bare question; header names and values alternate. */
  ask(
    path: string,
    headers: readonly string[],
    method?: string,
  ): Promise<Pick<Answer, "status" | "headers" | "text">>;
}

export async function startAskingProxy(yaml = ASKED_PROJECT): Promise<AskingProxy> {
  const gateway = await startGateway({ files: [] });
  await gateway.apply(yaml);
  const faults: string[] = [];
  const later: { delayMs: number; run: () => void }[] = [];
  const handle = createForwardAuth({
    ...gateway.instance,
    secret: SECRET,
    onFault: (message) => void faults.push(message),
    later: (run, delayMs) => void later.push({ delayMs, run }),
  });
  const server = createHttpServer((asked, answer) => void handle(asked, answer));
  const port = await listen(server, 0, "127.0.0.1");
  return {
    gateway,
    faults,
    later,
    ask: (path, headers, method = "GET") =>
      new Promise((resolve, reject) => {
        const options = {
          host: "127.0.0.1",
          port,
          path,
          method,
          headers: ["Host", HOST, ...headers],
          agent: false,
        };
        const sent = request(options, async (response) => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, headers: got, text: await text(response) });
        });
        sent.on("error", reject);
        sent.end();
      }),
    async [Symbol.asyncDispose]() {
      await drain(server, 0);
      await gateway.close();
    },
  };
}

export const WITH_SECRET = ["Claviger-Proxy-Secret", SECRET];

/** What Caddy or Traefik say of a request from a client at 192.0.2.1. */
export function forwarded(method: string, uri: string, host = HOST): string[] {
  return [
    ...["X-Forwarded-Method", method, "X-Forwarded-Uri", uri],
    ...["X-Forwarded-Host", host, "X-Forwarded-For", "192.0.2.1"],
  ];
}
