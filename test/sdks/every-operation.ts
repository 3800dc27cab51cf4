// The story that calls every operation, and how a step is told and judged; sdks/operations/README.md says what its fields mean. The
// Python SDK has a reader of its own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isForRootKeys } from "../../tools/sdk/operations.ts";
import { ROOT } from "../support/server-process.ts";

export interface Step {
  readonly call: string;
  readonly path?: readonly string[];
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly expect?: unknown;
  readonly save?: Readonly<Record<string, string>>;
  readonly at?: string;
  readonly accept?: string;
  readonly take?: number;
  readonly meanwhile?: Step;
  readonly denied?: { readonly status: number; readonly code: string };
}

export const STORY: { readonly project: string; readonly steps: readonly Step[] } = JSON.parse(
  readFileSync(join(ROOT, "sdks/operations/every-operation.json"), "utf8"),
);

/** The operations of openapi.json that are for root keys, by their ids. */
export function operationIds(): string[] {
  const { paths } = JSON.parse(readFileSync(join(ROOT, "openapi.json"), "utf8"));
  const all = Object.entries(paths as Record<string, Record<string, { operationId: string }>>);
  const ours = all.filter(([path]) => isForRootKeys(path));
  return ours.flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId));
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

/** All, or the first `most`, after which whatever gives them is ended. */
export async function all<T>(items: AsyncIterable<T>, most = Number.POSITIVE_INFINITY): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) if (list.push(item) === most) break;
  return list;
}

const BETWEEN_MS = 100;

/** Does it again and again, until the other has ended. */
export async function meanwhile(what: () => Promise<unknown>, until: Promise<unknown>): Promise<void> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  const ended = until.then(end, end);
  while (!isOver) {
    await what();
    await Promise.race([ended, wait(BETWEEN_MS)]);
  }
}

/** As the page does to which the link of an invitation leads, for somebody who has not been there before. */
export async function acceptInvitation(link: string): Promise<void> {
  const { origin, hash } = new URL(link);
  const token = new URLSearchParams(hash.slice(1)).get("token");
  const answer = await fetch(new URL("/auth/invitations/accept", origin), {
    method: "POST",
    headers: { "content-type": "application/json", "x-claviger-request": "1", origin },
    body: JSON.stringify({ token, name: "Somebody", password: "a phrase that nobody else has" }),
  });
  assert.equal(answer.status, 204, await answer.text());
}
