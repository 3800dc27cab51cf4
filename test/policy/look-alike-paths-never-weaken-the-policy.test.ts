// Promise: a path that a lenient upstream may take for a better guarded one is never judged by a weaker policy. Hostile case C11.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileRoutes, matchRoute, parseMatch } from "../../src/policy/route.ts";

/** Policies are levels here: a higher one is stricter. */
type Levels = Record<string, number>;

function judgeBy(levels: Levels): (path: string, method?: string) => number | undefined {
  const routes = Object.entries(levels).map(([text, policy]) => ({ match: parseMatch(text), policy }));
  const table = compileRoutes(routes, (shadow, direct) => direct >= shadow);
  return (path, method = "GET") => matchRoute(table, method, path)?.policy;
}

test("case, encoding, trailing characters and extensions do not lead around a route (C11)", () => {
  const level = judgeBy({ "/**": 0, "/v1/exports": 5 });
  assert.equal(level("/v1/exports"), 5);
  for (const path of [
    ...[
      "/V1/Exports",
      "/v1/EXPORTS",
      "/v1/exports/",
      "/v1/exports.json",
      "/v1/exports.tar.gz",
      "/v1/exports%20",
      "/v1/exports.",
    ],
    ...[
      "/v1/%65xports",
      "/%56%31/exports",
      "/v1/exports%2e",
      "/v1/exports%2Ejson",
      "/v1/exports.%20",
      "/v1/exports%20.json/",
    ],
    ...[
      "/v1/exports .json",
      "/v1./exports",
      "/v1/%20/exports",
      "/v1/e%EF%BD%98ports",
      "/v1/export%C5%BF",
      "/V1/ExporTs",
      "/v1/Exports.JSON/",
    ],
  ]) {
    assert.equal(level(path), undefined, path);
  }
  for (const path of [
    "/v1/exports/1",
    "/v1/export",
    "/v1/exports-json",
    "/v1/exportss",
    "/v1",
    "/",
    "/V1/Other.json",
  ])
    assert.equal(level(path), 0, path);
});

test("a route and all below it are guarded alike", () => {
  const level = judgeBy({ "/**": 0, "/admin/**": 5, "/shop/{id}/refund": 3 });
  for (const path of [
    "/Admin",
    "/ADMIN/users",
    "/admin.json",
    "/%61dmin/x",
    "/adm%C4%B1n",
    "/SHOP/7/refund",
    "/shop/7/Refund.json",
    "/shop/7/refund/",
  ]) {
    assert.equal(level(path), undefined, path);
  }
  assert.equal(level("/admin/"), 5);
  assert.equal(level("/admin/x.json"), 5);
  assert.equal(level("/shop/A.b/refund"), 3);
  assert.equal(level("/shop/7"), 0);
});

test("a stricter policy than the look-alike's stands", () => {
  const level = judgeBy({ "/**": 5, "/v1/exports": 1 });
  assert.equal(level("/v1/Exports"), 5);
  assert.equal(level("/v1/exports/"), 5);
  assert.equal(level("/v1/exports.json"), 5);
});

test("files have extensions, and a route that names one is meant", () => {
  assert.equal(judgeBy({ "/files/**": 2 })("/files/report.csv"), 2);
  assert.equal(judgeBy({ "/files/{name}": 2 })("/files/Report.tar.gz"), 2);
  const level = judgeBy({ "/**": 5, "/": 5, "/openapi.json": 0, "/.well-known/**": 0 });
  assert.equal(level("/openapi.json"), 0);
  assert.equal(level("/OpenAPI.json"), 5);
  assert.equal(level("/.well-known/x.json"), 0);
  assert.equal(level("/.well-known"), 0);
});

test("an extension is looked for behind the first dot and behind the last", () => {
  const level = judgeBy({ "/**": 0, "/model": 5, "/voice.small": 5 });
  for (const path of ["/model.tar.gz", "/model.v2.json", "/voice.small.json", "/Voice.Small.JSON"]) {
    assert.equal(level(path), undefined, path);
  }
  assert.equal(level("/voice.json"), 0);
  assert.equal(level("/files/%20.json"), 0);
});

test("an extension that is named beside the bare path is not a way around it", () => {
  const level = judgeBy({ "/exports": 5, "/exports.json": 0, "/reports/**": 5, "/reports.csv": 0 });
  assert.equal(level("/exports.json"), undefined);
  assert.equal(level("/reports.csv"), undefined);
});

test("routes that differ in case only are judged by the strictest of them", () => {
  const level = judgeBy({ "/v1/Users": 1, "/v1/users": 3, "POST /v1/USERS": 5 });
  assert.equal(level("/v1/users"), 3);
  assert.equal(level("/v1/Users"), undefined);
  assert.equal(level("/v1/users", "POST"), undefined);
  assert.equal(level("/v1/USERS", "POST"), 5);
});

test("the look-alike is judged by the same method", () => {
  const level = judgeBy({ "/**": 0, "POST /v1/exports": 5 });
  assert.equal(level("/v1/Exports", "GET"), 0);
  assert.equal(level("/v1/Exports", "POST"), undefined);
  assert.equal(judgeBy({ "/**": 0, "GET /v1/exports": 5 })("/v1/Exports", "HEAD"), undefined);
});

const name = fc.constantFrom("a", "b", "exports");
const segments = fc.array(fc.oneof(name, fc.constant("{p}")), { maxLength: 3 });
const pattern = fc
  .tuple(segments, fc.boolean())
  .filter(([parts]) => parts.filter((part) => part === "{p}").length < 2)
  .map(([parts, open]) => `/${parts.join("/")}${open ? "/**" : ""}`.replace("//", "/"));

/** Writes a path otherwise: other case or encoding of its letters, and something at its end. */
const disguise = fc
  .tuple(
    fc.infiniteStream(fc.nat(2)),
    fc.constantFrom("", "/", ".", "%20", ".json", ".tar.gz", ".x/", ". ", "%2E", ".JSON%20/"),
  )
  .map(([choices, end]) => (path: string) => {
    const letters = [...path].map((letter) => {
      const choice = letter === "/" ? 0 : choices.next().value;
      if (choice === 1) return letter.toUpperCase();
      return choice === 2 ? `%${letter.charCodeAt(0).toString(16)}` : letter;
    });
    return letters.join("") + end;
  });

test("no disguise of a path is judged by a weaker policy than the path", () => {
  fc.assert(
    fc.property(
      fc.dictionary(pattern, fc.nat(3), { maxKeys: 8 }),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      disguise,
      (levels, parts, dress) => {
        const level = judgeBy(levels);
        const plain = level(`/${parts.join("/")}`);
        const dressed = level(dress(`/${parts.join("/")}`));
        if (plain !== undefined && dressed !== undefined)
          assert.ok(dressed >= plain, `${dressed} < ${plain}`);
      },
    ),
    { numRuns: 1_000 },
  );
});
