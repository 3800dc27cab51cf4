// One request through the gateway: read it, ask for a verdict, answer the denial in the project's dialect or forward it.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Clock } from "../base/clock.ts";
import { newId } from "../base/ids.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Directory } from "../store/directory.ts";
import type { Limiter } from "../verify/limiter.ts";
import type { Question } from "../verify/question.ts";
import type { Verify } from "../verify/verify.ts";
import { send, unknownHost } from "./answer.ts";
import { type Arrival, faultOf, linesOf, questionOf, readArrival, servedBy, toldAddress } from "./arrival.ts";
import { bodyOf } from "./body.ts";
import { corsFields, isCorsField, preflightAnswer, withCors } from "./cors.ts";
import { extractCredential } from "./extract.ts";
import { type Field, valuesOf } from "./fields.ts";
import { type ForwardFault, forward } from "./forward.ts";
import { onwardHeaders } from "./identity.ts";
import { destinationOf, type UpstreamOf } from "./onward.ts";
import { createSettlements, isOpen, type Settlements, type SettleParts } from "./settle.ts";
import type { Watch } from "./watch.ts";

export interface GatewayParts {
  readonly clock: Clock;
  readonly verify: Verify;
  readonly cashier: SettleParts["cashier"];
  readonly limiter: Pick<Limiter, "release">;
  readonly directory: Directory;
  readonly dispatcher: Dispatcher;
  readonly upstreamOf: UpstreamOf;
  /** Ends streamed answers whose key may not go on; without it they go on to their end. */
  readonly watch?: Watch;
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
    const served = servedBy(parts.directory, hosts, fixedHost);
    if (served === undefined) return send(response, unknownHost(hosts.length));
    await serve(parts, readArrival(served, hosts, request), request, response);
  };
}

async function serve(
  parts: Parts,
  arrival: Arrival,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { project } = arrival.served;
  const requestId = newId("req");
  const answer = (rendered: RenderedAnswer): void =>
    send(response, withCors(rendered, project, arrival.fields), requestId);
  const refusal = faultOf(request);
  if (refusal === "headers_too_large") response.shouldKeepAlive = false;
  if (refusal !== undefined) return answer(renderAnswer(project.dialect, refusal, { requestId }));
  const preflight = preflightAnswer(project, request, arrival.fields);
  if (preflight !== undefined) return send(response, preflight, requestId);
  // Whatever becomes of the answer, the request has ended when its connection has no more use for it.
  response.once("close", () => parts.limiter.release(requestId));
  const body = bodyOf(request, arrival.fields);
  const epoch = parts.watch?.epoch() ?? 0;
  // A request that asks for another protocol in vain is plain HTTP, where neither key nor ticket stands in the URL.
  const credential = extractCredential(project.credentials, arrival.fields, arrival.query);
  const question: Question = {
    ...questionOf(arrival, request, credential),
    slot: requestId,
    measure: body.measure,
    tellPots: project.tellsPots,
  };
  const verdict = await parts.verify(question);
  if (response.closed) parts.limiter.release(requestId);
  if (!verdict.allowed) {
    const occasion = { requestId, now: parts.clock.now() };
    return answer(renderDenial(project.dialect, verdict, occasion));
  }
  const admitted = { arrival, question, verdict, epoch, requestId, bytes: body.bytes() };
  const fault = await forwardAdmitted(parts, admitted, request, response);
  if (fault === undefined) return;
  const told = fault.wasSent ? verdict : await parts.settlements.unreached(verdict);
  const rendered = renderAnswer(project.dialect, fault.code, { requestId });
  Object.assign(rendered.headers, usageHeaders(project.dialect, told, parts.clock.now()));
  answer(rendered);
}

interface Admitted {
  readonly arrival: Arrival;
  readonly question: Question;
  readonly verdict: Allowed;
  /** Of the watch, before the verdict was asked for. */
  readonly epoch: number;
  readonly requestId: string;
  /** The body, where it was read already. */
  readonly bytes: Buffer | undefined;
}

async function forwardAdmitted(
  parts: Parts,
  admitted: Admitted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  const { clock, dispatcher, upstreamOf, settlements } = parts;
  const { arrival, verdict, requestId, bytes } = admitted;
  const { project, host } = arrival.served;
  const destination = await destinationOf(upstreamOf, arrival, request, verdict);
  if (destination === undefined) return { code: "upstream_unavailable", wasSent: false };
  const clientAddress = toldAddress(arrival.client);
  const { scheme } = arrival;
  const about = { project, region: host.region, host: arrival.hosts[0], scheme, clientAddress };
  const added = (told: Allowed) => ({
    ...usageHeaders(project.dialect, told, clock.now()),
    ...corsFields(project, arrival.fields),
    ...(verdict.stale && { "claviger-stale": "1" }),
    "x-request-id": requestId,
  });
  const onAnswer = (status: number, fields: readonly Field[]) => {
    if (isStream(request, status, fields)) watchStream(parts, admitted, response);
    return isOpen(verdict) ? settlements.answered(verdict, status, fields).then(added) : added(verdict);
  };
  const headers = onwardHeaders({ ...about, verdict, fields: arrival.fields, requestId });
  const { vary } = project.dialect;
  const drops = project.cors && isCorsField;
  const { upstreamTimeouts: timeouts } = project;
  const onward = {
    ...destination,
    timeouts,
    headers,
    bytes,
    vary,
    drops,
    onAnswer,
  };
  return forward(dispatcher, onward, request, response);
}

/** Nobody has said where it ends. */
function isStream({ method }: IncomingMessage, status: number, answer: readonly Field[]): boolean {
  const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
  return hasBody && valuesOf(answer, "content-length").length === 0;
}

/** Within the bound of a revocation; most answers end long before. */
const STREAM_GRACE_MS = 1_000;

/** An answer that begins after its key has expired was admitted before, and goes on to its end (hostile B09). */
function watchStream({ watch, clock }: Parts, admitted: Admitted, response: ServerResponse): void {
  const { question, verdict, arrival, epoch } = admitted;
  const { key } = verdict;
  const hasExpired = key.expiresAt !== undefined && clock.now() >= Date.parse(key.expiresAt);
  if (watch === undefined || hasExpired || response.closed) return;
  const host = arrival.served.host.host;
  const onLost = (): void => void response.destroy();
  const watched = watch.add({ question, host, key, graceMs: STREAM_GRACE_MS, onLost }, epoch);
  response.once("close", watched.forget);
}
