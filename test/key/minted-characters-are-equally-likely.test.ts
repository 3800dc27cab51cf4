/** Minting has no modulo bias: the full 128 bits that a format promises are in its keys. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { BASE62_ALPHABET, base62Random } from "../../src/key/base62.ts";
import { compileFormat } from "../../src/key/format.ts";
import { mintKey } from "../../src/key/mint.ts";

/** A source that gives the bytes of `cycle` over and over. */
function cycling(cycle: readonly number[]): (size: number) => Uint8Array {
  let position = 0;
  return (size) => Uint8Array.from({ length: size }, () => cycle[position++ % cycle.length]!);
}

function countsOf(text: string): number[] {
  const counts = new Map<string, number>([...BASE62_ALPHABET].map((character) => [character, 0]));
  for (const character of text) counts.set(character, counts.get(character)! + 1);
  return [...counts.values()];
}

const ALL_BYTES = Array.from({ length: 256 }, (_, byte) => byte);

test("over all byte values every character comes equally often", () => {
  const text = base62Random(248, cycling(ALL_BYTES));
  assert.deepEqual(countsOf(text), new Array(62).fill(4));
});

test("bytes from 248 up are dropped, all others are used in order", () => {
  assert.equal(base62Random(3, cycling([255, 254, 253, 252, 251, 250, 249, 248, 0, 61, 247])), "0zz");
  const kept = ALL_BYTES.filter((byte) => byte < 248).map((byte) => BASE62_ALPHABET[byte % 62]);
  assert.equal(base62Random(248, cycling([...ALL_BYTES].reverse())), kept.reverse().join(""));
});

test("the length is exact, however many bytes are dropped", () => {
  for (const length of [1, 6, 22, 34, 256]) {
    assert.equal(base62Random(length, randomBytes).length, length);
    assert.equal(base62Random(length, cycling([255, 255, 255, 255, 255, 7])), "7".repeat(length));
  }
});

test("a source that never gives a usable byte is an error, not an endless loop", () => {
  assert.throws(() => base62Random(8, cycling([250])), /random bytes/);
  assert.throws(() => base62Random(8, () => new Uint8Array()), /random bytes/);
});

test("real keys pass a chi-square test over their random characters", () => {
  const format = compileFormat("acme_{id:32}_{secret:206}", { environments: [], checksum: "crc32" });
  let text = "";
  for (let key = 0; key < 270; key++) {
    const { id, parsed } = mintKey(format);
    text += id + parsed.secret.slice(0, -6);
  }
  const expected = text.length / 62;
  const chiSquare = countsOf(text).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 61 degrees of freedom: above 160 about once in 10^10 runs; plain modulo gives about 470 at this size.
  assert.ok(chiSquare < 160, `chi-square ${chiSquare}`);
});

test("a key is made of the bytes that were handed in, secret and id apart", () => {
  const format = compileFormat("acme_{id:6}_{secret:28}", { environments: [], checksum: "none" });
  const sizes: number[] = [];
  const source = cycling(ALL_BYTES);
  const { text, id } = mintKey(format, {
    randomBytes: (size) => {
      sizes.push(size);
      return source(size);
    },
  });
  assert.equal(id, "012345");
  assert.equal(sizes.length, 2);
  const secretStart = sizes[0]!;
  assert.equal(text, `acme_012345_${BASE62_ALPHABET.slice(secretStart, secretStart + 28)}`);
});

test("no two minted keys are the same", () => {
  const format = compileFormat("acme_{secret:28}", { environments: [], checksum: "crc32" });
  assert.equal(new Set(Array.from({ length: 2000 }, () => mintKey(format).text)).size, 2000);
});
