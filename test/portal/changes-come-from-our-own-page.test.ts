// Promise: a change that rides on a cookie is taken from our own page only (hostile H02 to H05).
import assert from "node:assert/strict";
import { request as rawRequest } from "node:http";
import { test } from "node:test";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";
import { type VisitorAsk, visitorAt } from "../support/visitor.ts";

const KEYS = "/v1/projects/acme/keys";
const OWN = { "x-claviger-request": "1" };

test("keys are made, changed and ended by no page of somebody else (H02, H03)", async (context) => {
  const { engine, portalUrl, member } = await portalFor(context);
  const ada = await member();
  const key = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  const { origin } = new URL(portalUrl);
  const foreign: [string, VisitorAsk][] = [
    ["nothing", {}],
    ["a form", { body: "a=b", headers: { "content-type": "text/plain", origin: "https://evil.example" } }],
    ["no origin", { headers: OWN }],
    ["another origin", { headers: { ...OWN, origin: "https://evil.example" } }],
    ["the origin null", { headers: { ...OWN, origin: "null" } }],
    ["another port", { headers: { ...OWN, origin: "http://127.0.0.1:1" } }],
    ["a name like ours", { headers: { ...OWN, origin: `${origin}.evil.example` } }],
    ["our origin without the header", { headers: { origin } }],
    ["another site by its own words", { headers: { ...OWN, origin, "sec-fetch-site": "cross-site" } }],
    ["a neighbour", { headers: { ...OWN, origin, "sec-fetch-site": "same-site" } }],
  ];
  for (const [what, ask] of foreign)
    for (const request of [
      `POST ${KEYS}`,
      `POST ${KEYS}/${key.id}/revoke`,
      `PATCH ${KEYS}/${key.id}`,
      `DELETE ${KEYS}/${key.id}`,
      "POST /auth/sign-out",
      "DELETE /auth/sessions",
    ]) {
      const answer = await ada.ask(request, { ...ask, ownPage: false });
      // What cannot be read is refused as that, or before it.
      assert.ok([403, 415].includes(answer.status), `${what}: ${request} ${answer.status}`);
      if (answer.status === 403) assert.equal(answer.json.code, "csrf_failed", what);
    }
  assert.equal(await engine.code("acme", key.key), "ok");
  assert.equal(await engine.instance.store.countLiveKeys("acme", {}), 1);
  const own = { ...OWN, "sec-fetch-site": "same-origin" };
  assert.equal(
    (await ada.ask(`POST ${KEYS}/${key.id}/revoke`, { ownPage: false, headers: own })).status,
    200,
  );
});

test("nobody is signed in, up or out by another's page (H05)", async (context) => {
  const { member, visitor } = await portalFor(context);
  await member();
  const credentials = { email: "ada@example.com", password: PASSWORD };
  const headers = { origin: "https://evil.example", ...OWN };
  for (const [request, body] of [
    ["POST /auth/sign-in", credentials],
    ["POST /auth/sign-up", { ...credentials, project: "acme", name: "Ada" }],
    ["POST /auth/reset", { email: credentials.email }],
    ["POST /auth/reset/complete", { token: "x", password: PASSWORD }],
    ["POST /auth/invitations/accept", { token: "x" }],
  ] as const) {
    const answer = await visitor().ask(request, { body, headers, ownPage: false });
    assert.equal(answer.status, 403, request);
    assert.equal(answer.json.code, "csrf_failed", request);
    assert.deepEqual(answer.headers.getSetCookie(), [], request);
  }
});

test("operators are held to the same", async (context) => {
  const { operator } = await portalFor(context);
  const olga = await operator();
  for (const headers of [{}, { ...OWN, origin: "https://evil.example" }]) {
    const body = { name: "x" };
    const answer = await olga.ask("POST /v1/projects/acme/accounts", { body, headers, ownPage: false });
    assert.equal(answer.json.code, "csrf_failed");
  }
  assert.equal((await olga.ask("POST /v1/projects/acme/accounts", { body: { name: "x" } })).status, 201);
});

test("nothing changes by GET or HEAD (H04)", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const key = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  for (const path of [
    `${KEYS}/${key.id}/revoke`,
    `${KEYS}/${key.id}/rotate`,
    "/auth/sign-out",
    "/auth/sign-in",
  ])
    for (const method of ["GET", "HEAD"]) {
      const answer = await ada.ask(`${method} ${path}`);
      assert.equal(answer.status, 405, `${method} ${path}`);
    }
});

test("where a public address is configured its origin is ours, and the host that a request names is not (H16)", async (context) => {
  const urls = { portal: "https://keys.acme.example", console: "https://admin.acme.example" };
  const { portalUrl } = await portalFor(context, { urls });
  const body = { project: "acme", name: "Ada", email: "ada@example.com", password: PASSWORD };
  const ask = (origin: string) =>
    visitorAt(portalUrl).ask("POST /auth/sign-up", { body, ownPage: false, headers: { ...OWN, origin } });
  assert.equal((await ask(new URL(portalUrl).origin)).status, 403);
  assert.equal((await ask("https://keys.acme.example")).status, 202);
  const signIn = await visitorAt(portalUrl).ask("POST /auth/sign-in", {
    body: { email: body.email, password: PASSWORD },
    ownPage: false,
    headers: { ...OWN, origin: "https://keys.acme.example" },
  });
  // Bound to this host and to TLS: no sibling under the same domain can plant one.
  for (const line of signIn.headers.getSetCookie()) {
    assert.match(line, /^__Host-claviger-portal/);
    assert.match(line, /; Secure/);
    assert.match(line, /; HttpOnly/);
    assert.match(line, /; SameSite=Lax/);
    assert.match(line, /; Path=\//);
    assert.ok(!/Domain=/i.test(line));
  }
  assert.equal(signIn.headers.getSetCookie().length, 2);
});

test("a page that was loaded under another name of this machine is our own page too", async (context) => {
  const { portalUrl } = await portalFor(context);
  const { port } = new URL(portalUrl);
  const status = await new Promise<number>((resolve, reject) => {
    const host = `keys.lan:${port}`;
    const headers = { ...OWN, host, origin: `http://${host}`, "content-type": "application/json" };
    const asked = rawRequest(
      { port, host: "127.0.0.1", method: "POST", path: "/auth/sign-up", headers },
      (answer) => resolve(answer.statusCode ?? 0),
    );
    asked.on("error", reject);
    asked.end(JSON.stringify({ project: "acme", name: "Ada", email: "ada@example.com", password: PASSWORD }));
  });
  assert.equal(status, 202);
});
