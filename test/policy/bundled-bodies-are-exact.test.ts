// Promise: the bodies, statuses and headers that the vendors' pages print are rendered to the byte. CONTRACTS N2, K5, K6, D6, H2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { renderDenial } from "../../src/policy/dialect.ts";
import { DENIAL_CODES, type Denied } from "../../src/policy/verdict.ts";
import { compileProject } from "../../src/project/compile.ts";
import { loadProjectText } from "../../src/project/load.ts";
import { bundledProjects } from "../support/bundled.ts";

const TEXTS = bundledProjects();

function answer(project: string, code: Denied["code"], more: Partial<Denied> = {}) {
  const { dialect } = compileProject(loadProjectText(TEXTS[project] ?? "", project).file);
  return renderDenial(dialect, { allowed: false, code, ...more }, { now: 0 });
}

test("N2: a missing header in exactly these bytes, other failures in the same shape", () => {
  const missing = answer("nur", "missing_key", { hint: "Send it." });
  assert.equal(missing.status, 401);
  assert.equal(missing.body, '{"error":{"code":"unauthorized","message":"Missing Authorization header."}}');
  for (const code of ["invalid_key", "revoked_key", "disabled_key", "expired_key"] as const) {
    const { status, body } = answer("nur", code);
    const { error } = JSON.parse(body);
    assert.deepEqual([status, error.code, Object.keys(error)], [401, "unauthorized", ["code", "message"]]);
    assert.ok(error.message.length > 10, "it says what to fix");
  }
});

test("K5: one body for every failed authentication", () => {
  for (const code of ["missing_key", "invalid_key", "revoked_key", "disabled_key", "expired_key"] as const) {
    const { status, body } = answer("kugelaudio", code, { hint: "not shown" });
    assert.equal(status, 401);
    assert.equal(body, '{"error":{"code":"unauthorized","message":"Invalid or missing API key"}}');
  }
});

test("K6: one body for another account's resource and for what the plan lacks", () => {
  for (const code of ["wrong_account", "feature_not_in_plan", "account_suspended", "no_route"] as const) {
    const { status, body } = answer("kugelaudio", code);
    assert.equal(status, 403);
    assert.equal(
      body,
      '{"error":{"code":"forbidden","message":"API key does not have access to this resource"}}',
    );
  }
});

test("D6: codes of the five refusals", () => {
  const codes = (
    [
      "missing_key",
      "invalid_key",
      "revoked_key",
      "expired_key",
      "insufficient_scope",
      "ip_not_allowed",
    ] as const
  ).map((code) => {
    const { status, body } = answer("nudg3", code, { requiredScopes: ["export:data"] });
    return `${status} ${JSON.parse(body).error.code}`;
  });
  assert.deepEqual(codes, [
    "401 invalid_api_key",
    "401 invalid_api_key",
    "401 expired_api_key",
    "401 expired_api_key",
    "403 insufficient_scope",
    "403 ip_not_allowed",
  ]);
});

test("H2: the status stands in the body as a number and is the answer's own", () => {
  for (const code of DENIAL_CODES) {
    const { status, body } = answer("nohuman", code, { requiredScopes: ["videos:read"] });
    const { error } = JSON.parse(body);
    assert.deepEqual(Object.keys(error), ["code", "message", "status"], code);
    assert.equal(error.status, status, code);
  }
  const spoken = [
    "missing_key",
    "invalid_key",
    "revoked_key",
    "insufficient_scope",
    "insufficient_credits",
  ] as const;
  assert.deepEqual(
    spoken.map(
      (code) => `${answer("nohuman", code).status} ${JSON.parse(answer("nohuman", code).body).error.code}`,
    ),
    [
      "401 missing_api_key",
      "401 invalid_api_key",
      "401 invalid_api_key",
      "403 insufficient_permissions",
      "402 insufficient_credits",
    ],
  );
  assert.equal(
    answer("nohuman", "missing_key").body,
    '{"error":{"code":"missing_api_key","message":"No Authorization header provided","status":401}}',
  );
});

test("no bundled refusal shows an unfilled placeholder", () => {
  for (const project of Object.keys(TEXTS)) {
    for (const code of DENIAL_CODES) {
      const { body } = answer(project, code, { requiredScopes: ["a", "b"], retryAfterSeconds: 2 });
      assert.doesNotMatch(body, /\{[a-zA-Z.]+(:[a-z]+)?\}/, `${project} ${code}`);
    }
  }
});
