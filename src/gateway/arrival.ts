// What a request says of itself before anything of it is judged, by the gateway and by those who judge as it does: which host it is
// for, its fields, its client, and the question that these make. It reads what the client sent, line by line, and decides nothing.
import type { IncomingMessage } from "node:http";
import { type Address, type ClientAddress, clientAddress, parseAddress } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";
import type { Directory, ServedHost } from "../store/directory.ts";
import type { Credential, Question } from "../verify/question.ts";
import { endToEndFields, type Field, valuesOf } from "./fields.ts";

/** A request as it arrived; `url` is its target as sent. */
export type Received = Pick<IncomingMessage, "method" | "url" | "httpVersion" | "rawHeaders" | "headers"> & {
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
};

export interface Arrival {
  readonly served: ServedHost;
  /** The lines of the Host header as they came. */
  readonly hosts: readonly string[];
  /** Those that are meant for us and for those behind us. */
  readonly fields: readonly Field[];
  readonly client: ClientAddress;
  /** By which the client asked, as far as that is known. */
  readonly scheme: Scheme;
  /** As sent, without the question mark. */
  readonly query: string;
}

export type Scheme = "http" | "https";

/** Above it Node would silently drop the last ones if it were left to count (hostile A25). */
const MAX_FIELDS = 200;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** What is refused without a verdict. */
export function faultOf({
  rawHeaders,
  method = "",
}: Received): "headers_too_large" | "method_not_allowed" | undefined {
  if (rawHeaders.length / 2 > MAX_FIELDS) return "headers_too_large";
  return METHODS.has(method) ? undefined : "method_not_allowed";
}

/** `fixedHost` is given on a listener that belongs to one host; otherwise the Host header says it. */
export function servedBy(
  directory: Directory,
  hosts: readonly string[],
  fixedHost: string | undefined,
): ServedHost | undefined {
  const name = fixedHost ?? hostName(hosts[0]);
  return name === undefined ? undefined : directory.served(name);
}

/** `client` is whoever connected, or whom that one names if it is trusted, unless somebody knows better. */
export function readArrival(
  served: ServedHost,
  hosts: readonly string[],
  request: Received,
  client?: ClientAddress,
): Arrival {
  const fields = endToEndFields(request.rawHeaders);
  const target = request.url ?? "";
  const query = target.slice(target.indexOf("?") + 1 || target.length + 1);
  const { project } = served;
  return {
    served,
    hosts,
    fields,
    client: client ?? clientOf(project, fields, request),
    scheme: schemeOf(project, fields, request),
    query,
  };
}

export function questionOf(
  { served: { project, host }, hosts, client }: Arrival,
  request: Received,
  credential: Credential,
): Question {
  return {
    project,
    credential,
    // An address that cannot be read is none: a key with an allowlist is then refused (hostile D04).
    clientAddress: client.kind === "known" ? client.address : undefined,
    environment: host.environment,
    request: { method: request.method ?? "", target: request.url ?? "", host: hosts[0] },
    malformed: hostProblem(hosts, request),
  };
}

/** RFC 9112 section 3.2. */
function hostProblem(hosts: readonly string[], { httpVersion }: Received): string | undefined {
  if (hosts.length > 1) return "It has more than one Host header.";
  return hosts.length === 0 && httpVersion === "1.1" ? "It has no Host header." : undefined;
}

/** A header that was sent and that Connection took out again counts as unreadable: the proxy must not pass for its client (D14). */
function clientOf({ network }: Project, fields: readonly Field[], request: Received): ClientAddress {
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

/** Of the socket, unless a trusted proxy says in one word what its client spoke. */
function schemeOf({ network }: Project, fields: readonly Field[], { socket }: Received): Scheme {
  const own = socket.encrypted === true ? "https" : "http";
  const told = valuesOf(fields, "x-forwarded-proto");
  if (told.length !== 1) return own;
  const [word = ""] = told;
  const peer = socket.remoteAddress === undefined ? undefined : parseAddress(socket.remoteAddress);
  if (!network.trustedProxies.allows(peer)) return own;
  const scheme = word.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : own;
}

/** What the upstream is told: the client, or who connected where the client cannot be told (hostile D04). */
export function toldAddress(client: ClientAddress): Address | undefined {
  return client.kind === "known" ? client.address : client.peer;
}

/** Every line of this name as it arrived, those that Connection names included. */
export function linesOf({ rawHeaders }: Received, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Lower case, without port and root dot. */
export function hostName(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}
