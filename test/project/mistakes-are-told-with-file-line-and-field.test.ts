/** What has not the shape of a project file is told once, in words, with the file, the line and the field; nothing is guessed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkShape, fieldName, ProjectFileError } from "../../src/project/load.ts";
import { problemsOf, projectOf } from "./project-files.ts";

/** Below `name: acme`, so that the first line of each text is line 2. */
const mistakes = (text: string) => problemsOf(`name: acme\n${text}\n`);

const LOWER_HOST = "must be a host name in lower case, such as api.example.com, without scheme, port or path";

test("a name is asked for in words", () => {
  const words = "must be 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end";
  for (const name of ["Acme", "a_b", "-a", "a-", "''", "a".repeat(41), "a.b", '"a\\n"']) {
    assert.deepEqual(problemsOf(`name: ${name}\n`), [`acme.yaml:1 name: ${words}`]);
  }
  assert.deepEqual(problemsOf("title: Acme\n"), ["acme.yaml:1 name: is missing"]);
});

test("an empty file and one of another kind say what the least is", () => {
  const least = "the least that a project file says is name: acme";
  assert.deepEqual(problemsOf(""), [`acme.yaml: is empty; ${least}`]);
  assert.deepEqual(problemsOf("# nothing\n"), [`acme.yaml: is empty; ${least}`]);
  for (const text of ["- acme\n", "acme\n", "5\n"]) {
    assert.deepEqual(problemsOf(text), [`acme.yaml:1: is not a group of fields; ${least}`]);
  }
});

test("an unknown field is told with the known ones of its place", () => {
  assert.deepEqual(mistakes("keys:\n  formt: x"), [
    "acme.yaml:3 keys.formt: unknown field; known here: format, checksum, accept, defaultScopes, maxPerAccount, defaultExpiryDays, maxExpiryDays",
  ]);
  assert.deepEqual(mistakes("routes:\n  - match: /a\n    scope: x\n  - match: /b\n    roles: y"), [
    "acme.yaml:4 routes[0].scope: unknown field; known here: match, name, webSocket, scopes, feature, ownAccount, limits, weight, cost, pot, hold, messages, forwardAuth",
    "acme.yaml:6 routes[1].roles: unknown field; known here: match, name, webSocket, scopes, feature, ownAccount, limits, weight, cost, pot, hold, messages, forwardAuth",
  ]);
  assert.match(
    mistakes("dialect: { answers: { missing_kye: {} } }")[0] ?? "",
    /answers\.missing_kye: unknown/,
  );
  assert.match(mistakes("__proto__: { a: 1 }")[0] ?? "", /^acme\.yaml:2 __proto__: unknown field/);
});

test("a wrong type is told as what is wanted and what is there", () => {
  assert.deepEqual(mistakes("title: 5"), [
    "acme.yaml:2 title: must be text, not the value 5: put it in quotes",
  ]);
  assert.deepEqual(mistakes("title: true"), [
    "acme.yaml:2 title: must be text, not the value true: put it in quotes",
  ]);
  assert.deepEqual(mistakes("title:"), ["acme.yaml:2 title: must be text, and is empty"]);
  assert.deepEqual(mistakes("plans: []"), ["acme.yaml:2 plans: must be a group of fields, not a list"]);
  assert.deepEqual(mistakes("environments: live"), ["acme.yaml:2 environments: must be a list, not text"]);
  assert.deepEqual(mistakes("credentials:\n  bearer: maybe"), [
    "acme.yaml:3 credentials.bearer: must be true or false, not text",
  ]);
  assert.deepEqual(mistakes("dialect: { answers: { missing_key: { status: '401' } } }"), [
    "acme.yaml:2 dialect.answers.missing_key.status: must be a whole number, not text",
  ]);
  assert.deepEqual(mistakes("plans: { p: { price: { amount: .inf } } }"), [
    "acme.yaml:2 plans.p.price.amount: must be a number, not the value Infinity",
  ]);
});

test("what was written is not repeated when it is text: it may be a key", () => {
  const secret = "acme_live_abcdefghijklmnopqrstuvwxyz012345";
  for (const text of [`keys: ${secret}`, `plans: { p: { features: ${secret} } }`, `hosts: [${secret}]`]) {
    assert.ok(!mistakes(text).join("\n").includes(secret), text);
  }
});

test("where a field has several forms, only the one that was meant speaks", () => {
  assert.deepEqual(
    mistakes("hosts:\n  - 5\n  - { host: A_B }\n  - { hst: x }\n  - Foo Bar\n  - ok.example"),
    [
      "acme.yaml:3 hosts[0]: must be text or a group of fields, not the value 5: put it in quotes",
      `acme.yaml:4 hosts[1].host: ${LOWER_HOST}`,
      "acme.yaml:5 hosts[2].host: is missing",
      "acme.yaml:5 hosts[2].hst: unknown field; known here: host, environment, region",
      `acme.yaml:6 hosts[3]: ${LOWER_HOST}`,
    ],
  );
  assert.deepEqual(mistakes("plans: { p: { features: some } }"), [
    'acme.yaml:2 plans.p.features: must be "all" or a list',
  ]);
  assert.deepEqual(mistakes("plans: { p: { features: [A B] } }"), [
    "acme.yaml:2 plans.p.features[0]: must be 1 to 40 of a-z 0-9 _ and -, the first a letter or digit",
  ]);
  assert.deepEqual(mistakes("scopes: { a: { standsForAll: forever } }"), [
    'acme.yaml:2 scopes.a.standsForAll: must be "frozen" or "future"',
  ]);
  assert.deepEqual(mistakes("routes:\n  - match: [/a, 5]\n  - match: []\n  - scopes: [a]"), [
    "acme.yaml:3 routes[0].match[1]: must be text, not the value 5: put it in quotes",
    "acme.yaml:4 routes[1].match: must not have fewer than 1 items",
    "acme.yaml:5 routes[2].match: is missing",
  ]);
});

test("a name that cannot be one is told as such", () => {
  assert.deepEqual(mistakes("scopes:\n  read all: Read"), [
    "acme.yaml:3 scopes.read all: the name must be * or 1 to 64 letters, digits and _ . : / -, the first a letter or digit",
  ]);
  assert.match(mistakes("plans: { Big: {} }")[0] ?? "", /^acme\.yaml:2 plans\.Big: the name must be 1 to 40/);
  assert.match(
    mistakes("dialect: { headers: { 'X A': b } }")[0] ?? "",
    /^acme\.yaml:2 dialect\.headers\.X A: the name must be a header name/,
  );
});

test("a pattern is never shown as one", () => {
  const text = `hosts: ['https://a.example']
regions: { eu: { keyPrefix: eu } }
network: { clientAddressHeader: 'X Y' }
upstream: ftp://x
client: { baseUrl: 'javascript:1', environmentVariable: key, example: { method: get, path: x } }
credentials: { query: { name: 'a b' } }
plans: { p: { price: { amount: 1, currency: usd } } }
dialect: { realm: 'a"b', headers: { X-A: "a\\nb" } }`;
  const told = mistakes(text);
  assert.equal(told.length, 12);
  for (const line of told) {
    assert.match(line, /^acme\.yaml:\d+ \S+: must (be|begin) /);
    assert.doesNotMatch(line, /pattern|\^|\$|\\|\[A-Z/);
  }
});

test("every mistake is told, in the order of the file", () => {
  const routes = Array.from({ length: 40 }, (_, index) => `  - mtch: /a${index}`).join("\n");
  const told = mistakes(`routes:\n${routes}\ntitle: 5`);
  assert.equal(told.length, 81);
  const lines = told.map((line) => Number(/^acme\.yaml:(\d+) /.exec(line)?.[1]));
  assert.deepEqual(
    lines,
    lines.toSorted((one, other) => one - other),
  );
});

test("a field that is given twice is told with its path", () => {
  assert.deepEqual(problemsOf("name: acme\nname: other\n"), ["acme.yaml:2 name: is given twice"]);
  assert.deepEqual(mistakes("scopes:\n  a: x\n  b: y\n  a: z"), ["acme.yaml:5 scopes.a: is given twice"]);
  assert.deepEqual(mistakes("routes:\n  - match: /a\n  - { match: /b, match: /c }"), [
    "acme.yaml:4 routes[1].match: is given twice",
  ]);
});

test("broken YAML is told with its line", () => {
  assert.match(
    problemsOf("name: acme\nkeys:\n\tformat: x\n")[0] ?? "",
    /^acme\.yaml:3: Tabs are not allowed/,
  );
  assert.match(problemsOf("name: [acme\n")[0] ?? "", /^acme\.yaml:2: Flow sequence/);
  assert.deepEqual(problemsOf("name: acme\n---\nname: other\n"), [
    "acme.yaml:2: a second document begins here (---); a project file is one document",
  ]);
  assert.deepEqual(mistakes("title: *nope"), [
    "acme.yaml:2: the alias *nope stands for nothing: write &nope before the value that it means",
  ]);
  assert.equal(mistakes("routes: [/a/{b}, /c/{d}]").length, 1);
  for (const line of problemsOf("name: [acme\nkeys: {\n")) assert.doesNotMatch(line, /\n|line \d+, column/);
});

test("JSON is read, and told the same way", () => {
  assert.equal(projectOf('{"name": "acme", "title": "Acme"}', "acme.json").title, "Acme");
  assert.deepEqual(
    problemsOf('{"name": "acme",\n  "hosts": ["A b"],\n  "nope": 1}', "acme.json").slice(0, 1),
    [`acme.json:2 hosts[0]: ${LOWER_HOST}`],
  );
  assert.deepEqual(problemsOf('{"name": "acme",\n "name": "b"}', "acme.json"), [
    "acme.json:2 name: is given twice",
  ]);
});

test("a byte order mark and Windows line ends change nothing", () => {
  assert.equal(projectOf("\ufeffname: acme\r\ntitle: Acme\r\n").title, "Acme");
  assert.match(problemsOf("name: acme\r\ntitle: 5\r\n")[0] ?? "", /^acme\.yaml:2 title/);
});

test("names made of digits are names, indexes are indexes", () => {
  assert.match(mistakes("scopes: { 5: { implis: [] } }")[0] ?? "", /^acme\.yaml:2 scopes\.5\.implis: /);
  assert.equal(fieldName(["routes", 3, "scopes", 0]), "routes[3].scopes[0]");
});

test("a value has problems without lines", () => {
  assert.throws(
    () => checkShape({ name: "acme", keys: { formt: "x" } }, "body"),
    (error: unknown) => {
      assert.ok(error instanceof ProjectFileError);
      assert.deepEqual(error.problems, [
        {
          field: "keys.formt",
          message:
            "unknown field; known here: format, checksum, accept, defaultScopes, maxPerAccount, defaultExpiryDays, maxExpiryDays",
        },
      ]);
      assert.match(error.message, /^body keys\.formt: unknown field/);
      return true;
    },
  );
});
