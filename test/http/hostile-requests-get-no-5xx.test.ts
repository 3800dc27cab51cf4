import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";

const json = { "content-type": "application/json" };
const ACCOUNTS = "POST /v1/projects/acme/accounts";

test("a body that two readers could take for two things is no JSON", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const deep = (depth: number) => `{"name":"a","metadata":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
  const bodies = [
    '{"name":"a","name":"b"}',
    '{"name":"a","\\u006eame":"b"}',
    '{"name":"a","metadata":{"x":1,"x":2}}',
    '{"name":"a","__proto__":{"polluted":true}}',
    '{"name":"a","metadata":{"__proto__":{"polluted":true}}}',
    '{"name":"a","metadata":{"\\u005f_proto__":1}}',
    '{"name":"a","metadata":{"constructor":{"prototype":{"polluted":true}}}}',
    deep(31),
    deep(200_000),
    '{"name":"a"} trailing',
    '\ufeff{"name":"a"}',
    "{'name':'a'}",
    '{"name":"a",}',
    "undefined",
    '{"name":"canary',
  ];
  for (const body of bodies) {
    const answer = await ask(ACCOUNTS, { body, headers: json });
    assert.deepEqual([answer.status, answer.json.code], [400, "invalid_json"], body.slice(0, 60));
    assert.ok(!answer.text.includes("canary"));
  }
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  const fine = ['{"name":"a","metadata":{"toString":"x","\\"":{"x":1},"y":[{"x":1},{"x":2}]}}', deep(30)];
  for (const body of fine) assert.equal((await ask(ACCOUNTS, { body, headers: json })).status, 201, body);
});

test("a body is UTF-8 as it stands, of the content type that is read", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const body = '{"name":"a"}';
  const code = async (sent: unknown, headers: Record<string, string>): Promise<string> =>
    (await ask(ACCOUNTS, { body: sent, headers })).json.code;
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "nonsense",
    "application/jsonx",
    "multipart/form-data",
  ])
    assert.equal(await code(body, { "content-type": type }), "unsupported_media_type", type);
  assert.equal(await code(Buffer.from(body), {}), "unsupported_media_type");
  assert.equal(await code(gzipSync(body), { ...json, "content-encoding": "gzip" }), "unsupported_media_type");
  assert.equal(await code(Buffer.from([0x22, 0xff, 0x22]), json), "invalid_request");
  assert.equal(await code(Buffer.from(body, "utf16le"), json), "invalid_json");
  const utf8 = { "content-type": 'application/json; charset="UTF-8"' };
  assert.equal((await ask(ACCOUNTS, { body, headers: utf8 })).status, 201);
  assert.equal((await ask("POST /v1/verify", { body: "", headers: json })).json.code, "validation_failed");
});

test("names are stored as sent or refused, and do nothing", async (t) => {
  const { ask } = await controlPlaneFor(t);
  for (const name of [
    "'); DROP TABLE keys;--",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that matters.
    "${7*7}",
    "{{7*7}}",
    "%s%n",
    "😀",
    "\u202eabc",
    "<img src=x>",
  ]) {
    const answer = await ask(ACCOUNTS, { body: { name } });
    assert.equal(answer.json.name, name);
    assert.equal((await ask(`GET /v1/projects/acme/accounts/${answer.json.id}`)).json.name, name);
  }
  for (const name of ["", "a\u0000b", "a\nb", "x".repeat(101), "\ud800"])
    assert.equal((await ask(ACCOUNTS, { body: { name } })).json.code, "validation_failed");
});

test("metadata comes back as it was sent, or is refused", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const send = (text: string) => ask(ACCOUNTS, { body: `{"name":"a","metadata":${text}}`, headers: json });
  for (const text of [
    '{"a":1.5,"b":-1e-7,"c":9007199254740991,"d":[null,true,""]}',
    "{}",
    '{"toString":1,"hasOwnProperty":{}}',
  ])
    assert.deepEqual((await send(text)).json.metadata, JSON.parse(text));
  const refused = [
    '{"a":1e400}',
    '{"a":[9007199254740993]}',
    '{"prototype":1}',
    `{"a":"${"x".repeat(8_200)}"}`,
  ];
  for (const text of refused) {
    const answer = await send(text);
    assert.deepEqual([answer.status, answer.json.errors[0].field], [422, "metadata"], text.slice(0, 40));
  }
});

async function statusOf({ raw }: ControlPlane, bytes: string | Buffer): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await raw(bytes))?.[1] ?? 0);
}

test("a request that cannot be read in one way is refused before anything else", async (t) => {
  const plane = await controlPlaneFor(t);
  const get = (head: string, target = "/healthz") => `GET ${target} HTTP/1.1\r\n${head}\r\n`;
  const close = "Connection: close\r\n";
  assert.equal(await statusOf(plane, get(`Host: a\r\n${close}`)), 200);
  assert.equal(await statusOf(plane, get(close)), 400);
  assert.equal(await statusOf(plane, get(`Host: a\r\nHost: b\r\n${close}`)), 400);
  assert.equal(await statusOf(plane, get(`Host: a\r\nhost: a\r\n${close}`)), 400);
  assert.equal(await statusOf(plane, `GET /healthz HTTP/1.0\r\n\r\n`), 200);
  assert.equal(await statusOf(plane, "nonsense\r\n\r\n"), 400);
  assert.equal(await statusOf(plane, get("Host: a\r\n folded: x\r\n")), 400);
  assert.equal(await statusOf(plane, get(`Host: a\r\nX: a\u0000b\r\n${close}`)), 400);
  const both =
    "POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  assert.equal(await statusOf(plane, both), 400);
  assert.equal(await statusOf(plane, get(`Host: a\r\nExpect: nonsense\r\n${close}`)), 200);
});

test("too many header lines and too long ones are 431, as problems", async (t) => {
  const plane = await controlPlaneFor(t);
  const many = (count: number) => `GET /healthz HTTP/1.1\r\nHost: a\r\n${"X-A: b\r\n".repeat(count - 1)}\r\n`;
  assert.match(await plane.raw(many(200)), /^HTTP\/1\.1 200 /);
  for (const request of [
    many(201),
    many(2_000),
    many(2_500),
    `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(17_000)}\r\n\r\n`,
  ]) {
    const answer = await plane.raw(request);
    assert.match(answer, /^HTTP\/1\.1 431 /);
    assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/i);
    assert.match(answer, /\r\ncache-control: no-store\r\n/i);
    assert.match(answer, /\r\nx-request-id: req_/i);
    assert.match(answer, /"code":"headers_too_large"/);
  }
});

test("strange targets are answered, never with a fault", async (t) => {
  const plane = await controlPlaneFor(t);
  const authorization = `Authorization: Bearer ${plane.rootKey}\r\n`;
  const targets = [
    "*",
    "/%zz",
    "/v1/projects/%zz",
    "/v1/projects/%ff",
    "/v1/projects/%00",
    "/v1/projects/..",
    "/v1/projects/%2e%2e",
    "/v1/projects/__proto__",
    "/v1/projects/constructor",
    `/v1/projects/${"x".repeat(101)}`,
    `/v1/projects/${"x".repeat(8_000)}`,
    "/v1/projects/acme/keys/%27%3B%20DROP%20TABLE%20keys",
    "/v1/projects/acme/keys?__proto__=1",
    "/v1/projects/acme/keys?constructor[prototype]=1",
    "/v1/projects/acme/keys?%zz=1",
    "/v1/projects;x=1",
    "http://other/healthz",
    "//healthz",
    "/?/v1/projects",
  ];
  for (const target of targets) {
    for (const method of ["GET", "OPTIONS", "DELETE", "TRACE"]) {
      const status = await statusOf(
        plane,
        `${method} ${target} HTTP/1.1\r\nHost: a\r\n${authorization}Connection: close\r\n\r\n`,
      );
      assert.ok(status >= 200 && status < 500, `${method} ${target} ${status}`);
    }
  }
  const bad = await plane.ask("GET /v1/projects/%zz");
  assert.deepEqual([bad.status, bad.json.code], [400, "invalid_request"]);
  assert.equal(bad.headers.get("x-request-id"), bad.json.instance);
  assert.deepEqual(plane.log, []);
});

test("a client that breaks off or stalls costs nothing but its own socket", async (t) => {
  const plane = await controlPlaneFor(t);
  const head = `POST /v1/verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${plane.rootKey}\r\nContent-Type: application/json\r\n`;
  assert.equal(await plane.raw(`${head}Content-Length: 500\r\n\r\n{"project":`), "");
  assert.equal((await plane.ask("GET /healthz")).status, 200);
  assert.deepEqual(plane.log, []);
});
