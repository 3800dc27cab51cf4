/** Reading and printing are exact inverses, and reading is total: no string makes it throw. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileFormat, type ParsedKey, parseKey, printKey } from "../../src/key/format.ts";
import { mintKey } from "../../src/key/mint.ts";
import { formatVectors } from "./key-vectors.ts";

const FORMATS = formatVectors.map(({ format }) => format);
const MINTED = FORMATS.filter(({ minted }) => minted);

/** Any UTF-16 code units at all, lone surrogates included. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 300 }).map((units) => String.fromCharCode(...units));

/** Small pieces that keys are made of, so that mutations stay near to keys. */
const shred = fc.oneof(
  anyText.map((text) => text.slice(0, 3)),
  fc.string({ maxLength: 3 }),
  fc.constantFrom("live", "test", "a", "ab", "a1", "_", "-", "0", "z"),
);

const anyKey = fc.constantFrom(...formatVectors.flatMap(({ valid }) => valid.map(({ text }) => text)));

const mutated = fc
  .tuple(anyKey, fc.array(fc.tuple(fc.nat(60), fc.nat(4), shred), { minLength: 1, maxLength: 3 }))
  .map(([key, edits]) =>
    edits.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed), key),
  );

function readsBack(text: string): ParsedKey | undefined {
  const parsed = parseKey(FORMATS, text);
  if (parsed !== undefined) assert.equal(printKey(parsed), text);
  return parsed;
}

test("whatever parses prints back identically, and nothing throws", () => {
  fc.assert(
    fc.property(anyText, (text) => void readsBack(text)),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(mutated, (text) => void readsBack(text)),
    { numRuns: 5000 },
  );
});

test("a text with the shape of a format is read exactly when its checksum is not asked for", () => {
  const base62 = (length: number) =>
    fc.stringMatching(/^[0-9A-Za-z]+$/, { maxLength: length }).map((text) => text.padEnd(length, "0"));
  const format = compileFormat("acme_{env}.{id:7}~{secret:22}", {
    environments: ["live", "t"],
    checksum: "none",
  });
  fc.assert(
    fc.property(fc.constantFrom("live", "t"), base62(7), base62(22), (environment, id, secret) => {
      const text = `acme_${environment}.${id}~${secret}`;
      assert.deepEqual(parseKey([format], text), { format, environment, id, secret });
      assert.equal(printKey({ format, environment, id, secret }), text);
    }),
  );
});

test("every minted key parses back to what was minted", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MINTED), fc.nat(), (format, pick) => {
      const environment = format.environments[pick % format.environments.length];
      const { text, id, parsed } = mintKey(format, { environment });
      const read = readsBack(text);
      assert.deepEqual(read, parsed);
      assert.equal(read?.environment, environment);
      assert.equal(read?.id, id);
      assert.equal(read?.id?.length ?? 0, format.idLength);
      assert.equal(read?.secret.length, format.secretLength);
    }),
  );
});

test("any format that compiles mints keys that parse back", () => {
  const literal = fc.stringMatching(/^[A-Za-z0-9_.~-]*$/, { maxLength: 6 });
  const environments = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,5}$/), { minLength: 1, maxLength: 5 });
  const parts = fc.shuffledSubarray(["{env}", "{id:6}"]);
  fc.assert(
    fc.property(
      literal,
      literal,
      parts,
      environments,
      fc.nat(60),
      fc.nat(9),
      (one, two, middle, names, more, pick) => {
        const template = `xx${one}${middle.join(two)}${two}{secret:${28 + more}}`;
        const format = compileFormat(template, {
          environments: names,
          checksum: more % 2 ? "crc32" : "none",
        });
        const environment = names[pick % names.length];
        const { text, parsed } = mintKey(format, { environment });
        assert.equal(parsed.environment, middle.includes("{env}") ? environment : undefined);
        assert.deepEqual(parseKey([format], text), parsed);
        assert.equal(printKey(parsed), text);
      },
    ),
  );
});

test("a parsed key of an environment that its format lacks cannot be printed", () => {
  const format = compileFormat("acme_{env}_{secret:32}", { environments: ["live"], checksum: "none" });
  const secret = "0".repeat(32);
  assert.throws(() => printKey({ format, secret }), RangeError);
  assert.throws(() => printKey({ format, environment: "test", secret }), RangeError);
});
