// The host names the project, and a project file counts from the request after its apply, with no restart and on open
// connections; what no project claims is nobody's.
import assert from "node:assert/strict";
import { Agent, type IncomingMessage } from "node:http";
import { after, mock, test } from "node:test";
import { openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";

const gateway = await startGateway();
after(() => gateway.close());

const FILE = `name: acme
hosts: [acme.localhost]
scopes: { "a:read": Read a, "b:read": Read b }
routes:
  - { match: /a/**, scopes: ["a:read"] }
`;

test("a host that no project claims is a 421 in no project's dialect, and no key is looked at", async () => {
  const { key } = await gateway.key("nur", { scopes: ["*"] });
  const lookUps = mock.method(gateway.instance.store, "keyByDigest");
  const hosts = [
    "nobody.localhost",
    "localhost",
    "127.0.0.1",
    "www.nur.localhost",
    "nur.localhost.example.com",
  ];
  for (const host of [
    ...hosts,
    "nur",
    "claviger",
    "claviger.localhost",
    "",
    "[::1]:4001",
    "nur.localhost:x",
  ]) {
    const answer = await gateway.ask(host, { path: "/v1/voices", headers: bearer(key) });
    assert.equal(answer.status, 421, host);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.deepEqual(answer.json, {
      type: "about:blank",
      title: "No project is served under this host",
      status: 421,
      code: "unknown_host",
    });
  }
  assert.equal(lookUps.mock.callCount(), 0);
  lookUps.mock.restore();
});

test("a changed route, scope, dialect and host count from the next request on", async () => {
  await gateway.apply(FILE);
  const { key } = await gateway.key("acme", { scopes: ["a:read"] });
  const status = async (path: string, host = "acme.localhost") =>
    (await gateway.ask(host, { path, headers: bearer(key) })).status;
  assert.deepEqual([await status("/a"), await status("/b")], [200, 403]);
  await gateway.apply(`${FILE}  - { match: /b/**, scopes: ["a:read"] }\n`);
  assert.deepEqual([await status("/a"), await status("/b")], [200, 200]);
  await gateway.apply(FILE.replace('scopes: ["a:read"]', 'scopes: ["b:read"]'));
  assert.deepEqual([await status("/a"), await status("/b")], [403, 403]);
  await gateway.apply(`${FILE}dialect: { answers: { no_route: { status: 404, code: gone } } }\n`);
  assert.deepEqual([await status("/a"), await status("/b")], [200, 404]);
  await gateway.apply(FILE.replace("[acme.localhost]", "[api.acme.localhost]"));
  assert.deepEqual([await status("/a"), await status("/a", "api.acme.localhost")], [421, 200]);
});

test("it counts on a connection that was open before", async () => {
  await gateway.apply(FILE);
  const { key } = await gateway.key("acme", { scopes: ["a:read"] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const next = async (): Promise<[number | undefined, boolean]> => {
    const exchange = openExchange(gateway.port, "acme.localhost", {
      path: "/a",
      headers: bearer(key),
      agent,
    });
    exchange.request.end();
    const response: IncomingMessage = await exchange.response;
    await response.resume().toArray();
    return [response.statusCode, exchange.request.reusedSocket];
  };
  assert.deepEqual(await next(), [200, false]);
  await gateway.apply(FILE.replace("match: /a/**", "match: /c/**"));
  assert.deepEqual(await next(), [403, true]);
  await gateway.apply(FILE);
  assert.deepEqual(await next(), [200, true]);
  agent.destroy();
});

test("a file that is refused changes nothing", async () => {
  await gateway.apply(FILE);
  const { key } = await gateway.key("acme", { scopes: ["a:read"] });
  for (const bad of [
    FILE.replace('a:read"]', 'c:read"]'),
    FILE.replace("[acme.localhost]", "[acme.localhost, nur.localhost]"),
    `${FILE}unknown: field\n`,
  ]) {
    await assert.rejects(gateway.apply(bad));
    const answer = await gateway.ask("acme.localhost", { path: "/a", headers: bearer(key) });
    assert.equal(answer.status, 200);
  }
  assert.equal((await gateway.ask("nur.localhost")).json.error.message, "Missing Authorization header.");
});
