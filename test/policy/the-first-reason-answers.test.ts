// Promise: of several reasons to refuse a key the first in the published order answers, whichever others there are, so that every
// way in gives the same one. Hostile cases B08 to B10, D04.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Circumstances,
  isAtLeastAsStrict,
  judge,
  type RoutePolicy,
  type Subject,
} from "../../src/policy/judge.ts";
import { parseAddress } from "../../src/policy/network.ts";
import { VERDICT_CODES } from "../../src/policy/verdict.ts";

const NOW = 1_000_000;
const PROBE = parseAddress("203.0.113.7");

const GOOD: Subject = {
  notBefore: NOW,
  expiresAt: NOW + 1,
  disabledAt: null,
  revokedAt: null,
  environment: "live",
  granted: new Set(["read"]),
  allowlist: { allows: (address) => address === PROBE },
  account: { id: "acc_1", externalId: "customer-1", suspendedAt: null },
  features: new Set(["export"]),
};
const POLICY: RoutePolicy = {
  pattern: "GET /v1/{account}/export",
  scopes: ["read"],
  feature: "export",
  accountParameter: "account",
};
type Route = { policy: RoutePolicy; parameters: Record<string, string> };
const ROUTE: Route = { policy: POLICY, parameters: { account: "acc_1" } };
const ASKED: Circumstances = { environment: "live", clientAddress: PROBE, scopes: ["read"], route: ROUTE };

type Case = { subject: Subject; asked: Circumstances };
const subject =
  (changes: Partial<Subject>) =>
  ({ subject: before, asked }: Case): Case => ({ subject: { ...before, ...changes }, asked });
const asked =
  (changes: (before: Circumstances) => Partial<Circumstances>) =>
  ({ subject: kept, asked: before }: Case): Case => ({
    subject: kept,
    asked: { ...before, ...changes(before) },
  });

/** In the order in which they answer. */
const REASONS: readonly (readonly [string, (before: Case) => Case])[] = [
  ["revoked_key", subject({ revokedAt: NOW + 5 })],
  ["disabled_key", subject({ disabledAt: 0 })],
  ["expired_key", subject({ expiresAt: NOW })],
  ["invalid_key", subject({ notBefore: NOW + 1 })],
  ["account_suspended", subject({ account: { ...GOOD.account, suspendedAt: 1 } })],
  ["wrong_environment", asked(() => ({ environment: "test" }))],
  ["ip_not_allowed", asked(() => ({ clientAddress: parseAddress("203.0.113.8") }))],
  ["no_route", asked(() => ({ route: undefined }))],
  ["insufficient_scope", subject({ granted: new Set(["write"]) })],
  [
    "wrong_account",
    asked(({ route }) => ({
      route: typeof route === "object" ? { ...route, parameters: { account: "acc_2" } } : route,
    })),
  ],
  ["feature_not_in_plan", subject({ features: new Set() })],
];

test("of every set of reasons the earliest answers", () => {
  assert.equal(judge(GOOD, ASKED, NOW), undefined);
  for (let set = 1; set < 1 << REASONS.length; set++) {
    const chosen = REASONS.filter((_, index) => (set >> index) & 1);
    const one = chosen.reduce<Case>((before, [, apply]) => apply(before), { subject: GOOD, asked: ASKED });
    assert.equal(
      judge(one.subject, one.asked, NOW)?.code,
      chosen[0]?.[0],
      chosen.map(([code]) => code).join(),
    );
  }
});

test("that order is the one in which the codes are listed, but for the key that looks unknown", () => {
  const listed = REASONS.map(([code]) => VERDICT_CODES.indexOf(code as never)).filter(
    (_, index) => REASONS[index]?.[0] !== "invalid_key",
  );
  assert.deepEqual(
    listed,
    listed.toSorted((one, other) => one - other),
  );
});

test("times: valid from notBefore on and strictly before expiresAt (B08 to B10)", () => {
  const code = (changes: Partial<Subject>) => judge({ ...GOOD, ...changes }, ASKED, NOW)?.code;
  assert.equal(code({ expiresAt: NOW + 1 }), undefined);
  assert.equal(code({ expiresAt: NOW }), "expired_key");
  assert.equal(code({ expiresAt: 0 }), "expired_key", "0 is a time, not never");
  assert.equal(code({ expiresAt: null }), undefined);
  assert.equal(code({ notBefore: NOW }), undefined);
  assert.equal(code({ notBefore: NOW + 1 }), "invalid_key");
  assert.equal(code({ notBefore: null }), undefined);
  assert.equal(code({ revokedAt: 0 }), "revoked_key");
  assert.equal(code({ disabledAt: 0 }), "disabled_key");
});

test("what is not asked about is not refused; an unknown address is, where there is a list (D04)", () => {
  const code = (changes: Partial<Circumstances>, more: Partial<Subject> = {}) =>
    judge({ ...GOOD, ...more }, { ...ASKED, ...changes }, NOW)?.code;
  assert.equal(code({ environment: undefined }), undefined);
  assert.equal(code({ route: "none" }), undefined);
  assert.equal(code({ route: "none", scopes: ["write"] }), "insufficient_scope");
  assert.equal(code({ clientAddress: undefined }), "ip_not_allowed");
  assert.equal(code({ clientAddress: undefined }, { allowlist: undefined }), undefined);
  assert.equal(code({}, { features: "all" }), undefined);
});

test("an account is named by its id or its externalId, exactly", () => {
  const at = (account: string | undefined, more: Partial<Subject["account"]> = {}) =>
    judge(
      { ...GOOD, account: { ...GOOD.account, ...more } },
      { ...ASKED, route: { policy: POLICY, parameters: account === undefined ? {} : { account } } },
      NOW,
    )?.code;
  for (const own of ["acc_1", "customer-1"]) assert.equal(at(own), undefined);
  for (const foreign of ["acc_2", "ACC_1", "acc_1 ", "", "null", "undefined", undefined]) {
    assert.equal(at(foreign), "wrong_account", String(foreign));
    assert.equal(at(foreign, { externalId: null }), "wrong_account", String(foreign));
  }
});

test("a missing scope is answered with all that is needed, once each, the route's first", () => {
  const scopes = ["b", "a", "c"];
  const route = { policy: { pattern: "/x", scopes: ["a", "b"] }, parameters: {} };
  const denial = judge({ ...GOOD, granted: new Set(["a", "b"]) }, { ...ASKED, scopes, route }, NOW);
  assert.deepEqual(denial, { code: "insufficient_scope", requiredScopes: ["a", "b", "c"] });
});

test("a policy is at least as strict as another when it asks for all that the other asks for", () => {
  const open: RoutePolicy = { pattern: "/open", scopes: [] };
  for (const stricter of [{ scopes: ["read"] }, { feature: "export" }, { accountParameter: "account" }]) {
    assert.ok(isAtLeastAsStrict(open, { ...open, ...stricter }));
    assert.ok(!isAtLeastAsStrict({ ...open, ...stricter }, open));
    assert.ok(isAtLeastAsStrict({ ...open, ...stricter }, POLICY));
  }
  assert.ok(!isAtLeastAsStrict({ ...open, feature: "other" }, POLICY));
});
