// Promise: a request goes to the upstream of the region that its key's prefix asks for, else of its host's, else to the project's own,
// and is told the same region (CONTRACTS K4).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { startUpstream, valuesOf } from "../support/upstream.ts";
import { openSocket } from "../support/websocket.ts";

const gateway = await startGateway({ files: [] });
const upstreams = { own: await startUpstream(), eu: await startUpstream(), us: await startUpstream() };
const sockets = await startSocketUpstream();
after(async () => {
  await gateway.close();
  for (const upstream of [...Object.values(upstreams), sockets]) await upstream[Symbol.asyncDispose]();
});
const file = (eu: string) => `name: acme
hosts: [api.localhost, { host: eu.localhost, region: eu }, { host: us.localhost, region: us }]
regions:
  eu: { keyPrefix: eu-, upstream: ${eu} }
  us: { keyPrefix: us-, upstream: ${upstreams.us.url} }
  ap: { keyPrefix: ap- }
upstream: ${upstreams.own.url}
`;
await gateway.apply(file(`${upstreams.eu.url}/base`));
const { key } = await gateway.key("acme");

const CASES: readonly (readonly [
  host: string,
  prefix: string,
  to: keyof typeof upstreams,
  region: string,
])[] = [
  ["api.localhost", "", "own", "-"],
  ["api.localhost", "eu-", "eu", "eu"],
  ["api.localhost", "us-", "us", "us"],
  ["eu.localhost", "", "eu", "eu"],
  ["eu.localhost", "eu-", "eu", "eu"],
  ["eu.localhost", "us-", "us", "us"],
  ["us.localhost", "", "us", "us"],
  ["api.localhost", "ap-", "own", "ap"],
  ["eu.localhost", "ap-", "own", "ap"],
];

for (const [host, prefix, to, region] of CASES) {
  test(`${prefix || "no "}prefix on ${host}`, async () => {
    const before = Object.entries(upstreams).map(([name, { received }]) => [name, received.length]);
    const { status } = await gateway.ask(host, { path: "/v1/x?a=1", headers: bearer(`${prefix}${key}`) });
    assert.equal(status, 204);
    for (const [name, count] of before) {
      const { received } = upstreams[name as keyof typeof upstreams];
      assert.equal(received.length, Number(count) + (name === to ? 1 : 0), String(name));
    }
    const { target, rawHeaders } = upstreams[to].received.at(-1)!;
    assert.equal(target, to === "eu" ? "/base/v1/x?a=1" : "/v1/x?a=1");
    assert.deepEqual(valuesOf(rawHeaders, "claviger-region"), [region]);
  });
}

test("a WebSocket goes to its region too", async () => {
  await gateway.apply(file(sockets.url));
  const client = await openSocket(gateway.port, "api.localhost", {
    path: "/live",
    headers: bearer(`eu-${key}`),
  });
  assert.deepEqual(valuesOf(sockets.handshakes.at(-1)!.rawHeaders, "claviger-region"), ["eu"]);
  client.socket.terminate();
  await gateway.apply(file(upstreams.eu.url));
});

test("the upstream of a region is a URL", async () => {
  await assert.rejects(gateway.apply(file("sample")), /regions\.eu\.upstream.*must be a URL/);
});
