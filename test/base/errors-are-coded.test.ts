// Promise: a problem has a stable code, the status that belongs to it and a public text; what is internal stays inside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClavigerError, invalidField, PROBLEMS, type ProblemCode } from "../../src/base/errors.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

test("every code has an HTTP error status and a title of one line", () => {
  for (const code of CODES) {
    const { status, title } = PROBLEMS[code];
    assert.match(code, /^[a-z]+(_[a-z]+)*$/);
    assert.ok(status >= 400 && status <= 599, code);
    assert.match(title, /^[A-Z][^\n.]+$/, code);
  }
  assert.equal(new Set(CODES.map((code) => PROBLEMS[code].title)).size, CODES.length);
});

test("a code never changes its status: clients are built on it", () => {
  const statuses = {
    invalid_request: 400,
    invalid_json: 400,
    missing_key: 401,
    invalid_key: 401,
    insufficient_scope: 403,
    forbidden: 403,
    not_found: 404,
    conflict: 409,
    confirmation_required: 409,
    validation_failed: 422,
    store_unavailable: 503,
    internal_error: 500,
  };
  for (const [code, status] of Object.entries(statuses)) {
    assert.equal(new ClavigerError(code as ProblemCode, "x").status, status, code);
  }
});

test("an error carries its detail in public and the rest beside it", () => {
  const cause = new Error("connection refused");
  const error = new ClavigerError("store_unavailable", "Try again.", { internal: "host db-1", cause });
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.code, error.message],
    ["ClavigerError", "store_unavailable", "Try again."],
  );
  assert.deepEqual([error.internal, error.cause, error.fields], ["host db-1", cause, []]);
  const plain = new ClavigerError("conflict", "Taken.");
  assert.ok(plain.internal === undefined && !("cause" in plain));
});

test("a field's problem names the field in the text and beside it", () => {
  const error = invalidField("scopes[2]", "is not a scope");
  assert.deepEqual([error.code, error.status], ["validation_failed", 422]);
  assert.equal(error.message, "scopes[2]: is not a scope");
  assert.deepEqual(error.fields, [{ field: "scopes[2]", message: "is not a scope" }]);
});
