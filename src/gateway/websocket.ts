// One WebSocket through the gateway: judged as any request before anything is switched, asked of the upstream with the client's own
// handshake, and then open until a side closes or the key may not go on.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newId } from "../base/ids.ts";
import { measureBody } from "../policy/cost.ts";
import { type RenderedAnswer, renderAnswer, renderDenial, usageHeaders } from "../policy/dialect.ts";
import type { Allowed } from "../policy/verdict.ts";
import type { Project } from "../project/compile.ts";
import type { Tickets } from "../store/tickets.ts";
import type { Question } from "../verify/question.ts";
import { send, unknownHost } from "./answer.ts";
import { type Arrival, faultOf, linesOf, questionOf, readArrival, servedBy, toldAddress } from "./arrival.ts";
import { corsFields, isCorsField, isForeignPage, withCors } from "./cors.ts";
import { extractUpgradeCredential } from "./extract.ts";
import { type Field, valuesOf } from "./fields.ts";
import { answerFields } from "./forward.ts";
import type { GatewayParts } from "./gateway.ts";
import { onwardHeaders } from "./identity.ts";
import { responseOver } from "./listen.ts";
import { destinationOf } from "./onward.ts";
import { createSettlements, isOpen, type Settlements } from "./settle.ts";
import { redeemTicket } from "./tickets.ts";
import type { Watch } from "./watch.ts";
import { askUpstream, type UpstreamAnswer } from "./websocket-ask.ts";
import { handshakeProblem, SPOKEN_VERSION, switchingProtocols } from "./websocket-handshake.ts";
import { createOpenSockets, messagesOf, type OpenSockets } from "./websocket-open.ts";

export interface WebSocketParts extends GatewayParts {
  readonly watch: Watch;
  readonly tickets: Tickets;
}

interface Parts extends WebSocketParts {
  readonly settlements: Settlements;
  readonly sockets: OpenSockets;
}

/** As of Node's `upgrade` event; `served` as of GatewayHandler. */
export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  served?: string,
) => Promise<void>;

export interface WebSockets {
  readonly handle: UpgradeHandler;
  /** Says 1001 to the sockets that are still open after `graceMs`; resolves when none is, and no payment is under way. */
  drain(graceMs: number): Promise<void>;
}

/** What is there of a client whose socket the server has let go of. */
interface Client {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request. */
  readonly head: Buffer;
  /** Until it is open, a client that has no more to say has gone. */
  readonly onEarlyEnd: () => void;
}

export function createWebSockets(given: WebSocketParts): WebSockets {
  const { cashier, onFault = () => {} } = given;
  const settlements = createSettlements({ cashier, onFault });
  const parts: Parts = { ...given, settlements, sockets: createOpenSockets({ ...given, onFault }) };
  return {
    async handle(request, socket, head, fixedHost) {
      const hosts = linesOf(request, "host");
      const served = servedBy(parts.directory, hosts, fixedHost);
      if (served === undefined) return send(responseOver(request, socket), unknownHost(hosts.length));
      const onEarlyEnd = (): void => void socket.destroy();
      socket.once("end", onEarlyEnd);
      await serve(parts, readArrival(served, hosts, request), { request, socket, head, onEarlyEnd });
    },
    drain: parts.sockets.drain,
  };
}

/** A handshake has no body to measure. */
const NOTHING = Buffer.alloc(0);

async function serve(parts: Parts, arrival: Arrival, client: Client): Promise<void> {
  const { request, socket } = client;
  const { project } = arrival.served;
  const { dialect, credentials, tellsPots } = project;
  const requestId = newId("req");
  const answer = (rendered: RenderedAnswer): void =>
    answerOver(client, withCors(rendered, project, arrival.fields), requestId);
  const refusal =
    faultOf(request) ?? (isForeignPage(project, arrival.fields) ? "origin_not_allowed" : undefined);
  if (refusal !== undefined) return answer(renderAnswer(dialect, refusal, { requestId }));
  socket.once("close", () => parts.limiter.release(requestId));
  const epoch = parts.watch.epoch();
  const problem = handshakeProblem(arrival.fields);
  const found = extractUpgradeCredential(credentials, arrival.fields, arrival.query);
  const credential =
    found.kind === "ticket" ? await redeemTicket(parts, arrival, request.url ?? "", found.text) : found;
  // Nobody can tell whether it is good, or whether it is gone now: what is certain is that it lets nobody in twice.
  if (credential === undefined) {
    const unavailable = { allowed: false, code: "store_unavailable" } as const;
    return answer(renderDenial(dialect, unavailable, { requestId, now: parts.clock.now() }));
  }
  const asked = questionOf(arrival, request, credential);
  const question: Question = {
    ...asked,
    malformed: asked.malformed ?? problem,
    slot: requestId,
    measure: async (cost) =>
      measureBody(cost, NOTHING, { contentType: undefined, contentEncoding: undefined }),
    tellPots: tellsPots,
  };
  const verdict = await parts.verify(question);
  if (socket.closed) parts.limiter.release(requestId);
  if (verdict.allowed) return goOn(parts, { arrival, client, question, verdict, epoch, requestId });
  const rendered = renderDenial(dialect, verdict, { requestId, now: parts.clock.now() });
  if (problem !== undefined) Object.assign(rendered.headers, SPOKEN_VERSION);
  answer(rendered);
}

interface Admitted {
  readonly arrival: Arrival;
  readonly client: Client;
  readonly question: Question;
  readonly verdict: Allowed;
  /** Of the watch, before the verdict was asked for. */
  readonly epoch: number;
  readonly requestId: string;
}

async function goOn(parts: Parts, admitted: Admitted): Promise<void> {
  const { clock, settlements, sockets } = parts;
  const { arrival, client, verdict, requestId } = admitted;
  const { project, host } = arrival.served;
  const messages = messagesOf(admitted.question);
  const upstream = await ask(parts, admitted, messages !== undefined);
  const told = await outcomeOf(settlements, verdict, upstream);
  if (client.socket.destroyed) return drop(upstream);
  const added = {
    ...usageHeaders(project.dialect, told, clock.now()),
    ...corsFields(project, arrival.fields),
    "x-request-id": requestId,
  };
  if (upstream.kind === "fault") {
    const rendered = renderAnswer(project.dialect, upstream.code, { requestId });
    return answerOver(client, { ...rendered, headers: { ...rendered.headers, ...added } }, requestId);
  }
  if (upstream.kind === "answer") return passAnswer(client, upstream, project, added);
  // No message of a switch of protocols has a length (RFC 9110 section 8.6).
  const kept = upstream.fields.filter(({ name }) => name !== "content-length");
  client.socket.write(switchingProtocols(answerFields(kept, added)));
  client.socket.off("end", client.onEarlyEnd);
  if (client.head.length > 0) client.socket.unshift(client.head);
  sockets.open({ ...admitted, host: host.host, client: client.socket, upstream: upstream.socket, messages });
}

async function ask(parts: Parts, admitted: Admitted, isMetered: boolean): Promise<UpstreamAnswer> {
  const { arrival, client, verdict, requestId } = admitted;
  const { project, host } = arrival.served;
  const destination = await destinationOf(parts.upstreamOf, arrival, client.request, verdict);
  if (destination === undefined) return { kind: "fault", code: "upstream_unavailable", wasSent: false };
  const gone = new AbortController();
  client.socket.once("close", () => gone.abort());
  if (client.socket.destroyed) gone.abort();
  // What an extension makes of a message cannot be measured; without an offer there is none (RFC 6455 section 9.1).
  const fields = isMetered
    ? arrival.fields.filter(({ name }) => name !== "sec-websocket-extensions")
    : arrival.fields;
  const clientAddress = toldAddress(arrival.client);
  const { scheme } = arrival;
  const about = { project, region: host.region, host: arrival.hosts[0], scheme, clientAddress, requestId };
  const upstream = await askUpstream(parts.dispatcher, {
    ...destination,
    timeouts: project.upstreamTimeouts,
    headers: onwardHeaders({ ...about, verdict, fields }),
    key: valuesOf(fields, "sec-websocket-key")[0] ?? "",
    signal: gone.signal,
  });
  if (!isMetered || upstream.kind !== "open" || !speaksExtension(upstream.fields)) return upstream;
  upstream.socket.destroy();
  return { kind: "fault", code: "upstream_unavailable", wasSent: true };
}

const speaksExtension = (fields: readonly Field[]): boolean =>
  valuesOf(fields, "sec-websocket-extensions").length > 0;

/** What became of what the upgrade itself has paid. */
function outcomeOf(settlements: Settlements, verdict: Allowed, upstream: UpstreamAnswer) {
  if (!isOpen(verdict)) return verdict;
  if (upstream.kind === "fault") return upstream.wasSent ? verdict : settlements.unreached(verdict);
  return settlements.answered(verdict, upstream.kind === "open" ? 101 : upstream.status, upstream.fields);
}

/** Nobody is there any more to hear it. */
function drop(upstream: UpstreamAnswer): void {
  if (upstream.kind === "open") upstream.socket.destroy();
  if (upstream.kind === "answer") upstream.body.destroy();
}

/** The upstream's own words, where it speaks no WebSocket there. */
async function passAnswer(
  { request, socket }: Client,
  { status, fields, body }: Extract<UpstreamAnswer, { kind: "answer" }>,
  { dialect: { vary }, cors }: Project,
  added: Record<string, string>,
): Promise<void> {
  const response = responseOver(request, socket);
  const sent = answerFields(fields, added, cors && isCorsField);
  response.writeHead(status, vary === "" ? sent : [...sent, "vary", vary]);
  await pipeline(body, response).catch(() => socket.destroy());
}

function answerOver({ request, socket }: Client, rendered: RenderedAnswer, requestId: string): void {
  if (!socket.destroyed) send(responseOver(request, socket), rendered, requestId);
}
