// Promise: a scope reaches what the catalogue says it implies and nothing else, and what a key was granted is an upper bound for
// ever unless the catalogue says `future`. CONTRACTS N3, N4; hostile cases C01, C03.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  closeScopes,
  effectiveScopes,
  missingScopes,
  type ScopeCatalogue,
  type ScopeDefinition,
} from "../../src/policy/scope.ts";

type Stands = "frozen" | "future";

function catalogue(entries: Record<string, readonly string[] | Stands>): ScopeCatalogue {
  return new Map(
    Object.entries(entries).map(([name, entry]): [string, ScopeDefinition] => [
      name,
      typeof entry === "string"
        ? { name, description: name, implies: [], stands: entry }
        : { name, description: name, implies: entry },
    ]),
  );
}

const reached = (of: ScopeCatalogue, ...names: string[]) => [...closeScopes(of, names)].sort().join(" ");

test("implications are followed to their end, in circles too", () => {
  const scopes = catalogue({ a: ["b"], b: ["c"], c: ["a"], d: ["gone", "d"], e: [] });
  assert.equal(reached(scopes, "a"), "a b c");
  assert.equal(reached(scopes, "d"), "d");
  assert.equal(reached(scopes, "e", "b"), "a b c e");
  assert.equal(reached(scopes), "");
  assert.equal(reached(scopes, "gone", "", "__proto__", "constructor", "a "), "");
});

test("implication goes one way", () => {
  const scopes = catalogue({ write: ["read"], read: [] });
  assert.equal(reached(scopes, "write"), "read write");
  assert.equal(reached(scopes, "read"), "read");
});

test("a scope that stands for all reaches all, also when another implies it", () => {
  for (const stands of ["frozen", "future"] as const) {
    const scopes = catalogue({ "*": stands, a: [], b: [], root: ["*"] });
    assert.equal(reached(scopes, "*"), "* a b root");
    assert.equal(reached(scopes, "root"), "* a b root");
    assert.equal(reached(scopes, "a"), "a");
  }
});

test("`*` is a name like any other unless it is declared to stand for all", () => {
  assert.equal(reached(catalogue({ "*": [], a: [] }), "*"), "*");
});

const names = ["a", "b", "c", "d", "*"];
const someNames = fc.subarray(names);
const someCatalogue = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...names.slice(0, 4)), someNames, { noNullPrototype: true }),
    fc.constantFrom<Stands | undefined>("frozen", "future", undefined),
  )
  .map(([entries, stands]) => catalogue({ ...entries, ...(stands && { "*": stands }) }));

test("no later catalogue gives a key more than it was granted, and none more than its names reach", () => {
  fc.assert(
    fc.property(someCatalogue, someCatalogue, someNames, (then, now, granted) => {
      const frozen = [...closeScopes(then, granted)];
      const today = closeScopes(now, granted);
      const usable = effectiveScopes(now, granted, frozen);
      assert.ok(usable.isSubsetOf(today));
      const future = granted.some((name) => now.get(name)?.stands === "future");
      if (future) assert.deepEqual(usable, today);
      else assert.ok(usable.isSubsetOf(new Set(frozen)));
    }),
    { numRuns: 500 },
  );
});

test("under an unchanged catalogue a key may use all that it reached", () => {
  fc.assert(
    fc.property(someCatalogue, someNames, (scopes, granted) => {
      const all = closeScopes(scopes, granted);
      assert.deepEqual(new Set(effectiveScopes(scopes, granted, [...all])), all);
    }),
  );
});

test("`future` does not pass to a scope that merely implies it", () => {
  const before = catalogue({ "*": "future", root: ["*"] });
  const after = catalogue({ "*": "future", root: ["*"], added: [] });
  const frozen = [...closeScopes(before, ["root"])];
  assert.ok(!effectiveScopes(after, ["root"], frozen).has("added"));
  assert.ok(effectiveScopes(after, ["*"], frozen).has("added"));
});

test("missing scopes are named in the order in which they are required, by whole names", () => {
  assert.deepEqual(missingScopes(new Set(["tts:read"]), ["x", "tts:read", "tts", "tts:readx", ""]), [
    "x",
    "tts",
    "tts:readx",
    "",
  ]);
  assert.deepEqual(missingScopes(new Set(["*"]), ["a"]), ["a"], "a set holds no wildcards");
});
