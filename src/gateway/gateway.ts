// One request through the gateway: read it, ask for a verdict, answer the denial in the project's dialect or forward it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { newId } from "../base/ids.ts";
import type { AnswerCode } from "../policy/answers.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import { type Address, clientAddress, parseAddress } from "../policy/network.ts";
import { readTarget } from "../policy/path.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Directory, ServedHost } from "../store/directory.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import { extractCredential, withoutParameter } from "./extract.ts";
import { endToEndFields, type Field, valuesOf } from "./fields.ts";
import { forward } from "./forward.ts";
import { onwardHeaders } from "./identity.ts";

export interface GatewayParts {
  readonly verify: Verify;
  readonly directory: Directory;
  readonly dispatcher: Dispatcher;
  /** The URL of a project's upstream at this moment, such as `http://127.0.0.1:3000/base`. Rejects when there is none. */
  readonly upstreamOf: (project: Project) => string | Promise<string>;
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

export function createGateway(parts: GatewayParts): GatewayHandler {
  return async (request, response, fixedHost) => {
    const hosts = hostLines(request);
    const name = fixedHost ?? hostName(hosts[0]);
    const served = name === undefined ? undefined : parts.directory.served(name);
    if (served === undefined) return send(response, unknownHost(hosts.length));
    await serve(parts, served, hosts, request, response);
  };
}

async function serve(
  parts: GatewayParts,
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
  const address = addressOf(project, fields, request.socket.remoteAddress);
  const verdict = await parts.verify(questionOf(served, fields, hosts, request, address));
  if (!verdict.allowed)
    return send(response, renderDenial(project.dialect, verdict, { requestId }), requestId);
  const fault = await forwardAdmitted(
    parts,
    served,
    { verdict, fields, host: hosts[0], clientAddress: address, requestId },
    request,
    response,
  );
  if (fault !== undefined) refuse(fault);
}

interface Admitted {
  readonly verdict: Allowed;
  readonly fields: readonly Field[];
  readonly host: string | undefined;
  readonly clientAddress: Address | undefined;
  readonly requestId: string;
}

async function forwardAdmitted(
  { dispatcher, upstreamOf }: GatewayParts,
  { project, host: { region } }: ServedHost,
  admitted: Admitted,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const target = readTarget(request.url ?? "", admitted.host);
  const upstream = await Promise.resolve(upstreamOf(project)).catch(() => undefined);
  if (upstream === undefined || !target.ok) return "upstream_unavailable" as const;
  const { origin, pathname } = new URL(upstream);
  const query = withoutParameter(target.query, project.credentials.query.name);
  return forward(
    dispatcher,
    {
      origin,
      path: `${pathname.replace(/\/$/, "")}${target.path}${query === "" ? "" : `?${query}`}`,
      headers: onwardHeaders({ project, region, ...admitted }),
      answerHeaders: {
        ...usageHeaders(project.dialect, admitted.verdict),
        "x-request-id": admitted.requestId,
      },
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
  address: Address | undefined,
): Question {
  const target = request.url ?? "";
  const query = target.slice(target.indexOf("?") + 1 || target.length + 1);
  return {
    project,
    credential: extractCredential(project.credentials, fields, query, isUpgrade(request)),
    clientAddress: address,
    environment: host.environment,
    request: { method: request.method ?? "", target, host: hosts[0] },
    malformed: hosts.length > 1 ? "It has more than one Host header." : undefined,
  };
}

function isUpgrade({ headers, method }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

/** An address that cannot be read is none: a key with an allowlist is then refused (hostile D04). */
function addressOf(
  { network }: Project,
  fields: readonly Field[],
  peer: string | undefined,
): Address | undefined {
  const client = clientAddress({
    peer: peer === undefined ? undefined : parseAddress(peer),
    forwarded: valuesOf(fields, network.clientAddressHeader),
    trustedProxies: network.trustedProxies,
    style: network.headerStyle,
  });
  return client.kind === "known" ? client.address : undefined;
}

function hostLines(request: IncomingMessage): string[] {
  return request.rawHeaders.filter(
    (_, index) => index % 2 === 1 && request.rawHeaders[index - 1]?.toLowerCase() === "host",
  );
}

/** Lower case, without port and root dot. */
function hostName(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

/** No project, so no dialect: RFC 9457. 421 after RFC 9110 section 15.5.20. */
function unknownHost(count: number): RenderedAnswer {
  const missing = count === 0;
  return {
    status: missing ? 400 : 421,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: JSON.stringify({
      type: "about:blank",
      title: missing ? "The Host header is missing" : "No project is served under this host",
      status: missing ? 400 : 421,
      code: missing ? "invalid_request" : "unknown_host",
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
