/** The error table of a page is made by the renderer that the gateway uses, and holds exactly the denials that can occur. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_ANSWERS } from "../../src/policy/answers.ts";
import { renderDenial } from "../../src/policy/dialect.ts";
import { DENIAL_CODES, type DenialCode } from "../../src/policy/verdict.ts";
import type { Project } from "../../src/project/compile.ts";
import { authenticationPage } from "../../src/project/pages.ts";
import { rowsOf, sectionOf } from "./page-tables.ts";
import { projectOf, vendorNames, vendorProject } from "./project-files.ts";

const errorsOf = (project: Project): string[][] =>
  rowsOf(sectionOf(authenticationPage(project), "Errors") ?? "");

/** What can happen in any project, whatever it declares. */
const EVERYWHERE: readonly DenialCode[] = [
  "missing_key",
  "multiple_credentials",
  "malformed_request",
  "ambiguous_path",
  "invalid_key",
  "revoked_key",
  "disabled_key",
  "expired_key",
  "account_suspended",
  "ip_not_allowed",
  "store_unavailable",
];

const ALSO: Readonly<Record<string, readonly DenialCode[]>> = {
  nur: ["no_route", "insufficient_scope"],
  kugelaudio: ["no_route", "wrong_account", "feature_not_in_plan"],
  murmr: [
    "no_route",
    "feature_not_in_plan",
    "unmeasurable_request",
    "request_too_large",
    "allowance_exceeded",
  ],
  nudg3: ["wrong_environment", "no_route", "insufficient_scope", "rate_exceeded"],
  nohuman: [
    "no_route",
    "insufficient_scope",
    "concurrency_exceeded",
    "unmeasurable_request",
    "request_too_large",
    "insufficient_credits",
  ],
};

for (const name of vendorNames) {
  test(`${name}: the table equals what is rendered, row by row`, () => {
    const project = vendorProject(name);
    const expected = DENIAL_CODES.filter(
      (code) => EVERYWHERE.includes(code) || ALSO[name]?.includes(code),
    ).map((code) => {
      const wait = code === "concurrency_exceeded" ? { retryAfterSeconds: 2 } : {};
      const denied = { allowed: false, code, hint: "(what to correct)", ...wait } as const;
      const answer = renderDenial(
        project.dialect,
        { ...denied, requiredScopes: ["(the scopes needed)"] },
        { now: 0, ...(code === "rate_exceeded" && { retryAfter: "(retry after)" }) },
      );
      const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
      return [String(answer.status), error.code, error.message];
    });
    assert.deepEqual(
      errorsOf(project).map((row) => row.slice(0, 3)),
      expected,
    );
  });
}

test("what cannot occur is left out until the file declares what makes it occur", () => {
  const codes = (text: string) => errorsOf(projectOf(text)).map((row) => row[1]);
  const bare = codes("name: acme\n");
  assert.equal(bare.length, EVERYWHERE.length);
  const more = (text: string) => codes(`name: acme\n${text}`).filter((code) => !bare.includes(code));
  assert.deepEqual(more("routes: [{ match: /a }]\n"), ["forbidden"]);
  assert.deepEqual(more("scopes: { read: Read }\n"), ["insufficient_scope"]);
  assert.deepEqual(more("plans: { small: { features: [] } }\n"), []);
  assert.deepEqual(more("routes: [{ match: /a, feature: sockets }]\n"), ["forbidden"]);
  const feature = "routes: [{ match: /a, feature: sockets }]\nplans: { small: { features: FEATURES } }\n";
  assert.deepEqual(more(feature.replace("FEATURES", "[sockets]")), ["forbidden"]);
  assert.deepEqual(more(feature.replace("FEATURES", "all")), ["forbidden"]);
  assert.deepEqual(more(feature.replace("FEATURES", "[]")), ["forbidden", "feature_not_in_plan"]);
  assert.deepEqual(more("dialect: { answers: { rate_exceeded: { message: Slow down. } } }\n"), []);
  assert.deepEqual(more("limits: { calls: { rate: 5, windowSeconds: 1 } }\n"), ["rate_limit_exceeded"]);
  assert.deepEqual(more("plans: { small: { limits: { jobs: { concurrency: 1 } } } }\n"), [
    "concurrency_limit_exceeded",
  ]);
  const bound = errorsOf(projectOf("name: acme\nhosts: [{ host: a.example, environment: test }]\n"));
  assert.equal(bound.length, EVERYWHERE.length + 1);
});

test("a project without answers of its own gets the default texts", () => {
  const rows = errorsOf(projectOf("name: acme\n"));
  for (const [index, code] of EVERYWHERE.entries()) {
    const { status, code: vendorCode, message } = DEFAULT_ANSWERS[code];
    const told = message.replace("{hint}", "(what to correct)");
    assert.deepEqual(rows[index]?.slice(0, 3), [String(status), vendorCode, told]);
  }
});

test("a body that holds neither code nor message is shown as it is", () => {
  const rows = errorsOf(
    projectOf(
      `name: acme
dialect:
  answers:
    missing_key: { body: { oops: ["{status}", "key? see {requestId}"] } }
    invalid_key: { code: E1, body: { number: "{code}", text: "no: {message}" } }
`,
    ),
  );
  assert.deepEqual(rows[0]?.slice(0, 3), ["401", "–", '{"oops":[401,"key? see (request id)"]}']);
  assert.deepEqual(rows[4]?.slice(0, 3), [
    "401",
    "E1",
    '{"number":"E1","text":"no: The API key is not valid. (what to correct)"}',
  ]);
});

test("headers that belong to one answer are told", () => {
  const page = authenticationPage(
    projectOf("name: acme\ndialect: { answers: { revoked_key: { headers: { X-Reason: gone } } } }\n"),
  );
  assert.ok(page.includes("- 401 `revoked_api_key` comes with `X-Reason: gone`."));
  assert.ok(page.includes("- 503 `store_unavailable` comes with `Retry-After: 1`."));
});
