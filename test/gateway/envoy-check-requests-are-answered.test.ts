// Promise: Envoy's CheckRequest in its own bytes is judged like the request that it tells of, and the CheckResponse is what Envoy
// reads: the denial with its body and headers, or the identity, the names to remove and the usage headers.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { createExtAuthz, drainExtAuthz, listenExtAuthz } from "../../src/gateway/ext-authz.ts";
import type { CheckRequest, CheckResponse } from "../../src/gateway/ext-authz-messages.ts";
import { checkClient } from "../proxies/envoy.ts";
import { ASKED_PROJECT, HOST, SECRET, startAskingProxy } from "./asking-proxy.ts";

const { gateway, faults, [Symbol.asyncDispose]: close } = await startAskingProxy();
const told: string[] = [];
const server = createExtAuthz({
  ...gateway.instance,
  secret: SECRET,
  onFault: (message) => void told.push(message),
});
const port = await listenExtAuthz(server, 0, "127.0.0.1");
const client = checkClient(port, SECRET);
after(async () => {
  client.close();
  await drainExtAuthz(server, 0);
  await close();
});

const { key, id } = await gateway.key("acme");

interface Told {
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
  readonly source?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As Envoy tells it without `encode_raw_headers`: its own names of HTTP/2 among the fields, lines of one name joined. */
function recorded({
  path = "/things",
  method = "GET",
  host = HOST,
  source = "192.0.2.1",
  headers,
}: Told): CheckRequest {
  const pseudo = { ":authority": host, ":method": method, ":path": path, ":scheme": "https" };
  const own = { "x-forwarded-proto": "https", "x-request-id": "5b0b0ca5-3b0d-4b1e-9d60-0cf3a3b2b0a9" };
  return {
    attributes: {
      source: { address: { socket_address: { address: source } } },
      request: { http: { method, path, host, headers: { ...pseudo, ...own, ...headers } } },
    },
  };
}

const fieldsOf = (options: readonly { header: { key: string; value: string } }[] | undefined) =>
  Object.fromEntries((options ?? []).map(({ header }) => [header.key, header.value]));

test("an allowed request: who calls, what to remove, what to tell the client", async () => {
  const headers = {
    authorization: `Bearer ${key}`,
    "claviger-plan": "pro",
    claviger_plan: "pro",
    x_http_method_override: "DELETE",
    "x-custom": "mine",
  };
  const { status, ok_response: ok, denied_response: denied } = await client.check(recorded({ headers }));
  assert.equal(status.code, 0);
  assert.ok(denied === undefined || denied === null);
  const set = fieldsOf(ok?.headers);
  assert.equal(set["claviger-key-id"], id);
  assert.equal(set["claviger-plan"], "-");
  assert.match(set["x-request-id"]!, /^req_/);
  assert.deepEqual([...ok!.headers_to_remove].sort(), [
    "authorization",
    "claviger_plan",
    "x_http_method_override",
  ]);
  assert.ok(
    ok!.headers.every(({ append }) => append !== null && append.value === false),
    "replaced, never added to",
  );
  assert.equal(fieldsOf(ok?.response_headers_to_add)["x-request-id"], set["x-request-id"]);
});

test("a denial has the status, body and headers of the dialect", async () => {
  const { status, denied_response: denied } = await client.check(recorded({ headers: {} }));
  assert.notEqual(status.code, 0);
  assert.equal(denied!.status.code, 401);
  assert.deepEqual(JSON.parse(denied!.body).error.code, "missing_api_key");
  const headers = fieldsOf(denied?.headers);
  assert.equal(headers["www-authenticate"], 'Bearer realm="acme"');
  assert.equal(headers["content-type"], "application/json; charset=utf-8");
  assert.equal(headers["cache-control"], "no-store");
  assert.match(headers["x-request-id"]!, /^req_/);
});

const codeOf = ({ denied_response: denied }: CheckResponse): [number, string] => {
  const body = JSON.parse(denied!.body);
  return [denied!.status.code, body.error?.code ?? body.code];
};

test("two lines of one name are two credentials raw, and no credential once Envoy has joined them", async () => {
  const joined = { authorization: `Bearer ${key},Bearer ${key}` };
  assert.deepEqual(codeOf(await client.check(recorded({ headers: joined }))), [401, "invalid_api_key"]);
  const line = { key: "authorization", raw_value: Buffer.from(`Bearer ${key}`) };
  const http = { method: "GET", path: "/things", host: HOST, header_map: { headers: [line, line] } };
  const twice = { attributes: { request: { http } } };
  assert.deepEqual(codeOf(await client.check(twice)), [400, "multiple_credentials"]);
  const once = { attributes: { request: { http: { ...http, header_map: { headers: [line] } } } } };
  assert.equal((await client.check(once)).status.code, 0);
});

test("the client is who connected to Envoy; what it says of others counts only from a trusted proxy", async () => {
  const { key: bound } = await gateway.key("acme", { allowedIps: ["192.0.2.1"] });
  const headers = { authorization: `Bearer ${bound}` };
  const ask = async (source: string, more = {}) =>
    (await client.check(recorded({ source, headers: { ...headers, ...more } }))).status.code === 0;
  assert.equal(await ask("192.0.2.1"), true);
  assert.equal(await ask("192.0.2.9"), false);
  assert.equal(await ask("192.0.2.9", { "x-forwarded-for": "192.0.2.1" }), false);
  assert.equal(await ask("127.0.0.1", { "x-forwarded-for": "192.0.2.1, 127.0.0.1" }), true);
  assert.equal(await ask("127.0.0.1", { "x-forwarded-for": "192.0.2.1, 192.0.2.9" }), false);
  assert.equal(await ask("/run/envoy.sock"), false);
});

test("who does not know the secret hears nothing, and unknown hosts are not served", async () => {
  const headers = { authorization: `Bearer ${key}` };
  for (const secret of ["", "guessed"]) {
    const stranger = checkClient(port, secret);
    for (const host of [HOST, "nowhere.localhost"])
      assert.deepEqual(codeOf(await stranger.check(recorded({ host, headers }))), [403, "untrusted_proxy"]);
    stranger.close();
  }
  const elsewhere = await client.check(recorded({ host: "nowhere.localhost", headers }));
  assert.deepEqual(codeOf(elsewhere), [421, "unknown_host"]);
  await gateway.apply("name: shut");
  assert.deepEqual(codeOf(await client.check(recorded({ host: "shut.localhost", headers }))), [
    404,
    "no_forward_auth",
  ]);
  await gateway.apply(ASKED_PROJECT.replace("127.0.0.1", "192.0.2.7"));
  assert.deepEqual(codeOf(await client.check(recorded({ headers }))), [403, "untrusted_proxy"]);
  await gateway.apply(ASKED_PROJECT);
  assert.equal(told.length, 3);
  assert.deepEqual(faults, []);
});

test("a question without anything in it is refused", async () => {
  assert.deepEqual(codeOf(await client.check({})), [421, "unknown_host"]);
});

/** Protocol buffers by hand: a field of bytes, and one of a number. */
const bytes = (number: number, ...parts: (string | Buffer)[]): Buffer => {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
};
const number = (id: number, value: number): Buffer => Buffer.concat([varint(id * 8), varint(value)]);
const varint = (value: number): Buffer =>
  Buffer.from(value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);

/** Numbers as in the public definition, with fields that are not read here among them. */
function wireRequest(path: string): Buffer {
  const entry = (name: string, value: string) => bytes(3, bytes(1, name), bytes(2, value));
  const address = bytes(1, bytes(1, number(1, 0), bytes(2, "192.0.2.1"), number(4, 40_000)));
  const http = bytes(
    2,
    bytes(1, "8125730114536458621"),
    bytes(2, "GET"),
    entry(":path", path),
    entry("authorization", `Bearer ${key}`),
    bytes(4, path),
    bytes(5, HOST),
    bytes(6, "https"),
    number(9, 0),
    bytes(10, "HTTP/2"),
  );
  const time = bytes(1, number(1, 1_795_262_400));
  const attributes = bytes(1, address);
  const destination = bytes(2, bytes(1, bytes(1, bytes(2, "10.0.0.1"))));
  const extensions = bytes(10, bytes(1, "project"), bytes(2, "other"));
  return bytes(1, attributes, destination, bytes(4, time, http), extensions);
}

test("the bytes are those of the public definition, both ways", async () => {
  const raw = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("claviger-proxy-secret", SECRET);
  const call = (sent: Buffer) =>
    new Promise<Buffer>((resolve, reject) =>
      raw.makeUnaryRequest(
        "/envoy.service.auth.v3.Authorization/Check",
        (value: Buffer) => value,
        (value: Buffer) => value,
        sent,
        metadata,
        (error, value) => (error === null ? resolve(value!) : reject(error)),
      ),
    );
  const allowed = await call(wireRequest("/things"));
  const option = (name: string, value: string) =>
    bytes(2, bytes(1, bytes(1, name), bytes(2, value)), bytes(2, Buffer.from([8, 0])));
  assert.ok(
    allowed.includes(option("claviger-key-id", id)) ||
      allowed.includes(option("claviger-key-id", id).subarray(0, -2)),
  );
  assert.ok(allowed.includes(bytes(5, "authorization")), "headers_to_remove");
  const denied = await call(wireRequest("/other"));
  assert.ok(denied.includes(bytes(1, number(1, 7))), "status");
  assert.ok(denied.includes(bytes(1, number(1, 403))), "the status of the answer");
  assert.ok(
    denied.includes(
      bytes(
        3,
        '{"error":{"code":"forbidden","message":"There is nothing for API keys at this path and method."}}',
      ),
    ),
  );
  raw.close();
});
