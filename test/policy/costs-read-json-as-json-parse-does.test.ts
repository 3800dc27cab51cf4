// The reading of one member agrees with JSON.parse on every text without doubles, and takes time in proportion to the text.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readMember } from "../../src/policy/json-member.ts";
import { measureCharacters, measureValue } from "./measuring.ts";

const read = (text: string, ...way: string[]) => readMember(Buffer.from(text), way);

/** What JSON.parse finds there; `undefined` where it finds no text, number or literal. */
function memberOf(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value !== null && typeof value === "object" ? undefined : value;
  if (value === null || typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  return memberOf((value as Record<string, unknown>)[name], rest);
}

const name = fc.constantFrom("a", "__proto__", "");
const { value, object } = fc.letrec<{ value: unknown; scalar: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    tie("scalar"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  scalar: fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(true, false, null),
  ),
  // Entries instead of an object literal, so that `__proto__` is a name like any other.
  object: fc
    .uniqueArray(fc.tuple(name, tie("value")), { selector: ([key]) => key, maxLength: 4 })
    .map(Object.fromEntries),
}));

const spelled = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: object }, value),
    fc.constantFrom(undefined, 1, "\t", "\r\n"),
    fc.boolean(),
  )
  .map(([given, space, escapes]) => {
    const text = JSON.stringify(given, null, space);
    // Every letter of a name or text may be spelled as an escape.
    return escapes
      ? text.replaceAll(/(?<!\\)[ab]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
      : text;
  });
/** Literals have letters too, which no escape may stand for: such texts are not JSON to either reader. */
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("a member is found exactly where JSON.parse finds one, and says the same", () => {
  let found = 0;
  fc.assert(
    fc.property(spelled, fc.array(name, { minLength: 1, maxLength: 2 }), (text, way) => {
      fc.pre(isJson(text));
      const reading = read(text, ...way);
      const expected = memberOf(JSON.parse(text), way);
      if (expected === undefined) assert.deepEqual(reading, { ok: false, problem: "missing" });
      else {
        found += 1;
        assert.ok(reading.ok);
        assert.deepEqual(JSON.parse(reading.text), expected);
      }
    }),
    { numRuns: 5_000 },
  );
  assert.ok(found > 300, `only ${found} texts had the member`);
});

test("a text is JSON to both or to neither, also after a byte was changed, put in or taken out", () => {
  const letters = [...'{}[],:"\\0123456789.eE+-truefalsn \t\r\n\0/u\u00e9'];
  let broken = 0;
  fc.assert(
    fc.property(
      spelled,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom("", ...letters), fc.nat({ max: 2 })), { maxLength: 3 }),
      (text, edits) => {
        const changed = edits.reduce((now, [place, letter, gone]) => {
          const at = place % (now.length + 1);
          return now.slice(0, at) + letter + now.slice(at + gone);
        }, text);
        // Half a surrogate pair would not survive as UTF-8.
        fc.pre(changed.isWellFormed());
        const reading = read(changed, "no such member");
        if (!isJson(changed)) broken += 1;
        assert.equal(!reading.ok && reading.problem, isJson(changed) ? "missing" : "not_json", changed);
      },
    ),
    { numRuns: 10_000 },
  );
  assert.ok(broken > 1_000, `only ${broken} texts were broken`);
});

test("a double is found whatever stands between", () => {
  fc.assert(
    fc.property(
      value,
      value,
      value,
      fc.constantFrom('"a"', '"\\u0061"', '"A"'),
      (first, between, last, again) => {
        const text = `{"a":${JSON.stringify(first)},"z":${JSON.stringify(between)},${again}:${JSON.stringify(last)}}`;
        assert.deepEqual(read(text, "a"), { ok: false, problem: "twice" });
      },
    ),
  );
});

test("no text of this size takes longer than its size explains", () => {
  const size = 262_144;
  const fill = (piece: string) => piece.repeat(Math.floor(size / piece.length));
  const texts = {
    names: `{${Array.from({ length: 20_000 }, (_, index) => `"${index.toString(36)}":1`).join()}}`,
    doubles: `{${fill('"text":"a",')}"z":1}`,
    "alike names": `{${fill('"Text":"a",')}"z":1}`,
    "spelled names": `{${fill('"\\u0074\\u0065\\u0078\\u0074":1,')}"z":1}`,
    "long names": `{"${fill("\\u0074")}":1,"text":"a"}`,
    quotes: `{"text":"${fill('\\"')}"}`,
    backslashes: `{"text":"${fill("\\\\")}"}`,
    "open text": `{"text":"${fill("\\\\")}`,
    surrogates: `{"text":"${fill("😀")}"}`,
    "long number": `{"text":5.${fill("0")}1}`,
    exponent: `{"text":5e${fill("0")}1}`,
    space: `{"text"${fill(" ")}:"a"}`,
    numbers: `{"a":[${fill("1,")}1],"text":"a"}`,
    objects: `{"a":[${fill('{"text":1},')}1],"text":"a"}`,
  };
  for (const [shape, text] of Object.entries(texts)) {
    const begun = performance.now();
    measureCharacters(text);
    measureValue(text, 0, "text");
    const tookMs = performance.now() - begun;
    // Milliseconds in practice; the square of the size would be minutes.
    assert.ok(tookMs < 2_000, `${shape} took ${tookMs} ms`);
  }
});
