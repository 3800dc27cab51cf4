// What the messages of a WebSocket cost: read with defaults, refused where it could never work, and told on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAtLeastAsStrict, type RoutePolicy } from "../../src/policy/judge.ts";
import { matchRoute } from "../../src/policy/route.ts";
import { ProjectFileError } from "../../src/project/load.ts";
import { authenticationPage } from "../../src/project/pages.ts";
import { projectOf } from "./project-files.ts";

const policyOf = (route: string, more = ""): RoutePolicy => {
  const project = projectOf(
    `name: acme\nplans: { a: { allowance: 1 } }\ndefaultPlan: a\nroutes: [${route}]\n${more}`,
  );
  assert.ok(project.isMetered);
  return matchRoute(project.routes!, "GET", "/a")!.policy;
};

const problems = (text: string): string[] => {
  try {
    projectOf(text);
  } catch (error) {
    if (error instanceof ProjectFileError)
      return error.problems.map(({ field, message }) => `${field} ${message}`);
    throw error;
  }
  return [];
};

const POTS = ["allowance", "credits"] as const;

test("a message costs 1 where nothing is said, and is paid by the route's pots, else by the project's", () => {
  const one = { kind: "fixed", units: 1 } as const;
  assert.deepEqual(policyOf("{ match: GET /a, messages: {} }").messages, { cost: one, pots: POTS });
  assert.deepEqual(policyOf("{ match: GET /a, messages: { pot: credits } }").messages, {
    cost: one,
    pots: ["credits"],
  });
  const named = policyOf("{ match: GET /a, cost: 5, pot: credits, messages: { cost: { characters: a.b } } }");
  assert.deepEqual(named.messages, {
    cost: { kind: "characters", field: ["a", "b"] },
    pots: ["credits"],
  });
  assert.deepEqual(named.cost, { kind: "fixed", units: 5 });
});

test("a pot beside messages is theirs: the upgrade costs nothing unless it is said", () => {
  const policy = policyOf("{ match: GET /a, pot: credits, messages: { cost: { bytes: body } } }");
  assert.equal(policy.cost, undefined);
  assert.deepEqual(policy.messages, { cost: { kind: "bytes" }, pots: ["credits"] });
});

test("messages where no WebSocket can be are told", () => {
  for (const match of ["POST /a", "[POST /a, PUT|DELETE /a]"])
    assert.deepEqual(problems(`name: acme\nroutes: [{ match: ${match}, messages: {} }]`), [
      "routes[0].messages are of a WebSocket, whose request is a GET: no pattern admits it",
    ]);
  for (const match of ["GET /a", "/a", '"* /a"', "GET|POST /a", "[POST /a, GET /a]"])
    assert.deepEqual(problems(`name: acme\nroutes: [{ match: ${match}, messages: {} }]`), [], match);
});

test("an upgrade whose own cost stands in a body, and a pot that some account does not have, are told", () => {
  const measured = "{ match: GET /a, cost: { characters: text }, messages: {} }";
  assert.deepEqual(problems(`name: acme\nroutes: [${measured}]`), [
    "routes[0].cost is measured from a body, and a WebSocket's request has none",
  ]);
  const [problem = ""] = problems("name: acme\nroutes: [{ match: GET /a, messages: { pot: allowance } }]");
  assert.match(
    problem,
    /^routes\[0\]\.messages is the allowance alone, and an account without a plan has none/,
  );
});

test("a cost or a word that there is not is refused with its place", () => {
  for (const messages of [
    "{ cost: -1 }",
    "{ cost: { words: text } }",
    "{ hold: true }",
    "yes",
    "{ pot: purse }",
  ])
    assert.equal(
      problems(`name: acme\nroutes: [{ match: GET /a, messages: ${messages} }]`).length >= 1,
      true,
      messages,
    );
});

test("a look-alike of a path whose messages cost something is not admitted for less", () => {
  const base = { pattern: "GET /a", scopes: [] };
  const messages = { cost: { kind: "fixed", units: 1 }, pots: ["credits"] } as const;
  const dearer = { cost: { kind: "fixed", units: 2 }, pots: ["credits"] } as const;
  assert.equal(isAtLeastAsStrict({ ...base, messages }, base), false);
  assert.equal(isAtLeastAsStrict({ ...base, messages }, { ...base, messages: dearer }), false);
  assert.equal(isAtLeastAsStrict({ ...base, messages }, { ...base, messages: { ...messages } }), true);
  assert.equal(isAtLeastAsStrict(base, { ...base, messages }), true);
});

test("the page says what a message costs, and where a ticket stands", () => {
  const page = authenticationPage(
    projectOf(`name: acme
credentials: { ticket: { name: once } }
routes:
  - { match: GET /bytes, messages: { cost: { bytes: body }, pot: credits } }
`),
  );
  assert.ok(page.includes("| GET | `/bytes` | each message: one credit per byte of the message | credits |"));
  assert.match(page, /closes the WebSocket with `1008`/);
  assert.ok(page.includes("a one-time ticket in `?once=<ticket>`"));
  assert.doesNotMatch(page, /A body whose cost is measured/);
  assert.doesNotMatch(authenticationPage(projectOf("name: acme")), /one-time ticket/);
});
