/** A file that would unfold without end, or that says what nothing here reads, is refused in words and at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkShape, ProjectFileError } from "../../src/project/load.ts";
import { problemsOf, projectOf } from "./project-files.ts";

const MIB = 1_048_576;

/** Nine levels of nine: 387 million values in 600 characters. */
function aliasBomb(): string {
  const names = [..."abcdefghi"];
  const levels = names.map((name, index) => {
    const below = index === 0 ? "x" : `*${names[index - 1]}`;
    return `  - &${name} [${Array(9).fill(below).join(", ")}]`;
  });
  return `name: acme\ndialect:\n  body:\n${levels.join("\n").replace(/^/gm, "  ")}\n`;
}

test("aliases that multiply are refused", () => {
  assert.deepEqual(problemsOf(aliasBomb()), [
    "acme.yaml: its aliases stand for too much: Excessive alias count indicates a resource exhaustion attack",
  ]);
});

test("aliases of something long are refused before they are written out", () => {
  const text = `name: acme\ndialect:\n  body: [&a "${"x".repeat(500_000)}", ${Array(900).fill("*a").join(", ")}]\n`;
  assert.deepEqual(problemsOf(text), [
    "acme.yaml:2 dialect: is longer than 4194304 characters once its aliases are written out",
  ]);
});

test("an alias that is used as meant is read", () => {
  const project = projectOf(
    "name: acme\ndialect:\n  answers:\n    invalid_key: &same { code: no }\n    revoked_key: *same\n",
  );
  assert.equal(project.dialect.answers.get("revoked_key")?.code, "no");
});

test("what holds itself is refused", () => {
  const deep = "is nested more than 32 deep, or holds itself";
  assert.deepEqual(problemsOf("name: acme\ndialect:\n  body: &a { a: *a }\n"), [
    `acme.yaml:2 dialect: ${deep}`,
  ]);
  const circular: unknown[] = [];
  circular.push(circular);
  assert.throws(() => checkShape({ name: "acme", dialect: { body: circular } }, "body"), {
    name: "ProjectFileError",
    message: `body dialect: ${deep}`,
  });
});

test("text that only opens collections is refused before it is parsed", () => {
  for (const opening of ["[", '{"a":', "- ", "? "]) {
    assert.deepEqual(problemsOf(opening.repeat(50_000)), ["acme.yaml: is nested too deep"], opening);
  }
});

test("what is nested without end is refused, whether or not it can still be parsed", () => {
  const nested = (depth: number) =>
    `name: acme\ndialect:\n  body: ${"[".repeat(depth)}${"]".repeat(depth)}\n`;
  assert.equal(projectOf(nested(25)).name, "acme");
  assert.match(problemsOf(nested(40))[0] ?? "", /^acme\.yaml:2 dialect: is nested more than 32 deep/);
  assert.match(problemsOf(nested(20_000))[0] ?? "", /^acme\.yaml: is nested too deep$/);
});

test("a file of more than 1 MiB is not read, counted in bytes", () => {
  const long = "acme.yaml: is longer than 1 MiB (1048576 bytes)";
  const padded = (filler: string, bytes: number) => {
    const start = "name: acme\n#";
    return start + filler.repeat((bytes - start.length) / Buffer.byteLength(filler));
  };
  assert.equal(projectOf(padded("x", MIB)).name, "acme");
  assert.deepEqual(problemsOf(padded("x", MIB + 1)), [long]);
  assert.deepEqual(problemsOf(padded("é", MIB + 2)), [long]);
});

test("the time that a file takes grows with its length and not with its square", () => {
  const many = (entry: (index: number) => string) =>
    Array.from({ length: 50_000 }, (_, index) => entry(index));
  const startMs = performance.now();
  assert.equal(
    projectOf(`name: acme\nscopes:\n${many((index) => ` s${index}: x\n`).join("")}`).scopes.size,
    50_000,
  );
  const told = [
    problemsOf(`name: acme\n${many(() => "a: 1\n").join("")}`),
    problemsOf(`name: acme\ntitle: ${"[".repeat(200_000)}`),
    problemsOf(`name: acme\nscopes:\n${many((index) => ` s${index}: {}\n`).join("")}defaultPlan: x\n`),
    problemsOf(`name: acme\nkeys: { defaultScopes: [${many((index) => `s${index}`).join(", ")}] }\n`),
  ];
  for (const lines of told) assert.ok(lines.length > 0 && lines.length <= 1_000);
  // About 3 s on a slow machine that is busy; the square of any of these took more than 25 s.
  assert.ok(performance.now() - startMs < 20_000);
});

test("ten thousand routes fit", () => {
  const routes = Array.from({ length: 10_000 }, (_, index) => `- { match: "GET /v1/things${index}/{id}" }`);
  assert.notEqual(projectOf(`name: acme\nroutes:\n${routes.join("\n")}\n`).routes, undefined);
});

test("a tag is not read past: what it was to say would be lost", () => {
  assert.match(problemsOf("name: !!js/function 'x'\n")[0] ?? "", /^acme\.yaml:1: Unresolved tag/);
  assert.match(
    problemsOf("name: acme\ntitle: !secret x\n")[0] ?? "",
    /^acme\.yaml:2: Unresolved tag: !secret/,
  );
});

test("a key that is not text, and text that is not Unicode, are refused", () => {
  assert.match(problemsOf("name: acme\n? [a, b]\n: c\n")[0] ?? "", /^acme\.yaml:2: .*keys must be strings/);
  assert.deepEqual(problemsOf('name: acme\ntitle: "\\ud800"\n'), [
    "acme.yaml:2 title: holds half of a surrogate pair",
  ]);
});

test("members that every object seems to have are only what the file says", () => {
  assert.match(
    problemsOf("name: acme\nroutes: [{ match: /a, scopes: [constructor] }]\n")[0] ?? "",
    /scope "constructor" is not declared/,
  );
  assert.equal(projectOf("name: acme\nscopes: { constructor: Build }\n").scopes.size, 1);
  assert.match(problemsOf("name: acme\nhosts: [{ host: a.b, region: valueof }]\n")[0] ?? "", /not declared/);
});

test("only the error of this room is thrown, whatever the text", () => {
  for (const text of [
    "\0",
    "%",
    "name: acme\n\u0007: x",
    "&a",
    "*a",
    "? ",
    "{",
    "'",
    "|",
    "name: acme\n<<: *x",
  ]) {
    assert.throws(() => projectOf(text), ProjectFileError, JSON.stringify(text));
  }
});
