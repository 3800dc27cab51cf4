// Promise: a path that could be read in two ways is refused and never repaired. Hostile cases C07 to C10, C12, C13.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTarget } from "../../src/policy/path.ts";

const HOST = "api.example";

function assertRefused(targets: string[], host = HOST): void {
  for (const target of targets) {
    const read = readTarget(target, host);
    assert.equal(read.ok, false, JSON.stringify(target));
    if (!read.ok) assert.notEqual(read.reason, "");
  }
}

test("a plain path and its query come back as sent", () => {
  const untouched: [target: string, path: string, query: string][] = [
    ["/", "/", ""],
    ["/v1/exports", "/v1/exports", ""],
    ["/v1/exports/", "/v1/exports/", ""],
    ["/v1/exports?", "/v1/exports", ""],
    ["/v1/%C3%A9t%c3%a9/a%20b/%7Ex", "/v1/%C3%A9t%c3%a9/a%20b/%7Ex", ""],
    ["/v1/.../", "/v1/.../", ""],
    ["/x?a=/../b;c=%2f%5C%00%25zz//?/d\\", "/x", "a=/../b;c=%2f%5C%00%25zz//?/d\\"],
    ["/%E2%9C%93/voice:clone@2,x!$&'()*+=", "/%E2%9C%93/voice:clone@2,x!$&'()*+=", ""],
  ];
  for (const [target, path, query] of untouched)
    assert.deepEqual(readTarget(target, HOST), { ok: true, path, query });
});

test("empty segments are refused (C07)", () => {
  assertRefused(["//v1/exports", "/v1//exports", "/v1/exports//", "//", "///x"]);
});

test("dot segments in any spelling are refused (C08)", () => {
  assertRefused([
    "/pub/../exports",
    "/%2e%2e/",
    "/.%2e/x",
    "/%2E./x",
    "/./",
    "/.",
    "/..",
    "/x/.",
    "/x/%2e",
    "/x/..?y",
  ]);
  assertRefused(["/%c0%ae%c0%ae/x", "/%ef%bc%8e%ef%bc%8e/x", "/%e2%80%a5/x", "/%e2%80%a4/x"]);
});

test("semicolons are refused (C09)", () => {
  assertRefused(["/pub/..;/exports", "/exports;x=1", "/exports%3b", "/exports%3Bx", "/exports%cd%be"]);
});

test("encoded slashes, backslashes and double encoding are refused (C10)", () => {
  assertRefused([
    "/v1%2fexports",
    "/v1%2Fexports",
    "/v1%5cexports",
    "/v1%5Cexports",
    "/v1\\exports",
    "/v1%252fexports",
    "/v1%25",
  ]);
  assertRefused(["/v1%ef%bc%8fexports", "/v1%ef%bc%bcexports", "/v1%ef%bc%852f"]);
});

test("fragments, control bytes and queries that look like paths are refused (C12)", () => {
  assertRefused([
    "/exports#/pub",
    "/pub?x#/exports",
    "/exports%00",
    "/exports%00.json",
    "/x\0",
    "/x\n",
    "/x\r\ny",
    "/x%0a",
    "/x%0D",
    "/x%7f",
    "/x%1F",
  ]);
  assertRefused(["/pub?/exports", "/pub?/", "/pub?%2Fexports", "/x%c2%85"]);
});

test("what is not printable ASCII is refused, and so are broken escapes and text that is not UTF-8", () => {
  assertRefused(["/a b", "/é", "/x\u00a0", "/x?é", "/x?a b", "/x\t"]);
  assertRefused([
    "/%",
    "/%4",
    "/%zz",
    "/x%u0041",
    "/%ff",
    "/%c3",
    "/%c3%28",
    "/%ed%a0%80",
    "/%f8%88%80%80%80",
    "/a%c3/%a9",
  ]);
});

test("the absolute form is taken for the same authority only, and reduced to its path (C13)", () => {
  for (const target of ["http://api.example/v1/x?y=1", "HTTPS://API.Example/v1/x?y=1"]) {
    assert.deepEqual(readTarget(target, HOST), { ok: true, path: "/v1/x", query: "y=1" });
  }
  assert.equal(readTarget("http://api.example:4001/x", "API.example:4001").ok, true);
  assertRefused([
    "http://evil/v1/exports",
    "http://api.example:80/x",
    "http://api.example.evil/x",
    "http://user@api.example/x",
  ]);
  assertRefused([
    "http://api.example",
    "http://api.example?x",
    "http:///x",
    "http:/x",
    "ftp://api.example/x",
    "http://api.example//x",
    "http://api.example/../x",
  ]);
  assert.equal(readTarget("http://api.example/x", undefined).ok, false);
  assert.equal(readTarget("http:///x", undefined).ok, false);
  assertRefused(["http:///x", "http://"], "");
  assertRefused(["http://user@api.example/x"], "user@api.example");
});

test("the asterisk, the authority form, relative paths and nothing at all are refused (C13)", () => {
  assertRefused(["*", "api.example:443", "v1/exports", "", "?x", "#", "%2fv1", "\\v1"]);
});

test("a target is at most 8,192 bytes long", () => {
  assert.equal(readTarget(`/${"x".repeat(8_191)}`, HOST).ok, true);
  assertRefused([`/${"x".repeat(8_192)}`, `/?${"x".repeat(8_191)}`]);
});

const piece = fc.constantFrom(
  "/",
  ".",
  "..",
  "%2e",
  "%2F",
  "%5c",
  "\\",
  ";",
  "%25",
  "#",
  "?",
  "a",
  "B",
  "%41",
  "%C3%A9",
  ":",
  "@",
  "%",
  "\t",
  "//h",
  "é",
);

test("an accepted path is the path that a URL parser sees, on the same host", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = `/${pieces.join("")}`;
      const read = readTarget(target, HOST);
      if (!read.ok) return;
      const url = new URL(target, "http://base.example");
      assert.deepEqual([url.host, url.pathname, url.hash], ["base.example", read.path, ""]);
      assert.equal(url.search.slice(1), read.query);
    }),
  );
});

const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

test("no text makes the reading throw, and what is accepted was in the text", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.string().map((text) => `/${text}`),
      ),
      (target) => {
        const read = readTarget(target, HOST);
        if (read.ok) assert.ok(target === read.path || target === `${read.path}?${read.query}`);
      },
    ),
  );
});
