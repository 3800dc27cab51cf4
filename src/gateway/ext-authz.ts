// Envoy's ext_authz over gRPC (envoy.service.auth.v3.Authorization): the verdicts of forward-auth in Envoy's own messages. It reads
// no body.
import {
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type ClientAddress, clientAddress, parseAddress } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";
import { unknownHost } from "./answer.ts";
import { hostName, linesOf, type Received } from "./arrival.ts";
import { type Asked, createAsk } from "./asked.ts";
import {
  authorizationService,
  type CheckRequest,
  type CheckResponse,
  type HttpRequest,
  headerOptions,
} from "./ext-authz-messages.ts";
import { type ForwardAuthParts, received } from "./forward-auth.ts";
import { createProxyTrust, SECRET_FIELD } from "./proxy-trust.ts";

/** Listens nowhere yet. The project is the one of the request's host. */
export function createExtAuthz({ secret, ...parts }: ForwardAuthParts): Server {
  const { directory, onFault = () => {} } = parts;
  const trust = createProxyTrust(secret, onFault);
  const ask = createAsk(parts);
  const check = async (call: { peer: string; metadata: Metadata; request: CheckRequest }): Promise<Asked> => {
    const { source, request: { http = {} } = {} } = call.request.attributes ?? {};
    const { host = "", method = "", path = "" } = http;
    const served = directory.served(hostName(host) ?? "");
    const secrets = call.metadata.get(SECRET_FIELD).map(String);
    const peer = parseAddress(call.peer.replace(/:\d+$/, ""));
    const refusal = trust.refusal(secrets, peer, served?.project);
    if (refusal !== undefined) {
      const isServed = refusal.status !== 404 || served !== undefined;
      return { kind: "refused", answer: isServed ? refusal : unknownHost(1) };
    }
    const asked = received(method, path, rawHeadersOf(http));
    const client = clientBefore(served!.project, source?.address?.socket_address?.address, asked);
    return ask(served!, host, asked, client, true);
  };
  const handle: handleUnaryCall<CheckRequest, CheckResponse> = (call, answer) => {
    const { metadata, request } = call;
    check({ peer: call.getPeer(), metadata, request }).then(
      (asked) => answer(null, responseTo(asked)),
      (error) => {
        onFault(`ext_authz failed on a request: ${(error as Error).message}`);
        // No words of ours: Envoy would log them, and refuses the request by its status_on_error.
        answer({ code: status.INTERNAL, details: "" });
      },
    );
  };
  const server = new Server({ "grpc.max_receive_message_length": MAX_QUESTION_BYTES });
  const implementation: UntypedServiceImplementation = { Check: handle };
  server.addService(authorizationService, implementation);
  return server;
}

/** Header fields in Envoy come to 60 KiB at most, unless it is told otherwise. */
const MAX_QUESTION_BYTES = 262_144;

/** Resolves with the port that was taken; `port` 0 asks for a free one. Rejects with what the system said. */
export function listenExtAuthz(server: Server, port: number, host: string): Promise<number> {
  const place = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(place, ServerCredentials.createInsecure(), (error, taken) =>
      error === null ? resolve(taken) : reject(error),
    );
  });
}

/** Lets running calls finish for `graceMs`, then cuts what is left. */
export async function drainExtAuthz(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.forceShutdown(), graceMs);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(cut);
}

/** Flat, each byte a character, as Node gives them; without the pseudo-headers of HTTP/2. */
function rawHeadersOf({ header_map: lines, headers = {} }: HttpRequest): string[] {
  const fields = lines?.headers ?? Object.entries(headers).map(([key, value]) => ({ key, value }));
  return fields.flatMap(({ key = "", ...field }) => {
    if (key.startsWith(":")) return [];
    const raw = "raw_value" in field && field.raw_value?.length ? field.raw_value : (field.value ?? "");
    return [key, Buffer.from(raw).toString("latin1")];
  });
}

/** Who connected to Envoy, or whom that one names if it is trusted itself: what Envoy says of its own hop cannot be forged. */
function clientBefore({ network }: Project, source: string | undefined, request: Received): ClientAddress {
  const { clientAddressHeader, trustedProxies, headerStyle: style } = network;
  const forwarded = linesOf(request, clientAddressHeader);
  return clientAddress({ peer: parseAddress(source ?? ""), forwarded, trustedProxies, style });
}

function responseTo(asked: Asked): CheckResponse {
  if (asked.kind === "refused") {
    const { status: code, headers, body } = asked.answer;
    const told = { ...headers, ...(asked.requestId !== undefined && { "x-request-id": asked.requestId }) };
    return {
      status: { code: status.PERMISSION_DENIED },
      denied_response: { status: { code }, headers: headerOptions(told), body },
    };
  }
  const { requestId, caller, usage, taken } = asked;
  return {
    status: { code: status.OK },
    ok_response: {
      headers: headerOptions({ ...caller, "x-request-id": requestId }),
      headers_to_remove: taken,
      response_headers_to_add: headerOptions({ ...usage, "x-request-id": requestId }),
    },
  };
}
