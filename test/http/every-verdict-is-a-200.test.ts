import assert from "node:assert/strict";
import { test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { readerOver, START } from "../support/engine.ts";
import { failingStore } from "../support/stores.ts";

const PROJECT = {
  name: "acme",
  environments: ["live", "test"],
  keys: { format: "acme_{env}_{secret:32}" },
  regions: { eu: { keyPrefix: "eu-" } },
  scopes: { "notes:read": "Read", "notes:write": { implies: ["notes:read"] } },
  tiers: { basic: { scopes: ["notes:read"] } },
  plans: { free: { features: [] }, pro: { features: ["export"] } },
  defaultPlan: "free",
  routes: [
    { match: "GET /notes/**", scopes: ["notes:read"] },
    { match: "POST /notes", scopes: ["notes:write"] },
    { match: "GET /export", feature: "export" },
    { match: "GET /of/{account}", ownAccount: "account" },
  ],
};

function verifyWith({ ask }: ControlPlane) {
  return async (question: Record<string, unknown>) => {
    const answer = await ask("POST /v1/verify", { body: { project: "acme", ...question } });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
}

test("an admitted key is told with its facts", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const made = await plane.engine.key("acme", {
    name: "CI",
    metadata: { team: "a" },
    expiresAt: "2027-01-01T00:00:00Z",
  });
  const verdict = await verify({ key: made.key });
  assert.deepEqual(verdict, {
    allowed: true,
    code: "ok",
    key: {
      id: made.id,
      name: "CI",
      account: made.account,
      environment: "live",
      scopes: ["notes:read"],
      tier: "basic",
      plan: "free",
      expiresAt: "2027-01-01T00:00:00.000Z",
      metadata: { team: "a" },
    },
  });
  assert.equal((await verify({ key: made.key, method: "GET", path: "/notes/1?x=1" })).route, "GET /notes/**");
  const regional = await verify({ key: `eu-${made.key}` });
  assert.deepEqual([regional.code, regional.region], ["ok", "eu"]);
});

test("every denial that needs no counter is a verdict", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT, { name: "beta" }] });
  const { engine } = plane;
  const { instance } = engine;
  const verify = verifyWith(plane);
  const code = async (question: Record<string, unknown>): Promise<string> => (await verify(question)).code;
  const { key, id, account } = await engine.key("acme");

  assert.equal(await code({ key: "" }), "missing_key");
  assert.equal(await code({ key: "nonsense" }), "invalid_key");
  assert.deepEqual(await verify({ key: "x".repeat(4_097) }), {
    allowed: false,
    code: "invalid_key",
    hint: "It is too long to be a key.",
  });
  assert.equal(await code({ key: `${key}\n` }), "invalid_key");
  assert.equal(await code({ key, project: "beta" }), "invalid_key");
  assert.equal(await code({ key, method: "GET", path: "/notes/../secret" }), "ambiguous_path");
  assert.equal(await code({ key, method: "GET", path: "notes" }), "ambiguous_path");
  assert.equal(await code({ key, method: "GET", path: "/elsewhere" }), "no_route");
  assert.equal(await code({ key, environment: "test" }), "wrong_environment");
  assert.equal(await code({ key, method: "GET", path: "/export" }), "feature_not_in_plan");
  assert.equal(await code({ key, method: "GET", path: "/of/acc_other" }), "wrong_account");
  assert.equal(await code({ key, method: "GET", path: `/of/${account}` }), "ok");

  const scope = await verify({ key, method: "POST", path: "/notes" });
  assert.deepEqual([scope.code, scope.requiredScopes], ["insufficient_scope", ["notes:write"]]);
  assert.equal(scope.key.id, id);
  assert.deepEqual((await verify({ key, scopes: ["notes:write"] })).requiredScopes, ["notes:write"]);

  const rested = await engine.key("acme");
  await disableKey(instance, LOCAL_CALLER, "acme", rested.id);
  assert.equal(await code({ key: rested.key }), "disabled_key");
  const dead = await engine.key("acme");
  await revokeKey(instance, LOCAL_CALLER, "acme", dead.id);
  assert.equal(await code({ key: dead.key }), "revoked_key");
  const later = await engine.key("acme", { notBefore: new Date(START + 1000).toISOString() });
  assert.deepEqual(await verify({ key: later.key }), { allowed: false, code: "invalid_key" });
  const short = await engine.key("acme", { expiresAt: new Date(START + 1000).toISOString() });
  assert.equal(await code({ key: short.key }), "ok");
  engine.clock.set(START + 1000);
  assert.equal(await code({ key: short.key }), "expired_key");
  await plane.ask(`PATCH /v1/projects/acme/accounts/${account}`, { body: { suspended: true } });
  assert.equal(await code({ key }), "account_suspended");
});

test("an allowlist wants an address, and an unreadable one is refused as a question", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const verify = verifyWith(plane);
  const { key } = await plane.engine.key("acme", { allowedIps: ["203.0.113.0/24", "2001:db8::/32"] });
  const code = async (ip?: string) => (await verify({ key, ...(ip !== undefined && { ip }) })).code;
  assert.equal(await code("203.0.113.7"), "ok");
  assert.equal(await code("::ffff:203.0.113.7"), "ok");
  assert.equal(await code("2001:db8::1"), "ok");
  assert.equal(await code("198.51.100.1"), "ip_not_allowed");
  assert.equal(await code(), "ip_not_allowed");
  for (const ip of ["", "localhost", "203.0.113", "203.0.113.7:80", "fe80::1%eth0"]) {
    const answer = await plane.ask("POST /v1/verify", { body: { project: "acme", key, ip } });
    assert.deepEqual([answer.status, answer.json.errors[0].field], [422, "ip"], ip);
  }
});

test("a question that cannot be meant is refused", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key } = await engine.key("acme");
  const refused = async (body: unknown, field: string): Promise<void> => {
    const answer = await ask("POST /v1/verify", { body });
    assert.deepEqual([answer.status, answer.json.code], [422, "validation_failed"]);
    assert.ok(
      answer.json.errors.some((one: { field: string }) => one.field === field),
      answer.text,
    );
    assert.ok(!answer.text.includes(key));
  };
  const own = { project: "acme", key };
  await refused({ ...own, method: "GET" }, "path");
  await refused({ ...own, path: "/notes" }, "method");
  await refused({ ...own, method: "get", path: "/notes" }, "method");
  for (const cost of [-1, 0.5, "5", null, true, [5], {}, 1_000_000_001])
    await refused({ ...own, cost }, "cost");
  for (const hold of ["true", 1, null]) await refused({ ...own, hold }, "hold");
  await refused({ ...own, scopes: "notes:read" }, "scopes");
  await refused({ project: "acme" }, "key");
  await refused({ project: "acme", key: 5 }, "key");
  await refused({ key }, "project");
  await refused([own], "");
  await refused(null, "");
  const unknown = await ask("POST /v1/verify", { body: { project: key, key } });
  assert.deepEqual([unknown.status, unknown.json.code], [404, "not_found"]);
  assert.ok(!unknown.text.includes(key));
});

test("a batch is answered in the order of its requests", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key } = await engine.key("acme");
  const one = (text: string) => ({ project: "acme", key: text });
  const requests = Array.from({ length: 1_000 }, (_, index) =>
    one(index % 3 === 0 ? key : index % 3 === 1 ? "" : "x"),
  );
  const answer = await ask("POST /v1/verify/batch", { body: { requests } });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.json.verdicts.map(({ code }: { code: string }) => code),
    requests.map(({ key: text }) => (text === key ? "ok" : text === "" ? "missing_key" : "invalid_key")),
  );
  assert.deepEqual((await ask("POST /v1/verify/batch", { body: { requests: [] } })).json, { verdicts: [] });

  const tooMany = await ask("POST /v1/verify/batch", { body: { requests: [...requests, one(key)] } });
  assert.equal(tooMany.json.code, "validation_failed");
  const badIp = await ask("POST /v1/verify/batch", {
    body: { requests: [one(key), { ...one(key), ip: "x" }] },
  });
  assert.deepEqual([badIp.status, badIp.json.errors[0].field], [422, "requests[1].ip"]);
  const noProject = await ask("POST /v1/verify/batch", { body: { requests: [{ project: "none", key }] } });
  assert.deepEqual([noProject.status, noProject.json.errors[0].field], [404, "requests[0].project"]);
});

test("a store that does not answer is a 503 and never a verdict", async (t) => {
  let control = { failing: false };
  const plane = await controlPlaneFor(t, {
    projects: [PROJECT],
    over: async (instance) => {
      const failing = failingStore(instance.store);
      ({ control } = failing);
      const { verify, directory } = await readerOver(
        { instance } as unknown as Parameters<typeof readerOver>[0],
        failing.store,
      );
      return { ...instance, store: failing.store, verify, directory };
    },
  });
  const { key } = await plane.engine.key("acme");
  // The root key is in memory after its first use; the customer's key is not.
  assert.equal((await plane.ask("GET /v1/projects")).status, 200);
  control.failing = true;
  const body = { project: "acme", key };
  for (const [path, sent] of [
    ["/v1/verify", body],
    ["/v1/verify/batch", { requests: [body] }],
  ] as const) {
    const answer = await plane.ask(`POST ${path}`, { body: sent });
    assert.deepEqual([answer.status, answer.json.code], [503, "store_unavailable"], path);
    assert.equal(answer.headers.get("retry-after"), "1");
  }
  control.failing = false;
  assert.equal((await plane.ask("POST /v1/verify", { body })).json.code, "ok");
});

test("an Idempotency-Key on a verdict is taken and means nothing", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [PROJECT] });
  const { key, id } = await plane.engine.key("acme");
  const headers = { "idempotency-key": "one" };
  const ask = () => plane.ask("POST /v1/verify", { headers, body: { project: "acme", key } });
  assert.equal((await ask()).json.code, "ok");
  await revokeKey(plane.engine.instance, LOCAL_CALLER, "acme", id);
  const second = await ask();
  assert.equal(second.json.code, "revoked_key");
  assert.equal(second.headers.get("idempotency-replayed"), null);
});
