// Where a request comes from and whether a key may be used from there: reads addresses, allowlists and forwarding headers; it
// opens no socket, resolves no name, and what it cannot read in one way only counts as unknown.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface Address {
  readonly family: 4 | 6;
  /** In network order: 4 or 16 of them. */
  readonly bytes: readonly number[];
}

const DOTTED_TAIL = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

/**
 * The address that `text` spells, or `undefined` for anything else: names, short or octal forms, zone ids. IPv4-mapped IPv6
 * (`::ffff:0:0/96`, RFC 4291 section 2.5.5.2) is the IPv4 address; no other IPv6 form that embeds one is (hostile D06, D07).
 */
export function parseAddress(text: string): Address | undefined {
  if (isIP(text) === 0 || text.includes("%")) return undefined;
  // ipaddr.js reads `::1.2.3.4` as `::ffff:1.2.3.4`, so it is never shown a dotted tail.
  const tail = DOTTED_TAIL.exec(text);
  const spelled = tail === null ? text : `${tail[1]}${group(tail[2], tail[3])}:${group(tail[4], tail[5])}`;
  const bytes = ipaddr.process(spelled).toByteArray();
  return { family: bytes.length === 4 ? 4 : 6, bytes };
}

function group(high: string | undefined, low: string | undefined): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

/** Dotted decimal, or the one spelling of RFC 5952. */
export function printAddress(address: Address): string {
  const parsed = ipaddr.fromByteArray([...address.bytes]);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}

/**
 * What counts as one client where addresses are counted: an IPv4 address, or the /64 of an IPv6 one, of which a client has all
 * addresses to itself (hostile D12). All that are not known are one. No two of them are spelled alike.
 */
export function addressBucket(address: Address | undefined): string {
  if (address === undefined) return "unknown";
  const { family, bytes } = address;
  if (family === 4) return bytes.join(".");
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = bytes;
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
  return `${hex(a, b)}:${hex(c, d)}:${hex(e, f)}:${hex(g, h)}::/64`;
}

/** From `low` to `high`, both included. */
interface Range {
  readonly family: 4 | 6;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

interface Entry {
  readonly range: Range;
  readonly text: string;
}

export interface AllowlistProblem {
  /** Position in the list that was handed in. */
  readonly index: number;
  readonly entry: string;
  readonly message: string;
}

export type ParsedAllowlist =
  | { readonly ok: true; readonly entries: string[] }
  | { readonly ok: false; readonly problems: AllowlistProblem[] };

const MAX_ENTRIES = 1_000;

/**
 * Reads addresses and CIDR ranges into canonical, distinct entries in the order given. One bad entry refuses the whole list
 * (hostile D09), host bits included (D10). A range of all addresses needs `confirmAny` (D08).
 */
export function parseAllowlist(
  entries: readonly string[],
  options: { readonly confirmAny: boolean },
): ParsedAllowlist {
  const read = readEntries(entries, options.confirmAny);
  if (!Array.isArray(read)) return { ok: false, problems: read.problems };
  return { ok: true, entries: [...new Set(read.map((entry) => entry.text))] };
}

function readEntries(
  entries: readonly string[],
  confirmAny: boolean,
): Entry[] | { problems: AllowlistProblem[] } {
  if (entries.length > MAX_ENTRIES) {
    const message = `an allowlist holds at most ${MAX_ENTRIES} entries`;
    return { problems: [{ index: MAX_ENTRIES, entry: entries[MAX_ENTRIES] ?? "", message }] };
  }
  const good: Entry[] = [];
  const problems: AllowlistProblem[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readEntry(entry, confirmAny);
    if (typeof read === "string") problems.push({ index, entry, message: read });
    else good.push(read);
  }
  return problems.length > 0 ? { problems } : good;
}

/** The entry, or what is wrong with it. */
function readEntry(entry: string, confirmAny: boolean): Entry | string {
  const slash = entry.indexOf("/");
  const spelled = slash === -1 ? entry : entry.slice(0, slash);
  if (spelled.includes("%")) return "zone ids mean something on one machine only and are not accepted";
  const address = parseAddress(spelled);
  if (address === undefined) {
    return "not an IP address or CIDR range: write four decimal octets without leading zeros, or IPv6";
  }
  const bits = address.bytes.length * 8;
  const prefix = slash === -1 ? bits : readPrefix(entry.slice(slash + 1), spelled, bits);
  if (typeof prefix === "string") return prefix;
  const low = fillHostBits(address.bytes, prefix, 0x00);
  const network =
    prefix === bits ? printAddress(address) : `${printAddress({ ...address, bytes: low })}/${prefix}`;
  if (compareBytes(low, address.bytes) !== 0) {
    return `has host bits set: write ${network} for the network or ${printAddress(address)} for the one address`;
  }
  if (prefix === 0 && !confirmAny)
    return `admits every IPv${address.family} address, which has to be confirmed`;
  return { text: network, range: { family: address.family, low, high: fillHostBits(low, prefix, 0xff) } };
}

/** The prefix length in bits of the address it becomes: `::ffff:a.b.c.d/120` is an IPv4 `/24`. */
function readPrefix(digits: string, spelled: string, bits: number): number | string {
  const written = spelled.includes(":") ? 128 : 32;
  const length = /^(0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(length <= written)) return `the prefix length has to be a plain number from 0 to ${written}`;
  const prefix = length - (written - bits);
  return prefix >= 0 ? prefix : "reaches beyond the IPv4-mapped addresses: write it as an IPv4 range";
}

function fillHostBits(bytes: readonly number[], prefix: number, fill: 0x00 | 0xff): number[] {
  return bytes.map((byte, index) => {
    const hostBits = 0xff >> Math.min(8, Math.max(0, prefix - index * 8));
    return (byte & (0xff ^ hostBits)) | (fill & hostBits);
  });
}

function compareBytes(left: readonly number[], right: readonly number[]): number {
  for (const [index, byte] of left.entries()) {
    const difference = byte - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface AllowlistMatcher {
  /** False for an address that is not known. */
  allows(address: Address | undefined): boolean;
}

/** A set of nothing: what an empty list means here. A key without an allowlist has no matcher at all. */
const NOBODY: AllowlistMatcher = { allows: () => false };

/** Compiles a stored list. One that does not parse admits nobody: damage never widens access (hostile D04, D09). */
export function compileAllowlist(entries: readonly string[]): AllowlistMatcher {
  const read = readEntries(entries, true);
  if (!Array.isArray(read)) return NOBODY;
  const families = { 4: outermost(read, 4), 6: outermost(read, 6) };
  return {
    allows: (address) => address !== undefined && contains(families[address.family], address.bytes),
  };
}

/** Sorted and disjoint: CIDR ranges either nest or do not touch, so those inside another one are dropped. */
function outermost(entries: readonly Entry[], family: 4 | 6): Range[] {
  const sorted = entries
    .map((entry) => entry.range)
    .filter((range) => range.family === family)
    .sort((left, right) => compareBytes(left.low, right.low) || compareBytes(right.high, left.high));
  const kept: Range[] = [];
  for (const range of sorted) {
    const last = kept.at(-1);
    if (last === undefined || compareBytes(range.low, last.high) > 0) kept.push(range);
  }
  return kept;
}

function contains(ranges: readonly Range[], bytes: readonly number[]): boolean {
  let from = 0;
  let to = ranges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (compareBytes(bytes, range.low) < 0) to = middle;
    else if (compareBytes(bytes, range.high) > 0) from = middle + 1;
    else return true;
  }
  return false;
}

export interface ClientQuestion {
  /** The other end of the socket. */
  readonly peer: Address | undefined;
  /** All lines of the one header that is configured, in order; no other header is ever believed (hostile D05). */
  readonly forwarded: readonly string[];
  /** Who may be believed about the hop before it; nobody by default. */
  readonly trustedProxies?: AllowlistMatcher | undefined;
  /** `list` is X-Forwarded-For, `forwarded` RFC 7239, `single` a header with one value such as CF-Connecting-IP. */
  readonly style?: "list" | "forwarded" | "single" | undefined;
}

export type ClientAddress =
  | { readonly kind: "known"; readonly address: Address }
  | { readonly kind: "unreadable"; readonly peer?: Address };

const MAX_HOPS = 100;
const MAX_HEADER_LENGTH = 8 * 1024;

/**
 * The client: the rightmost hop that is no trusted proxy, or the leftmost one when all are trusted (hostile D01 to D05, D11).
 * `unreadable` when a hop on the way there is no address, or the header is malformed or too large.
 */
export function clientAddress(question: ClientQuestion): ClientAddress {
  const { peer, forwarded, trustedProxies = NOBODY, style = "list" } = question;
  if (peer === undefined) return { kind: "unreadable" };
  if (!trustedProxies.allows(peer) || forwarded.length === 0) return { kind: "known", address: peer };
  const hops = readHops(forwarded, style);
  if (hops === undefined) return { kind: "unreadable", peer };
  let client = peer;
  for (const hop of hops.reverse()) {
    const address = readHop(hop);
    if (address === undefined) return { kind: "unreadable", peer };
    client = address;
    if (!trustedProxies.allows(address)) break;
  }
  return { kind: "known", address: client };
}

/** From left to right; `undefined` for a header that is too large, too long or malformed. */
function readHops(lines: readonly string[], style: "list" | "forwarded" | "single"): string[] | undefined {
  const text = lines.join(",");
  if (text.length > MAX_HEADER_LENGTH) return undefined;
  const hops = style === "forwarded" ? readForwarded(text) : text.split(",");
  if (hops === undefined || hops.length > MAX_HOPS) return undefined;
  return style === "single" && hops.length > 1 ? undefined : hops;
}

const FORWARDED_PAIR = /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;\\]+))[ \t]*([;,]|$)/gy;

/**
 * The `for` of every element (RFC 7239 section 4), `""` for one without. The header is read as a whole: an open quote in the
 * client's part could otherwise swallow what the proxy added to it.
 */
function readForwarded(text: string): string[] | undefined {
  const hops: string[] = [];
  let node: string | undefined;
  for (const [, name, quoted, token, end] of text.matchAll(FORWARDED_PAIR)) {
    if (name?.toLowerCase() === "for") {
      if (node !== undefined) return undefined;
      node = quoted ?? token;
    }
    if (end === ";") continue;
    hops.push(node ?? "");
    node = undefined;
    if (end === "") return hops;
  }
  return undefined;
}

const HOP_WITH_PORT = /^(?:\[([^\]:]*:[^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::(\d{1,5}))?$/;

/** Takes surrounding quotes, brackets and a port off; a bare IPv6 address has no port, whatever its last group looks like. */
function readHop(element: string): Address | undefined {
  const trimmed = element.trim();
  const hop = /^".*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
  const parts = HOP_WITH_PORT.exec(hop);
  if (parts === null) return parseAddress(hop);
  return Number(parts[3] ?? 0) <= 65_535 ? parseAddress(parts[1] ?? parts[2] ?? "") : undefined;
}
