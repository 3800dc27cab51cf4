// Promise: headers and messages can tell an allowance, credits and a cost in the formats that vendors use; what is not known or has
// no bound is left out rather than made up, and only whoever proved a key hears any of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compileAnswers,
  type Dialect,
  renderAnswer,
  renderDenial,
  usageHeaders,
} from "../../src/policy/dialect.ts";
import type { Allowed, Denied, KeyFacts } from "../../src/policy/verdict.ts";

const NOW = Date.parse("2026-11-21T12:00:00.250Z");
const RESET = Date.parse("2026-12-01T00:00:00.000Z");
const USAGE = {
  "X-Limit": "{allowance.limit}",
  "X-Used": "{allowance.used}",
  "X-Remaining": "{allowance.remaining}",
  "X-Over": "{allowance.over}",
  "X-Reset": "{allowance.reset:iso}",
  "X-Reset-Epoch": "{allowance.reset:epoch}",
  "X-Reset-Delta": "{allowance.reset:delta}",
  "X-Credits": "{credits}",
  "X-Cost": "{cost}",
};
const dialect = (
  answers: Parameters<typeof compileAnswers>[0] = {},
  body: unknown = "{message}",
): Dialect => ({
  realm: "Acme",
  body,
  answers: compileAnswers(answers),
  usageHeaders: USAGE,
  vary: "",
});
const KEY: KeyFacts = {
  id: "key_1",
  name: "worker",
  account: "acc_1",
  environment: "live",
  scopes: [],
  metadata: {},
};
const ALLOWANCE = { limit: 50_000, used: 50_120, remaining: 0, over: 120, resetsAt: RESET };
const ok: Allowed = { allowed: true, code: "ok", key: KEY, allowance: ALLOWANCE, credits: 7, cost: 12 };
const denied = (code: Denied["code"], more: Partial<Denied> = {}): Denied => ({
  allowed: false,
  code,
  ...more,
});
const bodyOf = (one: Dialect, verdict: Denied) => JSON.parse(renderDenial(one, verdict, { now: NOW }).body);

test("every figure of a pot, and its reset in three formats", () => {
  assert.deepEqual(usageHeaders(dialect(), ok, NOW), {
    "x-limit": "50000",
    "x-used": "50120",
    "x-remaining": "0",
    "x-over": "120",
    "x-reset": "2026-12-01T00:00:00.000Z",
    "x-reset-epoch": "1796083200",
    "x-reset-delta": "820800",
    "x-credits": "7",
    "x-cost": "12",
  });
});

test("a time from now is in whole seconds, rounded up, and never before now", () => {
  const delta = (resetsAt: number) =>
    usageHeaders(dialect(), { ...ok, allowance: { ...ALLOWANCE, resetsAt } }, NOW)["x-reset-delta"];
  assert.deepEqual(
    [delta(NOW), delta(NOW + 1), delta(NOW + 1_000), delta(NOW + 1_001)],
    ["0", "1", "1", "2"],
  );
  assert.deepEqual([delta(NOW - 1), delta(NOW - 86_400_000)], ["0", "0"]);
  const limits = [{ name: "a", kind: "rate", limit: 1, remaining: 0, resetsAt: NOW + 59_001 }] as const;
  const body = { in: "{limit.a.reset:delta}", at: "{limit.a.reset}" };
  const told = { in: "60", at: NOW + 59_001 };
  assert.deepEqual(bodyOf(dialect({}, body), denied("rate_exceeded", { limits })), told);
});

test("without bound is null in a body and no header at all; so is what is not known", () => {
  const unlimited = { ...ALLOWANCE, limit: null, remaining: null };
  const names = Object.keys(usageHeaders(dialect(), { ...ok, allowance: unlimited }, NOW));
  assert.deepEqual(
    names.filter((name) => ["x-limit", "x-remaining"].includes(name)),
    [],
  );
  assert.equal(names.length, Object.keys(USAGE).length - 2);
  assert.deepEqual(usageHeaders(dialect(), { allowed: true, code: "ok", key: KEY }, NOW), {});
  const body = { limit: "{allowance.limit}", credits: "{credits}", used: "{allowance.used}" };
  assert.deepEqual(
    bodyOf(dialect({}, body), denied("allowance_exceeded", { key: KEY, allowance: unlimited })),
    {
      limit: null,
      credits: null,
      used: 50_120,
    },
  );
});

test("zero is told as zero", () => {
  const empty = { ...ok, credits: 0, cost: 0, allowance: { ...ALLOWANCE, used: 0, over: 0 } };
  const headers = usageHeaders(dialect(), empty, NOW);
  assert.deepEqual([headers["x-credits"], headers["x-cost"], headers["x-used"]], ["0", "0", "0"]);
});

test("nobody who proved no key hears of usage, whatever the code", () => {
  for (const code of ["rate_exceeded", "no_route", "insufficient_credits"] as const) {
    const { key: _, allowed: __, code: ___, ...facts } = ok;
    const own = { ...dialect(), usageHeaders: { ...USAGE, "X-Fixed": "1" } };
    const { headers } = renderDenial(own, denied(code, facts), { now: NOW });
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("x-")),
      [],
      code,
    );
  }
});

test("a message that speaks of what is not known gives way to the default one", () => {
  const own = dialect({
    rate_exceeded: { message: "More than {limit.requests.limit} requests in a minute." },
    upstream_timeout: { message: "Slow, {account}." },
  });
  const limits = [{ name: "requests", kind: "rate", limit: 60, remaining: 0, resetsAt: RESET }] as const;
  const known = denied("rate_exceeded", { key: KEY, limits });
  assert.equal(bodyOf(own, known), "More than 60 requests in a minute.");
  assert.equal(bodyOf(own, denied("rate_exceeded")), "Too many requests.");
  const fault = renderAnswer(own, "upstream_timeout");
  assert.equal(JSON.parse(fault.body), "The service behind the gateway took too long.");
});
