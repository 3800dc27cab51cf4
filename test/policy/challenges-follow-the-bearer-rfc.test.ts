// Promise: every 401 and every missing scope carries the challenge that RFC 6750 section 3 asks for, no other answer does, and
// where no credential was sent it names no error. Hostile cases A01, C05.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_ANSWERS, DEFAULT_BODY } from "../../src/policy/answers.ts";
import { compileAnswers, renderDenial } from "../../src/policy/dialect.ts";
import { DENIAL_CODES, type Denied } from "../../src/policy/verdict.ts";

const DIALECT = {
  realm: "Acme",
  body: DEFAULT_BODY,
  answers: compileAnswers({}),
  usageHeaders: {},
  vary: "Authorization",
};

function challenge(verdict: Omit<Denied, "allowed">, answers = {}): string | undefined {
  const dialect = { ...DIALECT, answers: compileAnswers(answers) };
  return renderDenial(dialect, { allowed: false, ...verdict }, { now: 0 }).headers["www-authenticate"];
}

test("a missing key is challenged without an error, any other 401 with invalid_token", () => {
  assert.equal(challenge({ code: "missing_key" }), 'Bearer realm="Acme"');
  const refused = DENIAL_CODES.filter(
    (code) => DEFAULT_ANSWERS[code].status === 401 && code !== "missing_key",
  );
  assert.deepEqual(refused, [
    "invalid_key",
    "revoked_key",
    "disabled_key",
    "expired_key",
    "wrong_environment",
  ]);
  for (const code of refused) assert.equal(challenge({ code }), 'Bearer realm="Acme", error="invalid_token"');
});

test("a missing scope names all scopes that are needed", () => {
  assert.equal(
    challenge({ code: "insufficient_scope", requiredScopes: ["read:analytics", "export:data"] }),
    'Bearer realm="Acme", error="insufficient_scope", scope="read:analytics export:data"',
  );
});

test("nothing that a caller asks for can break out of the quotes", () => {
  const requiredScopes = ["good", 'a", error="none', "b\r\nX: y", "c\\", "d e", "", "ü", "good:2"];
  assert.equal(
    challenge({ code: "insufficient_scope", requiredScopes }),
    'Bearer realm="Acme", error="insufficient_scope", scope="good good:2"',
  );
});

test("answers that are neither a 401 nor about a scope carry none, whatever they are about", () => {
  for (const code of DENIAL_CODES) {
    const { status } = DEFAULT_ANSWERS[code];
    if (status !== 401 && code !== "insufficient_scope") assert.equal(challenge({ code }), undefined, code);
  }
});

test("the status that a project chooses decides, as RFC 9110 asks of every 401", () => {
  assert.equal(challenge({ code: "invalid_key" }, { invalid_key: { status: 403 } }), undefined);
  assert.equal(
    challenge({ code: "account_suspended" }, { account_suspended: { status: 401 } }),
    'Bearer realm="Acme", error="invalid_token"',
  );
});
