/** A project may change its key format, or bring keys of its own, and every key it ever issued is still read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFormat, formatsOverlap, parseKey, printKey } from "../../src/key/format.ts";
import { mintKey } from "../../src/key/mint.ts";

const environments = ["live", "test"];
const minted = compileFormat("acme_{env}_{id:8}_{secret:32}", { environments, checksum: "crc32" });
const previous = compileFormat("acme_{env}_{secret:32}", { environments, checksum: "crc32" });
const imported = compileFormat("ak-{secret:16}", { environments, checksum: "none", minted: false });
const accepted = [minted, previous, imported];

test("each key is read in the format that it was made in", () => {
  for (const environment of environments) {
    for (const format of [minted, previous]) {
      const { text } = mintKey(format, { environment });
      const parsed = parseKey(accepted, text);
      assert.equal(parsed?.format, format);
      assert.equal(parsed.environment, environment);
      assert.equal(printKey(parsed), text);
    }
  }
  assert.deepEqual(parseKey(accepted, "ak-AAAAbbbb00001111"), {
    format: imported,
    secret: "AAAAbbbb00001111",
  });
});

test("a format is read only where it is accepted", () => {
  const { text } = mintKey(previous, { environment: "live" });
  assert.equal(parseKey([minted, imported], text), undefined);
  assert.equal(parseKey([], text), undefined);
});

test("without a checksum any text of the right shape is read, and no other", () => {
  assert.ok(parseKey([imported], "ak-0000000000000000"));
  for (const text of [
    "ak-000000000000000",
    "ak-00000000000000000",
    "ak-000000000000000_",
    "ak_0000000000000000",
  ]) {
    assert.equal(parseKey([imported], text), undefined, text);
  }
});

test("a strong format without a checksum can be minted", () => {
  const format = compileFormat("acme.{secret:22}", { environments: [], checksum: "none" });
  const { text, parsed } = mintKey(format);
  assert.match(text, /^acme\.[0-9A-Za-z]{22}$/);
  assert.deepEqual(parseKey([format], text), parsed);
});

test("a format that is only accepted is never minted, however strong", () => {
  assert.throws(() => mintKey(imported), RangeError);
  const strong = compileFormat("acme_{secret:40}", { environments: [], checksum: "crc32", minted: false });
  assert.throws(() => mintKey(strong), RangeError);
});

test("minting asks for an environment that the format has", () => {
  assert.throws(() => mintKey(minted), RangeError);
  assert.throws(() => mintKey(minted, { environment: "prod" }), RangeError);
  const plain = compileFormat("acme_{secret:40}", { environments, checksum: "crc32" });
  assert.equal(mintKey(plain, { environment: "live" }).parsed.environment, undefined);
});

test("formats that could read the same text are told apart beforehand", () => {
  const option = { environments, checksum: "crc32" } as const;
  const loose = compileFormat("acme_{env}_{secret:32}", { ...option, checksum: "none" });
  assert.ok(formatsOverlap(previous, loose));
  assert.ok(formatsOverlap(previous, compileFormat("acme_live_{secret:32}", option)));
  assert.ok(
    formatsOverlap(compileFormat("acmelive{secret:32}", option), compileFormat("acme{secret:36}", option)),
  );
  assert.ok(!formatsOverlap(previous, compileFormat("acme_prod_{secret:32}", option)));
  assert.ok(
    !formatsOverlap(compileFormat("acme_live{secret:32}", option), compileFormat("acme{secret:37}", option)),
  );
  assert.ok(!formatsOverlap(minted, previous));
  assert.ok(!formatsOverlap(minted, imported));
});

test("of overlapping formats the first one answers", () => {
  const loose = compileFormat("acme_{env}_{secret:32}", { environments, checksum: "none" });
  const { text } = mintKey(previous, { environment: "live" });
  const mistyped = `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
  assert.equal(parseKey([previous, loose], text)?.format, previous);
  assert.equal(parseKey([loose, previous], text)?.format, loose);
  assert.equal(parseKey([previous, loose], mistyped)?.format, loose);
});
