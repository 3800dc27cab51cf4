/** B01: a typo or a guess is refused by the checksum alone, without asking any store. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { BASE62_ALPHABET } from "../../src/key/base62.ts";
import { parseKey } from "../../src/key/format.ts";
import { checksummedVectors } from "./key-vectors.ts";

const REPLACEMENTS = [...BASE62_ALPHABET, "_", "-", ".", "~", "*", "\0", "\u0410"];

/** All formats at once, so that a change cannot turn one into another either. */
const FORMATS = checksummedVectors.map(({ format }) => format);

for (const { name, valid } of checksummedVectors) {
  test(`${name}: one changed character at any position is refused`, () => {
    for (const { text } of valid) {
      for (let index = 0; index < text.length; index++) {
        for (const character of REPLACEMENTS) {
          if (character === text[index]) continue;
          const changed = text.slice(0, index) + character + text.slice(index + 1);
          assert.equal(parseKey(FORMATS, changed), undefined, `position ${index}: ${changed}`);
        }
      }
    }
  });

  test(`${name}: two neighbours swapped, one character lost or doubled are refused`, () => {
    for (const { text } of valid) {
      for (let index = 0; index < text.length; index++) {
        const before = text.slice(0, index);
        const [here = "", next = ""] = text.slice(index);
        const after = text.slice(index + 2);
        if (here !== next && next !== "")
          assert.equal(parseKey(FORMATS, before + next + here + after), undefined);
        assert.equal(parseKey(FORMATS, before + next + after), undefined);
        assert.equal(parseKey(FORMATS, before + here + here + next + after), undefined);
      }
    }
  });
}
