import assert from "node:assert/strict";
import { test } from "node:test";
import * as oauth from "oauth4webapi";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type ControlPlane, controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECTS = [
  {
    name: "acme",
    environments: ["live"],
    scopes: { "notes:read": "Read", "notes:write": { implies: ["notes:read"] } },
    tiers: { basic: { scopes: ["notes:read"] } },
    plans: { free: {} },
    defaultPlan: "free",
  },
  { name: "beta", environments: ["live"] },
];
const FORM = { "content-type": "application/x-www-form-urlencoded" };

function basic(user: string, password: string): Record<string, string> {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("_", "%5F");
  return { authorization: `Basic ${Buffer.from(`${encode(user)}:${encode(password)}`).toString("base64")}` };
}

/** As a resource server would, with its own client library; `bearer` is a client authentication of our own. */
function clientOf({ url, rootKey }: ControlPlane) {
  const as = { issuer: url, introspection_endpoint: `${url}/v1/introspect` };
  const http = { [oauth.allowInsecureRequests]: true };
  const bearer: oauth.ClientAuth = (_as, client, body, headers) => {
    headers.set("authorization", `Bearer ${rootKey}`);
    body.set("project", client.client_id);
  };
  return async (project: string, token: string, authentication: "basic" | "bearer") => {
    const client = { client_id: project };
    const how = authentication === "basic" ? oauth.ClientSecretBasic(rootKey) : bearer;
    const response = await oauth.introspectionRequest(as, client, how, token, http);
    return oauth.processIntrospectionResponse(as, client, response);
  };
}

test("oauth4webapi's introspection client works with both client authentications", async (t) => {
  const plane = await controlPlaneFor(t, { projects: PROJECTS });
  const introspect = clientOf(plane);
  const made = await plane.engine.key("acme", {
    tier: "basic",
    notBefore: "2026-01-01T00:00:00Z",
    expiresAt: "2027-01-01T00:00:00.999Z",
  });
  for (const authentication of ["basic", "bearer"] as const) {
    assert.deepEqual(await introspect("acme", made.key, authentication), {
      active: true,
      scope: "notes:read",
      client_id: made.account,
      sub: made.id,
      token_type: "Bearer",
      iat: Math.floor(START / 1000),
      nbf: Date.parse("2026-01-01T00:00:00Z") / 1000,
      exp: Date.parse("2027-01-01T00:00:00Z") / 1000,
      claviger: { project: "acme", environment: "live", tier: "basic", plan: "free" },
    });
    assert.deepEqual(await introspect("beta", made.key, authentication), { active: false });
    assert.deepEqual(await introspect("acme", "nonsense", authentication), { active: false });
    assert.deepEqual(await introspect("acme", plane.rootKey, authentication), { active: false });
  }
});

test("implied scopes are told, because the resource server judges by them", async (t) => {
  const plane = await controlPlaneFor(t, { projects: PROJECTS });
  const made = await plane.engine.key("acme", { scopes: ["notes:write"] });
  const told = await clientOf(plane)("acme", made.key, "basic");
  assert.equal(told.scope, "notes:write notes:read");
  const bare = await plane.engine.key("beta");
  assert.equal("scope" in (await clientOf(plane)("beta", bare.key, "basic")), false);
});

test("whatever is not an active key of the project is exactly inactive", async (t) => {
  const { ask, engine, rootKey } = await controlPlaneFor(t, { projects: PROJECTS });
  const inactive = async (token: string): Promise<void> => {
    const body = new URLSearchParams({ token, token_type_hint: "refresh_token" }).toString();
    const answer = await ask("POST /v1/introspect", {
      rootKey: null,
      headers: { ...FORM, ...basic("acme", rootKey) },
      body,
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, '{"active":false}');
    assert.equal(answer.headers.get("cache-control"), "no-store");
  };
  const revoked = await engine.key("acme");
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", revoked.id);
  await inactive(revoked.key);
  await inactive((await engine.key("acme", { notBefore: "2030-01-01T00:00:00Z" })).key);
  await inactive((await engine.key("acme", { allowedIps: ["127.0.0.1"] })).key);
  await inactive((await engine.key("beta")).key);
  const expired = await engine.key("acme", { expiresAt: new Date(START + 1).toISOString() });
  engine.clock.set(START + 1);
  await inactive(expired.key);
  await inactive("x".repeat(10_000));
});

test("a client that does not prove itself is told so in OAuth's words", async (t) => {
  const { ask, rootKey, rootKeyWith } = await controlPlaneFor(t, { projects: PROJECTS });
  const body = "token=x&project=acme";
  const refused = async (headers: Record<string, string>, challenge: RegExp): Promise<void> => {
    const answer = await ask("POST /v1/introspect", {
      rootKey: null,
      headers: { ...FORM, ...headers },
      body,
    });
    assert.deepEqual([answer.status, answer.json.error], [401, "invalid_client"]);
    assert.match(answer.headers.get("www-authenticate") ?? "", challenge);
  };
  const limited = await rootKeyWith(["projects:read"]);
  await refused({}, /^Basic realm="claviger", charset="UTF-8", Bearer realm="claviger"$/);
  await refused(basic("acme", "wrong"), /^Basic realm=/);
  await refused(basic("nobody", rootKey), /^Basic realm=/);
  await refused({ authorization: "Basic !!!" }, /^Basic realm=/);
  await refused({ authorization: `Basic ${Buffer.from(rootKey).toString("base64")}` }, /^Basic realm=/);
  await refused({ authorization: `Basic ${Buffer.from("%zz:%zz").toString("base64")}` }, /^Basic realm=/);
  await refused({ authorization: "Bearer wrong" }, /^Bearer realm="claviger", error="invalid_token"$/);
  const lacking = await ask("POST /v1/introspect", { rootKey: limited.key, headers: FORM, body });
  assert.deepEqual([lacking.status, lacking.json.error], [403, "insufficient_scope"]);
});

test("a form that cannot be meant is an invalid_request", async (t) => {
  const { ask, raw, rootKey } = await controlPlaneFor(t, { projects: PROJECTS });
  const invalid = async (body: string, headers: Record<string, string> = {}): Promise<void> => {
    const answer = await ask("POST /v1/introspect", { headers: { ...FORM, ...headers }, body });
    assert.deepEqual([answer.status, answer.json.error], [400, "invalid_request"], body);
  };
  await invalid("project=acme");
  await invalid("token=&project=acme");
  await invalid("token=x&token=x&project=acme");
  await invalid("token=x");
  await invalid("token=x&project=nobody");
  await invalid("token=x&project=acme&project=acme");
  await invalid("token=x&project=beta", basic("acme", rootKey));
  await invalid("");
  const json = await ask("POST /v1/introspect", { body: { token: "x" } });
  assert.deepEqual([json.status, json.json.error], [415, "invalid_request"]);
  const large = await ask("POST /v1/introspect", { headers: FORM, body: `token=${"x".repeat(70_000)}` });
  assert.deepEqual([large.status, large.json.error], [413, "invalid_request"]);
  const two = `Authorization: Bearer ${rootKey}\r\n`;
  const answer = await raw(
    `POST /v1/introspect HTTP/1.1\r\nHost: x\r\n${two}${two}Content-Type: ${FORM["content-type"]}\r\nContent-Length: 7\r\nConnection: close\r\n\r\ntoken=x`,
  );
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"error":"invalid_request"/);
});
