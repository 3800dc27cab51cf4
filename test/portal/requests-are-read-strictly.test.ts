// Promise: what members send is read as strictly as what operators send, and one member's repetitions and pages are no other's
// (hostile G05 to G17).
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect, portalFor } from "../support/portal.ts";

const KEYS = "/v1/projects/acme/keys";

test("an Idempotency-Key stands for one request of one person (G05, G07, G08)", async (context) => {
  const { engine, member } = await portalFor(context);
  const [ada, eve] = [await member(), await member("eve@example.com")];
  const make = (who: typeof ada, key: string, name = "x") =>
    who.ask(`POST ${KEYS}`, { body: { account: who.account, name }, headers: { "idempotency-key": key } });
  const first = await make(ada, "once");
  assert.equal(first.status, 201);
  const again = await make(ada, "once");
  assert.deepEqual([again.status, again.json.id, again.json.key], [201, first.json.id, undefined]);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal((await make(ada, "once", "another")).json.code, "idempotency_key_reused");
  const theirs = await make(eve, "once");
  assert.equal(theirs.status, 201);
  assert.notEqual(theirs.json.id, first.json.id);
  assert.equal(theirs.headers.get("idempotency-replayed"), null);
  assert.equal((await make(ada, "k".repeat(10_000))).status, 400);
  assert.equal((await make(ada, "has space")).status, 400);
  assert.equal(await engine.instance.store.countLiveKeys("acme", {}), 2);
});

test("of two at once with one Idempotency-Key one is carried out (G06)", async (context) => {
  const { engine, member } = await portalFor(context);
  const ada = await member();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      ada.ask(`POST ${KEYS}`, {
        body: { account: ada.account, name: "x" },
        headers: { "idempotency-key": "one" },
      }),
    ),
  );
  for (const { status, json } of answers)
    assert.ok(status === 201 || json.code === "idempotency_in_progress", `${status}`);
  assert.equal(await engine.instance.store.countLiveKeys("acme", {}), 1);
});

test("a sign-up whose account was made is repeated without a second one", async (context) => {
  const { people, member } = await portalFor(context);
  const ada = await member();
  const headers = { "idempotency-key": "account" };
  const make = () => ada.ask("POST /v1/projects/acme/accounts", { body: { name: "Second" }, headers });
  const [one, two] = [await make(), await make()];
  assert.deepEqual([one.status, two.status, two.json.id], [201, 201, one.json.id]);
  const rows = await people.tables.selectFrom("people_memberships").selectAll().execute();
  assert.deepEqual(rows.map(({ account }) => account).sort(), [ada.account, one.json.id].sort());
});

test("a person owns so many accounts and no more", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const statuses: number[] = [];
  for (let account = 0; account < 11; account++)
    statuses.push((await ada.ask("POST /v1/projects/acme/accounts", { body: { name: "More" } })).status);
  assert.deepEqual([statuses.filter((status) => status === 201).length, statuses.at(-1)], [9, 409]);
});

test("bodies are JSON in UTF-8, not too deep, not too large, each member once (G10 to G13)", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const send = (body: string, type = "application/json", path = KEYS) =>
    ada.ask(`POST ${path}`, { body, headers: { "content-type": type } });
  const good = JSON.stringify({ account: ada.account, name: "x" });
  assert.equal((await send(good)).status, 201);
  for (const path of [KEYS, "/auth/confirm"]) {
    assert.equal((await send("[".repeat(100_000), "application/json", path)).status, 400);
    assert.equal(
      (await send(`{"a":${"[".repeat(40)}${"]".repeat(40)}}`, "application/json", path)).status,
      400,
    );
    assert.equal(
      (await send(JSON.stringify({ name: "x".repeat(1_100_000) }), "application/json", path)).status,
      413,
    );
    assert.equal((await send('{"__proto__":{"a":1}}', "application/json", path)).status, 400);
    assert.equal((await send(good, "text/plain", path)).status, 415);
    assert.equal((await send(good, "application/json; charset=utf-16", path)).status, 415);
    assert.equal((await send(`${good} trailing`, "application/json", path)).status, 400);
    assert.equal((await send(`\ufeff${good}`, "application/json", path)).status, 400);
  }
  assert.equal((await send(`{"account":"${ada.account}","name":"x","name":"y"}`)).json.code, "invalid_json");
  assert.equal(({} as { a?: number }).a, undefined);
});

test("names hold no control characters and at most a hundred others (G14)", async (context) => {
  const { member, visitor } = await portalFor(context);
  const ada = await member();
  for (const name of ["", "a\u0000b", "a\nb", "x".repeat(101), "x".repeat(100_000), "a\ud800"]) {
    assert.equal((await ada.ask(`POST ${KEYS}`, { body: { account: ada.account, name } })).status, 422);
    assert.equal((await ada.ask("POST /v1/projects/acme/accounts", { body: { name } })).status, 422);
    const person = { project: "acme", name, email: "x@example.com", password: "long enough" };
    assert.equal((await visitor().ask("POST /auth/sign-up", { body: person })).status, 422);
  }
  assert.equal(
    (await ada.ask(`POST ${KEYS}`, { body: { account: ada.account, name: "x".repeat(100) } })).status,
    201,
  );
  for (const email of [
    "",
    "x",
    "x@",
    "@x.de",
    "a b@x.de",
    "a@x",
    "a@x.de\r\nBcc: b@x.de",
    "a@x.de, b@x.de",
    `${"a".repeat(65)}@x.de`,
  ]) {
    const person = { project: "acme", name: "Ada", email, password: "long enough" };
    assert.equal(
      (await visitor().ask("POST /auth/sign-up", { body: person })).status,
      422,
      JSON.stringify(email),
    );
  }
});

test("pages are asked for within bounds, by cursors of the same list (G15)", async (context) => {
  const { member } = await portalFor(context);
  const [ada, eve] = [await member(), await member("eve@example.com")];
  for (const who of [ada, eve])
    for (let key = 0; key < 3; key++)
      await expect(who, `POST ${KEYS}`, { account: who.account, name: "x" }, 201);
  const list = (who: typeof ada, more: string) => who.ask(`GET ${KEYS}?account=${who.account}${more}`);
  for (const more of [
    "&limit=-1",
    "&limit=0",
    "&limit=1000000000",
    "&limit=x",
    "&sort=hash",
    "&cursor=x",
    "&cursor='%20or%201=1",
  ])
    assert.equal((await list(ada, more)).status, 422, more);
  const { nextCursor } = (await list(ada, "&limit=2")).json;
  assert.equal((await list(ada, `&limit=2&cursor=${nextCursor}`)).json.items.length, 1);
  assert.equal((await list(eve, `&cursor=${nextCursor}`)).status, 422, "another's cursor");
  assert.equal(
    (await ada.ask(`GET /v1/projects/acme/accounts/${ada.account}/ledger?cursor=${nextCursor}`)).status,
    422,
  );
  const forged = Buffer.from(Buffer.from(nextCursor, "base64url").toString().replace(/^\d/, "9")).toString(
    "base64url",
  );
  assert.equal((await list(ada, `&cursor=${forged}`)).status, 422, "a forged cursor");
});

test("times and numbers are kept or refused, never bent (G17)", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  for (const expiresAt of [
    "+275760-09-13T00:00:00Z",
    "2027-02-30T00:00:00Z",
    "2027-01-01",
    "tomorrow",
    2 ** 53 + 1,
  ])
    assert.equal(
      (await ada.ask(`POST ${KEYS}`, { body: { account: ada.account, name: "x", expiresAt } })).status,
      422,
      `${expiresAt}`,
    );
  for (const graceSeconds of [-1, 0.5, 1e9, 2 ** 53, "60"])
    assert.equal(
      (await ada.ask(`POST ${KEYS}/key_0/rotate`, { body: { graceSeconds } })).status,
      422,
      `${graceSeconds}`,
    );
});

test("what the store cannot do is told as that, and can be repeated (G09)", async (context) => {
  const { engine, member } = await portalFor(context);
  const ada = await member();
  const { store } = engine.instance;
  const commit = store.commit;
  Object.assign(store, { commit: () => Promise.reject(new Error("disk")) });
  const headers = { "idempotency-key": "later" };
  const make = () => ada.ask(`POST ${KEYS}`, { body: { account: ada.account, name: "x" }, headers });
  assert.ok((await make()).status >= 500);
  Object.assign(store, { commit });
  assert.equal((await make()).status, 201);
});
