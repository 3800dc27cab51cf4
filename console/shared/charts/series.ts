// Usage lines as the columns of a chart: every day there is, in order, with its parts. Pure.
import type { UsageLine } from "../api/shapes.ts";
import { DAY_MS } from "../pieces/time.ts";

export interface Column {
  /** A day such as 2026-11-21, or an hour's beginning. */
  readonly at: string;
  readonly parts: ReadonlyMap<string, number>;
  readonly total: number;
}

export interface Series {
  readonly columns: readonly Column[];
  /** The names of the parts, largest first; what comes after the sixth is gathered. */
  readonly names: readonly string[];
}

export const REST = "others";
const MAX_PARTS = 6;

/** Days from `fromIso` to today, in UTC; those without a line count nothing. */
export function daySeries(
  lines: readonly UsageLine[],
  fromIso: string,
  nowMs: number,
  nameOf: (line: UsageLine) => string,
): Series {
  const names = rank(lines, nameOf);
  const known = new Set(names);
  const days = daysFrom(fromIso, nowMs);
  const parts = new Map(days.map((day) => [day, new Map<string, number>()]));
  for (const line of lines) {
    const column = parts.get(line.day ?? "");
    if (column === undefined) continue;
    const name = known.has(nameOf(line)) ? nameOf(line) : REST;
    column.set(name, (column.get(name) ?? 0) + line.requests);
  }
  const columns = days.map((at) => columnOf(at, parts.get(at) ?? new Map()));
  const hasRest = columns.some(({ parts: each }) => each.has(REST));
  return { columns, names: hasRest ? [...names.filter((name) => name !== REST), REST] : names };
}

function columnOf(at: string, parts: ReadonlyMap<string, number>): Column {
  return { at, parts, total: [...parts.values()].reduce((sum, count) => sum + count, 0) };
}

function rank(lines: readonly UsageLine[], nameOf: (line: UsageLine) => string): string[] {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(nameOf(line), (sums.get(nameOf(line)) ?? 0) + line.requests);
  return [...sums]
    .sort(([, one], [, other]) => other - one)
    .slice(0, MAX_PARTS)
    .map(([name]) => name);
}

function daysFrom(fromIso: string, nowMs: number): string[] {
  const first = Date.parse(`${fromIso.slice(0, 10)}T00:00:00.000Z`);
  const count = Math.max(1, Math.floor((nowMs - first) / DAY_MS) + 1);
  return Array.from({ length: count }, (_, index) =>
    new Date(first + index * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Round numbers for the axis, the highest at or above `highest`. */
export function ticks(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power * 10,
  );
  const count = Math.ceil(highest / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
