// Forward-auth: answers a proxy that asks about a request which it holds. What it asks about stands in header fields that only the
// proxy can have written, or in the request itself; nothing is ever read from the query of the address that is asked.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Address, type ClientAddress, clientAddress, parseAddress } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";
import { send, unknownHost } from "./answer.ts";
import { hostName, linesOf, type Received } from "./arrival.ts";
import { type Ask, type AskedAllowed, type AskParts, createAsk } from "./asked.ts";
import { createProxyTrust, operatorProblem, SECRET_FIELD } from "./proxy-trust.ts";

export interface ForwardAuthParts extends AskParts {
  /** What the proxies know. */
  readonly secret: string;
}

export type ForwardAuthHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How a proxy puts the question, and how it wants to hear that the request may pass. */
interface Manner {
  /** The request as the client sent it; `undefined` when the proxy does not say all of it exactly once. */
  readonly read: (request: IncomingMessage, rest: string) => Claim | undefined;
  /** Whether it takes a 204 without that for an answer to its client, and not for leave. */
  readonly answersPreflights: boolean;
  readonly allow: (asked: AskedAllowed) => { readonly status: number; readonly headers: Fields };
}

type Fields = Readonly<Record<string, string>>;

interface Claim {
  readonly host: string;
  readonly request: Received;
}

/** `/v1/forward-auth/{project}`, `…/nginx`, or `…/envoy` with the client's own target behind it. */
const ADDRESS = /^\/v1\/forward-auth\/([a-z0-9-]{1,40})(?:(\/nginx)?(?:\?.*)?|(\/envoy)(\/.*))$/;

export function createForwardAuth({ secret, ...parts }: ForwardAuthParts): ForwardAuthHandler {
  const { directory, onFault = () => {} } = parts;
  const trust = createProxyTrust(secret, onFault);
  const ask = createAsk(parts);
  return async (request, response) => {
    const [, name = "", nginx, envoy, rest = ""] = ADDRESS.exec(request.url ?? "") ?? [];
    const project = directory.project(name);
    const peer = parseAddress(request.socket.remoteAddress ?? "");
    const refusal = trust.refusal(linesOf(request, SECRET_FIELD), peer, project);
    if (refusal !== undefined) return send(response, refusal);
    const manner = MANNERS[nginx ?? envoy ?? ""]!;
    const claim = manner.read(request, rest);
    if (claim === undefined) return send(response, UNCLEAR);
    const served = directory.served(hostName(claim.host) ?? "");
    if (served?.project !== project || served === undefined) return send(response, unknownHost(1));
    const client = clientBehind(served.project, peer, request);
    const asked = await ask(served, claim.host, claim.request, client, manner.answersPreflights);
    await answer(asked, manner, response);
  };
}

async function answer(asked: Awaited<ReturnType<Ask>>, manner: Manner, response: ServerResponse) {
  if (asked.kind === "refused") return send(response, asked.answer, asked.requestId);
  const { status, headers } = manner.allow(asked);
  response.writeHead(status, {
    ...asked.usage,
    ...asked.caller,
    ...headers,
    "x-request-id": asked.requestId,
    ...(status !== 204 && { "content-length": "0" }),
  });
  response.end();
}

const UNCLEAR = operatorProblem(
  400,
  "unclear_question",
  "The proxy has to say method, target and host of the request that it asks about, each once",
);

/** A proxy that names no client must not pass for it. */
function clientBehind(
  { network: { clientAddressHeader, trustedProxies, headerStyle: style } }: Project,
  peer: Address | undefined,
  request: IncomingMessage,
): ClientAddress {
  const forwarded = linesOf(request, clientAddressHeader);
  if (forwarded.length === 0) return { kind: "unreadable" };
  return clientAddress({ peer, forwarded, trustedProxies, style });
}

const NO_STORE = { "cache-control": "no-store" };

const MANNERS: Readonly<Record<string, Manner>> = {
  "": {
    read: claimedUnder("x-forwarded"),
    answersPreflights: false,
    allow: () => ({ status: 204, headers: NO_STORE }),
  },
  "/nginx": {
    read: claimedUnder("x-original"),
    answersPreflights: true,
    // A named location: nginx goes on there with the client's own method, target and body. It would pass Cache-Control on.
    allow: () => ({ status: 204, headers: { "x-accel-redirect": "@claviger_allowed" } }),
  },
  "/envoy": {
    read: (request, rest) => {
      const [host, ...more] = linesOf(request, "host");
      if (host === undefined || more.length > 0) return undefined;
      return { host, request: received(request.method ?? "", rest, withoutOwn(request, [])) };
    },
    answersPreflights: true,
    // Envoy takes any status but 200 for a refusal. What a client sent in place of the secret was never seen here.
    allow: ({ taken }) => {
      const removed = [SECRET_FIELD, ...taken].join(", ");
      return { status: 200, headers: { ...NO_STORE, "x-envoy-auth-headers-to-remove": removed } };
    },
  },
};

/** Fields of one proxy are never mixed with those that another would set: its clients could have sent them. */
function claimedUnder(prefix: string): Manner["read"] {
  const names = ["method", "uri", "host"].map((name) => `${prefix}-${name}`);
  const connection = `${prefix}-connection`;
  return (request) => {
    const lines = names.map((name) => linesOf(request, name));
    const [method, target, host] = lines.map(([only]) => only);
    if (lines.some(({ length }) => length !== 1) || !method || !target || !host) return undefined;
    // What the client's Connection names would not have passed the gateway either (hostile D14).
    const nominated = linesOf(request, connection).flatMap((value) => ["connection", value]);
    const own = withoutOwn(request, [...names, connection, "host"]);
    return { host, request: received(method, target, [...own, ...nominated]) };
  };
}

function withoutOwn({ rawHeaders }: IncomingMessage, own: readonly string[]): string[] {
  const dropped = new Set([SECRET_FIELD, ...own]);
  return rawHeaders.filter((_, index) => !dropped.has(rawHeaders[index - (index % 2)]!.toLowerCase()));
}

/** No upgrade is to be seen from here, so a key in a query is never read. */
export function received(method: string, target: string, rawHeaders: string[]): Received {
  return { method, url: target, httpVersion: "1.1", rawHeaders, headers: {}, socket: {} };
}
