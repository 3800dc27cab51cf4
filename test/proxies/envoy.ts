// What Envoy's ext_authz filter does with the two services, as far as its documentation says it: not Envoy, which Debian has no
// package of, but enough to see that our answers make the same of a request as every other way in.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { credentials, Metadata, makeClientConstructor } from "@grpc/grpc-js";
import {
  authorizationService,
  type CheckRequest,
  type CheckResponse,
} from "../../src/gateway/ext-authz-messages.ts";
import type { RunningProxy } from "./proxies.ts";
import { SECRET, type World } from "./world.ts";

type Pairs = readonly (readonly [name: string, value: string])[];

/** What the filter makes of a verdict. */
type Ruling =
  | { readonly allowed: true; readonly set: Pairs; readonly remove: readonly string[]; readonly told: Pairs }
  | { readonly allowed: false; readonly status: number; readonly headers: Pairs; readonly body: string };

type Rule = (request: IncomingMessage, fields: Pairs) => Promise<Ruling>;

export type Check = (request: CheckRequest) => Promise<CheckResponse>;

/** A client of the gRPC service that sends the secret, or another one. */
export function checkClient(
  port: number,
  secret: string | undefined = SECRET,
): { check: Check; close(): void } {
  const Client = makeClientConstructor(authorizationService, "Authorization");
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  if (secret !== "") metadata.set("claviger-proxy-secret", secret);
  const call = client.Check!.bind(client) as (
    request: CheckRequest,
    metadata: Metadata,
    done: (error: Error | null, response: CheckResponse) => void,
  ) => void;
  return {
    check: (request) =>
      new Promise((resolve, reject) =>
        call(request, metadata, (error, response) => (error === null ? resolve(response) : reject(error))),
      ),
    close: () => client.close(),
  };
}

/** With `encode_raw_headers`. */
export function checkRequestOf(
  { method, url, headers, socket }: IncomingMessage,
  fields: Pairs,
): CheckRequest {
  const lines = fields.map(([key, value]) => ({ key, raw_value: Buffer.from(value, "latin1") }));
  return {
    attributes: {
      source: { address: { socket_address: { address: socket.remoteAddress! } } },
      request: {
        http: { method: method!, path: url!, host: headers.host ?? "", header_map: { headers: lines } },
      },
    },
  };
}

const pairsOf = (options: readonly { header: { key: string; value: string } }[] | undefined): Pairs =>
  (options ?? []).map(({ header }) => [header.key, header.value]);

function grpcRule(check: Check): Rule {
  return async (request, fields) => {
    const { status, ok_response: ok, denied_response: denied } = await check(checkRequestOf(request, fields));
    if ((status?.code ?? 0) === 0)
      return {
        allowed: true,
        set: pairsOf(ok?.headers),
        remove: ok?.headers_to_remove ?? [],
        told: pairsOf(ok?.response_headers_to_add),
      };
    const { status: { code = 0 } = {}, headers, body = "" } = denied ?? {};
    return { allowed: false, status: code, headers: pairsOf(headers), body };
  };
}

/** `allowed_headers` of examples/envoy/envoy-http.yaml, beside those that Envoy always shows. */
const SHOWN =
  /^(authorization|x-api-key|origin|access-control-request-method|x-forwarded-for|forwarded|x-method-override|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip|claviger.*|x-http-method.*)$/i;
const TO_APPLICATION = /^(claviger-|x-request-id$)/;
const TO_CLIENT = /^(x-request-id|x-credits|x-quota-remaining)$/;

function httpRule(authPort: number): Rule {
  return (request, fields) =>
    new Promise((resolve, reject) => {
      const shown = fields.filter(([name]) => SHOWN.test(name) && !/^claviger-proxy-secret/i.test(name));
      const headers = [
        ["Host", request.headers.host ?? ""],
        ["claviger-proxy-secret", SECRET],
        ...shown,
      ].flat();
      const path = `/v1/forward-auth/acme/envoy${request.url}`;
      const options = { host: "127.0.0.1", port: authPort, path, method: request.method!, headers };
      const asked = httpRequest(options, async (answer) => {
        const body = (await buffer(answer)).toString();
        const got = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
        const status = answer.statusCode!;
        const gone = String(answer.headers["x-envoy-auth-headers-to-remove"] ?? "");
        const own = got.filter(([name]) => !/^(connection|keep-alive|date|content-length)$/.test(name));
        if (status !== 200) return resolve({ allowed: false, status, headers: own, body });
        resolve({
          allowed: true,
          set: own.filter(([name]) => TO_APPLICATION.test(name)),
          remove: gone.split(", "),
          told: own.filter(([name]) => TO_CLIENT.test(name)),
        });
      });
      asked.on("error", reject);
      asked.end();
    });
}

/**
 * A proxy whose filter asks by gRPC, or by HTTP where no client of the service is given; then, as the example has it, names with an
 * underscore are dropped before.
 */
export async function startFilter(world: World, check?: Check): Promise<RunningProxy> {
  const rule = check === undefined ? httpRule(world.authPort) : grpcRule(check);
  const drops = check === undefined ? /_/ : /^$/;
  const server = createServer((request, response) => serve(world, rule, drops, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function serve(
  world: World,
  rule: Rule,
  drops: RegExp,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const sent = fieldsOf(request).filter(([name]) => !drops.test(name));
  const fields = withPeer(sent, request.socket.remoteAddress!);
  const ruling = await rule(request, fields);
  if (!ruling.allowed) {
    response.writeHead(ruling.status, [
      ...ruling.headers.flat(),
      ...["content-length", String(Buffer.byteLength(ruling.body))],
    ]);
    response.end(ruling.body);
    return;
  }
  const set = new Set(ruling.set.map(([name]) => name));
  const own = ["host", "content-length", "x-forwarded-host", "x-forwarded-proto"];
  const replaced = new Set([...own, ...set]);
  const kept = fields.filter(([name]) => !replaced.has(name.toLowerCase()));
  const length = body.length > 0 ? [["content-length", String(body.length)] as const] : [];
  const host = request.headers.host!;
  const hop = [["x-forwarded-host", host] as const, ["x-forwarded-proto", "http"] as const];
  // It removes last.
  const headers = [["Host", host] as const, ...kept, ...hop, ...ruling.set, ...length]
    .filter(([name]) => !ruling.remove.includes(name.toLowerCase()))
    .flat();
  const onward = httpRequest(
    `${world.app.url}${request.url}`,
    { method: request.method!, headers },
    (answer) => {
      const told = new Set(ruling.told.map(([name]) => name));
      const fields = pairs(answer.rawHeaders).filter(([name]) => !told.has(name.toLowerCase()));
      const vary = ["vary", "Authorization, X-API-Key"];
      response.writeHead(answer.statusCode!, [...fields, ...ruling.told].flat().concat(vary));
      answer.pipe(response);
    },
  );
  onward.end(body);
}

const pairs = (flat: readonly string[]): Pairs =>
  flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]!] as const] : []));

/** Envoy drops Connection and what it names before any filter runs. */
function fieldsOf(request: IncomingMessage): Pairs {
  const fields = pairs(request.rawHeaders);
  const named = (request.headers.connection ?? "").toLowerCase().split(/[\s,]+/);
  const dropped = new Set(["host", "connection", "keep-alive", "transfer-encoding", ...named]);
  return fields.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** With `use_remote_address`. */
function withPeer(fields: Pairs, peer: string): Pairs {
  const hops = fields.filter(([name]) => name.toLowerCase() === "x-forwarded-for").map(([, value]) => value);
  const others = fields.filter(([name]) => name.toLowerCase() !== "x-forwarded-for");
  return [...others, ["x-forwarded-for", [...hops, peer].join(", ")]];
}
