// The query goes on byte for byte; a key in it goes nowhere: not to the upstream and into no answer.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Answer, bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const HOST = "acme.localhost";
const HANDSHAKE = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream();
after(() => upstream[Symbol.asyncDispose]());
const { url } = upstream;
await gateway.apply(plainProject(url));
await gateway.apply(
  plainProject(url, "hosts: [ws.localhost]\ncredentials: { query: { name: token, on: upgrade } }\n").replace(
    "name: acme",
    "name: socket",
  ),
);
const { key } = await gateway.key("acme");
const token = (await gateway.key("socket")).key;

const isTold = (answer: Answer, secret: string): boolean =>
  `${answer.text}${answer.rawHeaders.join()}`.includes(secret);

test("path and query reach the upstream byte for byte", async () => {
  for (const target of [
    "/a?b=1&b=2&a=3",
    "/a?x=%20+%2B&y=%e4%BD%A0&z=%zz%",
    "/a?&&=&a&=b;c=[d]{e}|f\\g^h`i'j\"k<l>",
    "/a?q=a?b?c&u=https://example.com/p//q?r",
    "/%e4%bd%a0/a%20b/~.-_!$&'()*+,=:@",
    "/a?apikey=1&api-key=2&api_keys=3&xapi_key=4&API_KEY=5",
  ]) {
    assert.equal((await gateway.ask(HOST, { path: target, headers: bearer(key) })).status, 204, target);
    assert.equal(upstream.received.at(-1)!.target, target);
  }
});

test("the path of the upstream's own URL goes before the request's", async () => {
  for (const base of ["/base", "/base/", "/base/v2/"]) {
    await gateway.apply(plainProject(`${url}${base}`));
    await gateway.ask(HOST, { path: "/a/b?c=/d", headers: bearer(key) });
    assert.equal(upstream.received.at(-1)!.target, `${base.replace(/\/$/, "")}/a/b?c=/d`);
  }
  await gateway.apply(plainProject(url));
});

test("where no parameter is read, a key in the URL is refused, told to move, and not repeated", async () => {
  const count = upstream.received.length;
  for (const query of [`api_key=${key}`, `a=1&api%5Fkey=${key}`, `api_key=${key}&b=2`]) {
    for (const headers of [{}, HANDSHAKE]) {
      const answer = await gateway.ask(HOST, { path: `/a?${query}`, headers });
      assert.equal(answer.status, 401);
      assert.equal(answer.json.error.message, "No API key was sent. Send it in the header, not in the URL.");
      assert.ok(!isTold(answer, key));
      assert.equal(answer.headers["cache-control"], "no-store");
    }
  }
  assert.equal(upstream.received.length, count);
});

test("a key in the URL beside one in the header is two credentials, even when they agree", async () => {
  const count = upstream.received.length;
  for (const query of [`api_key=${key}`, "api_key=other", "api_key="]) {
    const answer = await gateway.ask(HOST, { path: `/a?${query}`, headers: bearer(key) });
    assert.deepEqual([answer.status, answer.json.error.code], [400, "multiple_credentials"]);
    assert.ok(!isTold(answer, key));
  }
  assert.equal(upstream.received.length, count);
});

test("where a handshake may carry it, it is taken out and the rest of the query stays byte for byte", async () => {
  for (const [query, left] of [
    [`token=${token}`, ""],
    [`a=%20&token=${token}&b=+&&c`, "?a=%20&b=+&&c"],
    [`t%6Fken=${token}&a=1`, "?a=1"],
    [`api_key=theirs&token=${token}`, "?api_key=theirs"],
  ] as const) {
    const answer = await gateway.ask("ws.localhost", { path: `/live?${query}`, headers: HANDSHAKE });
    assert.equal(answer.status, 204, query);
    const { target, rawHeaders } = upstream.received.at(-1)!;
    assert.equal(target, `/live${left}`);
    assert.ok(!rawHeaders.join().includes(token));
    assert.ok(!isTold(answer, token));
  }
});

test("a refused handshake does not repeat the key of its URL either", async () => {
  const count = upstream.received.length;
  for (const query of [`token=${token}x`, `token=${token}&token=${token}`, `token=${token.slice(0, -1)}`]) {
    const answer = await gateway.ask("ws.localhost", { path: `/live?${query}`, headers: HANDSHAKE });
    assert.ok(answer.status === 401 || answer.status === 400);
    assert.ok(!isTold(answer, token.slice(0, -1)));
  }
  assert.equal(upstream.received.length, count);
});
