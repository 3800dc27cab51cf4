// Forges key texts that end in a given checksum: a CRC is no protection against whoever computes it, which B20 has to show.
import { crc32 } from "node:zlib";
import { BASE62_ALPHABET } from "../../src/key/base62.ts";

/** How many characters are changed at either place: 62^6 pairs are thirteen times the 2^32 checksums. */
const CHANGED = 3;

/**
 * Another text with the same last six characters, different from `text` within three characters from `firstAt` on and three
 * from `secondAt` on. CRCs of texts of one length are affine, so what the two changes do to the checksum adds up by XOR and
 * a pair that cancels out is found by meeting in the middle.
 */
export function sameChecksum(text: string, firstAt: number, secondAt: number): string {
  const body = text.slice(0, -6);
  const checksum = crc32(body);
  const firsts = new Map<number, string>();
  for (const change of changes()) firsts.set(crc32(put(body, firstAt, change)) ^ checksum, change);
  for (const change of changes()) {
    const changed = put(body, secondAt, change);
    const first = firsts.get(crc32(changed) ^ checksum);
    if (first === undefined || changed === body) continue;
    return put(changed, firstAt, first) + text.slice(-6);
  }
  throw new Error("no collision within reach");
}

function put(text: string, at: number, part: string): string {
  return text.slice(0, at) + part + text.slice(at + CHANGED);
}

function* changes(length: number = CHANGED): Generator<string> {
  if (length === 0) yield "";
  else for (const head of BASE62_ALPHABET) for (const tail of changes(length - 1)) yield head + tail;
}
