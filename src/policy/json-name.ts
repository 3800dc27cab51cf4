// Whether the name of a JSON member is the one that is looked for, as any reader may take it. It compares the bytes as they stand and
// makes no text of them, so that a body full of names costs no more than any other.
import { QUOTE } from "./json-text.ts";

/** `alike`: to readers that do not tell capitals from small letters. */
export type Likeness = "same" | "alike" | "other";

const BACKSLASH = 0x5c;
const SMALL_U = 0x75;

/** `at` is the opening quote of a string that is valid JSON and UTF-8; `wanted` is ASCII. */
export function compareName(bytes: Uint8Array, at: number, wanted: string): Likeness {
  let next = at + 1;
  let likeness: Likeness = "same";
  for (let index = 0; index < wanted.length; index += 1) {
    const unit = unitAt(bytes, next);
    const letter = wanted.charCodeAt(index);
    if (unit !== letter) {
      if (foldCase(unit) !== foldCase(letter)) return "other";
      likeness = "alike";
    }
    next += widthAt(bytes, next);
  }
  return bytes[next] === QUOTE ? likeness : "other";
}

/** The character that begins here, as UTF-16 code unit; 0 for those that no name here has. */
function unitAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  if (byte === BACKSLASH) return bytes[at + 1] === SMALL_U ? hexAt(bytes, at + 2) : 0;
  if (byte < 0x80) return byte === QUOTE ? 0 : byte;
  if (byte < 0xe0) return ((byte & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
  return byte < 0xf0 ? ((byte & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f) : 0;
}

function widthAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  if (byte === BACKSLASH) return 6;
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : 3;
}

function hexAt(bytes: Uint8Array, at: number): number {
  return Number.parseInt(String.fromCharCode(...bytes.subarray(at, at + 4)), 16);
}

/** The letters outside ASCII that have a capital or a small form in common with one of ASCII: dotless and dotted i, long s, Kelvin. */
const FOREIGN = new Map([
  [0x131, 0x69],
  [0x130, 0x69],
  [0x17f, 0x73],
  [0x212a, 0x6b],
]);

function foldCase(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit | 0x20;
  return FOREIGN.get(unit) ?? unit;
}
