// Promise: a link works once, for who it is for, for as long as it says, and begins with our own address; without mail there is another
// way, and no link in a log (hostile H10, H16, H17, H20).
import assert from "node:assert/strict";
import { request as rawRequest } from "node:http";
import { test } from "node:test";
import { issueSetupToken } from "../../src/people/operators.ts";
import { expect, PASSWORD, portalFor } from "../support/portal.ts";
import { smtpSinkFor } from "../support/smtp-sink.ts";
import { type Visitor, visitorAt } from "../support/visitor.ts";

const EMAIL = "ada@example.com";
const NEW_PASSWORD = "a new one entirely";
const tokenIn = (text: string): string => /#token=([A-Za-z0-9_-]+)/.exec(text)?.[1] ?? assert.fail(text);
const signIn = (visitor: Visitor, password = PASSWORD, email = EMAIL) =>
  visitor.ask("POST /auth/sign-in", { body: { email, password } }).then(({ status }) => status);

test("with mail: the address is confirmed, the password set anew, and each link is taken once (H17)", async (context) => {
  const sink = await smtpSinkFor(context);
  const { engine, portalUrl, visitor, log } = await portalFor(context, {
    mail: { url: sink.url, from: "Acme <no-reply@acme.example>" },
  });
  const ada = visitor();
  await expect(
    ada,
    "POST /auth/sign-up",
    { project: "acme", name: "Ada", email: EMAIL, password: PASSWORD },
    202,
  );
  const before = await ada.ask("POST /auth/sign-in", { body: { email: EMAIL, password: PASSWORD } });
  assert.deepEqual([before.status, before.json.code], [403, "address_unconfirmed"]);
  assert.equal(await signIn(ada, "wrong password"), 401);
  const confirmation = await sink.letter(0);
  assert.deepEqual([confirmation.from, confirmation.to], ["no-reply@acme.example", [EMAIL]]);
  assert.ok(confirmation.text.includes(`${portalUrl}/acme/verify-email#token=`));
  const confirm = { token: tokenIn(confirmation.text) };
  await expect(ada, "POST /auth/verify-email", confirm, 204);
  await expect(ada, "POST /auth/verify-email", confirm, 400);
  assert.equal(await signIn(ada), 200);

  // Known and unknown are answered alike; only one gets a mail.
  for (const email of ["nobody@example.com", EMAIL])
    assert.deepEqual(await expect(visitor(), "POST /auth/reset", { email, project: "acme" }, 202), {});
  const reset = await sink.letter(1);
  assert.deepEqual(reset.to, [EMAIL]);
  const token = tokenIn(reset.text);
  const complete = (given: string, password = NEW_PASSWORD) =>
    visitor()
      .ask("POST /auth/reset/complete", { body: { token: given, password } })
      .then(({ status }) => status);
  assert.equal(await complete("a".repeat(43)), 400);
  // A password that cannot be one spends nothing.
  assert.equal(await complete(token, "short"), 422);
  const both = await Promise.all([complete(token), complete(token)]);
  assert.deepEqual(both.sort(), [204, 400]);
  assert.equal((await ada.ask("GET /auth/session")).status, 401);
  assert.deepEqual([await signIn(visitor()), await signIn(visitor(), NEW_PASSWORD)], [401, 200]);

  await expect(visitor(), "POST /auth/reset", { email: EMAIL, project: "acme" }, 202);
  const late = tokenIn((await sink.letter(2)).text);
  engine.clock.set(engine.clock.now() + 11 * 60_000);
  assert.equal(await complete(late), 400);

  // Who is known already is told so by mail, and by nothing else.
  await expect(
    visitor(),
    "POST /auth/sign-up",
    { project: "acme", name: "Eve", email: EMAIL, password: PASSWORD },
    202,
  );
  assert.match((await sink.letter(3)).text, /already have access/);
  for (const secret of [token, late, confirm.token]) assert.ok(!JSON.stringify(log).includes(secret));
});

test("a request's Host has no part in a link (H16)", async (context) => {
  const sink = await smtpSinkFor(context);
  const { portalUrl } = await portalFor(context, { mail: { url: sink.url, from: "a@acme.example" } });
  const { port } = new URL(portalUrl);
  const host = "evil.example";
  const headers = {
    host,
    origin: `http://${host}`,
    "x-forwarded-host": host,
    "x-claviger-request": "1",
    "content-type": "application/json",
  };
  const body = { project: "acme", name: "Ada", email: EMAIL, password: PASSWORD };
  await new Promise<void>((resolve, reject) => {
    const asked = rawRequest(
      { port, host: "127.0.0.1", method: "POST", path: "/auth/sign-up", headers },
      (answer) => {
        answer.resume().on("end", resolve);
      },
    );
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
  const { text } = await sink.letter(0);
  assert.ok(text.includes(`${portalUrl}/acme/verify-email#token=`) && !text.includes("evil"));
});

test("without mail nobody is promised one, and an operator hands out the link", async (context) => {
  const { visitor, member, operator, log } = await portalFor(context);
  const ada = await member();
  const asked = await visitor().ask("POST /auth/reset", { body: { email: EMAIL, project: "acme" } });
  assert.deepEqual([asked.status, asked.json.code], [409, "mail_unavailable"]);
  const facts = await expect(visitor(), "GET /v1/projects/acme/portal", undefined, 200);
  assert.equal(facts.mail, false);
  const olga = await operator();
  const place = `/v1/projects/acme/accounts/${ada.account}/members/${ada.person}`;
  const first = await expect(olga, `POST ${place}/reset-link`, {}, 200);
  const second = await expect(olga, `POST ${place}/reset-link`, {}, 200);
  const complete = (link: string) =>
    visitor()
      .ask("POST /auth/reset/complete", { body: { token: tokenIn(link), password: NEW_PASSWORD } })
      .then(({ status }) => status);
  // A newer link ends the older.
  assert.deepEqual([await complete(first.link), await complete(second.link)], [400, 204]);
  assert.equal(await signIn(visitor(), NEW_PASSWORD), 200);
  assert.ok(!JSON.stringify(log).includes(tokenIn(second.link)));
  const audit = await olga.ask("GET /v1/projects/acme/audit?action=member.reset-link");
  assert.equal(audit.json.items.length, 2);
  assert.ok(!audit.text.includes(tokenIn(second.link)));
});

test("an invitation is for one address and taken once", async (context) => {
  const { visitor, member } = await portalFor(context);
  const ada = await member();
  const eve = await member("eve@example.com");
  const place = `/v1/projects/acme/accounts/${ada.account}/invitations`;
  const { link, id } = await expect(
    ada,
    `POST ${place}`,
    { email: "bob@example.com", role: "developer" },
    201,
  );
  const token = tokenIn(link);
  const read = await expect(visitor(), "POST /auth/invitations/read", { token }, 200);
  assert.deepEqual(
    [read.email, read.role, read.account, read.accountName],
    ["bob@example.com", "developer", ada.account, `Of ${EMAIL}`],
  );
  assert.equal((await eve.ask("POST /auth/invitations/accept", { body: { token } })).status, 403);
  assert.deepEqual(
    (await expect(ada, `GET ${place}`, undefined, 200)).items.map((one: { id: string }) => one.id),
    [id],
  );
  assert.ok(!(await ada.ask(`GET ${place}`)).text.includes(token));
  const accept = () =>
    visitor().ask("POST /auth/invitations/accept", { body: { token, name: "Bob", password: PASSWORD } });
  const statuses = (await Promise.all([accept(), accept()])).map(({ status }) => status).sort();
  assert.equal(statuses[0], 204);
  assert.ok(statuses[1]! >= 400);
  const bob = visitor();
  assert.equal(await signIn(bob, PASSWORD, "bob@example.com"), 200);
  const { memberships } = await expect(bob, "GET /auth/session", undefined, 200);
  assert.deepEqual(
    memberships.map(({ account, role }: { account: string; role: string }) => [account, role]),
    [[ada.account, "developer"]],
  );
  const other = await expect(ada, `POST ${place}`, { email: "x@example.com", role: "viewer" }, 201);
  await expect(ada, `DELETE ${place}/${other.id}`, undefined, 204);
  assert.equal(
    (await visitor().ask("POST /auth/invitations/read", { body: { token: tokenIn(other.link) } })).status,
    400,
  );
  // Nobody takes over who is there already, by an invitation to their address.
  const known = await expect(ada, `POST ${place}`, { email: "eve@example.com", role: "viewer" }, 201);
  const taken = await visitor().ask("POST /auth/invitations/accept", {
    body: { token: tokenIn(known.link), name: "Not Eve", password: "password of another" },
  });
  assert.deepEqual([taken.status, taken.json.code], [401, "session_required"]);
});

test("of two visitors with the set-up link one becomes the operator, and afterwards nobody (H20)", async (context) => {
  const { consoleUrl, people } = await portalFor(context);
  const { operators, tables } = people;
  const tokens = [await issueSetupToken(operators, tables), await issueSetupToken(operators, tables)];
  const claim = (token: string | undefined, email: string) =>
    visitorAt(consoleUrl)
      .ask("POST /auth/setup", { body: { token, name: "Olga", email, password: PASSWORD } })
      .then(({ status }) => status);
  assert.equal(await claim("a".repeat(43), "x@example.com"), 403);
  // A password that is too short spends no link.
  const short = { token: tokens[0], name: "O", email: "o@example.com", password: "short" };
  assert.equal((await visitorAt(consoleUrl).ask("POST /auth/setup", { body: short })).status, 422);
  const statuses = await Promise.all([
    claim(tokens[0], "one@example.com"),
    claim(tokens[0], "two@example.com"),
    claim(tokens[1], "three@example.com"),
  ]);
  assert.deepEqual(statuses.sort(), [204, 403, 403]);
  assert.equal((await tables.selectFrom("people_operators").selectAll().execute()).length, 1);
  assert.equal(await issueSetupToken(operators, tables), undefined);
  assert.equal(await claim(tokens[1], "late@example.com"), 403);
});

test("a set-up link that nobody opened for a day is not good any more", async (context) => {
  const { engine, consoleUrl, people } = await portalFor(context);
  const token = await issueSetupToken(people.operators, people.tables);
  engine.clock.set(engine.clock.now() + 86_400_000);
  const body = { token, name: "Olga", email: "o@example.com", password: PASSWORD };
  assert.equal((await visitorAt(consoleUrl).ask("POST /auth/setup", { body })).status, 403);
});

test("a root key makes a link by address, for members and operators apart", async (context) => {
  const { consoleUrl, rootKey, portalUrl, member, operator, visitor } = await portalFor(context);
  await member();
  await operator();
  const console = visitorAt(consoleUrl);
  const make = (body: object) =>
    console.ask("POST /v1/reset-links", { body, headers: { authorization: `Bearer ${rootKey}` } });
  const made = await make({ email: " Ada@Example.com" });
  assert.equal(made.status, 200);
  assert.ok(made.json.link.startsWith(`${portalUrl}/acme/reset#token=`));
  const complete = { token: tokenIn(made.json.link), password: NEW_PASSWORD };
  // A member's link opens nothing of an operator's.
  assert.equal((await console.ask("POST /auth/reset/complete", { body: complete })).status, 400);
  await expect(visitor(), "POST /auth/reset/complete", complete, 204);
  assert.equal((await make({ email: EMAIL, kind: "operator" })).status, 404);
  const ofOlga = await make({ email: "olga@example.com", kind: "operator" });
  assert.ok(ofOlga.json.link.startsWith(`${consoleUrl}/console/reset#token=`));
});
