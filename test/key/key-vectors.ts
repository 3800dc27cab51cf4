/** The published key vectors with their formats compiled, for the tests of this folder; holds no expectations of its own. */

import { compileFormat, type KeyChecksum, type KeyFormat } from "../../src/key/format.ts";
import published from "../vectors/key-format.json" with { type: "json" };

export type ValidKey = {
  readonly text: string;
  readonly environment?: string;
  readonly id?: string;
  readonly secret: string;
};

export type FormatVectors = {
  readonly name: string;
  readonly template: string;
  readonly format: KeyFormat;
  readonly valid: readonly ValidKey[];
  readonly invalid: readonly { readonly text: string; readonly reason: string }[];
};

export const checksumVectors: readonly { text: string; checksum: string }[] = published.checksums;

export const formatVectors: readonly FormatVectors[] = published.formats.map((entry) => ({
  name: entry.name,
  template: entry.template,
  format: compileFormat(entry.template, {
    environments: entry.environments,
    checksum: entry.checksum as KeyChecksum,
    minted: entry.minted,
  }),
  valid: entry.valid,
  invalid: entry.invalid,
}));

export const checksummedVectors = formatVectors.filter(({ format }) => format.checksum === "crc32");
