/** The regex of a format finds its keys in any text, in the dialect that RE2, PCRE and JavaScript share. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFormat, formatRegex } from "../../src/key/format.ts";
import { formatVectors } from "./key-vectors.ts";

test("the regex is written as documented", () => {
  const format = compileFormat("ac.me~x-{env}_ak_{id:8}_{secret:32}", {
    environments: ["live", "test"],
    checksum: "crc32",
  });
  assert.equal(formatRegex(format), "ac\\.me~x-(?:live|test)_ak_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}");
});

for (const { name, format, valid, invalid } of formatVectors) {
  const source = formatRegex(format);

  test(`${name}: keys are matched whole and found inside text`, () => {
    for (const { text } of valid) {
      assert.match(text, new RegExp(`^(?:${source})$`));
      assert.equal(`{"key":"${text}"}`.match(new RegExp(source))?.[0], text);
    }
  });

  test(`${name}: what has not the shape of a key is not matched`, () => {
    for (const { text, reason } of invalid) {
      if (reason.includes("checksum")) continue;
      assert.doesNotMatch(text, new RegExp(`^(?:${source})$(?![\\s\\S])`), reason);
    }
  });

  test(`${name}: nothing in it is foreign to RE2`, () => {
    assert.doesNotMatch(source, /\(\?[^:]|\\[^.]|[*+?]{2}/);
    for (const [, count] of source.matchAll(/\{(\d+)\}/g)) assert.ok(Number(count) <= 1000);
  });
}
