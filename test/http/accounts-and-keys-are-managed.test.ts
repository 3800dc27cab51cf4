import assert from "node:assert/strict";
import { test } from "node:test";
import { controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const PROJECT = {
  name: "acme",
  environments: ["live", "test"],
  keys: { defaultScopes: ["notes:read"] },
  scopes: { "notes:read": "Read notes", "notes:write": "Write notes" },
  plans: { free: {}, pro: {} },
  defaultPlan: "free",
};
const NOW = new Date(START).toISOString();

test("an account is created, read, listed, changed and suspended", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const body = { name: "Ada", externalId: "cus_1", plan: "pro", metadata: { team: { size: 3 } } };
  const created = await ask("POST /v1/projects/acme/accounts", { body });
  assert.equal(created.status, 201);
  assert.match(created.json.id, /^acc_/);
  assert.deepEqual(created.json, {
    ...body,
    id: created.json.id,
    project: "acme",
    suspended: false,
    suspendedAt: null,
    credits: 0,
    createdAt: NOW,
    updatedAt: NOW,
  });
  const path = `/v1/projects/acme/accounts/${created.json.id}`;
  assert.deepEqual((await ask(`GET ${path}`)).json, created.json);
  assert.deepEqual((await ask("GET /v1/projects/acme/accounts")).json, { items: [created.json] });

  const plain = await ask("POST /v1/projects/acme/accounts", { body: { name: "Bob" } });
  assert.equal(plain.json.plan, "free");
  assert.equal(plain.json.externalId, null);

  engine.clock.set(START + 1000);
  const changed = await ask(`PATCH ${path}`, { body: { suspended: true, externalId: null } });
  assert.equal(changed.status, 200);
  assert.deepEqual([changed.json.suspended, changed.json.externalId, changed.json.name], [true, null, "Ada"]);
  assert.equal(changed.json.suspendedAt, new Date(START + 1000).toISOString());
  assert.equal((await ask(`PATCH ${path}`, { body: { suspended: false } })).json.suspendedAt, null);
});

test("an externalId belongs to one account, and a plan must be declared", async (t) => {
  const { ask } = await controlPlaneFor(t, { projects: [PROJECT] });
  await ask("POST /v1/projects/acme/accounts", { body: { name: "Ada", externalId: "cus_1" } });
  const taken = await ask("POST /v1/projects/acme/accounts", { body: { name: "Bob", externalId: "cus_1" } });
  assert.deepEqual([taken.status, taken.json.code], [409, "conflict"]);
  const plan = await ask("POST /v1/projects/acme/accounts", { body: { name: "Bob", plan: "gold" } });
  assert.deepEqual([plan.status, plan.json.errors[0].field], [422, "plan"]);
});

test("a key is shown in full once, and everywhere else without its secret", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const account = (await engine.account("acme")).id;
  const created = await ask("POST /v1/projects/acme/keys", { body: { account, name: "CI" } });
  assert.equal(created.status, 201);
  const { key, ...described } = created.json;
  assert.ok(key.startsWith(described.start) && key.endsWith(described.lastFour));
  assert.deepEqual(
    [described.environment, described.scopes, described.status, described.expiresAt],
    ["live", ["notes:read"], "active", null],
  );
  const path = `/v1/projects/acme/keys/${described.id}`;
  const read = { ...described, lastUsedAt: null };
  assert.deepEqual((await ask(`GET ${path}`)).json, read);
  assert.deepEqual((await ask("GET /v1/projects/acme/keys")).json, { items: [read] });
  const audit = await ask("GET /v1/projects/acme/audit");
  for (const text of [(await ask(`GET ${path}`)).text, audit.text]) {
    assert.ok(!text.includes(key));
    assert.ok(!text.includes(key.slice(-20)));
  }
});

test("a key is changed: name, scopes, allowlist, expiry, metadata", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id } = await engine.key("acme");
  const changed = await ask(`PATCH /v1/projects/acme/keys/${id}`, {
    body: {
      name: "Renamed",
      scopes: ["notes:read", "notes:write"],
      allowedIps: ["203.0.113.7", "2001:db8::/32"],
      expiresAt: "2027-01-01T00:00:00Z",
      metadata: { a: 1 },
    },
  });
  assert.equal(changed.status, 200);
  assert.deepEqual(
    [changed.json.name, changed.json.scopes, changed.json.allowedIps, changed.json.expiresAt],
    ["Renamed", ["notes:read", "notes:write"], ["203.0.113.7", "2001:db8::/32"], "2027-01-01T00:00:00.000Z"],
  );
  const never = await ask(`PATCH /v1/projects/acme/keys/${id}`, { body: { expiresAt: null } });
  assert.equal(never.json.expiresAt, null);
  const bad = await ask(`PATCH /v1/projects/acme/keys/${id}`, {
    body: { allowedIps: ["1.2.3", "10.0.0.1"] },
  });
  assert.deepEqual([bad.status, bad.json.errors[0].field], [422, "allowedIps[0]"]);
});

test("disable rests a key, enable brings it back, revoke ends it for good", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id, key } = await engine.key("acme");
  const path = `/v1/projects/acme/keys/${id}`;
  assert.equal((await ask(`POST ${path}/disable`)).json.status, "disabled");
  assert.equal(await engine.code("acme", key), "disabled_key");
  assert.equal((await ask(`POST ${path}/enable`, { body: {} })).json.status, "active");
  assert.equal(await engine.code("acme", key), "ok");
  assert.equal((await ask(`POST ${path}/revoke`)).json.status, "revoked");
  assert.equal(await engine.code("acme", key), "revoked_key");
  assert.equal((await ask(`POST ${path}/revoke`)).status, 200);
  for (const verb of ["enable", "disable", "rotate"]) {
    const answer = await ask(`POST ${path}/${verb}`);
    assert.deepEqual([answer.status, answer.json.code], [409, "conflict"], verb);
  }
  assert.equal((await ask(`PATCH ${path}`, { body: { name: "x" } })).json.code, "conflict");
});

test("rotation gives a successor, at once or after a grace period, and revokes a whole family", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const first = await engine.key("acme", { scopes: ["notes:write"] });
  const second = await ask(`POST /v1/projects/acme/keys/${first.id}/rotate`);
  assert.equal(second.status, 201);
  assert.deepEqual(
    [second.json.scopes, second.json.predecessor, second.json.family],
    [["notes:write"], first.id, first.id],
  );
  assert.equal(await engine.code("acme", first.key), "revoked_key");
  assert.equal(await engine.code("acme", second.json.key), "ok");

  const third = await ask(`POST /v1/projects/acme/keys/${second.json.id}/rotate`, {
    body: { graceSeconds: 60 },
  });
  assert.equal(await engine.code("acme", second.json.key), "ok");
  engine.clock.set(START + 60_000);
  assert.equal(await engine.code("acme", second.json.key), "expired_key");
  assert.equal(await engine.code("acme", third.json.key), "ok");

  await ask(`POST /v1/projects/acme/keys/${first.id}/revoke`, { body: { family: true } });
  assert.equal(await engine.code("acme", third.json.key), "revoked_key");
});

test("a deleted key is dead and off the lists, and its tombstone can be asked for", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id, key } = await engine.key("acme");
  const gone = await ask(`DELETE /v1/projects/acme/keys/${id}`);
  assert.deepEqual([gone.status, gone.text], [204, ""]);
  assert.equal(await engine.code("acme", key), "revoked_key");
  assert.equal((await ask(`GET /v1/projects/acme/keys/${id}`)).status, 404);
  assert.equal((await ask(`DELETE /v1/projects/acme/keys/${id}`)).status, 404);
  assert.deepEqual((await ask("GET /v1/projects/acme/keys")).json.items, []);
  const all = await ask("GET /v1/projects/acme/keys?includeDeleted=true");
  assert.equal(all.json.items[0].id, id);
  assert.equal(all.json.items[0].deletedAt, NOW);
});

test("revoking many needs the exact number, and says it", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id: account } = await engine.account("acme");
  const keys = [await engine.key("acme", { account }), await engine.key("acme", { account })];
  const other = await engine.key("acme");
  const path = "POST /v1/projects/acme/keys/revoke";
  for (const expectedCount of [undefined, 1, 3]) {
    const asked = await ask(path, {
      body: { account, ...(expectedCount !== undefined && { expectedCount }) },
    });
    assert.deepEqual([asked.status, asked.json.code], [409, "confirmation_required"]);
    assert.match(asked.json.detail, /^2 keys/);
  }
  assert.equal((await ask(path, { body: {} })).json.code, "validation_failed");
  assert.equal((await ask(path, { body: { createdBefore: "yesterday" } })).json.code, "validation_failed");
  assert.equal(await engine.code("acme", keys[0]!.key), "ok");
  assert.deepEqual((await ask(path, { body: { account, expectedCount: 2 } })).json, { revoked: 2 });
  for (const { key } of keys) assert.equal(await engine.code("acme", key), "revoked_key");
  assert.equal(await engine.code("acme", other.key), "ok");
  const createdBefore = new Date(START + 1).toISOString();
  assert.deepEqual((await ask(path, { body: { createdBefore, expectedCount: 1 } })).json, { revoked: 1 });
});

test("lists are read page by page, newest first, with nothing twice and nothing left out", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT] });
  const { id: account } = await engine.account("acme");
  const made: string[] = [];
  for (let index = 0; index < 5; index++) {
    // The second and third in the same millisecond.
    engine.clock.set(START + (index === 2 ? 1 : index) * 10);
    made.push((await engine.key("acme", { account })).id);
  }
  await engine.key("acme");
  for (const what of [`keys?account=${account}`, "audit?", "accounts?"]) {
    const whole = (await ask(`GET /v1/projects/acme/${what}`)).json.items.map(({ id }: { id: string }) => id);
    const pages: string[] = [];
    let cursor = "";
    do {
      const page = (await ask(`GET /v1/projects/acme/${what}&limit=2${cursor}`)).json;
      assert.ok(page.items.length <= 2);
      pages.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor === undefined ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    assert.deepEqual(pages, whole, what);
    assert.equal(new Set(pages).size, pages.length);
    if (what.startsWith("keys")) assert.deepEqual(pages.toSorted(), made.toSorted());
  }
});

test("a query is read as what it stands for and refused when it is something else", async (t) => {
  const { ask } = await controlPlaneFor(t, { projects: [PROJECT] });
  const bad = [
    "limit=0",
    "limit=1001",
    "limit=-1",
    "limit=1e9",
    "limit=1.5",
    "limit=",
    "limit=5&limit=6",
    "cursor=forged",
    "cursor=%27%3B--",
    "sort=hash",
    "includeDeleted=1",
    "includeDeleted=TRUE",
  ];
  for (const query of bad) {
    const answer = await ask(`GET /v1/projects/acme/keys?${query}`);
    assert.deepEqual([answer.status, answer.json.code], [422, "validation_failed"], query);
    assert.equal(answer.json.errors[0].field, query.split("=")[0]);
  }
});

test("another project's key or account is not there, in the words for one that never was", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, { projects: [PROJECT, { name: "beta" }] });
  const { id, account } = await engine.key("acme");
  for (const [own, foreign] of [
    ["keys/key_0000000000", `keys/${id}`],
    ["accounts/acc_0000000000", `accounts/${account}`],
  ]) {
    const [none, other] = [
      await ask(`GET /v1/projects/beta/${own}`),
      await ask(`GET /v1/projects/beta/${foreign}`),
    ];
    assert.equal(other.status, 404);
    assert.deepEqual({ ...other.json, instance: "" }, { ...none.json, instance: "" });
  }
  assert.equal((await ask(`POST /v1/projects/beta/keys/${id}/revoke`)).status, 404);
  const body = { account, name: "x" };
  assert.equal((await ask("POST /v1/projects/beta/keys", { body })).json.errors[0].field, "account");
});

test("every change stands in the audit log with who made it", async (t) => {
  const { ask, rootKeyWith } = await controlPlaneFor(t, { projects: [PROJECT] });
  const root = await rootKeyWith(["accounts:write", "keys:write"]);
  const as = { rootKey: root.key };
  const account = (await ask("POST /v1/projects/acme/accounts", { ...as, body: { name: "Ada" } })).json.id;
  const key = (await ask("POST /v1/projects/acme/keys", { ...as, body: { account, name: "CI" } })).json.id;
  await ask(`POST /v1/projects/acme/keys/${key}/revoke`, as);
  const { items } = (await ask("GET /v1/projects/acme/audit")).json;
  const told = items.map(
    ({ actor, action, subject }: Record<string, string>) => `${actor} ${action} ${subject}`,
  );
  for (const line of [
    `${root.id} account.create ${account}`,
    `${root.id} key.create ${key}`,
    `${root.id} key.revoke ${key}`,
    "local project.create acme",
  ])
    assert.ok(told.includes(line), line);
});
