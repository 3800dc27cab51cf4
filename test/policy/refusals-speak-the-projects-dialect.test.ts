// Promise: a refusal is told in the project's own status, body and headers, filled with values as they are; what is not known is
// left out, and no value can break out of its place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_CODES, DEFAULT_ANSWERS, DEFAULT_BODY } from "../../src/policy/answers.ts";
import {
  compileAnswers,
  type Dialect,
  renderAnswer,
  renderDenial,
  usageHeaders,
} from "../../src/policy/dialect.ts";
import { DENIAL_CODES, type Denied, type KeyFacts, speaksOfUsage } from "../../src/policy/verdict.ts";

function dialect(
  changes: Partial<Dialect> = {},
  answers: Parameters<typeof compileAnswers>[0] = {},
): Dialect {
  return {
    realm: "Acme",
    body: DEFAULT_BODY,
    answers: compileAnswers(answers),
    usageHeaders: {},
    vary: "Authorization",
    ...changes,
  };
}

const NOW = Date.parse("2026-11-21T12:00:00Z");
const FACTS: KeyFacts = {
  id: "key_1",
  name: "worker",
  account: "acc_1",
  environment: "live",
  scopes: ["read:analytics", "export:data"],
  tier: "premium",
  metadata: { secret: "not for headers" },
};
const denied = (code: Denied["code"], more: Partial<Denied> = {}): Denied => ({
  allowed: false,
  code,
  ...more,
});

test("every code has an answer of 4xx or 5xx in JSON that is not stored", () => {
  for (const code of ANSWER_CODES) {
    const answer = renderAnswer(dialect(), code);
    assert.equal(answer.status, DEFAULT_ANSWERS[code].status);
    assert.ok(answer.status >= 400 && answer.status < 600);
    assert.equal(answer.headers["content-type"], "application/json; charset=utf-8");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers.vary, "Authorization");
    const { error } = JSON.parse(answer.body);
    assert.deepEqual(Object.keys(error), ["code", "message"]);
    assert.equal(error.code, DEFAULT_ANSWERS[code].code);
  }
  assert.equal("vary" in renderAnswer(dialect({ vary: "" }), "no_route").headers, false);
});

test("a whole placeholder keeps its type, one inside a text becomes text, an unknown one is null", () => {
  const body = {
    status: "{status}",
    text: "is {status}",
    scopes: "{scopes}",
    list: ["{code}", "{scopes}", 7, true, null, { deep: "{verdict}" }],
    joined: "{scopes:spaces}",
    commas: "{scopes:list}",
    plan: "{plan}",
    inside: "plan {plan}",
    plain: "no placeholder",
    braces: "{ not one }",
    number: 1.5,
    "{code}": "names are not filled",
  };
  const verdict = denied("insufficient_scope", { key: FACTS, requiredScopes: ["x"] });
  assert.deepEqual(JSON.parse(renderDenial(dialect({ body }), verdict, { now: NOW }).body), {
    status: 403,
    text: "is 403",
    scopes: FACTS.scopes,
    list: ["insufficient_scope", FACTS.scopes, 7, true, null, { deep: "insufficient_scope" }],
    joined: "read:analytics export:data",
    commas: "read:analytics,export:data",
    plan: null,
    inside: null,
    plain: "no placeholder",
    braces: "{ not one }",
    number: 1.5,
    "{code}": "names are not filled",
  });
});

test("formats of times: seconds since 1970 and ISO 8601", () => {
  const at = Date.parse("2026-12-01T00:00:00.999Z");
  const body = { epoch: "{reset:epoch}", iso: "{reset:iso}", raw: "{reset}" };
  assert.deepEqual(JSON.parse(renderAnswer(dialect({ body }), "rate_exceeded", { reset: at }).body), {
    epoch: "1796083201",
    iso: "2026-12-01T00:00:00.999Z",
    raw: at,
  });
});

test("a body can be anything JSON can be, and an answer can have one of its own", () => {
  for (const body of ["{message}", ["{code}"], 7, null, { a: {} }]) {
    const own = dialect({ body: "not this" }, { no_route: { body, message: "Nothing here" } });
    const wanted = body === "{message}" ? "Nothing here" : Array.isArray(body) ? ["forbidden"] : body;
    const expected = body === null ? "not this" : wanted;
    assert.deepEqual(JSON.parse(renderAnswer(own, "no_route").body), expected, JSON.stringify(body));
  }
});

test("values of the object's own only: no placeholder reaches into a prototype", () => {
  const body = { a: "{constructor}", b: "x {toString}", c: "{hasOwnProperty}" };
  assert.deepEqual(JSON.parse(renderAnswer(dialect({ body }), "no_route").body), {
    a: null,
    b: null,
    c: null,
  });
});

test("a header whose value is unknown is left out, one that is empty is not", () => {
  const usage = { "X-Scopes": "{scopes}", "X-Tier": "{tier}", "X-Plan": "{plan}", "X-Both": "{tier}/{plan}" };
  const own = dialect({ usageHeaders: { ...usage, "X-Fixed": "1" } });
  assert.deepEqual(usageHeaders(own, { allowed: true, code: "ok", key: FACTS }, NOW), {
    "x-scopes": "read:analytics,export:data",
    "x-tier": "premium",
    "x-fixed": "1",
  });
  const bare: KeyFacts = { ...FACTS, scopes: [], plan: "free" };
  assert.equal(usageHeaders(own, { allowed: true, code: "ok", key: bare }, NOW)["x-scopes"], "");
});

test("usage headers stand on every answer to a proven key and on no other", () => {
  const own = dialect({ usageHeaders: { "X-Tier": "{tier}" } });
  for (const code of DENIAL_CODES) {
    const { headers } = renderDenial(own, denied(code, { key: FACTS }), { now: NOW });
    assert.equal(headers["x-tier"], speaksOfUsage(code) ? "premium" : undefined, code);
  }
  const silent = [
    "missing_key",
    "invalid_key",
    "revoked_key",
    "expired_key",
    "disabled_key",
    "store_unavailable",
  ];
  for (const code of silent) assert.ok(!speaksOfUsage(code as Denied["code"]), code);
});

test("no value ends a header line or adds one", () => {
  const answers = { no_route: { headers: { "X-Hint": "{hint}", "X-Id": "{keyId}", "Retry-After": "2" } } };
  for (const evil of ["a\r\nSet-Cookie: x=1", "a\nb", "\u0000", "\u2028", "ünïcode", "a\u007f", "\t"]) {
    const verdict = denied("no_route", { key: { ...FACTS, id: evil, tier: evil }, hint: evil });
    const answer = renderDenial(dialect({ usageHeaders: { "X-Tier": "{tier}" } }, answers), verdict, {
      now: NOW,
    });
    assert.deepEqual(Object.keys(answer.headers).sort(), [
      "cache-control",
      "content-type",
      "retry-after",
      "vary",
    ]);
    for (const value of Object.values(answer.headers)) assert.match(value, /^[ -~]*$/);
  }
  const message = `"}, "injected": {"`;
  const { body } = renderAnswer(dialect({}, { no_route: { message } }), "no_route");
  assert.deepEqual(JSON.parse(body), { error: { code: "forbidden", message } });
});

test("an override changes what it names and keeps the rest of the default", () => {
  const own = dialect({}, { store_unavailable: { code: "try_later" }, no_route: { status: 404 } });
  const down = renderAnswer(own, "store_unavailable");
  assert.deepEqual([down.status, down.headers["retry-after"]], [503, "1"]);
  assert.equal(JSON.parse(down.body).error.code, "try_later");
  const lost = renderAnswer(own, "no_route");
  assert.deepEqual([lost.status, JSON.parse(lost.body).error.code], [404, "forbidden"]);
});

test("a hint is put where the message has room for one, and leaves no gap where there is none", () => {
  const message = (verdict: Denied) =>
    JSON.parse(renderDenial(dialect(), verdict, { now: NOW }).body).error.message;
  assert.equal(
    message(denied("invalid_key", { hint: "Copy it whole." })),
    "The API key is not valid. Copy it whole.",
  );
  assert.equal(message(denied("invalid_key")), "The API key is not valid.");
});
