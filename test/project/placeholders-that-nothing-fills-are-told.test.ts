/** A placeholder of the dialect that could never have a value is told when the project is applied, with its line, not by an empty header. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf, projectOf } from "./project-files.ts";

const BASE = `name: acme
limits: { requests: { rate: 5, windowSeconds: 1 } }
plans: { pro: { limits: { jobs: { concurrency: 5 } } } }
dialect:
`;
/** Below `dialect:`, so that the first line of each text is line 5. */
const mistakes = (dialect: string) => problemsOf(`${BASE}  ${dialect}\n`);
const accepted = (dialect: string) => projectOf(`${BASE}  ${dialect}\n`).name;

test("every name that is documented is accepted where it can have a value", () => {
  const usage = [
    "scopes:spaces",
    "scopes:list",
    "tier",
    "plan",
    "environment",
    "keyId",
    "account",
    "credits",
    "cost",
    "allowance.limit",
    "allowance.used",
    "allowance.remaining",
    "allowance.over",
    "allowance.reset",
    "allowance.reset:iso",
    "allowance.reset:epoch",
    "allowance.reset:delta",
    "limit.requests.limit",
    "limit.requests.remaining",
    "limit.jobs.reset:delta",
    "retryAfter",
  ];
  for (const name of usage) {
    assert.equal(accepted(`headers: { X-A: "a {${name}}" }`), "acme", name);
    assert.equal(accepted(`body: { deep: [{ value: "{${name}}" }] }`), "acme", name);
  }
  for (const name of ["code", "message", "status", "verdict", "hint", "requestId", "requiredScopes:spaces"]) {
    assert.equal(accepted(`body: { value: "{${name}}" }`), "acme", name);
    assert.equal(accepted(`answers: { no_route: { headers: { X-A: "{${name}}" } } }`), "acme", name);
  }
  assert.equal(accepted('answers: { no_route: { message: "See {requestId}. { not one } {} {1}" } }'), "acme");
});

test("a name that nothing fills is told with its place and what there is", () => {
  const [told, ...more] = mistakes('headers: { X-A: "{allowance.left}" }');
  assert.match(
    told ?? "",
    /^acme\.yaml:5 dialect\.headers\.X-A: \{allowance\.left\} is no placeholder .*known: .*allowance\.remaining.*limit\.NAME\.reset$/,
  );
  assert.deepEqual(more, []);
  for (const [dialect, place] of [
    ['body: { a: [b, { c: "{constructor}" }] }', "dialect.body.a[1].c"],
    ['answers: { no_route: { message: "{message}" } }', "dialect.answers.no_route.message"],
    ['answers: { no_route: { body: ["{keyid}"] } }', "dialect.answers.no_route.body[0]"],
    ['answers: { no_route: { headers: { X-A: "{now}" } } }', "dialect.answers.no_route.headers.X-A"],
    // What an answer says of itself is not there where a request is let through.
    ['headers: { X-A: "{requestId}" }', "dialect.headers.X-A"],
    ['headers: { X-A: "{status}" }', "dialect.headers.X-A"],
  ] as const) {
    const problems = mistakes(dialect);
    assert.equal(problems.length, 1, dialect);
    assert.ok(problems[0]?.startsWith(`acme.yaml:5 ${place}: {`), problems[0]);
  }
});

test("a limit that nobody declares is told by its placeholder", () => {
  assert.deepEqual(mistakes('headers: { X-A: "{limit.request.limit}" }'), [
    "acme.yaml:5 dialect.headers.X-A: {limit.request.limit} speaks of a limit that neither the project nor a plan declares",
  ]);
});

test("a format that does not fit the value is told with those that do", () => {
  const format = (placeholder: string) =>
    mistakes(`headers: { X-A: "${placeholder}" }`)[0]?.split(": ").slice(1).join(": ");
  assert.equal(
    format("{allowance.reset:unix}"),
    "{allowance.reset:unix}: allowance.reset takes epoch, iso, delta",
  );
  assert.equal(
    format("{limit.requests.reset:spaces}"),
    "{limit.requests.reset:spaces}: limit.requests.reset takes epoch, iso, delta",
  );
  assert.equal(format("{scopes:epoch}"), "{scopes:epoch}: scopes takes list, spaces");
  assert.equal(format("{credits:epoch}"), "{credits:epoch}: credits takes no format");
});

test("the fields of the draft have their names to themselves", () => {
  assert.equal(projectOf("name: acme\ndialect: { rateLimitFields: true }\n").dialect.rateLimitFields, true);
  assert.equal(projectOf("name: acme\n").dialect.rateLimitFields, false);
  for (const name of ["RateLimit", "ratelimit-policy"]) {
    assert.equal(accepted(`headers: { ${name}: a }`), "acme");
    assert.deepEqual(mistakes(`headers: { ${name}: a }\n  rateLimitFields: true`), [
      `acme.yaml:5 dialect.headers.${name}: ${name} is written by rateLimitFields`,
    ]);
  }
  const named = "name: acme\nlimits: { allowance: { rate: 5, windowSeconds: 1 } }\n";
  assert.equal(projectOf(named).name, "acme");
  assert.deepEqual(problemsOf(`${named}dialect:\n  rateLimitFields: true\n`), [
    "acme.yaml:4 dialect.rateLimitFields: tells the allowance under the name allowance, which a limit has too",
  ]);
});
