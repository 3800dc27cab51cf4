// What is read of a request before it is judged, by the gateway and by those who judge as it does. It reads what the client sent,
// line by line, and decides nothing.
import type { IncomingMessage } from "node:http";
import { type ClientAddress, clientAddress, parseAddress } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";
import type { ServedHost } from "../store/directory.ts";
import type { Question } from "../verify/question.ts";
import { extractCredential } from "./extract.ts";
import { type Field, valuesOf } from "./fields.ts";

/** A request as it arrived; `url` is its target as sent. */
export type Received = Pick<IncomingMessage, "method" | "url" | "httpVersion" | "rawHeaders" | "headers"> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

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

export function questionOf(
  { project, host }: ServedHost,
  fields: readonly Field[],
  hosts: readonly string[],
  request: Received,
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
function hostProblem(hosts: readonly string[], { httpVersion }: Received): string | undefined {
  if (hosts.length > 1) return "It has more than one Host header.";
  return hosts.length === 0 && httpVersion === "1.1" ? "It has no Host header." : undefined;
}

/** RFC 9110 section 7.8: an Upgrade that Connection does not name is none, and the request is plain HTTP. */
function isUpgrade({ headers, method }: Received): boolean {
  const options = headers.connection?.toLowerCase().split(/[\s,]+/);
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    options?.includes("upgrade") === true
  );
}

/** A header that was sent and that Connection took out again counts as unreadable: the proxy must not pass for its client (D14). */
export function clientOf({ network }: Project, fields: readonly Field[], request: Received): ClientAddress {
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

/** Every line of this name as it arrived, those that Connection names included. */
export function linesOf({ rawHeaders }: Received, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Lower case, without port and root dot. */
export function hostName(host: string | undefined): string | undefined {
  return host?.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}
