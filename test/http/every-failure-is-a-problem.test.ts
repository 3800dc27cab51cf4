import assert from "node:assert/strict";
import { test } from "node:test";
import { PROBLEMS, type ProblemCode } from "../../src/base/errors.ts";
import { type ControlPlane, controlPlaneFor, type HttpAnswer } from "../support/control-plane.ts";
import { failingStore } from "../support/stores.ts";

function checkProblem(answer: HttpAnswer, code: ProblemCode): void {
  assert.equal(answer.status, PROBLEMS[code].status, answer.text);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const { detail, errors, ...rest } = answer.json;
  assert.deepEqual(rest, {
    type: `urn:claviger:error:${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    instance: answer.headers.get("x-request-id"),
  });
  assert.ok(detail.length > 0);
  assert.equal(errors === undefined, code !== "validation_failed");
  checkHeaders(answer);
}

function checkHeaders({ headers }: Pick<HttpAnswer, "headers">): void {
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.match(headers.get("x-request-id") ?? "", /^req_[0-9a-f]{20}$/);
}

const json = { "content-type": "application/json" };

/** One way to each problem that a single request can reach. */
async function provoke(plane: ControlPlane): Promise<Partial<Record<ProblemCode, HttpAnswer>>> {
  const { ask, engine } = plane;
  const limited = await plane.rootKeyWith(["keys:write"]);
  const accounts = "POST /v1/projects/acme/accounts";
  const { id: account } = await engine.account("acme", { externalId: "cus_1" });
  const key = await engine.key("acme", { account });
  const root = { account: limited.account, name: "x", scopes: ["*"] };
  await ask(accounts, { body: { name: "a" }, headers: { "idempotency-key": "k" } });
  return {
    invalid_request: await ask(accounts, { body: { name: "a" }, headers: { "idempotency-key": "a b" } }),
    invalid_json: await ask(accounts, { body: "{", headers: json }),
    missing_key: await ask("GET /v1/projects", { rootKey: null }),
    invalid_key: await ask("GET /v1/projects", { rootKey: "nonsense" }),
    insufficient_scope: await ask("GET /v1/projects", { rootKey: limited.key }),
    forbidden: await ask("POST /v1/projects/claviger/keys", { rootKey: limited.key, body: root }),
    not_found: await ask("GET /v1/projects/nobody"),
    method_not_allowed: await ask("DELETE /v1/projects/acme"),
    conflict: await ask(accounts, { body: { name: "b", externalId: "cus_1" } }),
    confirmation_required: await ask("POST /v1/projects/acme/keys/revoke", { body: { account } }),
    payload_too_large: await ask(accounts, {
      body: JSON.stringify({ name: "x".repeat(1_048_576) }),
      headers: json,
    }),
    unsupported_media_type: await ask(accounts, {
      body: "name=a",
      headers: { "content-type": "text/plain" },
    }),
    validation_failed: await ask(`PATCH /v1/projects/acme/keys/${key.id}`, { body: { expiresAt: "never" } }),
    idempotency_key_reused: await ask(accounts, { body: { name: "b" }, headers: { "idempotency-key": "k" } }),
  };
}

test("each code is answered with its status, as RFC 9457 says", async (t) => {
  const plane = await controlPlaneFor(t);
  const answers = await provoke(plane);
  for (const [code, answer] of Object.entries(answers)) checkProblem(answer, code as ProblemCode);
  // The rest cannot be had from one plain request and have tests of their own.
  const elsewhere = [
    "session_required",
    "invalid_credentials",
    "csrf_failed",
    "reauth_required",
    "address_unconfirmed",
    "mail_unavailable",
    "limit_reached",
    "too_many_attempts",
    "overloaded",
    "multiple_credentials",
    "headers_too_large",
    "insufficient_credits",
    "idempotency_in_progress",
    "store_unavailable",
    "internal_error",
  ];
  assert.deepEqual(Object.keys(PROBLEMS).sort(), [...Object.keys(answers), ...elsewhere].sort());
});

test("successes carry the same headers", async (t) => {
  const { ask } = await controlPlaneFor(t);
  for (const request of ["GET /healthz", "GET /v1/projects", "GET /openapi.json", "HEAD /healthz"])
    checkHeaders(await ask(request));
});

test("a path that is known says which methods it takes", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const allow = async (request: string) => {
    const answer = await ask(request, { rootKey: null });
    assert.equal(answer.json.code, "method_not_allowed", request);
    return answer.headers.get("allow");
  };
  assert.equal(await allow("POST /v1/projects"), "GET, HEAD");
  assert.equal(await allow("OPTIONS /v1/projects/acme"), "GET, HEAD, PUT");
  assert.equal(await allow("GET /v1/verify"), "POST");
  assert.equal(await allow("PUT /v1/projects/acme/keys/key_1"), "DELETE, GET, HEAD, PATCH");
  assert.equal(await allow("PROPFIND /healthz?x=1"), "GET, HEAD");
  for (const request of ["GET /", "GET /v1", "POST /v1/nothing", "GET //healthz", "GET /healthz/"])
    assert.equal((await ask(request, { rootKey: null })).json.code, "not_found", request);
});

test("a store that does not answer is a 503 that says when to come back", async (t) => {
  let control = { failing: false };
  const plane = await controlPlaneFor(t, {
    over: (instance) => {
      const failing = failingStore(instance.store);
      ({ control } = failing);
      return { ...instance, store: failing.store };
    },
  });
  await plane.ask("GET /v1/projects");
  control.failing = true;
  for (const request of [
    "GET /v1/projects",
    "GET /v1/projects/acme/keys",
    "POST /v1/projects/acme/accounts",
  ]) {
    const answer = await plane.ask(request, request.startsWith("POST") ? { body: { name: "a" } } : {});
    checkProblem(answer, "store_unavailable");
    assert.equal(answer.headers.get("retry-after"), "1");
  }
  assert.equal(plane.log.length, 3);
});

test("a defect is a 500 that tells nothing, and a log line that tells all but the request's secrets", async (t) => {
  let control = { failing: false };
  const plane = await controlPlaneFor(t, {
    over: (instance) => {
      const failing = failingStore(instance.store, () => new TypeError("inner workings"));
      ({ control } = failing);
      return { ...instance, store: failing.store };
    },
  });
  control.failing = true;
  const answer = await plane.ask("GET /v1/projects/acme/keys?account=canary");
  checkProblem(answer, "internal_error");
  assert.ok(!answer.text.includes("inner"));
  const [line] = plane.log;
  assert.equal(line.requestId, answer.json.instance);
  assert.equal(line.err.message, "inner workings");
  assert.ok(!JSON.stringify(plane.log).includes("canary"));
  assert.ok(!JSON.stringify(plane.log).includes(plane.rootKey));
});

test("health answers without a key; readiness says what is wrong", async (t) => {
  let ready = true;
  const plane = await controlPlaneFor(t, {
    ready: async () => ({ ready, checks: { store: "ok", gateway: ready ? "ok" : "does not answer" } }),
  });
  assert.deepEqual((await plane.ask("GET /healthz", { rootKey: null })).json, { status: "ok" });
  const good = await plane.ask("GET /readyz", { rootKey: null });
  assert.deepEqual([good.status, good.json], [200, { ready: true, checks: { store: "ok", gateway: "ok" } }]);
  ready = false;
  const bad = await plane.ask("GET /readyz", { rootKey: null });
  assert.deepEqual([bad.status, bad.json.checks.gateway], [503, "does not answer"]);
});
