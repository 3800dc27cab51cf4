// Who is calling is the gateway's word alone: whatever a client sends under the identity names, in any spelling, never arrives.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { namesOf, plainProject, startUpstream, valuesOf } from "../support/upstream.ts";

const HOST = "acme.localhost";
const IDENTITY = ["key-id", "key-name", "account", "environment", "scopes", "plan", "region"];
const gateway = await startGateway({ files: [] });
after(() => gateway.close());

let trailers: string[] = [];
const upstream = await startUpstream(async (request, response) => {
  await request.toArray();
  trailers = request.rawTrailers;
  response.end();
});
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url));
const key = await gateway.key("acme");
const authorization = ["Authorization", `Bearer ${key.key}`];

/** What the upstream received of a request with these extra fields, by lower-case name. */
async function received(fields: string[]): Promise<readonly string[]> {
  assert.equal((await gateway.ask(HOST, { headers: [...authorization, ...fields] })).status, 200);
  return upstream.received.at(-1)!.rawHeaders;
}

test("D15: each identity field arrives once, with our value, however the client spells a copy", async () => {
  const spellings = [
    "Claviger-Key-Id",
    "claviger-key-id",
    "CLAVIGER-KEY-ID",
    "claviger_key_id",
    "CLAVIGER_KEY_ID",
  ];
  spellings.push("Claviger_Key-Id", "claviger-key_id");
  for (const name of spellings) {
    const headers = await received([name, "forged"]);
    assert.deepEqual(valuesOf(headers, "claviger-key-id"), [key.id], name);
    assert.ok(!headers.includes("forged"), name);
  }
});

test("D15: several copies at once, before and after one another, do not help", async () => {
  const copies = [
    "Claviger-Account",
    "forged-1",
    "claviger_account",
    "forged-2",
    "CLAVIGER-ACCOUNT",
    "forged-3",
  ];
  const headers = await received(copies);
  assert.deepEqual(valuesOf(headers, "claviger-account"), [key.account]);
  assert.ok(!headers.join().includes("forged"));
});

test("D15: no field of the client's begins with our prefix, known to us or not", async () => {
  const fields = ["Claviger-Admin", "claviger_admin", "Claviger-", "Claviger-Credits", "Claviger_Scopes"];
  const headers = await received(fields.flatMap((name) => [name, "forged"]));
  const ours = namesOf(headers).filter((name) => /^claviger[-_]/.test(name));
  assert.deepEqual(ours.sort(), IDENTITY.map((name) => `claviger-${name}`).sort());
  assert.ok(!headers.includes("forged"));
});

test("D15: all seven identity fields are always there, with - where there is nothing to say", async () => {
  const headers = await received([]);
  const values = IDENTITY.map((name) => valuesOf(headers, `claviger-${name}`));
  assert.deepEqual(values, [[key.id], ["Test key"], [key.account], ["live"], ["-"], ["-"], ["-"]]);
});

test("D15: a client's own word about its address, host and protocol does not arrive", async () => {
  const fields = ["X-Forwarded-For", "x_forwarded_for", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"];
  const headers = await received(fields.flatMap((name) => [name, "for=forged"]));
  assert.ok(!headers.join().includes("forged"));
  assert.deepEqual(valuesOf(headers, "x-forwarded-for"), ["127.0.0.1"]);
  assert.deepEqual(valuesOf(headers, "x-forwarded-host"), [HOST]);
  assert.deepEqual(valuesOf(headers, "x-forwarded-proto"), ["http"]);
});

test("D15: what protocol was spoken is told by a trusted proxy only", async () => {
  const headers = await received(["X-Forwarded-Proto", "https"]);
  assert.deepEqual(valuesOf(headers, "x-forwarded-proto"), ["http"]);
});

test("D15: trailers of a chunked request do not arrive", async () => {
  const exchange = openExchange(gateway.port, HOST, {
    method: "POST",
    headers: { ...bearer(key.key), Trailer: "Claviger-Account" },
  });
  exchange.request.write("body");
  exchange.request.addTrailers({ "Claviger-Account": "forged" });
  exchange.request.end();
  assert.equal((await exchange.response).statusCode, 200);
  assert.deepEqual(trailers, []);
});

test("fields that are not ours arrive as sent, in their order and spelling", async () => {
  const fields = [
    "X-Trace",
    "1",
    "x-TRACE",
    "2",
    "Accept",
    "*/*",
    "X_Under_Score",
    "a",
    "Cookie",
    "a=1; b=2",
  ];
  const headers = await received(fields);
  const start = headers.indexOf("X-Trace");
  assert.deepEqual(headers.slice(start, start + fields.length), fields);
});
