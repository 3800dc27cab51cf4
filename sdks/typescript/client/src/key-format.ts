// Tells whether a text can be a key of a format, by its form and checksum; it never repeats the text.
import type { KeyFormat } from "./definition.ts";

const CHECKSUM_LENGTH = 6;

/** RFC 6750 section 2.1: what may follow `Bearer`. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What is wrong with a key, to follow "the key …"; undefined when nothing is. */
export function keyProblem(key: string, formats: readonly KeyFormat[]): string | undefined {
  if (!TOKEN.test(key)) return "is empty or has white space or another character that no key has";
  const problems = formats.map((format) => problemWith(key, format));
  return problems.includes(undefined) ? undefined : problems.join(", and ");
}

function problemWith(key: string, format: KeyFormat): string | undefined {
  if (format instanceof RegExp) return problemOfForm(key, format.source, format.source, format.flags);
  const { template, checksum = "crc32" } = typeof format === "string" ? { template: format } : format;
  const form = template.replace(/\{\w+:(\d+)\}/g, "{$1 letters and digits}");
  const source = template
    .replaceAll(".", "\\.")
    .replace("{env}", "[a-z0-9][a-z0-9_-]*")
    .replace(/\{\w+:(\d+)\}/g, "[0-9A-Za-z]{$1}");
  const isCut = checksum !== "none" && !key.endsWith(checksumOf(key.slice(0, -CHECKSUM_LENGTH)));
  return problemOfForm(key, form, source) ?? (isCut ? "is mistyped or cut short" : undefined);
}

function problemOfForm(key: string, form: string, source: string, flags?: string): string | undefined {
  if (new RegExp(`^(?:${source})$`, flags).test(key)) return undefined;
  return `does not have the form ${form} (it has ${key.length} characters)`;
}

/** Base62 (0-9 A-Z a-z) of the CRC-32 (IEEE 802.3), most significant digit first, six characters. */
function checksumOf(text: string): string {
  let crc = -1;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = ~crc >>> 0;
  let digits = "";
  while (digits.length < CHECKSUM_LENGTH) {
    const digit = rest % 62;
    // From "0", "A" and "a" on in ASCII.
    digits = String.fromCharCode(digit + (digit < 10 ? 48 : digit < 36 ? 55 : 61)) + digits;
    rest = (rest - digit) / 62;
  }
  return digits;
}
