// Promise: whoever signs up has an account of their own at once, and makes, uses, rotates and ends keys there by themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";

const KEYS = "/v1/projects/acme/keys";

test("from sign-up to a key that is refused again", async (context) => {
  const { engine, member } = await portalFor(context);
  const ada = await member();
  const made = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  assert.equal(await engine.code("acme", made.key), "ok");
  const rotated = await expect(ada, `POST ${KEYS}/${made.id}/rotate`, { graceSeconds: 60 }, 201);
  assert.equal(await engine.code("acme", made.key), "ok");
  assert.equal(await engine.code("acme", rotated.key), "ok");
  await expect(ada, `POST ${KEYS}/${made.id}/revoke`, {}, 200);
  assert.equal(await engine.code("acme", made.key), "revoked_key");
  assert.equal(await engine.code("acme", rotated.key), "ok");
});

test("lists show when a key was last used, and no secret", async (context) => {
  const { engine, member } = await portalFor(context);
  const ada = await member();
  const made = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  const listed = () => expect(ada, `GET ${KEYS}?account=${ada.account}`, undefined, 200);
  assert.equal((await listed()).items[0].lastUsedAt, null);
  await engine.code("acme", made.key);
  await engine.instance.usage.flush();
  const page = await listed();
  assert.equal(page.items[0].lastUsedAt, "2026-11-21T12:00:00.000Z");
  assert.ok(!JSON.stringify(page).includes(made.key));
  const uses = await expect(ada, `GET ${KEYS}/${made.id}/uses`, undefined, 200);
  assert.equal(uses.requestsLast24Hours, 1);
});

test("a rotation is taken back while its grace lasts", async (context) => {
  const { engine, member } = await portalFor(context);
  const ada = await member();
  const expiresAt = "2026-12-24T00:00:00.000Z";
  const made = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server", expiresAt }, 201);
  const rotated = await expect(ada, `POST ${KEYS}/${made.id}/rotate`, { graceSeconds: 60 }, 201);
  const back = await expect(ada, `POST ${KEYS}/${made.id}/cancel-rotation`, {}, 200);
  assert.deepEqual([back.expiresAt, back.successor, back.status], [expiresAt, null, "active"]);
  assert.equal(await engine.code("acme", rotated.key), "revoked_key");
  await expect(ada, `POST ${KEYS}/${made.id}/cancel-rotation`, {}, 409);
  await expect(ada, `POST ${KEYS}/${made.id}/rotate`, { graceSeconds: 60 }, 201);
  engine.clock.set(engine.clock.now() + 61_000);
  await expect(ada, `POST ${KEYS}/${made.id}/cancel-rotation`, {}, 409);
});

test("the newest requests are shown with the reason in words, without queries and without keys", async (context) => {
  const { engine, member } = await portalFor(context, {
    projects: [
      {
        name: "acme",
        scopes: { read: "Read", write: "Write" },
        routes: [{ match: "GET /v1/**", scopes: ["write"] }],
      },
    ],
  });
  const ada = await member();
  const made = await expect(
    ada,
    `POST ${KEYS}`,
    { account: ada.account, name: "Server", scopes: ["read"] },
    201,
  );
  const target = `/v1/${made.key}/x?api_key=${made.key}`;
  await engine.ask("acme", made.key, { request: { method: "GET", target } });
  const { items } = await expect(
    ada,
    `GET /v1/projects/acme/accounts/${ada.account}/requests`,
    undefined,
    200,
  );
  assert.equal(items.length, 1);
  assert.equal(items[0].outcome, "insufficient_scope");
  assert.match(items[0].reason, /needs write, and it has read/);
  assert.equal(items[0].path, "/v1/…/x");
  assert.ok(!JSON.stringify(items).includes(made.key));
});

test("the project bounds how many keys an account has and how long they live", async (context) => {
  const { engine, member } = await portalFor(context, {
    projects: [{ name: "acme", keys: { maxPerAccount: 3, defaultExpiryDays: 30, maxExpiryDays: 90 } }],
  });
  const ada = await member();
  const make = (more: object = {}) =>
    ada.ask(`POST ${KEYS}`, { body: { account: ada.account, name: "Server", ...more } });
  assert.equal((await make()).json.expiresAt, "2026-12-21T12:00:00.000Z");
  assert.equal((await make({ expiresAt: null })).status, 422);
  assert.equal((await make({ expiresAt: "2027-03-01T00:00:00Z" })).status, 422);
  // Any number at once: no two of them take the same place.
  const statuses = (await Promise.all(Array.from({ length: 6 }, () => make()))).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [201, 201, 409, 409, 409, 409]);
  const { items } = await expect(ada, `GET ${KEYS}?account=${ada.account}`, undefined, 200);
  assert.equal(items.length, 3);
  await expect(ada, `POST ${KEYS}/${items[0].id}/revoke`, {}, 200);
  assert.equal((await make()).status, 201);
  assert.equal((await make()).status, 409);
  // Keys that have expired take no place.
  engine.clock.set(engine.clock.now() + 31 * 86_400_000);
  await expect(ada, "POST /auth/confirm", { password: PASSWORD }, 204);
  assert.equal((await make()).status, 201);
});
