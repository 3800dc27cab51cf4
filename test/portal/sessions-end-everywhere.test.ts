// Promise: a session begins anew at each sign-in, is nowhere in clear, and is dead the moment it ends (hostile H05 to H08).
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";
import { visitorAt } from "../support/visitor.ts";

const CREDENTIALS = { email: "ada@example.com", password: PASSWORD };
const KEYS = "/v1/projects/acme/keys";

test("a session that somebody chose before is not the one after (H06)", async (context) => {
  const { portalUrl, member } = await portalFor(context);
  const ada = await member();
  const before = ada.cookies.get("claviger-portal")!;
  const planted = visitorAt(portalUrl, new Map([["claviger-portal", before]]));
  await expect(planted, "POST /auth/sign-in", CREDENTIALS, 200);
  assert.notEqual(planted.cookies.get("claviger-portal"), before);
  const made_up = visitorAt(portalUrl, new Map([["claviger-portal", "chosen.bynobody"]]));
  assert.equal((await made_up.ask("GET /auth/session")).status, 401);
});

test("no answer and no table holds a session's token, and what a table holds opens nothing", async (context) => {
  const { portalUrl, people, member, log } = await portalFor(context);
  const ada = await member();
  const token = decodeURIComponent(ada.cookies.get("claviger-portal")!).split(".")[0]!;
  const rows = await people.tables
    .selectFrom("people_member_sessions" as never)
    .selectAll()
    .execute();
  assert.ok(rows.length > 0 && !JSON.stringify(rows).includes(token));
  for (const request of ["GET /auth/session", "GET /auth/sessions"]) {
    const answer = await ada.ask(request);
    assert.ok(!answer.text.includes(token), request);
  }
  for (const row of rows as { token: string; id: string }[])
    for (const value of [row.token, row.id, `${row.token}.x`]) {
      const thief = visitorAt(portalUrl, new Map([["claviger-portal", value]]));
      assert.equal((await thief.ask("GET /auth/session")).status, 401);
    }
  assert.ok(!JSON.stringify(log).includes(token));
});

test("signing out, ending a session and a new password end what they say, at once (H07)", async (context) => {
  const { portalUrl, member } = await portalFor(context);
  const first = await member();
  const second = visitorAt(portalUrl);
  const third = visitorAt(portalUrl);
  for (const one of [second, third]) await expect(one, "POST /auth/sign-in", CREDENTIALS, 200);
  const alive = (one: typeof second) => one.ask("GET /auth/session").then(({ status }) => status);

  const stolen = visitorAt(portalUrl, new Map(second.cookies));
  await expect(second, "POST /auth/sign-out", {}, 204);
  assert.equal(await alive(stolen), 401);

  const { items } = await expect(first, "GET /auth/sessions", undefined, 200);
  assert.equal(items.length, 2);
  const other = items.find((one: { current: boolean }) => !one.current);
  await expect(first, `DELETE /auth/sessions/${other.id}`, undefined, 204);
  assert.equal(await alive(third), 401);

  await expect(third, "POST /auth/sign-in", CREDENTIALS, 200);
  const old = visitorAt(portalUrl, new Map(first.cookies));
  await expect(first, "POST /auth/password", { password: PASSWORD, newPassword: "quite another one" }, 204);
  assert.deepEqual([await alive(first), await alive(third), await alive(old)], [200, 401, 401]);
  assert.equal((await third.ask("POST /auth/sign-in", { body: CREDENTIALS })).status, 401);
});

test("nobody ends another's session", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const eve = await member("eve@example.com");
  const { items } = await expect(ada, "GET /auth/sessions", undefined, 200);
  assert.equal((await eve.ask(`DELETE /auth/sessions/${items[0].id}`)).status, 404);
  assert.equal((await ada.ask("GET /auth/session")).status, 200);
});

test("a session of an hour makes no key until its owner has said who they are (H08)", async (context) => {
  const { engine, member, operator } = await portalFor(context);
  const ada = await member();
  const olga = await operator();
  const key = await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "Server" }, 201);
  engine.clock.set(engine.clock.now() + 11 * 60_000);
  for (const [who, request, body] of [
    [ada, `POST ${KEYS}`, { account: ada.account, name: "x" }],
    [ada, `POST ${KEYS}/${key.id}/rotate`, {}],
    [
      ada,
      `POST /v1/projects/acme/accounts/${ada.account}/invitations`,
      { email: "x@example.com", role: "viewer" },
    ],
    [olga, `POST ${KEYS}`, { account: ada.account, name: "x" }],
    [olga, "POST /v1/operators", { email: "x@example.com", role: "viewer" }],
  ] as const) {
    const answer = await who.ask(request, { body });
    assert.equal(answer.status, 403, request);
    assert.equal(answer.json.code, "reauth_required", request);
  }
  // Ending a key is never put off.
  await expect(ada, `POST ${KEYS}/${key.id}/revoke`, {}, 200);
  assert.equal((await ada.ask("POST /auth/confirm", { body: { password: "wrong password" } })).status, 401);
  await expect(ada, "POST /auth/confirm", { password: PASSWORD }, 204);
  await expect(ada, `POST ${KEYS}`, { account: ada.account, name: "x" }, 201);
  assert.equal((await olga.ask("POST /auth/confirm", { body: { password: PASSWORD } })).status, 204);
  await expect(olga, "POST /v1/operators", { email: "x@example.com", role: "viewer" }, 201);
});

test("a person who confirms is not asked for longer than that, and guesses there are counted too", async (context) => {
  const { member } = await portalFor(context);
  const ada = await member();
  const statuses: number[] = [];
  for (let guess = 0; guess < 10; guess++)
    statuses.push((await ada.ask("POST /auth/confirm", { body: { password: `guess ${guess}` } })).status);
  assert.ok(statuses.includes(429), statuses.join());
});

test("a member's session is none at the console, nor an operator's at the portal", async (context) => {
  const { portalUrl, consoleUrl, member, operator } = await portalFor(context);
  const ada = await member();
  const olga = await operator();
  const value = ada.cookies.get("claviger-portal")!;
  const crossed = visitorAt(consoleUrl, new Map([["claviger-console", value]]));
  assert.equal((await crossed.ask("GET /v1/projects")).status, 401);
  const other = visitorAt(portalUrl, new Map([["claviger-portal", olga.cookies.get("claviger-console")!]]));
  assert.equal((await other.ask("GET /auth/session")).status, 401);
  // The same words of the same person at the other door are nobody's.
  const stranger = visitorAt(consoleUrl);
  assert.equal((await stranger.ask("POST /auth/sign-in", { body: CREDENTIALS })).status, 401);
});
