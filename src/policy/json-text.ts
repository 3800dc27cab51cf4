// The words of a JSON text (RFC 8259) as bytes: where white space, a string, a number or a literal ends. It accepts what the grammar
// accepts and nothing else; whether the bytes are UTF-8 is for the caller to know.

export const QUOTE = 0x22;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COMMA = 0x2c;
export const COLON = 0x3a;

const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const SMALL_U = 0x75;
/** Sets the bit that tells capitals from small letters. */
const SMALL = 0x20;
const SMALL_E = 0x65;

/** After the white space that begins here, if any (section 2). */
export function afterSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  for (;;) {
    const byte = bytes[next];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return next;
    next += 1;
  }
}

/** After the string, number or literal that begins here; -1 where there is none. */
export function afterScalar(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === QUOTE) return afterString(bytes, at);
  if (byte === MINUS || isDigit(byte)) return afterNumber(bytes, at);
  for (const literal of LITERALS) if (literal[0] === byte) return afterLiteral(bytes, at, literal);
  return -1;
}

const LITERALS = ["true", "false", "null"].map((word) =>
  Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
);

function afterLiteral(bytes: Uint8Array, at: number, literal: Uint8Array): number {
  for (let index = 1; index < literal.length; index += 1) if (bytes[at + index] !== literal[index]) return -1;
  return at + literal.length;
}

/** After the string whose opening quote stands here; -1 where it is none (section 7). */
export function afterString(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next += 1) {
    const byte = bytes[next]!;
    if (byte === QUOTE) return next + 1;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    const last = lastOfEscape(bytes, next + 1);
    if (last === -1) return -1;
    next = last;
  }
  return -1;
}

/** The letters that may stand behind a backslash by themselves. */
const ESCAPES = new Set(Array.from('"\\/bfnrt', (letter) => letter.charCodeAt(0)));

function lastOfEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) return -1;
  if (ESCAPES.has(byte)) return at;
  if (byte !== SMALL_U) return -1;
  for (let index = 1; index <= 4; index += 1) if (!isHexDigit(bytes[at + index])) return -1;
  return at + 4;
}

/** Section 6: no plus sign, no zero in front, a digit on both sides of the point. */
function afterNumber(bytes: Uint8Array, at: number): number {
  const first = bytes[at] === MINUS ? at + 1 : at;
  let next = bytes[first] === ZERO ? first + 1 : afterDigits(bytes, first);
  if (next !== -1 && bytes[next] === POINT) next = afterDigits(bytes, next + 1);
  if (next === -1 || ((bytes[next] ?? 0) | SMALL) !== SMALL_E) return next;
  const sign = bytes[next + 1];
  return afterDigits(bytes, sign === PLUS || sign === MINUS ? next + 2 : next + 1);
}

/** -1 where there is not one. */
function afterDigits(bytes: Uint8Array, at: number): number {
  let next = at;
  while (isDigit(bytes[next])) next += 1;
  return next === at ? -1 : next;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  const small = (byte ?? 0) | SMALL;
  return isDigit(byte) || (small >= 0x61 && small <= 0x66);
}
