// A body that two readers could take for two things has no cost: it is refused, and the hint says why without a word of the body.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_DEPTH } from "../../src/policy/json-member.ts";
import { measureBytes, measureCharacters, measureValue, unitsOf } from "./measuring.ts";

const TWICE = "The body has text more than once.";
const LACKS = "The body lacks text, or it is an object or an array.";
const NOT_JSON = "The body is not valid JSON.";
const NOT_UTF_8 = "The body is not UTF-8, or begins with a byte order mark.";
const MEDIA_TYPE = "Send the body as JSON in UTF-8, with Content-Type: application/json.";
const ENCODED = "Send the body without a Content-Encoding.";

test("a member that is there twice is refused, however its name is spelled and whatever it says", () => {
  for (const body of [
    '{"text":"","text":"long"}',
    '{"text":"same","text":"same"}',
    '{"text":"","a":1,"te\\u0078t":"long"}',
    '{"t\\u0065xt":"","\\u0074ext":"long"}',
    '{"text":"","text":null}',
    '{"text":"","text":{"a":[1]}}',
    '{"text":["x"],"text":"x"}',
    '{"text" : "" , "text" : "long"}',
  ])
    assert.equal(unitsOf(measureCharacters(body)), TWICE, body);
  assert.equal(
    unitsOf(measureValue('{"duration":1,"duration":-5}')),
    "The body has duration more than once.",
  );
});

test("names that differ in capitals only count as one, since there are upstreams that take them so", () => {
  for (const name of ["Text", "TEXT", "teXt", "\\u0054ext"])
    assert.equal(unitsOf(measureCharacters(`{"text":"","${name}":"long"}`)), TWICE, name);
  for (const name of ["\u017fpea\u212aer", "SPEAKER", "\\u017fpeaker", "spea\\u212aer"])
    assert.match(
      String(unitsOf(measureCharacters(`{"speaker":"","${name}":"long"}`, "speaker"))),
      /more than once/,
    );
  assert.match(
    String(unitsOf(measureCharacters('{"pitch":"","p\u0131tch":"","P\u0130TCH":""}', "pitch"))),
    /more/,
  );
  assert.equal(unitsOf(measureCharacters('{"Text":"Hello"}')), LACKS, "and none of them is the member");
});

test("names that are only similar are other members", () => {
  for (const name of [
    "text ",
    " text",
    "tex",
    "texts",
    "te\\u0000xt",
    "text\\u0000",
    "te\\/xt",
    "\\text",
    "tëxt",
    "te😀xt",
    "",
  ])
    assert.equal(unitsOf(measureCharacters(`{"text":"ab","${name}":"other"}`)), 2, name);
});

test("on the way to a member of a member every name counts", () => {
  const field = "input.text";
  assert.equal(unitsOf(measureCharacters('{"input":{"text":"abc"}}', field)), 3);
  assert.equal(
    unitsOf(measureCharacters('{"text":"a","input":{"text":"abc","input":{"text":""}}}', field)),
    3,
  );
  assert.equal(
    unitsOf(measureCharacters('{"other":{"text":"a"},"input":{"text":"abc"},"x":{"text":""}}', field)),
    3,
  );
  for (const body of [
    '{"input":{"text":""},"input":{"text":"long"}}',
    '{"input":{"text":""},"input":null}',
    '{"input":null,"input":{"text":""}}',
    '{"input":{},"in\\u0070ut":{"text":"long"}}',
    '{"input":{"text":"","text":"long"}}',
    '{"input":{"text":""},"Input":{"text":"long"}}',
    '{"input":{"a":{"b":[{}]},"text":"","TEXT":"long"}}',
  ])
    assert.equal(unitsOf(measureCharacters(body, field)), "The body has input.text more than once.", body);
  for (const body of [
    '{"input":[{"text":"a"}]}',
    '{"input":"text"}',
    '{"input.text":"a"}',
    '[{"input":{"text":"a"}}]',
  ])
    assert.match(String(unitsOf(measureCharacters(body, field))), /lacks input\.text/, body);
});

test("what else is there twice, elsewhere, makes no difference to the cost", () => {
  for (const body of [
    '{"a":1,"a":2,"text":"abc"}',
    '{"text":"abc","b":{"text":"","text":"long"}}',
    '{"b":[{"text":""},{"text":"long"}],"text":"abc"}',
  ])
    assert.equal(unitsOf(measureCharacters(body)), 3, body);
});

test("a body without the member has no cost", () => {
  for (const body of [
    "{}",
    "[]",
    '"text"',
    "5",
    "null",
    '["text"]',
    '{"texts":"a"}',
    '{"a":{"text":"b"}}',
    '[{"text":"a"}]',
  ])
    assert.equal(unitsOf(measureCharacters(body)), LACKS, body);
});

test("names that reach a prototype are names like any other", () => {
  assert.equal(unitsOf(measureCharacters('{"__proto__":{"text":"long"},"text":"abc"}')), 3);
  assert.equal(unitsOf(measureCharacters('{"__proto__":{"text":"long"}}')), LACKS);
  assert.equal(unitsOf(measureCharacters('{"__proto__":"abc"}', "__proto__")), 3);
  assert.match(String(unitsOf(measureCharacters('{"a":1}', "toString"))), /lacks toString/);
  assert.match(String(unitsOf(measureCharacters('{"a":1}', "constructor.name"))), /lacks constructor\.name/);
  assert.equal(({} as { text?: string }).text, undefined);
});

test("the body is JSON from its first byte to its last", () => {
  for (const body of [
    "",
    " ",
    '{"text":"a"}{"text":"long"}',
    '{"text":"a"} x',
    '{"text":"a"}\0',
    '{"text":"a",}',
    '{"text":"a"',
    '{"text":"a" "b":1}',
    "{'text':'a'}",
    '{text:"a"}',
    '{"text":"a"}//',
    '{"text":"a\nb"}',
    '{"text":"\\x41"}',
    '{"text":"\\u00"}',
    '{"text":"a"]',
    '{"text"}',
    '{"a":[1,2,],"text":"a"}',
    '{"a":tru,"text":"a"}',
    '{"a":01,"text":"a"}',
    '\u00a0{"text":"a"}',
  ])
    assert.equal(unitsOf(measureCharacters(body)), NOT_JSON, JSON.stringify(body));
  assert.equal(unitsOf(measureCharacters('\r\n\t {"text":"a"}\r\n\t ')), 1);
});

test("the body is UTF-8, without a byte order mark", () => {
  const around = (...bytes: number[]) =>
    Buffer.concat([Buffer.from('{"text":"'), Buffer.from(bytes), Buffer.from('"}')]);
  assert.equal(unitsOf(measureCharacters(around(0xc3, 0xa9))), 1);
  for (const body of [
    around(0xff),
    around(0xc3),
    around(0xc0, 0xaf),
    around(0xed, 0xa0, 0xbd),
    around(0xf4, 0x90, 0x80, 0x80),
    Buffer.from('{"text":"é"}', "latin1"),
    Buffer.from('\ufeff{"text":"a"}', "utf8"),
  ])
    assert.equal(unitsOf(measureCharacters(body)), NOT_UTF_8, body.toString("hex"));
  const utf16 = unitsOf(measureCharacters(Buffer.from('{"text":"a"}', "utf16le")));
  assert.equal(utf16, NOT_JSON);
});

test("nesting has an end", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{"text":""}${"}".repeat(depth - 1)}`;
  const inside = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)},"text":"abc"}`;
  assert.equal(unitsOf(measureCharacters(inside(MAX_DEPTH))), 3);
  for (const body of [inside(MAX_DEPTH + 1), nested(MAX_DEPTH + 1), "[".repeat(500_000)])
    assert.equal(unitsOf(measureCharacters(body)), "The body is nested too deep.");
});

test("the header says JSON in UTF-8, or nothing is read", () => {
  for (const contentType of [
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/json;",
    "application/vnd.acme.v1+json; version=1",
    "application/ld+json",
  ])
    assert.equal(unitsOf(measureCharacters('{"text":"abc"}', "text", { contentType })), 3, contentType);
  for (const contentType of [
    undefined,
    "",
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "application/+json",
    "application/json, application/json",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "application/json; charset=utf-8; charset=utf-16",
    "multipart/form-data; boundary=application/json",
  ])
    assert.equal(
      unitsOf(measureCharacters('{"text":"abc"}', "text", { contentType })),
      MEDIA_TYPE,
      contentType,
    );
});

test("a body under a Content-Encoding has no cost, its bytes neither", () => {
  for (const contentEncoding of [
    "gzip",
    "br",
    "x-unknown",
    "",
    "identity, gzip",
    "gzip, identity",
    "identity, identity",
  ]) {
    assert.equal(unitsOf(measureCharacters('{"text":"abc"}', "text", { contentEncoding })), ENCODED);
    assert.equal(unitsOf(measureBytes("abc", { contentEncoding })), ENCODED);
  }
  assert.equal(unitsOf(measureCharacters('{"text":"abc"}', "text", { contentEncoding: "Identity" })), 3);
});
