/** Makes new keys of a format; does not know whether an id is taken (whoever stores the key does, and mints again). */

import { randomBytes as cryptoRandomBytes } from "node:crypto";
import { base62Random, type RandomBytes } from "./base62.ts";
import { checksumOf } from "./checksum.ts";
import { type KeyFormat, type ParsedKey, parseKey, printKey } from "./format.ts";

export type MintOptions = {
  /** One of the format's environments; not looked at when its template has no `{env}`. */
  readonly environment?: string | undefined;
  /** Default: `randomBytes` of node:crypto. */
  readonly randomBytes?: RandomBytes;
};

export type MintedKey = {
  /** The key itself. To be shown once and never kept. */
  readonly text: string;
  readonly id?: string;
  readonly parsed: ParsedKey;
};

/**
 * A fresh key, with at least 128 bits from `randomBytes` in its secret. Throws RangeError when the format is
 * one that is only accepted or does not have the environment, and Error when the source of randomness is broken.
 */
export function mintKey(format: KeyFormat, options: MintOptions = {}): MintedKey {
  if (!format.minted) throw new RangeError("keys of this format are accepted, not minted");
  const { randomBytes = cryptoRandomBytes } = options;
  const environment = format.environments.length > 0 ? options.environment : undefined;
  const draft: ParsedKey = {
    format,
    ...(environment === undefined ? {} : { environment }),
    ...(format.idLength === 0 ? {} : { id: base62Random(format.idLength, randomBytes) }),
    secret: base62Random(format.randomLength, randomBytes),
  };
  const unchecked = printKey(draft);
  const text = format.checksum === "crc32" ? unchecked + checksumOf(unchecked) : unchecked;
  const parsed = parseKey([format], text);
  if (parsed === undefined) throw new Error("a minted key does not parse");
  return { text, ...(parsed.id === undefined ? {} : { id: parsed.id }), parsed };
}
