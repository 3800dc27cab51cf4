// What a request costs: the characters of a text, a whole number that the client sends, or the bytes of the body.
import assert from "node:assert/strict";
import { test } from "node:test";
import { measureBody } from "../../src/policy/cost.ts";
import { MAX_COST } from "../../src/policy/pot.ts";
import { measureBytes, measureCharacters, measureValue, unitsOf } from "./measuring.ts";

const NOT_A_TEXT = "text must be a text, in whole Unicode characters.";

test("characters are Unicode code points, however they are spelled", () => {
  for (const [text, units] of [
    ['""', 0],
    ['"Hello world"', 11],
    ['"é"', 1],
    ['"e\\u0301"', 2],
    ['"\\u00e9"', 1],
    ['"😀"', 1],
    ['"\\ud83d\\ude00"', 1],
    ['"\\uD83D\\uDE00x"', 2],
    ['"👨‍👩‍👧"', 5],
    ['"\\u0000"', 1],
    ['"\\n\\t\\"\\\\\\/"', 5],
    ['"\u2028\u2029"', 2],
    ['"\ufeff"', 1],
  ] as const)
    assert.equal(unitsOf(measureCharacters(`{"text":${text}}`)), units, text);
});

test("half a character is none", () => {
  for (const text of ['"\\ud83d"', '"\\ude00"', '"a\\ud83dz"', '"\\ude00\\ud83d"', '"\\ud83d\\u0041"'])
    assert.equal(unitsOf(measureCharacters(`{"text":${text}}`)), NOT_A_TEXT, text);
});

test("anything but a text has no characters", () => {
  for (const value of ["5", "null", "true", "false", "-0", "1e400"])
    assert.equal(unitsOf(measureCharacters(`{"text":${value}}`)), NOT_A_TEXT, value);
  for (const value of ["[]", '["Hello"]', "{}", '{"text":"Hello"}'])
    assert.match(String(unitsOf(measureCharacters(`{"text":${value}}`))), /lacks text/, value);
});

test("a value is a whole number, and 5, 5.0 and 5e0 are the same one", () => {
  for (const [number, units] of [
    ["0", 0],
    ["5", 5],
    ["5.0", 5],
    ["5e0", 5],
    ["0.5e1", 5],
    ["50e-1", 5],
    ["5E+0", 5],
    ["0.0", 0],
    ["0e99", 0],
    ["1e3", 1000],
    ["100", 100],
    [String(MAX_COST), MAX_COST],
    ["1e9", MAX_COST],
  ] as const)
    assert.equal(unitsOf(measureValue(`{"duration":${number}}`)), units, number);
});

test("all else is no value: texts, halves, what is below 0, above the most, or whole by rounding only", () => {
  const hint = `duration must be a whole number from 0 to ${MAX_COST}.`;
  for (const value of [
    '"5"',
    "true",
    "null",
    "0.5",
    "-1",
    "-0",
    "-0.0",
    "1e400",
    "-1e400",
    "1e-400",
    "9007199254740993",
    "9007199254740992",
    "1e18",
    String(MAX_COST + 1),
    "4.99999999999999999999",
    "5.00000000000000000001",
    `5.${"0".repeat(100)}1`,
  ])
    assert.equal(unitsOf(measureValue(`{"duration":${value}}`)), hint, value);
  for (const value of ["[5]", "{}"])
    assert.match(String(unitsOf(measureValue(`{"duration":${value}}`))), /lacks/);
  for (const value of ["NaN", "+5", "05", "5.", ".5", "0x5", "5_0", "Infinity"])
    assert.equal(unitsOf(measureValue(`{"duration":${value}}`)), "The body is not valid JSON.", value);
});

test("a value below the minimum is refused, the minimum itself is not", () => {
  assert.equal(unitsOf(measureValue('{"duration":1}', 1)), 1);
  assert.equal(
    unitsOf(measureValue('{"duration":0}', 1)),
    `duration must be a whole number from 1 to ${MAX_COST}.`,
  );
});

test("bytes are counted in any body, JSON or not", () => {
  for (const [body, units] of [
    ["", 0],
    ["é", 2],
    [Uint8Array.of(0xff, 0xfe, 0), 3],
  ] as const)
    assert.equal(unitsOf(measureBytes(body, { contentType: "audio/wav" })), units);
});

test("a body of 1 MiB is measured, one byte more is too large", () => {
  for (const cost of [
    { kind: "bytes" },
    { kind: "characters", field: ["text"] },
    { kind: "value", field: ["text"], minimum: 0 },
  ] as const) {
    const facts = { contentType: "application/json", contentEncoding: undefined };
    const body = Buffer.from(`{"text":${cost.kind === "value" ? "1" : '""'}${" ".repeat(1_048_576)}`);
    const most = body.subarray(0, 1_048_576);
    most[1_048_575] = "}".charCodeAt(0);
    assert.equal(measureBody(cost, most, facts).ok, true, cost.kind);
    const more = measureBody(cost, body, facts);
    assert.equal(more.ok || more.code, "request_too_large", cost.kind);
  }
});
