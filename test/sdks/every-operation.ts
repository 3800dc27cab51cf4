// The story that calls every operation, and how a step is told and judged; sdks/operations/README.md says what its fields mean. The
// Python SDK has a reader of its own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/server-process.ts";

export interface Step {
  readonly call: string;
  readonly path?: readonly string[];
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly expect?: unknown;
  readonly save?: Readonly<Record<string, string>>;
  readonly denied?: { readonly status: number; readonly code: string };
}

export const STORY: { readonly project: string; readonly steps: readonly Step[] } = JSON.parse(
  readFileSync(join(ROOT, "sdks/operations/every-operation.json"), "utf8"),
);

/** The operations of openapi.json, by their ids. */
export function operationIds(): string[] {
  const { paths } = JSON.parse(readFileSync(join(ROOT, "openapi.json"), "utf8"));
  const methods = Object.values(paths as Record<string, Record<string, { operationId: string }>>);
  return methods.flatMap((its) => Object.values(its).map(({ operationId }) => operationId));
}

/** The value with every text that is `{name}`, or holds it, filled in. */
export function filled<T>(value: T, words: Readonly<Record<string, string>>): T {
  if (typeof value === "string")
    return value.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole) as T;
  if (Array.isArray(value)) return value.map((one) => filled(one, words)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, words)])) as T;
}

/** Lists have as many entries as are expected, objects at least the fields. */
export function assertHolds(found: unknown, expected: unknown, where: string): void {
  if (typeof expected !== "object" || expected === null) {
    assert.equal(found, expected, where);
    return;
  }
  if (Array.isArray(expected)) assert.equal((found as unknown[]).length, expected.length, where);
  for (const [name, one] of Object.entries(expected))
    assertHolds((found as Record<string, unknown>)[name], one, `${where}.${name}`);
}

export function pick(value: unknown, path: string): string {
  const found = path
    .split(".")
    .reduce((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
  assert.equal(typeof found, "string", path);
  return found as string;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
