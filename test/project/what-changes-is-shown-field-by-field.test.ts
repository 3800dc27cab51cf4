/** Of two project files every difference is told with its field, and nothing that is no difference. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { differences } from "../../src/project/difference.ts";

test("a field that came, went or changed is told with what was and what is", () => {
  assert.deepEqual(
    differences(
      { name: "acme", title: "A", keys: { format: "x" } },
      { name: "acme", keys: { format: "y" }, upstream: "sample" },
    ),
    [
      { field: "title", change: "removed", before: "A" },
      { field: "keys.format", change: "changed", before: "x", after: "y" },
      { field: "upstream", change: "added", after: "sample" },
    ],
  );
});

test("a project that is new is one addition, one that ends one removal", () => {
  assert.deepEqual(differences(undefined, { name: "acme" }), [
    { field: "", change: "added", after: { name: "acme" } },
  ]);
  assert.deepEqual(differences({ name: "acme" }, undefined), [
    { field: "", change: "removed", before: { name: "acme" } },
  ]);
  assert.deepEqual(differences(undefined, undefined), []);
});

test("lists of names are told as wholes, lists of things place by place", () => {
  assert.deepEqual(differences({ environments: ["a", "b"] }, { environments: ["b", "a"] }), [
    { field: "environments", change: "changed", before: ["a", "b"], after: ["b", "a"] },
  ]);
  assert.deepEqual(
    differences(
      { routes: [{ match: "/a" }, { match: "/b" }] },
      { routes: [{ match: "/a" }, { match: "/b", feature: "x" }, { match: "/c" }] },
    ),
    [
      { field: "routes[1].feature", change: "added", after: "x" },
      { field: "routes[2]", change: "added", after: { match: "/c" } },
    ],
  );
  assert.deepEqual(differences({ hosts: ["a.b"] }, { hosts: [{ host: "a.b" }] }), [
    { field: "hosts", change: "changed", before: ["a.b"], after: [{ host: "a.b" }] },
  ]);
});

test("the order of fields is no difference, nothing and null are", () => {
  assert.deepEqual(differences({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }), []);
  assert.deepEqual(differences({ a: null }, { a: {} }), [
    { field: "a", change: "changed", before: null, after: {} },
  ]);
});

test("names that every object seems to have are told like any other", () => {
  for (const name of ["constructor", "toString", "valueOf"]) {
    const scopes = { [name]: "x" };
    assert.deepEqual(differences({ scopes: {} }, { scopes }), [
      { field: `scopes.${name}`, change: "added", after: "x" },
    ]);
    assert.deepEqual(differences({ scopes }, { scopes: {} }), [
      { field: `scopes.${name}`, change: "removed", before: "x" },
    ]);
  }
  const proto = JSON.parse('{"__proto__": 1}') as unknown;
  assert.deepEqual(differences({ body: {} }, { body: proto }), [
    { field: "body.__proto__", change: "added", after: 1 },
  ]);
});

test("nothing differs from itself, and what differs as JSON differs here", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      assert.deepEqual(differences(one, JSON.parse(JSON.stringify(one))), []);
      const found = differences(one, other);
      const back = differences(other, one);
      assert.equal(found.length === 0, sameJson(one, other));
      assert.deepEqual(found.map(({ field }) => field).sort(), back.map(({ field }) => field).sort());
    }),
  );
});

function sameJson(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(plain(one), plain(other));
}
