/** What a key looks like: compiles format templates, reads keys and prints them back; never looks a key up or repairs one. */

import { CHECKSUM_LENGTH, checksumHolds } from "./checksum.ts";
import { fitsForm, formsOverlap, type KeyForm, keyForm, mayBeginWith } from "./form.ts";
import { type Fail, readTemplate, type TemplatePiece } from "./template.ts";

export type KeyChecksum = "crc32" | "none";

export type KeyFormatOptions = {
  /** Names that may fill `{env}`; not looked at when the template has none. */
  readonly environments: readonly string[];
  readonly checksum: KeyChecksum;
  /** What clients put before a key to name a region, such as `eu-`: no key may begin with it (CONTRACTS K0). */
  readonly regionPrefixes?: readonly string[];
  /** False for a format that is accepted but never minted, which may be weaker. Default true. */
  readonly minted?: boolean;
};

/** One compiled format; every key of it in one environment has the same length. */
export type KeyFormat = {
  readonly template: string;
  readonly pieces: readonly TemplatePiece[];
  readonly checksum: KeyChecksum;
  readonly minted: boolean;
  /** Empty when the template has no `{env}`. */
  readonly environments: readonly string[];
  /** 0 when the template has no `{id:N}`. */
  readonly idLength: number;
  readonly secretLength: number;
  /** Characters of the secret that are drawn at random: all but the checksum. */
  readonly randomLength: number;
  /** One for each environment, or the only one. */
  readonly forms: readonly KeyForm[];
};

export type ParsedKey = {
  readonly format: KeyFormat;
  readonly environment?: string;
  readonly id?: string;
  /** With its checksum. */
  readonly secret: string;
};

/** A template that cannot be a key format; the message says what is wrong with it. */
export class KeyFormatError extends Error {
  override readonly name = "KeyFormatError";
}

/** In characters, all of them ASCII. The gate that a credential passes before anything else is done with it (A19). */
export const MAX_KEY_LENGTH = 256;

/** 22 base62 characters carry 130.9 bits, the fewest that reach 128. */
const MIN_MINTED_RANDOM_LENGTH = 22;

/** 47.6 bits: below it a patient guesser finds some key of a large project over the network. */
const MIN_ACCEPTED_RANDOM_LENGTH = 8;

/** What a listing may show of a secret leaves at least this many random characters (71 bits) unseen. */
const MIN_UNSEEN_LENGTH = 12;

/** Secret characters shown at either end of a key in a listing. */
const SHOWN_LENGTH = 4;

/** Compiles `acme_{env}_{id:8}_{secret:32}` and its like. Throws KeyFormatError naming what is wrong. */
export function compileFormat(template: string, options: KeyFormatOptions): KeyFormat {
  const fail: Fail = (problem) => {
    throw new KeyFormatError(`key format ${JSON.stringify(template)}: ${problem}`);
  };
  const { checksum, minted = true, regionPrefixes = [] } = options;
  const pieces = readTemplate(template, fail);
  const hasEnvironment = pieces.some((piece) => piece.kind === "env");
  const environments = hasEnvironment ? checkedEnvironments(options.environments, fail) : [];
  const forms = (hasEnvironment ? environments : [undefined]).map((name) => keyForm(pieces, name));
  const secretLength = lengthOf(pieces, "secret");
  const randomLength = secretLength - (checksum === "crc32" ? CHECKSUM_LENGTH : 0);
  checkStrength(randomLength, minted, fail);
  checkForms(forms, regionPrefixes, fail);
  const idLength = lengthOf(pieces, "id");
  return { template, pieces, checksum, minted, environments, idLength, secretLength, randomLength, forms };
}

/**
 * The first format that `text` fits, taken apart; undefined when it is ill-formed in any way or its checksum
 * is wrong. The text is read as it stands: no trimming, no normalisation, no decoding (A22, A23, A24).
 * Never throws on any string. 0.25 to 0.4 microseconds for a 40-character key (Node 24.21, AMD EPYC,
 * best means of 300,000 in a loop, one format), half of it the CRC.
 */
export function parseKey(formats: readonly KeyFormat[], text: string): ParsedKey | undefined {
  if (text.length > MAX_KEY_LENGTH) return undefined;
  for (const format of formats) {
    for (const form of format.forms) {
      if (fitsForm(form, text) && (format.checksum === "none" || checksumHolds(text))) {
        return takeApart(format, form, text);
      }
    }
  }
  return undefined;
}

/** The exact inverse of parseKey. Throws RangeError for an environment that the format does not have. */
export function printKey(parsed: ParsedKey): string {
  return publicPart(parsed) + parsed.secret;
}

/**
 * What a listing may show of the beginning of a key: all before the secret, and the first four characters of
 * the secret when there is no id to tell keys apart by (none if too little would stay unseen).
 */
export function keyStart(parsed: ParsedKey): string {
  const spare = parsed.format.randomLength - 2 * SHOWN_LENGTH;
  const shown = parsed.id === undefined && spare >= MIN_UNSEEN_LENGTH ? SHOWN_LENGTH : 0;
  return publicPart(parsed) + parsed.secret.slice(0, shown);
}

/** The last four characters, for listings; empty for an accepted format so weak that too little would stay unseen. */
export function keyLastFour(parsed: ParsedKey): string {
  return parsed.format.randomLength - SHOWN_LENGTH >= MIN_UNSEEN_LENGTH
    ? parsed.secret.slice(-SHOWN_LENGTH)
    : "";
}

/**
 * Source of a regex, the same in RE2, PCRE and JavaScript, that matches the keys of a format; it cannot check
 * the checksum. Not anchored, because a scanner looks for keys inside longer text.
 */
export function formatRegex(format: KeyFormat): string {
  // Longest first: these engines take the first alternative that fits, and `a` would cut a key of `ab` short.
  const environments = format.environments.toSorted((one, other) => other.length - one.length);
  const sources = format.pieces.map((piece) => {
    if (piece.kind === "literal") return piece.text.replaceAll(".", "\\.");
    if (piece.kind === "env") return `(?:${environments.join("|")})`;
    return `[0-9A-Za-z]{${piece.length}}`;
  });
  return sources.join("");
}

/**
 * Whether some text has the shape of a key of both formats. Of such two, parseKey answers with the first, and
 * one without a checksum lets in the typos that the other refuses.
 */
export function formatsOverlap(one: KeyFormat, other: KeyFormat): boolean {
  return one.forms.some((form) => other.forms.some((another) => formsOverlap(form, another)));
}

function checkedEnvironments(environments: readonly string[], fail: Fail): readonly string[] {
  if (environments.length === 0) fail("{env} needs at least one environment");
  const illegal = environments.find((name) => !/^[a-z0-9]{1,32}$/.test(name));
  if (illegal !== undefined) {
    fail(`illegal environment name ${JSON.stringify(illegal)}; a name has 1 to 32 of a-z 0-9`);
  }
  return [...environments];
}

function checkStrength(randomLength: number, minted: boolean, fail: Fail): void {
  const least = minted ? MIN_MINTED_RANDOM_LENGTH : MIN_ACCEPTED_RANDOM_LENGTH;
  if (randomLength >= least) return;
  const why = minted ? "less than 128 bits" : "easily guessed";
  fail(
    `the secret has ${randomLength} random characters (its checksum not counted), at least ${least} are needed: ${why}`,
  );
}

function checkForms(forms: readonly KeyForm[], regionPrefixes: readonly string[], fail: Fail): void {
  const longest = Math.max(...forms.map((form) => form.length));
  if (longest > MAX_KEY_LENGTH) {
    fail(`its keys have ${longest} characters, at most ${MAX_KEY_LENGTH} are allowed`);
  }
  for (const [index, form] of forms.entries()) {
    // All parts have a fixed length, so only one name given twice can be ambiguous; checked by shape so that
    // it stays true when a part of variable length is added.
    const twin = forms.slice(0, index).find((earlier) => formsOverlap(earlier, form));
    if (twin) {
      fail(`environments "${twin.environment}" and "${form.environment}" are ambiguous: one text fits both`);
    }
    const region = regionPrefixes.find((prefix) => mayBeginWith(form, prefix));
    if (region !== undefined) fail(`a key may begin with the region prefix ${JSON.stringify(region)}`);
  }
}

function lengthOf(pieces: readonly TemplatePiece[], kind: "id" | "secret"): number {
  return pieces.reduce((sum, piece) => (piece.kind === kind ? sum + piece.length : sum), 0);
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

function takeApart(format: KeyFormat, form: KeyForm, text: string): ParsedKey {
  const parsed: Draft<ParsedKey> = { format, secret: text.slice(form.secretStart) };
  if (form.environment !== undefined) parsed.environment = form.environment;
  if (form.idLength > 0) parsed.id = text.slice(form.head.length, form.head.length + form.idLength);
  return parsed;
}

function publicPart(parsed: ParsedKey): string {
  const form = parsed.format.forms.find(({ environment }) => environment === parsed.environment);
  if (form === undefined) throw new RangeError("the key format does not have this environment");
  return form.head + (parsed.id ?? "") + form.middle;
}
