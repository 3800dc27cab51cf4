// What the upstream answers is what the client gets: status, fields and bytes, whatever they mean.
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { openExchange } from "../support/exchange.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream, valuesOf } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
let answering: (response: ServerResponse) => void = () => {};
const upstream = await startUpstream((_request, response) => answering(response));
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url));
const headers = bearer((await gateway.key("acme")).key);

async function answerOf(answer: typeof answering, method = "GET") {
  answering = answer;
  return gateway.ask(HOST, { method, headers });
}

test("errors, redirects and refusals of the upstream's own are passed on, not interpreted", async () => {
  for (const status of [200, 201, 302, 307, 400, 401, 403, 404, 429, 500, 503]) {
    const fields = { Location: "/elsewhere", "WWW-Authenticate": "Basic", "Retry-After": "7" };
    const answer = await answerOf((response) => response.writeHead(status, fields).end("as it is"));
    assert.deepEqual([answer.status, answer.text], [status, "as it is"]);
    assert.equal(answer.headers.location, "/elsewhere");
    assert.equal(answer.headers["www-authenticate"], "Basic");
    assert.equal(answer.headers["retry-after"], "7");
  }
  assert.equal(upstream.received.length, 11, "no redirect was followed");
});

test("repeated fields stay apart, in their order and spelling", async () => {
  const fields = ["Set-Cookie", "a=1", "X-Mixed-CASE", "1", "Set-Cookie", "b=2", "x-mixed-case", "2"];
  const { rawHeaders } = await answerOf((response) => response.writeHead(200, fields).end());
  const start = rawHeaders.indexOf("Set-Cookie");
  assert.deepEqual(rawHeaders.slice(start, start + fields.length), fields);
});

test("the bytes of a field are kept, ASCII or not", async () => {
  for (const bytes of [Buffer.from("naïve 日本.txt"), Buffer.from([0xe9, 0xff, 0x80])]) {
    const value = bytes.toString("latin1");
    const { rawHeaders } = await answerOf((response) => response.writeHead(200, ["X-Name", value]).end());
    assert.deepEqual(valuesOf(rawHeaders, "x-name"), [value]);
  }
});

test("fields whose names mean something in JavaScript are fields like any other", async () => {
  const fields = ["Constructor", "1", "__proto__", "2", "toString", "3"];
  const { rawHeaders } = await answerOf((response) => response.writeHead(200, fields).end());
  assert.deepEqual(valuesOf(rawHeaders, "constructor"), ["1"]);
  assert.deepEqual(valuesOf(rawHeaders, "__proto__"), ["2"]);
  assert.deepEqual(valuesOf(rawHeaders, "tostring"), ["3"]);
});

test("a compressed body is not opened", async () => {
  const packed = gzipSync("hello".repeat(1_000));
  answering = (response) => void response.writeHead(200, { "Content-Encoding": "gzip" }).end(packed);
  const exchange = openExchange(gateway.port, HOST, { headers });
  exchange.request.end();
  const body = Buffer.concat(await (await exchange.response).toArray());
  assert.deepEqual(body, packed);
  assert.equal(gunzipSync(body).length, 5_000);
});

test("answers without a body stay without one", async () => {
  const head = await answerOf((response) => response.writeHead(200, { "Content-Length": "5" }).end(), "HEAD");
  assert.deepEqual([head.status, head.text, head.headers["content-length"]], [200, "", "5"]);
  for (const status of [204, 304]) {
    const answer = await answerOf((response) => response.writeHead(status, { ETag: '"1"' }).end());
    assert.deepEqual([answer.status, answer.text, answer.headers.etag], [status, "", '"1"']);
    assert.equal(answer.headers["transfer-encoding"], undefined);
  }
});

test("every method and its body go on as they are", async () => {
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    await using echo = await startUpstream((request, response) => void request.pipe(response));
    await gateway.apply(plainProject(echo.url));
    const answer = await gateway.ask(HOST, { method, headers, body: `body of ${method}` });
    assert.deepEqual([answer.status, answer.text], [200, `body of ${method}`]);
    assert.equal(echo.received[0]?.method, method);
  }
});
