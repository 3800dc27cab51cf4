/** What a listing shows of a key tells it apart from others and leaves most of the secret unseen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFormat, type KeyChecksum, keyLastFour, keyStart, parseKey } from "../../src/key/format.ts";
import { mintKey } from "../../src/key/mint.ts";
import { formatVectors } from "./key-vectors.ts";

test("with an id nothing of the secret's beginning is shown", () => {
  const format = compileFormat("acme_{env}_{id:8}_{secret:32}", {
    environments: ["live"],
    checksum: "crc32",
  });
  const { text, id, parsed } = mintKey(format, { environment: "live" });
  assert.equal(keyStart(parsed), `acme_live_${id}_`);
  assert.equal(keyLastFour(parsed), text.slice(-4));
});

test("without an id four characters of the secret are shown", () => {
  const format = compileFormat("acme_{env}_{secret:32}", { environments: ["live"], checksum: "crc32" });
  const { text, parsed } = mintKey(format, { environment: "live" });
  assert.equal(keyStart(parsed), text.slice(0, "acme_live_".length + 4));
  assert.equal(keyLastFour(parsed), text.slice(-4));
});

test("an accepted format shows less the weaker it is", () => {
  const shown = (length: number, checksum: KeyChecksum) => {
    const format = compileFormat(`acme_{secret:${length}}`, { environments: [], checksum, minted: false });
    const parsed = { format, secret: "abcdefghijklmnopqrstuvwxyz".slice(0, length) };
    return [keyStart(parsed), keyLastFour(parsed)];
  };
  assert.deepEqual(shown(20, "none"), ["acme_abcd", "qrst"]);
  assert.deepEqual(shown(19, "none"), ["acme_", "pqrs"]);
  assert.deepEqual(shown(16, "none"), ["acme_", "mnop"]);
  assert.deepEqual(shown(15, "none"), ["acme_", ""]);
  assert.deepEqual(shown(26, "crc32"), ["acme_abcd", "wxyz"]);
  assert.deepEqual(shown(25, "crc32"), ["acme_", "vwxy"]);
  assert.deepEqual(shown(21, "crc32"), ["acme_", ""]);
});

test("what is shown is the beginning and the end of every published key", () => {
  for (const { format, valid } of formatVectors) {
    for (const { text } of valid) {
      const parsed = parseKey([format], text)!;
      assert.ok(text.startsWith(keyStart(parsed)));
      assert.ok(text.endsWith(keyLastFour(parsed)));
      assert.ok(text.length - keyStart(parsed).length - keyLastFour(parsed).length >= 12);
    }
  }
});
