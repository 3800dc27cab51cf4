// Promise: a route pattern that cannot be meant as written is refused in words when the project is applied. Hostile cases C17, C18.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileRoutes, parseMatch, RouteError } from "../../src/policy/route.ts";

function assertRefused(text: string, message: RegExp): void {
  assert.throws(
    () => parseMatch(text),
    (error) => error instanceof RouteError && message.test(error.message),
    text,
  );
}

function compile(...patterns: string[]) {
  return compileRoutes(
    patterns.map((text) => ({ match: parseMatch(text), policy: text })),
    () => true,
  );
}

test("the ways to write a pattern are read", () => {
  assert.deepEqual(parseMatch("POST|PATCH /v1/{account}/voices/**"), {
    pattern: "POST|PATCH /v1/{account}/voices/**",
    methods: ["POST", "PATCH"],
    segments: [
      { kind: "literal", text: "v1" },
      { kind: "parameter", name: "account" },
      { kind: "literal", text: "voices" },
    ],
    open: true,
  });
  for (const text of ["/v1/stt/**", "* /v1/stt/**"]) assert.equal(parseMatch(text).methods, "any");
  assert.deepEqual(parseMatch("/**").segments, []);
  assert.deepEqual(parseMatch("GET /").segments, [{ kind: "literal", text: "" }]);
  for (const text of ["/v1/model.json", "/v1/voice:clone", "/$batch", "/a@b,c!~_-=&'", "/caf%C3%A9"])
    parseMatch(text);
});

test("regular expressions are refused (C18)", () => {
  for (const text of ["(a+)+$", "^/v1", ".*", "GET (a+)+$"]) assertRefused(text, /regular expressions/);
  for (const text of ["/(a+)+$", "/v1/[a-z]", "/v1/a+", "/v1/x$", "/v1|/v2", "GET /^v1"])
    assertRefused(text, /regular expressions/);
});

test("asterisks stand as a whole last segment of two only", () => {
  assertRefused("/v1/*", /\*/);
  assertRefused("/v1/a*b", /\*/);
  assertRefused("/v1/.*", /\*/);
  assertRefused("/v1/x**", /\*/);
  assertRefused("/v1/***", /\*/);
  assertRefused("/v1/**/x", /at the end only/);
  assertRefused("/v1/**/", /at the end only/);
  assertRefused("/v1/**/**", /at the end only/);
  assertRefused("**", /begins with/);
});

test("parameters have a name of their own and a whole segment", () => {
  for (const text of [
    "/v1/{}",
    "/v1/{a",
    "/v1/a}",
    "/v1/x{a}",
    "/v1/{a}{b}",
    "/v1/{a.b}",
    "/v1/{1a}",
    "/v1/{__proto__}",
    "/{a:x}",
  ]) {
    assertRefused(text, /whole segment/);
  }
  assertRefused("/v1/{a}/{a}", /twice/);
  assertRefused("/v1/:voice", /\{voice\}/);
});

test("a path that no request could have is refused", () => {
  for (const text of [
    "/v1//x",
    "//",
    "/v1/../x",
    "/v1/%2e",
    "/v1%2fx",
    "/v1;x",
    "/v1/%25",
    "/v1/é",
    "/v1#x",
    "/v1\\d",
    "/v1/%zz",
  ]) {
    assertRefused(text, /target|path/);
  }
  for (const text of ["", "v1", "GET", "GET ", "http://h/v1", "*"]) assertRefused(text, /begins with/);
  assertRefused("/v1?x=1", /query/);
  assertRefused("GET /v1 x", /target/);
});

test("methods are known, in capitals and named once (C17)", () => {
  for (const text of [
    "get /x",
    "FOO /x",
    "TRACE /x",
    "CONNECT /x",
    "GET| /x",
    "|GET /x",
    " /x",
    "GET,POST /x",
    "*|GET /x",
  ]) {
    assertRefused(text, /is not one of GET POST PUT PATCH DELETE OPTIONS/);
  }
  assertRefused("HEAD /x", /judged as GET/);
  assertRefused("GET|GET /x", /twice/);
});

test("two routes that claim the same method of the same path are refused", () => {
  for (const [first, second] of [
    ["GET|POST /x", "POST /x"],
    ["GET /x/{a}", "GET /x/{b}"],
    ["GET /x/**", "GET /x/**"],
    ["/x", "* /x"],
  ] as const) {
    assert.throws(
      () => compile(first, second),
      (error) => error instanceof RouteError && error.message.includes(second),
    );
  }
  compile("GET /x", "POST /x", "/x", "GET /x/**", "GET /x/", "GET /X", "GET /{x}", "POST /{y}");
});
