// Promise: nodes that share a database share its people: whoever signs in at one is signed in at all, and out of all at once.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fixedClock } from "../../src/base/clock.ts";
import { createPepper } from "../../src/key/digest.ts";
import { openPeopleOf } from "../../src/open-people.ts";
import { addMembership, membershipsOf } from "../../src/people/memberships.ts";
import { claimSetup, issueSetupToken } from "../../src/people/operators.ts";
import { readSession, signOut } from "../../src/people/sessions.ts";
import type { Visitor } from "../../src/people/side.ts";
import { signIn, signUp } from "../../src/people/sign-in.ts";
import { startPostgres } from "../support/services.ts";

const URLS = { portal: "http://127.0.0.1:4002", console: "http://127.0.0.1:4000" };
const PAGES = { url: URLS.portal, title: "Acme" };
const STRANGER: Visitor = {
  cookie: undefined,
  userAgent: "test",
  address: "192.0.2.1",
  addressBucket: "192.0.2.1",
};
const ADA = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

test("two nodes, one of which makes the tables", async (context) => {
  const { url } = await startPostgres(context);
  const data = mkdtempSync(join(tmpdir(), "claviger-people-"));
  const pepper = createPepper(1, Buffer.alloc(32, 7));
  const clock = fixedClock(Date.parse("2026-11-21T12:00:00Z"));
  const open = () => openPeopleOf({ pepper, clock }, { data, database: url }, { urls: URLS });
  const [one, two] = await Promise.all([open(), open()]);
  context.after(() => Promise.all([one.close(), two.close()]));

  await signUp(one.members, STRANGER, ADA, PAGES);
  const { cookies } = await signIn(one.members, STRANGER, ADA);
  const browser = { ...STRANGER, cookie: cookies[0]!.split(";")[0] };
  const seen = await readSession(two.members, browser);
  assert.equal(seen?.person.email, ADA.email);
  assert.equal(seen?.session.authenticatedAt, clock.now());

  await addMembership(one.tables, clock, seen!.person.id, {
    project: "acme",
    account: "acc_1",
    role: "owner",
  });
  assert.deepEqual(await membershipsOf(two.tables, seen!.person.id), [
    { project: "acme", account: "acc_1", role: "owner" },
  ]);
  await signOut(two.members, browser);
  assert.equal(await readSession(one.members, browser), undefined);

  const tokens = await Promise.all(
    [one, two].map(({ operators, tables }) => issueSetupToken(operators, tables)),
  );
  const claims = await Promise.allSettled(
    [one, two].map(({ operators, tables }, index) =>
      claimSetup(operators, tables, { token: tokens[index]!, ...ADA, email: `o${index}@example.com` }),
    ),
  );
  assert.deepEqual(claims.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});
