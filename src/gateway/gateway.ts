// One request through the gateway: read it, ask for a verdict, answer the denial in the project's dialect or forward it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Clock } from "../base/clock.ts";
import { newId } from "../base/ids.ts";
import type { AnswerCode } from "../policy/answers.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import { type Address, type ClientAddress, clientAddress, parseAddress } from "../policy/network.ts";
import { readTarget } from "../policy/path.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Directory, ServedHost } from "../store/directory.ts";
import type { Limiter } from "../verify/limiter.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import { bodyOf } from "./body.ts";
import { extractCredential, withoutParameter } from "./extract.ts";
import { endToEndFields, type Field, valuesOf } from "./fields.ts";
import { type ForwardFault, forward } from "./forward.ts";
import { onwardHeaders } from "./identity.ts";
import { createSettlements, isOpen, type Settlements, type SettleParts } from "./settle.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly verify: Verify;
  readonly cashier: SettleParts["cashier"];
  readonly limiter: Pick<Limiter, "release">;
  readonly directory: Directory;
  readonly dispatcher: Dispatcher;
  /** The URL of a project's upstream at this moment, such as `http://127.0.0.1:3000/base`. Rejects when there is none. */
  readonly upstreamOf: (project: Project) => string | Promise<string>;
  /** Hears of what no client is told: payments that could not be ended as they should be. */
  readonly onFault?: SettleParts["onFault"];
}

interface Parts extends GatewayParts {
  readonly settlements: Settlements;
}

/** `served` is given on a listener that belongs to one host; otherwise the Host header says it. */
export type GatewayHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  served?: string,
) => Promise<void>;

/** Above it Node would silently drop the last ones if it were left to count (hostile A25). */
const MAX_FIELDS = 200;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function createGateway(given: GatewayParts): GatewayHandler {
  const { cashier, onFault = () => {} } = given;
  const parts: Parts = { ...given, settlements: createSettlements({ cashier, onFault }) };
  return async (request, response, fixedHost) => {
    const hosts = linesOf(request, "host");
    const name = fixedHost ?? hostName(hosts[0]);
    const served = name === undefined ? undefined : parts.directory.served(name);
    if (served === undefined) return send(response, unknownHost(hosts.length));
    await serve(parts, served, hosts, request, response);
  };
}

async function serve(
  parts: Parts,
  served: ServedHost,
  hosts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { project } = served;
  const requestId = newId("req");
  const refuse = (code: AnswerCode) =>
    send(response, renderAnswer(project.dialect, code, { requestId }), requestId);
  if (request.rawHeaders.length / 2 > MAX_FIELDS) {
    response.shouldKeepAlive = false;
    return refuse("headers_too_large");
  }
  if (!METHODS.has(request.method ?? "")) return refuse("method_not_allowed");
  const fields = endToEndFields(request.rawHeaders);
  const client = clientOf(project, fields, request);
  // Whatever becomes of the answer, the request has ended when its connection has no more use for it.
  response.once("close", () => parts.limiter.release(requestId));
  const body = bodyOf(request, fields);
  const verdict = await parts.verify({
    ...questionOf(served, fields, hosts, request, client),
    slot: requestId,
    measure: body.measure,
    tellPots: project.isMetered,
  });
  if (response.closed) parts.limiter.release(requestId);
  if (!verdict.allowed) {
    const occasion = { requestId, now: parts.clock.now() };
    return send(response, renderDenial(project.dialect, verdict, occasion), requestId);
  }
  const clientAddress = toldAddress(client);
  const admitted = { verdict, fields, host: hosts[0], clientAddress, requestId, bytes: body.bytes() };
  const fault = await forwardAdmitted(parts, served, admitted, request, response);
  if (fault === undefined) return;
  const told = fault.wasSent ? verdict : await parts.settlements.unreached(verdict);
  const answer = renderAnswer(project.dialect, fault.code, { requestId });
  Object.assign(answer.headers, usageHeaders(project.dialect, told, parts.clock.now()));
  send(response, answer, requestId);
}

interface Admitted {
  readonly verdict: Allowed;
  readonly fields: readonly Field[];
  readonly host: string | undefined;
  readonly clientAddress: Address | undefined;
  readonly requestId: string;
  /** The body, where it was read already. */
  readonly bytes: Buffer | undefined;
}

async function forwardAdmitted(
  { clock, dispatcher, upstreamOf, settlements }: Parts,
  { project, host: { region } }: ServedHost,
  admitted: Admitted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  const { verdict, requestId, bytes } = admitted;
  const target = readTarget(request.url ?? "", admitted.host);
  const upstream = await Promise.resolve(upstreamOf(project)).catch(() => undefined);
  if (upstream === undefined || !target.ok) return { code: "upstream_unavailable", wasSent: false };
  const { origin, pathname } = new URL(upstream);
  const query = withoutParameter(target.query, project.credentials.query.name);
  const added = (told: Allowed) => ({
    ...usageHeaders(project.dialect, told, clock.now()),
    ...(verdict.stale && { "claviger-stale": "1" }),
    "x-request-id": requestId,
  });
  return forward(
    dispatcher,
    {
      origin,
      path: `${pathname.replace(/\/$/, "")}${target.path}${query === "" ? "" : `?${query}`}`,
      headers: onwardHeaders({ project, region, ...admitted }),
      bytes,
      vary: project.dialect.vary,
      onAnswer: isOpen(verdict)
        ? async (status, answer) => added(await settlements.answered(verdict, status, answer))
        : () => added(verdict),
      tellsSent: isOpen(verdict),
    },
    request,
    response,
  );
}

function questionOf(
  { project, host }: ServedHost,
  fields: readonly Field[],
  hosts: readonly string[],
  request: IncomingMessage,
  client: ClientAddress,
): Question {
  const target = request.url ?? "";
  const query = target.slice(target.indexOf("?") + 1 || target.length + 1);
  return {
    project,
    credential: extractCredential(project.credentials, fields, query, isUpgrade(request)),
    // An address that cannot be read is none: a key with an allowlist is then refused (hostile D04).
    clientAddress: client.kind === "known" ? client.address : undefined,
    environment: host.environment,
    request: { method: request.method ?? "", target, host: hosts[0] },
    malformed: hostProblem(hosts, request),
  };
}

/** RFC 9112 section 3.2. */
function hostProblem(hosts: readonly string[], { httpVersion }: IncomingMessage): string | undefined {
  if (hosts.length > 1) return "It has more than one Host header.";
  return hosts.length === 0 && httpVersion === "1.1" ? "It has no Host header." : undefined;
}

/** RFC 9110 section 7.8: an Upgrade that Connection does not name is none, and the request is plain HTTP. */
function isUpgrade({ headers, method }: IncomingMessage): boolean {
  const options = headers.connection?.toLowerCase().split(/[\s,]+/);
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    options?.includes("upgrade") === true
  );
}

/** A header that was sent and that Connection took out again counts as unreadable: the proxy must not pass for its client (D14). */
function clientOf({ network }: Project, fields: readonly Field[], request: IncomingMessage): ClientAddress {
  const { clientAddressHeader: name, trustedProxies, headerStyle: style } = network;
  const { remoteAddress } = request.socket;
  const values = valuesOf(fields, name);
  return clientAddress({
    peer: remoteAddress === undefined ? undefined : parseAddress(remoteAddress),
    forwarded: values.length === 0 && linesOf(request, name).length > 0 ? [""] : values,
    trustedProxies,
    style,
  });
}

/** What the upstream is told: the client, or who connected where the client cannot be told (hostile D04). */
function toldAddress(client: ClientAddress): Address | undefined {
  return client.kind === "known" ? client.address : client.peer;
}

/** Every line of this name as it arrived, those that Connection names included. */
function linesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Lower case, without port and root dot. */
function hostName(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

/** No project, so no dialect: RFC 9457. 421 after RFC 9110 section 15.5.20. */
function unknownHost(count: number): RenderedAnswer {
  const unclear = count !== 1;
  return {
    status: unclear ? 400 : 421,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: JSON.stringify({
      type: "about:blank",
      title: unclear ? "There has to be one Host header" : "No project is served under this host",
      status: unclear ? 400 : 421,
      code: unclear ? "invalid_request" : "unknown_host",
    }),
  };
}

function send(response: ServerResponse, answer: RenderedAnswer, requestId?: string): void {
  const { status, headers, body } = answer;
  const length = { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, {
    ...headers,
    ...length,
    ...(requestId !== undefined && { "x-request-id": requestId }),
  });
  response.end(body);
}
