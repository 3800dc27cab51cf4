// A project whose requests are paid with credits in every way that there is, and an upstream that remembers the bodies it got.
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { bearer, type GatewayUnderTest } from "./gateway.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export const METERED_HOST = "acme.localhost";

/** Tells on every answer what is left and what the request cost. */
export function meteredProject(url: string): string {
  return `name: acme
upstream: ${url}
routes:
  - { match: POST /free }
  - { match: POST /none, cost: 0, pot: credits }
  - { match: POST /fixed, cost: 10, pot: credits }
  - { match: POST /held, cost: 10, pot: credits, hold: true }
  - { match: POST /text, cost: { characters: text }, pot: credits, hold: true }
  - { match: POST /value, cost: { value: units }, pot: credits, hold: true }
  - { match: [POST /bytes, PUT /bytes], cost: { bytes: body }, pot: credits }
  - { match: POST /settled, cost: 10, pot: credits, hold: { settle: X-Units-Used } }
  - { match: POST /most, cost: 10, pot: credits, hold: { settle: X-Units-Used, max: 30 } }
  - { match: POST /said, cost: { value: units }, pot: credits, hold: { settle: X-Units-Used, max: 30 } }
dialect:
  headers: { X-Credits: "{credits}", X-Cost: "{cost}" }
`;
}

export interface RecordingUpstream extends Upstream {
  /** One for each request that was read whole, in the order in which they ended. */
  readonly bodies: readonly Buffer[];
  /** What it does once it has a request whole; answers 200 when nothing is said. */
  answering: (response: ServerResponse, request: IncomingMessage) => void;
}

export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  const bodies: Buffer[] = [];
  const upstream = await startUpstream(async (request, response) => {
    bodies.push(await buffer(request));
    recording.answering(response, request);
  });
  const recording: RecordingUpstream = {
    url: upstream.url,
    received: upstream.received,
    bodies,
    answering: (response) => response.end("done"),
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
  return recording;
}

export interface Payer {
  readonly account: string;
  /** With the key. */
  readonly headers: Record<string, string>;
  credits(): Promise<number>;
}

/** A fresh account with so many credits, and a key of it. */
export async function payer(gateway: GatewayUnderTest, credits: number): Promise<Payer> {
  const { id: account } = await gateway.account("acme");
  if (credits > 0) await gateway.grant("acme", account, credits);
  const { key } = await gateway.key("acme", { account });
  return {
    account,
    headers: { "Content-Type": "application/json", ...bearer(key) },
    credits: async () => (await gateway.balance("acme", account)).credits,
  };
}
