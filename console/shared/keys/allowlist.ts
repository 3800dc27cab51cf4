// Whether an entry is an address or a CIDR range, told while it is typed. The server has the last word. Pure.

/** What is wrong with the entry, or nothing. */
export function addressProblem(entry: string): string | undefined {
  const [spelled = "", prefix, ...more] = entry.split("/");
  const bytes = readIpv4(spelled) ?? readIpv6(spelled);
  if (bytes === undefined)
    return "is not an address. Write four numbers such as 203.0.113.7, or an IPv6 address";
  if (prefix === undefined) return undefined;
  const bits = bytes.length * 8;
  if (more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits)
    return `needs a prefix from 0 to ${bits} after the slash`;
  if (Number(prefix) === 0) return "admits every address. Leave the list empty for that";
  return hasHostBits(bytes, Number(prefix))
    ? `names one address with a range behind it. For the range, its last ${bits - Number(prefix)} bits must be zero`
    : undefined;
}

function readIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  const isOctet = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
  return parts.length === 4 && parts.every(isOctet) ? parts.map(Number) : undefined;
}

/** A dotted tail is read too; zone ids are not. */
function readIpv6(text: string): number[] | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const last = tail === null ? [] : readIpv4(tail[2] ?? "");
  if (last === undefined) return undefined;
  const halves = (tail === null ? text : (tail[1] ?? "").replace(/([^:]):$/, "$1")).split("::");
  if (halves.length > 2) return undefined;
  const [before, after] = halves.map(readGroups);
  if (before === undefined || (halves.length === 2 && after === undefined)) return undefined;
  const known = before.length + (after?.length ?? 0) + last.length;
  if (halves.length === 1 ? known !== 16 : known > 14) return undefined;
  const zeros = Array.from({ length: 16 - known }, () => 0);
  return [...before, ...zeros, ...(after ?? []), ...last];
}

function readGroups(half: string): number[] | undefined {
  if (half === "") return [];
  const groups = half.split(":");
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

function hasHostBits(bytes: readonly number[], prefix: number): boolean {
  return bytes.some((byte, index) => {
    const hostBits = 0xff >> Math.min(8, Math.max(0, prefix - index * 8));
    return (byte & hostBits) !== 0;
  });
}

/** The list's first mistake as a sentence, or nothing. */
export function allowlistProblem(entries: readonly string[]): string | undefined {
  for (const entry of entries) {
    const problem = addressProblem(entry);
    if (problem !== undefined) return `${entry} ${problem}.`;
  }
  return undefined;
}
