// Promise: the most specific route that admits the method is the one that is judged, and no route means none. CONTRACTS N5,
// hostile cases C14, C17.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compileRoutes,
  matchRoute,
  parseMatch,
  RouteError,
  type RouteMatch,
  type RouteTable,
} from "../../src/policy/route.ts";

function compile(patterns: readonly string[]): RouteTable<string> {
  return compileRoutes(
    patterns.map((text) => ({ match: parseMatch(text), policy: text })),
    () => true,
  );
}

function assertMatches(patterns: string[], expected: Record<string, string | undefined>): void {
  const table = compile(patterns);
  for (const [request, pattern] of Object.entries(expected)) {
    const [method = "", path = ""] = request.split(" ");
    assert.equal(matchRoute(table, method, path)?.pattern, pattern, request);
  }
}

test("scopes of one published API fall where its page says (N5)", () => {
  const settings = "POST|PATCH|DELETE /v1/tts/settings/**";
  assertMatches(
    ["POST /v1/tts", "GET /v1/tts/**", settings, "/v1/stt/**", "GET /v1/voices/**", "* /v1/voices/**"],
    {
      "POST /v1/tts": "POST /v1/tts",
      "GET /v1/tts": "GET /v1/tts/**",
      "GET /v1/tts/settings": "GET /v1/tts/**",
      "POST /v1/tts/settings": settings,
      "DELETE /v1/tts/settings/speed/fast": settings,
      "POST /v1/tts/other": undefined,
      "PUT /v1/tts/settings": undefined,
      "GET /v1/stt/stream": "/v1/stt/**",
      "GET /v1/voices/7": "GET /v1/voices/**",
      "PUT /v1/voices/7": "* /v1/voices/**",
      "GET /v1/voicesx": undefined,
      "GET /v2/voices": undefined,
      "GET /": undefined,
    },
  );
});

test("/** admits the path before it and all below, and nothing beside it", () => {
  assertMatches(["/x/**"], {
    "GET /x": "/x/**",
    "GET /x/": "/x/**",
    "GET /x/a": "/x/**",
    "GET /x/a/b/": "/x/**",
    "GET /xa": undefined,
    "GET /": undefined,
  });
  assertMatches(["/**"], { "GET /": "/**", "GET /a/b": "/**" });
});

test("literal comes before parameter before /**, from the left", () => {
  assertMatches(["/a/b", "/a/{p}", "/a/**", "/{q}/b/c", "/a/{p}/d", "/**"], {
    "GET /a/b": "/a/b",
    "GET /a/c": "/a/{p}",
    "GET /a": "/a/**",
    "GET /a/": "/a/**",
    "GET /a/b/c": "/a/**",
    "GET /z/b/c": "/{q}/b/c",
    "GET /a/b/d": "/a/{p}/d",
    "GET /z": "/**",
  });
});

test("a route that does not admit the method stands in nobody's way, and a named method comes first", () => {
  assertMatches(["POST /a/b", "/a/{p}", "GET /a/**", "GET /a/{q}"], {
    "POST /a/b": "POST /a/b",
    "GET /a/b": "GET /a/{q}",
    "PUT /a/b": "/a/{p}",
    "PUT /a/b/c": undefined,
  });
});

test("HEAD is judged as GET (C14)", () => {
  assertMatches(["GET /exports", "POST /imports", "/exports"], {
    "HEAD /exports": "GET /exports",
    "HEAD /imports": undefined,
  });
});

test("methods outside the list match nothing, not even a route for any method (C17)", () => {
  const table = compile(["/**"]);
  for (const method of [
    "TRACE",
    "FOO",
    "get",
    "head",
    "CONNECT",
    "",
    "*",
    "any",
    "toString",
    "__proto__",
    "GET ",
  ]) {
    assert.equal(matchRoute(table, method, "/x"), undefined, method);
  }
  assert.equal(matchRoute(table, "OPTIONS", "/x")?.pattern, "/**");
});

test("parameters are decoded and never empty", () => {
  const table = compile(["/v1/accounts/{account}/voices/{voice}", "GET /{constructor}"]);
  assert.deepEqual(matchRoute(table, "GET", "/v1/accounts/acme%20%C3%A9/voices/a+b")?.parameters, {
    account: "acme é",
    voice: "a+b",
  });
  assert.equal(matchRoute(table, "GET", "/v1/accounts//voices/x"), undefined);
  assert.equal(matchRoute(table, "GET", "/v1/accounts/x/voices/"), undefined);
  assert.equal(matchRoute(table, "GET", "/"), undefined);
  assert.deepEqual(matchRoute(table, "GET", "/x")?.parameters, { constructor: "x" });
  assert.equal(matchRoute(table, "GET", "/%ff"), undefined);
});

test("literals match to the letter", () => {
  assertMatches(["/v1/exports", "/v1/caf%C3%A9"], {
    "GET /v1/Exports": undefined,
    "GET /v1/%65xports": undefined,
    "GET /v1/exports/": undefined,
    "GET /v1/exports.json": undefined,
    "GET /v1/exports%20": undefined,
    "GET /v1/caf%C3%A9": "/v1/caf%C3%A9",
  });
});

test("an empty table matches nothing", () => {
  assert.equal(matchRoute(compile([]), "GET", "/"), undefined);
});

const METHODS = ["GET", "POST", "PUT"] as const;
const segment = fc.constantFrom("a", "b", "A", "a.b", "{p}");
const pattern = fc
  .tuple(
    fc.constantFrom("", "* ", "GET ", "POST ", "GET|PUT "),
    fc.array(segment, { maxLength: 3 }),
    fc.constantFrom("", "/", "/**"),
  )
  .filter(([, segments]) => segments.filter((text) => text === "{p}").length < 2)
  .map(([method, segments, end]) => `${method}${`/${segments.join("/")}${end}`.replace("//", "/")}`);
const path = fc
  .array(fc.constantFrom("a", "b", "A", "a.b", "c", "%61", ""), { maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

/** The rules written down as plainly as they are said: try every route, compare position by position. */
function naiveMatch(matches: readonly RouteMatch[], method: string, requested: string): string | undefined {
  const parts = requested.split("/").slice(1);
  const ranked = matches
    .filter((match) => match.methods === "any" || (match.methods as readonly string[]).includes(method))
    .filter((match) =>
      match.open ? parts.length >= match.segments.length : parts.length === match.segments.length,
    )
    .filter((match) =>
      match.segments.every((wanted, at) =>
        wanted.kind === "literal" ? wanted.text === parts[at] : parts[at] !== "",
      ),
    )
    .map((match) => {
      const kinds = match.segments.map((wanted) => (wanted.kind === "literal" ? "3" : "2")).join("");
      return {
        match,
        rank: `${kinds}${match.open ? "0" : "1"}`.padEnd(9, "0") + (match.methods === "any" ? "0" : "1"),
      };
    });
  return ranked.sort((left, right) => (left.rank < right.rank ? 1 : -1))[0]?.match.pattern;
}

test("any small table agrees with a matcher that tries every route", () => {
  fc.assert(
    fc.property(
      fc.array(pattern, { maxLength: 10 }),
      fc.constantFrom(...METHODS),
      fc.array(path, { minLength: 5 }),
      (patterns, method, paths) => {
        const kept: string[] = [];
        for (const text of patterns) {
          try {
            compile([...kept, text]);
            kept.push(text);
          } catch (error) {
            assert.ok(error instanceof RouteError);
          }
        }
        const table = compile(kept);
        const matches = kept.map(parseMatch);
        for (const requested of paths) {
          assert.equal(
            matchRoute(table, method, requested)?.pattern,
            naiveMatch(matches, method, requested),
            requested,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("no text makes a match throw", () => {
  const table = compileRoutes(
    ["/**", "/a/{p}/b", "GET /a.b/c", "/{p}"].map((text) => ({ match: parseMatch(text), policy: text })),
    () => false,
  );
  const text = fc.oneof(
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    fc.string(),
    fc.stringMatching(/^[/a.%2e ]*$/),
  );
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...METHODS), text), text, (method, requested) => {
      for (const target of [requested, `/${requested}`]) matchRoute(table, method, target);
    }),
  );
});
