/** A19, A22, A23, A24: what is not exactly a key is refused as it stands, by a pure function that nothing can be looked up from. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf } from "../../src/key/checksum.ts";
import { type KeyFormat, parseKey } from "../../src/key/format.ts";
import { formatVectors } from "./key-vectors.ts";

const FORMATS: readonly KeyFormat[] = formatVectors.map(({ format }) => format);
const KEYS: readonly string[] = formatVectors.flatMap(({ valid }) => valid.map(({ text }) => text));

function refuses(text: string, why: string): void {
  assert.equal(parseKey(FORMATS, text), undefined, why);
}

/** Each character of `key` in turn, changed by `change`. */
function eachCharacter(key: string, change: (character: string) => string): string[] {
  return [...key].map((character, index) => key.slice(0, index) + change(character) + key.slice(index + 1));
}

test("every key used below is accepted as it stands", () => {
  for (const key of KEYS) assert.ok(parseKey(FORMATS, key), key);
});

test("A19: a token of 257 characters, 15 KB or 1 MB is refused", () => {
  for (const key of KEYS) {
    for (const length of [257, 15_360, 1_048_576]) {
      refuses(key.padEnd(length, "a"), `${length} characters after a key`);
      refuses(key.padStart(length, "a"), `${length} characters before a key`);
    }
  }
});

test("A22: look-alikes, full-width, zero-width and direction marks are never made into ASCII", () => {
  const cyrillic = new Map(
    [..."AaBCcEeHKMOoPpTXxy"].map((latin, index) => [latin, [..."АаВСсЕеНКМОоРрТХху"][index]!]),
  );
  const invisible = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u200e",
    "\u200f",
    "\u202e",
    "\u2066",
    "\u0301",
  ];
  for (const key of KEYS) {
    const wide = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 0xfee0);
    for (const text of eachCharacter(key, wide)) refuses(text, "full-width");
    for (const text of eachCharacter(key, (character) => cyrillic.get(character) ?? "А"))
      refuses(text, "Cyrillic");
    for (const mark of invisible) {
      for (const text of eachCharacter(key, (character) => mark + character)) refuses(text, "mark before");
      for (const text of eachCharacter(key, () => mark)) refuses(text, "mark instead");
      refuses(key + mark, "mark at the end");
    }
  }
});

test("A22: a code unit that is ASCII only in its low bits is refused", () => {
  for (const key of KEYS) {
    for (const offset of [0x80, 0x100, 0x1000, 0x8000, 0xff00]) {
      const shifted = (character: string): string => String.fromCharCode(character.charCodeAt(0) + offset);
      for (const text of eachCharacter(key, shifted)) refuses(text, `offset ${offset}`);
    }
  }
});

test("A23: percent-encoding and base64 are never decoded", () => {
  for (const key of KEYS) {
    const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
    for (const text of eachCharacter(key, percent)) refuses(text, "one character encoded");
    refuses(key.replaceAll("_", "%5F").replaceAll("-", "%2D"), "separators encoded");
    for (const encoding of ["base64", "base64url", "hex"] as const) {
      refuses(Buffer.from(key).toString(encoding), encoding);
      refuses(Buffer.from(`${key}:`).toString(encoding), `${encoding} as of basic authentication`);
    }
    refuses([...key].map((character) => `&#${character.charCodeAt(0)};`).join(""), "character references");
  }
});

test("A24: wrappings and shell leftovers are never stripped", () => {
  const wrappings = [
    ['"', '"'],
    ["'", "'"],
    ["`", "`"],
    ["<", ">"],
    ["“", "”"],
    ["", "\n"],
    ["", "\r\n"],
    ["", "\t"],
    ["", "\0"],
    [" ", ""],
    ["", " "],
    ["\u00a0", ""],
    ["", ","],
    ["", ";"],
    ["", "="],
    ["Bearer ", ""],
    ["bearer ", ""],
    ["Bearer Bearer ", ""],
    ["API_KEY=", ""],
    ["$", ""],
    ["${", "}"],
  ] as const;
  for (const key of KEYS) {
    for (const [before, after] of wrappings) refuses(before + key + after, JSON.stringify([before, after]));
    refuses(key + key, "twice");
    refuses(`${key} ${key}`, "twice with a space");
    refuses(`${key},${key}`, "twice with a comma");
  }
  for (const text of [
    "",
    "$KEY",
    "$API_KEY",
    "$" + "{API_KEY}",
    "%API_KEY%",
    "undefined",
    "null",
    "YOUR_API_KEY",
    "<your key>",
  ]) {
    refuses(text, text);
  }
});

test("a key cut off or continued anywhere is refused", () => {
  for (const key of KEYS) {
    for (let length = 0; length < key.length; length++) refuses(key.slice(0, length), `first ${length}`);
    for (let start = 1; start <= key.length; start++) refuses(key.slice(start), `from ${start}`);
    for (const more of ["0", "a", "_", "\0", "aaaaaa"]) refuses(key + more, `continued by ${more}`);
  }
});

test("capitals and small letters are different", () => {
  for (const { format, valid } of formatVectors) {
    for (const { text, secret } of valid) {
      refuses(text.slice(0, -secret.length).toUpperCase() + secret, "prefix in capitals");
      if (format.checksum === "none") continue;
      refuses(text.toLowerCase(), "all small");
      refuses(text.toUpperCase(), "all capitals");
    }
  }
});

test("a right checksum does not make an ill-formed key good", () => {
  for (const { format, valid } of formatVectors.filter((vectors) => vectors.format.checksum === "crc32")) {
    for (const { text } of valid) {
      for (const character of ["-", "_", "+", "/", " ", "\0", "\u0410"]) {
        for (const changed of eachCharacter(text.slice(0, -6), () => character)) {
          if (text.startsWith(changed)) continue;
          assert.equal(parseKey([format], changed + checksumOf(changed)), undefined, changed);
        }
      }
    }
  }
});
