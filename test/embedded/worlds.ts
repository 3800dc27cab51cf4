// Two worlds with the same project, keys and clock: one behind the gateway, one with Claviger in the program. A test asks both.
import type { TestContext } from "node:test";
import { fixedClock } from "../../src/base/clock.ts";
import { type Claviger, open } from "../../src/index.ts";
import type { NewKey } from "../../src/manage/create-key.ts";
import { folderFor } from "../support/folder.ts";
import {
  type Answer,
  type Ask,
  askPort,
  type GatewayUnderTest,
  START,
  startGateway,
} from "../support/gateway.ts";
import { type Framework, start, startBare } from "./program.ts";

export const ACME = `
name: acme
hosts:
  - { host: acme.localhost, environment: live }
  - { host: test.acme.localhost, environment: test }
keys: { format: "acme_{env}_{secret:32}", defaultScopes: [read] }
credentials: { headers: [X-API-Key] }
scopes: { read: Read, speak: Speak }
network: { trustedProxies: [127.0.0.1] }
cors: { origins: ["https://app.example.com"] }
limits: { requests: { rate: 3, windowSeconds: 60, per: key } }
plans: { free: { allowance: 100 } }
defaultPlan: free
routes:
  - { match: /words, scopes: [read] }
  - { match: "/exports/**", scopes: [speak] }
  - { match: "/**", scopes: [] }
  - { match: POST /speech, scopes: [speak], cost: { characters: text }, pot: allowance, limits: [] }
  - { match: POST /fail, cost: 40, pot: allowance, hold: true, limits: [] }
  - { match: POST /settle, cost: 40, pot: allowance, hold: { settle: X-Units-Used }, limits: [] }
  - { match: /throw, cost: 40, pot: allowance, hold: true, limits: [] }
dialect:
  realm: Acme
  headers:
    X-Limit: "{limit.requests.limit}"
    X-Remaining: "{limit.requests.remaining}"
    X-Reset: "{limit.requests.reset:epoch}"
    X-Quota: "{allowance.remaining}"
  answers:
    rate_exceeded: { status: 429, code: slow_down, message: "Wait {retryAfter} s." }
`;

export interface Side {
  ask(host: string, request?: Ask): Promise<Answer>;
  /** Of a fresh account. */
  key(input?: Partial<NewKey>): Promise<string>;
}

export interface Worlds {
  readonly claviger: Claviger;
  readonly gateway: Side;
  readonly embedded: Side;
}

export async function openClaviger(context: TestContext, yaml = ACME): Promise<Claviger> {
  const claviger = await open({ data: folderFor(context), clock: fixedClock(START) });
  context.after(() => claviger.close());
  await claviger.projects.apply({ text: yaml });
  return claviger;
}

export async function keyOf(claviger: Claviger, input: Partial<NewKey> = {}): Promise<string> {
  const { id } = await claviger.accounts.create("acme", { name: "Test account" });
  const { key } = await claviger.keys.create("acme", { account: id, name: "Test key", ...input });
  return key;
}

export async function worldsFor(context: TestContext, framework: Framework, yaml = ACME): Promise<Worlds> {
  const claviger = await openClaviger(context, yaml);
  const program = await start(framework, claviger);
  context.after(() => program[Symbol.asyncDispose]());
  return {
    claviger,
    gateway: await gatewaySide(context, yaml),
    embedded: {
      ask: (host, request) => askPort(program.port, host, request),
      key: (input) => keyOf(claviger, input),
    },
  };
}

async function gatewaySide(context: TestContext, yaml: string): Promise<Side> {
  const upstream = await startBare();
  context.after(() => upstream[Symbol.asyncDispose]());
  const gateway: GatewayUnderTest = await startGateway({ files: [] });
  context.after(() => gateway.close());
  await gateway.apply(`${yaml}upstream: http://127.0.0.1:${upstream.port}\n`);
  return { ask: gateway.ask, key: async (input) => (await gateway.key("acme", input)).key };
}

/** Of the server that carries an answer, and not of the answer. */
const CARRIERS = new Set("date connection keep-alive transfer-encoding etag".split(" "));

/** What two answers have to have in common, with ids that differ from call to call taken out. */
export function essence({ status, headers, text }: Answer): unknown {
  const kept = Object.entries(headers).filter(([name]) => !CARRIERS.has(name) && name !== "content-length");
  const plain = kept.map(([name, value]): [string, string] => [name, plainValue(name, String(value))]);
  return { status, headers: Object.fromEntries(plain.sort()), text };
}

function plainValue(name: string, value: string): string {
  if (name === "x-request-id") return value.replace(/^req_[0-9a-f]{20}$/, "req_…");
  return name === "vary" ? value.split(", ").sort().join(", ") : value;
}
