// One request through the gateway: read it, ask for a verdict, answer the denial in the project's dialect or forward it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Clock } from "../base/clock.ts";
import { newId } from "../base/ids.ts";
import type { AnswerCode } from "../policy/answers.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import type { Address, ClientAddress } from "../policy/network.ts";
import { readTarget } from "../policy/path.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Directory, ServedHost } from "../store/directory.ts";
import type { Limiter } from "../verify/limiter.ts";
import type { Verify } from "../verify/verify.ts";
import { bodyOf } from "./body.ts";
import { withoutParameter } from "./extract.ts";
import { endToEndFields, type Field } from "./fields.ts";
import { type ForwardFault, forward } from "./forward.ts";
import { onwardHeaders } from "./identity.ts";
import { clientOf, faultOf, hostName, linesOf, questionOf } from "./received.ts";
import { createSettlements, isOpen, type Settlements, type SettleParts } from "./settle.ts";
import { unknownHost } from "./unknown-host.ts";

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
  const fault = faultOf(request);
  if (fault === "headers_too_large") response.shouldKeepAlive = false;
  if (fault !== undefined) return refuse(fault);
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
  const failed = await forwardAdmitted(parts, served, admitted, request, response);
  if (failed === undefined) return;
  const told = failed.wasSent ? verdict : await parts.settlements.unreached(verdict);
  const answer = renderAnswer(project.dialect, failed.code, { requestId });
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

/** What the upstream is told: the client, or who connected where the client cannot be told (hostile D04). */
function toldAddress(client: ClientAddress): Address | undefined {
  return client.kind === "known" ? client.address : client.peer;
}

export function send(response: ServerResponse, answer: RenderedAnswer, requestId?: string): void {
  const { status, headers, body } = answer;
  const length = { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, {
    ...headers,
    ...length,
    ...(requestId !== undefined && { "x-request-id": requestId }),
  });
  response.end(body);
}
