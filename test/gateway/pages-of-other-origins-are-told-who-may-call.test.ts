// Promise: a preflight is answered by fixed words and never reaches the upstream, a page can read what it is answered, refusals
// included, and neither lets anybody in without a key (hostile C15, I16).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { startUpstream } from "../support/upstream.ts";
import { openSocket, refusedSocket } from "../support/websocket.ts";

const APP = "https://app.example.com";
const FOREIGN = "https://evil.example.com";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream((_request, response) => {
  response.writeHead(200, {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "X-Secret",
    "X-Own": "kept",
    Vary: "Accept",
  });
  response.end("served");
});
after(() => upstream[Symbol.asyncDispose]());
const sockets = await startSocketUpstream();
after(() => sockets[Symbol.asyncDispose]());

const file = (name: string, cors: string, url = upstream.url): string => `name: ${name}
upstream: ${url}
credentials: { headers: [X-API-Key] }
limits: { requests: { rate: 1, windowSeconds: 60 } }
routes: [{ match: /rated }, { match: /free/**, limits: [] }]
dialect: { headers: { X-Remaining: "{limit.requests.remaining}" } }
${cors}
`;
const LISTED = `cors: { origins: ["${APP}", "http://localhost:3000"], headers: [X-Trace], exposedHeaders: [X-Own] }`;
await gateway.apply(file("acme", LISTED));
await gateway.apply(file("open", 'cors: { origins: ["*"], maxAgeSeconds: 5 }'));
await gateway.apply(file("silent", ""));
await gateway.apply(file("live", LISTED, sockets.url));

const preflight = (origin: string): Record<string, string> => ({
  Origin: origin,
  "Access-Control-Request-Method": "POST",
  "Access-Control-Request-Headers": "authorization,x-anything",
});
const ask = (host: string, method: string, path: string, headers: Record<string, string>) =>
  gateway.ask(`${host}.localhost`, { method, path, headers });

test("a preflight is answered without a key, by fixed words, and nothing of it goes on", async () => {
  const before = upstream.received.length;
  const answer = await ask("acme", "OPTIONS", "/free/1", preflight(APP));
  const { headers } = answer;
  assert.deepEqual([answer.status, answer.text], [204, ""]);
  assert.equal(headers["access-control-allow-origin"], APP);
  assert.equal(headers["access-control-allow-methods"], "GET, HEAD, POST, PUT, PATCH, DELETE");
  assert.equal(
    headers["access-control-allow-headers"],
    "Authorization, X-API-Key, Content-Type, Idempotency-Key, X-Trace",
  );
  assert.equal(headers["access-control-max-age"], "600");
  assert.equal(headers["access-control-allow-credentials"], undefined);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers.vary, "Authorization, X-API-Key, Origin");
  assert.equal(headers["content-length"], undefined, "a 204 has no length");
  // What no route admits is refused when it is asked for, and not before.
  assert.equal((await ask("acme", "OPTIONS", "/nowhere", preflight(APP))).status, 204);
  assert.equal(upstream.received.length, before);
});

test("a page that is not listed is told nothing of what it may do", async () => {
  const { status, headers } = await ask("acme", "OPTIONS", "/free/1", preflight(FOREIGN));
  assert.equal(status, 204);
  const told = Object.keys(headers).filter((name) => name.startsWith("access-control-"));
  assert.deepEqual(told, []);
  for (const near of [`${APP}.evil.com`, "https://APP.example.com", "http://app.example.com", "null"]) {
    const answer = await ask("acme", "OPTIONS", "/free/1", preflight(near));
    assert.equal(answer.headers["access-control-allow-origin"], undefined, near);
  }
});

test("* answers every page with *, and never with credentials", async () => {
  const { headers } = await ask("open", "OPTIONS", "/free/1", preflight(FOREIGN));
  assert.equal(headers["access-control-allow-origin"], "*");
  assert.equal(headers["access-control-max-age"], "5");
  assert.equal(headers.vary, "Authorization, X-API-Key");
  const { key } = await gateway.key("open");
  const served = await ask("open", "GET", "/free/1", { ...bearer(key), Origin: FOREIGN });
  assert.equal(served.headers["access-control-allow-origin"], "*");
  assert.equal(served.headers["access-control-allow-credentials"], undefined);
});

test("OPTIONS that is no preflight is judged like any other request, and so is all of it where nothing is said of pages", async () => {
  const half = { Origin: APP };
  assert.equal((await ask("acme", "OPTIONS", "/free/1", half)).status, 401);
  const { Origin: _, ...noOrigin } = preflight(APP);
  assert.equal((await ask("acme", "OPTIONS", "/free/1", noOrigin)).status, 401);
  const twice = ["Origin", APP, "Origin", APP, "Access-Control-Request-Method", "POST"];
  const doubled = await gateway.ask("acme.localhost", { method: "OPTIONS", path: "/free/1", headers: twice });
  assert.equal(doubled.status, 401);
  assert.equal(doubled.headers["access-control-allow-origin"], undefined);
  const silent = await ask("silent", "OPTIONS", "/free/1", preflight(APP));
  assert.equal(silent.status, 401);
  assert.equal(silent.headers["access-control-allow-origin"], undefined);
  const { key } = await gateway.key("silent");
  const own = await ask("silent", "GET", "/free/1", { ...bearer(key), Origin: APP });
  assert.equal(own.headers["access-control-allow-credentials"], "true", "the upstream's own word");
});

test("the page reads the answer, and the upstream's own words about pages are not beside ours", async () => {
  const { key } = await gateway.key("acme");
  const { status, headers, rawHeaders } = await ask("acme", "GET", "/free/1", {
    ...bearer(key),
    Origin: APP,
  });
  assert.equal(status, 200);
  assert.equal(headers["access-control-allow-origin"], APP);
  assert.equal(headers["access-control-allow-credentials"], undefined);
  assert.equal(
    headers["access-control-expose-headers"],
    "X-Request-Id, Retry-After, WWW-Authenticate, X-Remaining, Allow, X-Own",
  );
  assert.equal(headers.vary, "Accept, Authorization, X-API-Key, Origin");
  const lines = rawHeaders.filter((text) => text.toLowerCase() === "access-control-allow-origin");
  assert.equal(lines.length, 1);
  const foreign = await ask("acme", "GET", "/free/1", { ...bearer(key), Origin: FOREIGN });
  assert.equal(foreign.status, 200, "the browser keeps the page from it");
  assert.equal(foreign.headers["access-control-allow-origin"], undefined);
});

test("the page reads refusals: why, and when to come back", async () => {
  const { key } = await gateway.key("acme");
  const noKey = await ask("acme", "GET", "/free/1", { Origin: APP });
  assert.deepEqual([noKey.status, noKey.json.error.code], [401, "missing_api_key"]);
  const one = await ask("acme", "GET", "/rated", { ...bearer(key), Origin: APP });
  assert.equal(one.status, 200);
  const late = await ask("acme", "GET", "/rated", { ...bearer(key), Origin: APP });
  assert.equal(late.status, 429);
  assert.match(String(late.headers["access-control-expose-headers"]), /Retry-After/);
  const noMethod = await ask("acme", "TRACE", "/free/1", { Origin: APP });
  assert.equal(noMethod.status, 405);
  await gateway.apply(file("acme", LISTED, "http://127.0.0.1:1"));
  const gone = await ask("acme", "GET", "/free/1", { ...bearer(key), Origin: APP });
  await gateway.apply(file("acme", LISTED));
  assert.equal(gone.status, 502);
  for (const { status, headers } of [noKey, late, noMethod, gone]) {
    assert.equal(headers["access-control-allow-origin"], APP, String(status));
    assert.equal(headers.vary, "Authorization, X-API-Key, Origin", String(status));
  }
});

test("a page of a foreign origin opens no WebSocket, with a key or a cookie; who names no origin does", async () => {
  const { key } = await gateway.key("live");
  const open = (more: Record<string, string>) =>
    openSocket(gateway.port, "live.localhost", { path: "/free/1", headers: { ...bearer(key), ...more } });
  for (const more of [{}, { Origin: APP }] as Record<string, string>[]) {
    const client = await open(more);
    await sockets.opened();
    client.socket.close();
  }
  const before = sockets.handshakes.length;
  const cookie = { Origin: FOREIGN, Cookie: `session=1; api_key=${key}` };
  for (const headers of [{ ...bearer(key), ...cookie }, cookie, { Origin: "null", ...bearer(key) }]) {
    const { status, text } = await refusedSocket(gateway.port, "live.localhost", {
      path: "/free/1",
      headers,
    });
    assert.deepEqual([status, JSON.parse(text).error.code], [403, "forbidden"]);
  }
  assert.equal(sockets.handshakes.length, before);
  // No cookie is ever a credential.
  const { status } = await refusedSocket(gateway.port, "live.localhost", {
    path: "/free/1",
    headers: { Origin: APP, Cookie: `api_key=${key}; X-API-Key=${key}` },
  });
  assert.equal(status, 401);
});
