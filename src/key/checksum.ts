/** The six characters that end a key so that a typo or a fake is refused without a look-up; no protection against forgery. */

import { crc32 } from "node:zlib";
import { base62FromUint32, numberFromBase62, UINT32_DIGITS } from "./base62.ts";

export const CHECKSUM_LENGTH = UINT32_DIGITS;

/**
 * Base62 of the CRC-32 (IEEE 802.3, as in zlib) of `text`, which is ASCII.
 * The scheme of GitHub's tokens, but over all that stands before the checksum, so that a changed
 * environment or id is noticed too. CRC-32 catches every change within 32 bits, hence every single character.
 */
export function checksumOf(text: string): string {
  return base62FromUint32(crc32(text));
}

/** Whether the last six characters of `text`, known to be base62, are the checksum of all before them. */
export function checksumHolds(text: string): boolean {
  const start = text.length - CHECKSUM_LENGTH;
  return numberFromBase62(text, start) === crc32(text.slice(0, start));
}
