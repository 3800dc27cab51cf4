// Promise: the portal has nothing of the control plane but what is a member's own, and another's things are not there (hostile G01 to G04).
import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTH_TABLES } from "../../src/people/auth.ts";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";
import { visitorAt } from "../support/visitor.ts";

const KEYS = "/v1/projects/acme/keys";

test("without a session nothing is made, whatever the body says of whose it shall be (G01)", async (context) => {
  const { engine, visitor, member } = await portalFor(context);
  const ada = await member();
  for (const body of [
    { account: ada.account, name: "x" },
    { account: ada.account, name: "x", userId: ada.person, ownerId: ada.person },
  ]) {
    const answer = await visitor().ask(`POST ${KEYS}`, { body });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.code, "session_required");
  }
  assert.equal(await engine.instance.store.countLiveKeys("acme", {}), 0);
});

test("the operations of operators are not there at the portal, not even for a root key", async (context) => {
  const { portalUrl, rootKey, member } = await portalFor(context);
  const ada = await member();
  const theirs = [
    "GET /v1/projects",
    "GET /v1/projects/acme",
    "PUT /v1/projects/acme",
    "GET /v1/projects/acme/audit",
    "GET /v1/projects/acme/requests",
    "GET /v1/projects/acme/traffic",
    "GET /v1/projects/acme/usage",
    "POST /v1/projects/acme/keys/revoke",
    "POST /v1/projects/acme/portal-sessions",
    "POST /v1/projects/acme/test-request",
    `POST /v1/projects/acme/accounts/${ada.account}/credits`,
    `DELETE /v1/projects/acme/accounts/${ada.account}?confirm=x`,
    `POST /v1/projects/acme/accounts/${ada.account}/members/${ada.person}/reset-link`,
    "POST /v1/verify",
    "POST /v1/introspect",
    "GET /v1/operators",
    "GET /v1/policy",
    "GET /openapi.json",
    "POST /auth/setup",
    "GET /console/",
  ];
  for (const request of theirs) {
    const bare = visitorAt(portalUrl);
    const withKey = await bare.ask(request, { headers: { authorization: `Bearer ${rootKey}` } });
    assert.ok([404, 405].includes(withKey.status), `${request} with a root key: ${withKey.status}`);
    const answer = await ada.ask(request);
    assert.ok([404, 405].includes(answer.status), `${request} with a session: ${answer.status}`);
  }
  for (const request of [
    `GET ${KEYS}?account=${ada.account}`,
    `GET /v1/projects/acme/accounts/${ada.account}`,
  ])
    assert.equal(
      (await visitorAt(portalUrl).ask(request, { headers: { authorization: `Bearer ${rootKey}` } })).status,
      401,
      request,
    );
});

test("another's account and keys answer like those that do not exist (G03)", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const eve = await member("eve@example.com");
  const key = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  const pairs = [
    [`GET ${KEYS}/${key.id}`, `GET ${KEYS}/key_00000000000000000000`],
    [`GET ${KEYS}/${key.id}/uses`, `GET ${KEYS}/key_00000000000000000000/uses`],
    [`PATCH ${KEYS}/${key.id}`, `PATCH ${KEYS}/key_00000000000000000000`],
    [`POST ${KEYS}/${key.id}/revoke`, `POST ${KEYS}/key_00000000000000000000/revoke`],
    [`POST ${KEYS}/${key.id}/rotate`, `POST ${KEYS}/key_00000000000000000000/rotate`],
    [`POST ${KEYS}/${key.id}/cancel-rotation`, `POST ${KEYS}/key_0/cancel-rotation`],
    [`DELETE ${KEYS}/${key.id}`, `DELETE ${KEYS}/key_00000000000000000000`],
    [`GET ${KEYS}?account=${ada.account}`, `GET ${KEYS}?account=acc_0`],
    ...["", "/usage", "/ledger", "/requests", "/members", "/invitations"].map((rest) => [
      `GET /v1/projects/acme/accounts/${ada.account}${rest}`,
      `GET /v1/projects/acme/accounts/acc_0${rest}`,
    ]),
    [`PATCH /v1/projects/acme/accounts/${ada.account}`, "PATCH /v1/projects/acme/accounts/acc_0"],
  ] as const;
  for (const [theirs, none] of pairs) {
    const [found, missing] = [await eve.ask(theirs!), await eve.ask(none!)];
    assert.equal(found.status, 404, theirs);
    assert.equal(missing.status, 404, none);
    assert.equal(found.json.detail, missing.json.detail, theirs);
  }
  for (const account of [ada.account, "acc_0"]) {
    assert.equal((await eve.ask(`POST ${KEYS}`, { body: { account, name: "x" } })).status, 404);
    assert.equal((await eve.ask(`POST ${KEYS}/search`, { body: { account, text: "Server" } })).status, 404);
  }
  assert.equal((await eve.ask(`GET ${KEYS}`)).status, 422);
  assert.equal((await eve.ask(`POST ${KEYS}/search`, { body: { text: key.key } })).status, 422);
  // Of her own account a foreign key is not found, whole or in part.
  for (const text of [key.key, key.id, "Server"]) {
    const found = await expect(eve, `POST ${KEYS}/search`, { account: eve.account, text }, 200);
    assert.deepEqual(found.items, []);
  }
  assert.equal((await ada.ask(`GET ${KEYS}/${key.id}`)).json.status, "active");
});

test("members set nothing that is the operator's, and see nothing of it (G02)", async (context) => {
  const { engine, member } = await portalFor(context, {
    projects: [{ name: "acme", plans: { free: {}, paid: {} }, defaultPlan: "free" }],
  });
  const ada = await member();
  const place = `/v1/projects/acme/accounts/${ada.account}`;
  for (const body of [{ plan: "paid" }, { externalId: "x" }, { metadata: { a: 1 } }, { suspended: false }])
    assert.equal((await ada.ask(`PATCH ${place}`, { body })).status, 403, JSON.stringify(body));
  assert.equal(
    (await ada.ask("POST /v1/projects/acme/accounts", { body: { name: "x", plan: "paid" } })).status,
    403,
  );
  const key = { account: ada.account, name: "x" };
  assert.equal(
    (await ada.ask(`POST ${KEYS}`, { body: { ...key, metadata: { role: "admin" } } })).status,
    403,
  );
  for (const field of ["tenantId", "remaining", "createdBy", "hash", "role", "id", "digest"])
    assert.equal((await ada.ask(`POST ${KEYS}`, { body: { ...key, [field]: "x" } })).status, 422, field);
  const { store } = engine.instance;
  const record = (await store.account("acme", ada.account))!;
  await store.commit({
    at: 1,
    writes: [
      {
        kind: "update-account",
        record: { ...record, metadata: { note: "pays late" }, externalId: "cus_1", version: 2 },
        replaces: 1,
      },
    ],
    audit: [],
  });
  const seen = await expect(ada, `GET ${place}`, undefined, 200);
  assert.deepEqual([seen.metadata, seen.externalId], [{}, null]);
});

test("a role admits what it says, and one that was lowered holds at once (H07)", async (context) => {
  const { member, people } = await portalFor(context);
  const ada = await member();
  const bob = await member("bob@example.com");
  const members = `/v1/projects/acme/accounts/${ada.account}/members`;
  const { link } = await expect(
    ada,
    `POST /v1/projects/acme/accounts/${ada.account}/invitations`,
    { email: "bob@example.com", role: "developer" },
    201,
  );
  const token = link.split("#token=")[1];
  await expect(bob, "POST /auth/invitations/accept", { token }, 204);
  const make = () => bob.ask(`POST ${KEYS}`, { body: { account: ada.account, name: "x" } });
  const made = (await make()).json;
  assert.equal((await bob.ask(`PATCH ${members}/${bob.person}`, { body: { role: "owner" } })).status, 403);
  await expect(ada, `PATCH ${members}/${bob.person}`, { role: "viewer" }, 204);
  assert.equal((await make()).status, 403);
  assert.equal((await bob.ask(`POST ${KEYS}/${made.id}/revoke`)).status, 403);
  assert.equal((await bob.ask(`GET ${KEYS}/${made.id}`)).status, 200);
  await expect(ada, `PATCH ${members}/${bob.person}`, { role: "admin" }, 204);
  // An admin makes no owner, unmakes none, and invites none.
  assert.equal((await bob.ask(`PATCH ${members}/${bob.person}`, { body: { role: "owner" } })).status, 403);
  assert.equal((await bob.ask(`DELETE ${members}/${ada.person}`)).status, 403);
  const invitation = { email: "x@example.com", role: "owner" };
  assert.equal(
    (await bob.ask(`POST /v1/projects/acme/accounts/${ada.account}/invitations`, { body: invitation }))
      .status,
    403,
  );
  // The last owner stays.
  assert.equal((await ada.ask(`DELETE ${members}/${ada.person}`)).status, 409);
  assert.equal((await ada.ask(`PATCH ${members}/${ada.person}`, { body: { role: "viewer" } })).status, 409);
  await expect(bob, `DELETE ${members}/${bob.person}`, undefined, 204);
  assert.equal((await bob.ask(`GET ${KEYS}/${made.id}`)).status, 404);
  assert.deepEqual(
    (
      await people.tables
        .selectFrom("people_memberships")
        .select("person")
        .where("account", "=", ada.account)
        .execute()
    ).length,
    1,
  );
});

test("a portal token opens one account, for as long as it lives, and its code works once", async (context) => {
  const { engine, portalUrl, consoleUrl, rootKey, member, visitor } = await portalFor(context);
  const eve = await member("eve@example.com");
  const account = await engine.account("acme", { name: "Known" });
  const console = visitorAt(consoleUrl);
  const authorization = `Bearer ${rootKey}`;
  const session = await console.ask("POST /v1/projects/acme/portal-sessions", {
    body: { account: account.id },
    headers: { authorization },
  });
  assert.equal(session.status, 201);
  const { code, url, embedUrl } = session.json;
  assert.equal(url, `${portalUrl}/acme/#launch=${code}`);
  assert.ok(!embedUrl.includes(code));
  const launches = await Promise.all(
    [1, 2].map(() => visitor().ask("POST /auth/launch", { body: { code } })),
  );
  assert.deepEqual(launches.map(({ status }) => status).sort(), [200, 400]);
  const { token } = launches.find(({ status }) => status === 200)!.json;
  const bearer = { authorization: `Bearer ${token}` };
  const page = visitorAt(portalUrl);
  // A token rides on no cookie: it needs no word of our own page.
  const ask = (request: string, body?: unknown) =>
    page.ask(request, { body, headers: bearer, ownPage: false });
  assert.equal((await ask(`POST ${KEYS}`, { account: account.id, name: "x" })).status, 201);
  assert.equal((await ask(`GET ${KEYS}?account=${eve.account}`)).status, 404);
  assert.equal((await ask("POST /v1/projects/acme/accounts", { name: "x" })).status, 403);
  assert.equal((await ask("GET /auth/session")).status, 401);
  engine.clock.set(engine.clock.now() + 3_600_000);
  assert.equal((await ask(`GET ${KEYS}?account=${account.id}`)).status, 401);
  // A code that nobody used within a quarter of an hour is gone too.
  const late = await console.ask("POST /v1/projects/acme/portal-sessions", {
    body: { account: account.id },
    headers: { authorization },
  });
  engine.clock.set(engine.clock.now() + 15 * 60_000);
  assert.equal((await visitor().ask("POST /auth/launch", { body: { code: late.json.code } })).status, 400);
});

test("an erased account leaves neither a key nor a name", async (context) => {
  const { engine, consoleUrl, rootKey, member, people } = await portalFor(context);
  const ada = await member();
  const key = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Secret project" }, 201);
  await expect(ada, "POST /auth/second-factor/enrol", { password: PASSWORD }, 200);
  assert.equal(await engine.code("acme", key.key), "ok");
  const console = visitorAt(consoleUrl);
  const headers = { authorization: `Bearer ${rootKey}` };
  const place = `/v1/projects/acme/accounts/${ada.account}`;
  assert.equal((await console.ask(`DELETE ${place}?confirm=wrong`, { headers })).status, 409);
  const name = encodeURIComponent("Of ada@example.com");
  assert.equal((await console.ask(`DELETE ${place}?confirm=${name}`, { headers })).status, 204);
  assert.equal(await engine.code("acme", key.key), "invalid_key");
  assert.equal((await console.ask(`GET ${place}`, { headers })).status, 404);
  const audit = (await console.ask("GET /v1/projects/acme/audit", { headers })).text;
  assert.ok(!audit.includes("Secret project") && !audit.includes("ada@example.com"));
  assert.match(audit, /account\.erase/);
  assert.equal(await people.members.context.internalAdapter.findUserByEmail("ada@example.com"), null);
  for (const table of AUTH_TABLES.filter((name) => name.startsWith("people_member_")))
    assert.deepEqual(
      await people.tables
        .selectFrom(table as never)
        .selectAll()
        .execute(),
      [],
      table,
    );
  assert.equal((await ada.ask("GET /auth/session")).status, 401);
});
