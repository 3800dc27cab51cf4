/** The published vectors say what a key is; they are checked here against code that shares nothing with src/key. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf } from "../../src/key/checksum.ts";
import { parseKey, printKey } from "../../src/key/format.ts";
import { checksummedVectors, checksumVectors, formatVectors } from "./key-vectors.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Bit by bit, polynomial 0xEDB88320, as in the CRC-32 of IEEE 802.3. */
function slowChecksum(text: string): string {
  let crc = 0xffffffffn;
  for (const byte of Buffer.from(text, "ascii")) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xedb88320n : crc >> 1n;
  }
  let rest = crc ^ 0xffffffffn;
  let digits = "";
  for (; rest > 0n; rest /= 62n) digits = DIGITS.charAt(Number(rest % 62n)) + digits;
  return digits.padStart(6, "0");
}

test("the checksum is GitHub's base62 CRC-32", () => {
  assert.ok(checksumVectors.length >= 4);
  for (const { text, checksum } of checksumVectors) {
    assert.equal(checksumOf(text), checksum);
    assert.equal(slowChecksum(text), checksum);
  }
});

test("every valid key ends with the checksum of all before it", () => {
  for (const { valid } of checksummedVectors) {
    for (const { text } of valid) assert.equal(text.slice(-6), slowChecksum(text.slice(0, -6)), text);
  }
});

test("valid keys include padded and large checksums", () => {
  const all = checksummedVectors.flatMap(({ valid }) => valid.map(({ text }) => text.at(-6)));
  assert.ok(all.includes("0"));
  assert.ok(all.includes("3") || all.includes("4"));
});

for (const { name, template, format, valid, invalid } of formatVectors) {
  test(`${name}: valid keys are read part by part`, () => {
    assert.ok(valid.length > 0);
    for (const { text, ...parts } of valid) {
      const parsed = parseKey([format], text);
      assert.deepEqual(parsed, { format, ...parts });
      assert.equal(printKey(parsed), text);
      const filled = template
        .replace("{env}", parts.environment ?? "")
        .replace(/\{id:\d+\}/, parts.id ?? "")
        .replace(/\{secret:\d+\}/, parts.secret);
      assert.equal(filled, text);
    }
  });

  test(`${name}: invalid keys are refused`, () => {
    assert.ok(invalid.length > 10);
    for (const { text, reason } of invalid) assert.equal(parseKey([format], text), undefined, reason);
  });
}
