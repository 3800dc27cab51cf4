/** Limits stand in the project file, a plan's in place of the project's; what they mean is compiled, and the page prints it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticationPage } from "../../src/project/pages.ts";
import { rowsOf, sectionOf } from "./page-tables.ts";
import { problemsOf, projectOf, vendorProject } from "./project-files.ts";

const LIMITED = `name: acme
limits:
  requests: { rate: 100, windowSeconds: 60 }
  jobs: { concurrency: 5, retryAfterSeconds: 2, per: account }
plans:
  free: {}
  small: { limits: { requests: { rate: 10, windowSeconds: 60, burst: 3, per: account } } }
  large: { limits: { jobs: { concurrency: 50 }, uploads: { rate: 7, windowSeconds: 1 } } }
`;

const requests = { kind: "rate", name: "requests", per: "key", limit: 100, windowMs: 60_000, burst: 100 };
const jobs = { kind: "concurrency", name: "jobs", per: "account", limit: 5, retryAfterSeconds: 2 };

test("the project's limits hold in every plan, one of the same name in its place", () => {
  const { limits, plans } = projectOf(LIMITED);
  const of = (plan: string) => [...(plans.get(plan)?.limits.values() ?? [])];
  assert.deepEqual([...limits.values()], [requests, jobs]);
  assert.deepEqual(of("free"), [requests, jobs]);
  assert.deepEqual(of("small"), [{ ...requests, per: "account", limit: 10, burst: 3 }, jobs]);
  assert.deepEqual(of("large"), [
    requests,
    { ...jobs, per: "key", limit: 50, retryAfterSeconds: 1 },
    { kind: "rate", name: "uploads", per: "key", limit: 7, windowMs: 1_000, burst: 7 },
  ]);
});

test("a plan may turn a rate into places; zero stays zero", () => {
  const { plans, limits } = projectOf(`name: acme
limits: { calls: { rate: 0, windowSeconds: 1 } }
plans: { other: { limits: { calls: { concurrency: 0 } } } }
`);
  assert.deepEqual([limits.get("calls")?.kind, limits.get("calls")?.limit], ["rate", 0]);
  const other = plans.get("other")?.limits.get("calls");
  assert.deepEqual([other?.kind, other?.limit], ["concurrency", 0]);
});

test("a route names limits of the project or of any plan, and weighs what it says", () => {
  const { routes } = projectOf(`${LIMITED}routes:
  - { match: POST /render, limits: [requests, uploads], weight: 10 }
  - { match: GET /render, limits: [] }
  - { match: GET /other }
`);
  assert.ok(routes);
  const text = `${LIMITED}routes:
  - match: /a
    limits: [requests]
  - match: /b
    limits: [jobs, uplods]
`;
  assert.deepEqual(problemsOf(text), [
    "acme.yaml:13 routes[1].limits[1]: is not declared under limits of the project or of a plan",
  ]);
  assert.deepEqual(problemsOf("name: acme\nroutes:\n  - { match: /a, limits: [constructor] }\n"), [
    "acme.yaml:3 routes[0].limits[0]: is not declared under limits of the project or of a plan",
  ]);
});

test("what is no limit is told with its line", () => {
  const mistake = (limit: string) => problemsOf(`name: acme\nlimits:\n  calls: ${limit}\n`).join("\n");
  for (const [limit, place] of [
    ["{ rate: 5 }", /^acme\.yaml:3 limits\.calls/],
    ["{ windowSeconds: 5 }", /^acme\.yaml:3 limits\.calls/],
    ["{ rate: -1, windowSeconds: 5 }", /^acme\.yaml:3 limits\.calls/],
    ["{ rate: 1.5, windowSeconds: 5 }", /^acme\.yaml:3 limits\.calls/],
    ["{ rate: 5, windowSeconds: 0 }", /^acme\.yaml:3 limits\.calls/],
    ["{ rate: 5, windowSeconds: 1, burst: 0 }", /^acme\.yaml:3 limits\.calls/],
    ["{ rate: 5, windowSeconds: 1, concurrency: 1 }", /^acme\.yaml:3 limits\.calls/],
    ["{ concurrency: 5, retryAfterSeconds: 0 }", /^acme\.yaml:3 limits\.calls/],
    ["{ concurrency: 5, per: user }", /^acme\.yaml:3 limits\.calls/],
    ["100", /^acme\.yaml:3 limits\.calls/],
  ] as const)
    assert.match(mistake(limit), place, limit);
  for (const weight of ["-1", "0.5", "1000001", "many"])
    assert.match(
      problemsOf(`name: acme\nroutes:\n  - match: /a\n    weight: ${weight}\n`).join("\n"),
      /^acme\.yaml:4 routes\[0\]\.weight: /,
      weight,
    );
});

test("the page lists each limit with the plans that it holds for", () => {
  const section = sectionOf(authenticationPage(projectOf(LIMITED)), "Limits") ?? "";
  assert.deepEqual(rowsOf(section), [
    ["every", "requests", "100 in 60 seconds", "key"],
    ["every", "jobs", "5 requests at once", "account"],
    ["small", "requests", "10 in 60 seconds, at most 3 at one moment", "account"],
    ["large", "jobs", "50 requests at once", "key"],
    ["large", "uploads", "7 in 1 seconds", "key"],
  ]);
  assert.match(section, /all the limits that hold for it or none/);
});

test("the vendors' pages print their limits, and a project without limits has no such section", () => {
  const rows = (name: string) => rowsOf(sectionOf(authenticationPage(vendorProject(name)), "Limits") ?? "");
  assert.deepEqual(rows("nudg3"), [["every", "requests", "100 in 60 seconds", "key"]]);
  assert.deepEqual(rows("nohuman"), [["every", "concurrent", "5 requests at once", "key"]]);
  assert.equal(sectionOf(authenticationPage(projectOf("name: acme\n")), "Limits"), undefined);
});

test("a route that weighs more than a limit of the project ever admits is told", () => {
  const file = (route: string) =>
    `name: acme\nlimits: { requests: { rate: 100, windowSeconds: 60, burst: 10 }, off: { rate: 0, windowSeconds: 1 } }\nroutes:\n  - { match: POST /a, ${route} }\n`;
  assert.deepEqual(problemsOf(file("weight: 11")), [
    "acme.yaml:4 routes[0].weight: is more than the limit requests ever admits at one moment",
  ]);
  assert.equal(projectOf(file("weight: 10")).name, "acme");
  assert.equal(projectOf(file("weight: 11, limits: []")).name, "acme");
});

test("a limit may be of a client's address, and the page says what that is", () => {
  const text = "name: acme\nlimits: { calls: { rate: 5, windowSeconds: 1, per: address } }\n";
  assert.equal(projectOf(text).limits.get("calls")?.per, "address");
  const section = sectionOf(authenticationPage(projectOf(text)), "Limits") ?? "";
  assert.deepEqual(rowsOf(section), [["every", "calls", "5 in 1 seconds", "address"]]);
  assert.match(section, /one IPv4 address, or the \/64 of an IPv6 address/);
});

test("invalid keys are counted where the network says so, and the page tells of it", () => {
  const text = "name: acme\nnetwork: { failedAttempts: { rate: 100, windowSeconds: 10 } }\n";
  const failures = {
    kind: "rate",
    name: "failed-attempts",
    per: "address",
    limit: 100,
    windowMs: 10_000,
    burst: 100,
  };
  assert.deepEqual(projectOf(text).network.failedAttempts, failures);
  assert.equal(projectOf("name: acme\n").network.failedAttempts, undefined);
  const row = rowsOf(sectionOf(authenticationPage(projectOf(text)), "Errors") ?? "").find(
    ([, code]) => code === "rate_limit_exceeded",
  );
  assert.match(row?.[3] ?? "", /more than 100 invalid keys came from one address in 10 seconds/);
  for (const limit of ["{ rate: 0, windowSeconds: 1 }", "{ rate: 1 }", "{ rate: 1, windowSeconds: 0 }", "5"])
    assert.match(
      problemsOf(`name: acme\nnetwork:\n  failedAttempts: ${limit}\n`).join(),
      /^acme\.yaml:3 network\.failedAttempts/,
    );
});
