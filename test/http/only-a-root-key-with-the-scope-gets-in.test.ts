import assert from "node:assert/strict";
import { test } from "node:test";
import { guardRoute } from "../../src/http/principal.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly security: readonly Record<string, unknown>[];
}

async function operations({ ask }: ControlPlane): Promise<{ request: string; operation: Operation }[]> {
  const document = (await ask("GET /openapi.json", { rootKey: null })).json;
  return Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        request: `${method.toUpperCase()} ${path.replace("{project}", "acme").replace(/\{\w+\}/, "x")}`,
        operation,
      })),
  );
}

test("without a root key nothing but health and the description answers", async (t) => {
  const plane = await controlPlaneFor(t);
  const all = await operations(plane);
  assert.ok(all.length > 20);
  const open: string[] = [];
  for (const { request, operation } of all) {
    const answer = await plane.ask(request, { rootKey: null });
    if (answer.status === 200) open.push(request);
    else assert.equal(answer.status, 401, request);
    assert.equal(operation.security.length === 0, answer.status === 200, request);
  }
  assert.deepEqual(open.sort(), ["GET /healthz", "GET /openapi.json", "GET /readyz"]);
});

test("a route that does not say who may call it, or asks for no scope there is, keeps the server from starting", () => {
  const verify = () => assert.fail("nobody asked");
  const route = { method: "GET", url: "/x", handler: () => {} } as const;
  assert.throws(() => guardRoute(verify, { ...route }), /does not say/);
  const config = { access: "keys:steal" as "keys:read", url: "/x", method: "GET" };
  assert.throws(() => guardRoute(verify, { ...route, config }), /unknown scope/);
});

test("each operation needs its own scope: a key with all others is refused", async (t) => {
  const plane = await controlPlaneFor(t);
  const scopes = [
    ..."projects:read projects:write accounts:read accounts:write keys:read keys:write keys:verify audit:read".split(
      " ",
    ),
  ];
  const needed = new Set<string>();
  for (const { request, operation } of await operations(plane)) {
    const scope = /Needs the scope `(.+?)`/.exec(operation.description ?? "")?.[1];
    if (scope === undefined || operation.operationId === "introspectKey") continue;
    needed.add(scope);
    const others = await plane.rootKeyWith(scopes.filter((one) => one !== scope));
    const refused = await plane.ask(request, { rootKey: others.key });
    assert.equal(refused.status, 403, request);
    assert.equal(refused.json.code, "insufficient_scope");
    assert.equal(
      refused.headers.get("www-authenticate"),
      `Bearer realm="claviger", error="insufficient_scope", scope="${scope}"`,
    );
    // Its answer has no end.
    if (operation.operationId === "watchTraffic") continue;
    const only = await plane.rootKeyWith([scope]);
    const admitted = await plane.ask(request, { rootKey: only.key });
    assert.ok(![401, 403].includes(admitted.status), `${request} ${admitted.status}`);
  }
  assert.deepEqual([...needed].sort(), scopes.sort());
});

test("a missing key is challenged without an error, a bad one with it", async (t) => {
  const { ask, rootKey } = await controlPlaneFor(t);
  const missing = await ask("GET /v1/projects", { rootKey: null });
  assert.deepEqual([missing.status, missing.json.code], [401, "missing_key"]);
  assert.equal(missing.headers.get("www-authenticate"), 'Bearer realm="claviger"');
  const wrong = [
    rootKey.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
    `${rootKey.slice(0, -1)}`,
    rootKey.toUpperCase(),
    `"${rootKey}"`,
    encodeURIComponent(rootKey).replaceAll("_", "%5F"),
    "A".repeat(5_000),
  ];
  for (const key of wrong) {
    const answer = await ask("GET /v1/projects", { rootKey: key });
    assert.deepEqual([answer.status, answer.json.code], [401, "invalid_key"], key.slice(0, 30));
    assert.equal(answer.headers.get("www-authenticate"), 'Bearer realm="claviger", error="invalid_token"');
    assert.ok(!answer.text.includes(key));
  }
  for (const authorization of [
    rootKey,
    `Token ${rootKey}`,
    `Bearer\t${rootKey}`,
    "Bearer",
    `Basic ${rootKey}`,
  ]) {
    const answer = await ask("GET /v1/projects", { rootKey: null, headers: { authorization } });
    assert.equal(answer.json.code, "invalid_key", authorization.slice(0, 8));
  }
  for (const scheme of ["bearer ", "BEARER ", "Bearer   "])
    assert.equal(
      (await ask("GET /v1/projects", { rootKey: null, headers: { authorization: scheme + rootKey } })).status,
      200,
    );
});

test("two Authorization lines are refused, whichever is good", async (t) => {
  const { raw, rootKey } = await controlPlaneFor(t);
  const good = `Authorization: Bearer ${rootKey}\r\n`;
  const bad = "Authorization: Bearer nonsense\r\n";
  for (const lines of [good + bad, bad + good, good + good, good + good.toLowerCase()]) {
    const answer = await raw(`GET /v1/projects HTTP/1.1\r\nHost: x\r\n${lines}Connection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /"code":"multiple_credentials"/);
  }
});

test("a root key dies like any other key", async (t) => {
  const { ask, engine, rootKeyWith } = await controlPlaneFor(t);
  const revoked = await rootKeyWith(["projects:read"]);
  assert.equal((await ask("GET /v1/projects", { rootKey: revoked.key })).status, 200);
  await revokeKey(engine.instance, LOCAL_CALLER, "claviger", revoked.id);
  const answer = await ask("GET /v1/projects", { rootKey: revoked.key });
  assert.deepEqual([answer.status, answer.json.code], [401, "invalid_key"]);

  const short = await engine.key("claviger", {
    scopes: ["projects:read"],
    expiresAt: new Date(START + 1000).toISOString(),
  });
  assert.equal((await ask("GET /v1/projects", { rootKey: short.key })).status, 200);
  engine.clock.set(START + 1000);
  assert.equal((await ask("GET /v1/projects", { rootKey: short.key })).json.code, "invalid_key");

  const suspended = await rootKeyWith(["projects:read"]);
  await ask(`PATCH /v1/projects/claviger/accounts/${suspended.account}`, { body: { suspended: true } });
  const forbidden = await ask("GET /v1/projects", { rootKey: suspended.key });
  assert.deepEqual([forbidden.status, forbidden.json.code], [403, "forbidden"]);
});

test("a root key's allowlist is held against the socket, whatever a header says", async (t) => {
  const { ask, engine } = await controlPlaneFor(t);
  const here = await engine.key("claviger", { scopes: ["projects:read"], allowedIps: ["127.0.0.1"] });
  assert.equal((await ask("GET /v1/projects", { rootKey: here.key })).status, 200);
  const elsewhere = await engine.key("claviger", { scopes: ["projects:read"], allowedIps: ["203.0.113.7"] });
  const answer = await ask("GET /v1/projects", {
    rootKey: elsewhere.key,
    headers: { "x-forwarded-for": "203.0.113.7" },
  });
  assert.deepEqual([answer.status, answer.json.code], [403, "forbidden"]);
});

test("a customer's key is no root key", async (t) => {
  const { ask, engine } = await controlPlaneFor(t);
  const { key } = await engine.key("acme");
  assert.equal((await ask("GET /v1/projects", { rootKey: key })).json.code, "invalid_key");
});

test("a root key hands on no more than it holds, neither by creation nor by rotation", async (t) => {
  const { ask, engine, rootKeyWith } = await controlPlaneFor(t);
  const limited = await rootKeyWith(["keys:write"]);
  const as = { rootKey: limited.key };
  for (const scopes of [["*"], ["keys:write", "projects:write"]]) {
    const body = { account: limited.account, name: "more", scopes };
    const answer = await ask("POST /v1/projects/claviger/keys", { ...as, body });
    assert.deepEqual([answer.status, answer.json.code], [403, "forbidden"]);
    const changed = await ask(`PATCH /v1/projects/claviger/keys/${limited.id}`, { ...as, body: { scopes } });
    assert.equal(changed.json.code, "forbidden");
  }
  const full = await engine.key("claviger", { scopes: ["*"] });
  const rotated = await ask(`POST /v1/projects/claviger/keys/${full.id}/rotate`, as);
  assert.equal(rotated.json.code, "forbidden");
  const body = { account: limited.account, name: "same", scopes: ["keys:write"] };
  assert.equal((await ask("POST /v1/projects/claviger/keys", { ...as, body })).status, 201);
});
