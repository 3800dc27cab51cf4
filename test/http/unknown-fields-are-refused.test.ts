import assert from "node:assert/strict";
import { test } from "node:test";
import { controlPlaneFor } from "../support/control-plane.ts";

// Hostile G02: what a careless API would have stored.
const FOREIGN = {
  tenantId: "t",
  remaining: 1,
  createdBy: "x",
  hash: "h",
  role: "admin",
  id: "key_1",
  frozenScopes: ["*"],
};

test("no operation takes a field that it does not know", async (t) => {
  const { ask, engine } = await controlPlaneFor(t);
  const { id, account } = await engine.key("acme");
  const bodies: [string, object][] = [
    ["POST /v1/projects/acme/accounts", { name: "a" }],
    [`PATCH /v1/projects/acme/accounts/${account}`, { name: "a" }],
    [`POST /v1/projects/acme/accounts/${account}/credits`, { amount: 1 }],
    ["POST /v1/projects/acme/keys", { account, name: "a" }],
    [`PATCH /v1/projects/acme/keys/${id}`, { name: "a" }],
    ["POST /v1/projects/acme/keys/search", { text: "a" }],
    ["POST /v1/projects/acme/test-request", { method: "GET", path: "/" }],
    ...["disable", "enable", "revoke", "rotate", "cancel-rotation"].map((verb): [string, object] => [
      `POST /v1/projects/acme/keys/${id}/${verb}`,
      {},
    ]),
    ["POST /v1/projects/acme/keys/revoke", { account, expectedCount: 1 }],
    ["POST /v1/verify", { project: "acme", key: "k" }],
    ["POST /v1/projects/acme/tickets", { key: id }],
    ["POST /v1/verify/batch", { requests: [] }],
    ["POST /v1/holds/hld_0/settle", { cost: 1 }],
    ["POST /v1/holds/hld_0/release", {}],
    ["PUT /v1/projects/acme", { name: "acme" }],
  ];
  const document = (await ask("GET /openapi.json")).json;
  const withBody = Object.values(document.paths as Record<string, Record<string, { requestBody?: object }>>)
    .flatMap((path) => Object.values(path))
    .filter(({ requestBody }) => requestBody !== undefined);
  assert.equal(bodies.length, withBody.length - 1, "all operations with a body but introspection");
  for (const [request, body] of bodies) {
    for (const [name, value] of Object.entries(FOREIGN)) {
      const answer = await ask(request, { body: { ...body, [name]: value } });
      assert.deepEqual([answer.status, answer.json.code], [422, "validation_failed"], `${request} ${name}`);
      assert.equal(answer.json.errors[0].field, name);
      assert.match(answer.json.errors[0].message, /^unknown field|^line \d+: unknown field/);
    }
  }
});

test("no value is taken for another type, and nothing sent is told back", async (t) => {
  const { ask, engine } = await controlPlaneFor(t);
  const { id, account } = await engine.key("acme");
  const wrong: [string, object, string][] = [
    ["POST /v1/projects/acme/accounts", { name: 5 }, "name"],
    ["POST /v1/projects/acme/accounts", { name: "a", externalId: 5 }, "externalId"],
    ["POST /v1/projects/acme/accounts", { name: "a", metadata: ["canary"] }, "metadata"],
    [`PATCH /v1/projects/acme/accounts/${account}`, { suspended: "true" }, "suspended"],
    ["POST /v1/projects/acme/keys", { account, name: "a", scopes: "canary" }, "scopes"],
    ["POST /v1/projects/acme/keys", { account, name: "a", allowedIps: [1] }, "allowedIps[0]"],
    ["POST /v1/projects/acme/keys", { account, name: "a", expiresAt: 1_900_000_000 }, "expiresAt"],
    [`POST /v1/projects/acme/keys/${id}/rotate`, { graceSeconds: "60" }, "graceSeconds"],
    [`POST /v1/projects/acme/keys/${id}/rotate`, { graceSeconds: -1 }, "graceSeconds"],
    [`POST /v1/projects/acme/keys/${id}/rotate`, { graceSeconds: 1e9 }, "graceSeconds"],
    [`POST /v1/projects/acme/keys/${id}/revoke`, { family: 1 }, "family"],
    ["POST /v1/verify", { project: "acme", key: ["canary"] }, "key"],
    ["POST /v1/verify/batch", { requests: [{ project: "acme" }] }, "requests[0].key"],
  ];
  for (const [request, body, field] of wrong) {
    const answer = await ask(request, { body });
    assert.deepEqual(
      [answer.status, answer.json.errors?.[0].field],
      [422, field],
      `${request} ${answer.text}`,
    );
    assert.ok(!answer.text.includes("canary"));
  }
});
