/** Base62 text (GitHub's order: digits, capitals, small letters); it may not decide what a key looks like. */

export const BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters that any uint32 fits into: 62^5 < 2^32 < 62^6. */
export const UINT32_DIGITS = 6;

/** Hands out `size` bytes that nobody can predict. */
export type RandomBytes = (size: number) => Uint8Array;

/** 4 * 62: a byte below it maps evenly onto the alphabet, one from it upwards would favour the first eight characters. */
const FIRST_BIASED_BYTE = 248;

/** A working source needs more than one round about never; this many without an end means that it is broken. */
const MAX_ROUNDS = 64;

/** Value of each ASCII character, -1 outside the alphabet. */
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < BASE62_ALPHABET.length; value++)
  VALUES[BASE62_ALPHABET.charCodeAt(value)] = value;

/**
 * `length` characters, each of the 62 equally likely, by rejection sampling.
 * Throws Error when the source keeps giving bytes that cannot be used.
 */
export function base62Random(length: number, randomBytes: RandomBytes): string {
  let text = "";
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // 1 byte in 32 is dropped; an eighth and a few more make a second round rare.
    const missing = length - text.length;
    for (const byte of randomBytes(missing + (missing >> 3) + 4)) {
      if (text.length === length) return text;
      if (byte < FIRST_BIASED_BYTE) text += BASE62_ALPHABET.charAt(byte % 62);
    }
    if (text.length === length) return text;
  }
  throw new Error("the source of random bytes gives no usable bytes");
}

/** Whether the characters of `text` from `start` up to, not including, `end` are all base62; never throws. */
export function isBase62(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    // Written so that NaN (an index past the end) and every code outside ASCII refuse.
    if (!(code < 128) || VALUES[code]! < 0) return false;
  }
  return true;
}

/** Six characters, most significant first, padded on the left with `0`. `value` is an integer of 0 to 2^32 - 1. */
export function base62FromUint32(value: number): string {
  let text = "";
  let rest = value;
  for (let digit = 0; digit < UINT32_DIGITS; digit++) {
    text = BASE62_ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * The number written in base62 from `start` to the end of `text`, which the caller knows to be base62.
 * Six characters stay below 2^36, so the number is exact and one number has one spelling.
 */
export function numberFromBase62(text: string, start: number): number {
  let value = 0;
  for (let index = start; index < text.length; index++) value = value * 62 + VALUES[text.charCodeAt(index)]!;
  return value;
}
