// Promise: the work of a match is bounded by the path, not by the number of routes. Hostile case C18.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  compileRoutes,
  matchRoute,
  parseMatch,
  RouteError,
  type RouteTable,
} from "../../src/policy/route.ts";

function compile(patterns: readonly string[]): RouteTable<string> {
  return compileRoutes(
    patterns.map((text) => ({ match: parseMatch(text), policy: text })),
    () => true,
  );
}

/** Child look-ups of one match: every node that is visited with path left costs exactly one. */
function countLookUps(t: TestContext, table: RouteTable<string>, path: string): number {
  const get = t.mock.method(Map.prototype, "get");
  matchRoute(table, "GET", path);
  const count = get.mock.callCount();
  get.mock.restore();
  return count;
}

function products(count: number): string[] {
  return Array.from({ length: count }, (_, index) => [
    `/v1/product${index}/{id}/items/**`,
    `GET /v1/product${index}/search`,
  ]).flat();
}

test("10,000 routes take the same look-ups as ten (C18)", (t) => {
  const few = compile(products(5));
  const many = compile(products(5_000));
  for (const path of [
    "/v1/product4/7/items/9",
    "/v1/product4/search",
    "/v1/nothing",
    "/v1/product4/7/items.json",
    "/v2",
  ]) {
    const lookUps = countLookUps(t, many, path);
    assert.ok(lookUps > 0);
    assert.equal(lookUps, countLookUps(t, few, path), path);
  }
  assert.equal(
    matchRoute(many, "GET", "/v1/product4999/7/items/9")?.pattern,
    "/v1/product4999/{id}/items/**",
  );
});

test("a path of thousands of segments costs no more than the routes are deep", (t) => {
  const table = compile(["/a/a/a/**", "/{p}/a", "/**"]);
  assert.ok(countLookUps(t, table, "/a".repeat(4_096)) <= 12);
  assert.ok(countLookUps(t, table, `/${".%20".repeat(2_000)}x`) <= 12);
});

/** Every mixture of a literal and a parameter over so many positions. */
function mixtures(depth: number): string[] {
  return Array.from({ length: 2 ** depth }, (_, bits) =>
    Array.from({ length: depth }, (_unused, at) => ((bits >> at) & 1 ? "/a" : `/{p${at}}`)).join(""),
  );
}

test("a table in which a walk could turn back without end is refused, and a smaller one stays bounded", (t) => {
  assert.throws(() => compile(mixtures(13)), RouteError);
  const table = compile(mixtures(7));
  const lookUps = countLookUps(t, table, `${"/a".repeat(7)}/end`);
  assert.ok(lookUps > 100 && lookUps <= 2 * 512, String(lookUps));
});

test("thousands of routes that differ in case only are refused", () => {
  const cases = Array.from({ length: 1_024 }, (_, bits) =>
    Array.from("abcdefghij", (letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(""),
  );
  assert.throws(() => compile(cases.map((text) => `/${text}`)), RouteError);
});
