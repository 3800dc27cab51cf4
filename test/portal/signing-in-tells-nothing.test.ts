// Promise: whoever guesses learns neither who is known here nor, in reasonable time, a password (hostile H09 to H15).
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, portalFor } from "../support/portal.ts";
import { type Visitor, visitorAt } from "../support/visitor.ts";

const signIn = (visitor: Visitor, email: string, password: string, headers = {}) =>
  visitor.ask("POST /auth/sign-in", { body: { email, password }, headers });

test("a known address and an unknown one are refused in the same words (H09)", async (context) => {
  const { member, visitor } = await portalFor(context);
  await member();
  const known = await signIn(visitor(), "ada@example.com", "wrong password");
  const unknown = await signIn(visitor(), "nobody@example.com", "wrong password");
  const strip = ({ status, json }: typeof known) => ({ status, ...json, instance: "" });
  assert.deepEqual(strip(known), strip(unknown));
  assert.equal(known.status, 401);
  assert.deepEqual([...known.headers.keys()].sort(), [...unknown.headers.keys()].sort());
  assert.deepEqual(known.headers.getSetCookie(), []);
});

test("signing up with a known address answers as with a new one, and changes nothing (H10)", async (context) => {
  const { member, visitor } = await portalFor(context);
  await member();
  const signUp = (email: string) =>
    visitor().ask("POST /auth/sign-up", {
      body: { project: "acme", name: "Eve", email, password: "another password" },
    });
  const [known, fresh] = [await signUp("Ada@Example.com"), await signUp("new@example.com")];
  assert.deepEqual([known.status, known.text], [202, "{}"]);
  assert.deepEqual([fresh.status, fresh.text], [202, "{}"]);
  assert.equal((await signIn(visitor(), "ada@example.com", "another password")).status, 401);
  assert.equal((await signIn(visitor(), "ada@example.com", PASSWORD)).status, 200);
});

test("ten guesses at one account are too many, however its address is spelled and wherever they come from (H11)", async (context) => {
  const { engine, portalUrl, member } = await portalFor(context, { trustedProxies: ["127.0.0.1"] });
  const ada = await member();
  const spellings = [
    "ada@example.com",
    "ADA@example.com",
    " ada@example.com ",
    "ada+1@example.com",
    "ａda@example.com",
  ];
  const statuses: number[] = [];
  for (let guess = 0; guess < 12; guess++) {
    const stranger = visitorAt(portalUrl);
    const email = spellings[guess % spellings.length]!;
    const answer = await signIn(stranger, email, `guess ${guess} guess`, {
      "x-forwarded-for": `192.0.2.${guess}`,
    });
    statuses.push(answer.status);
    if (answer.status === 429) {
      assert.equal(answer.json.code, "too_many_attempts");
      assert.ok(Number(answer.headers.get("retry-after")) > 0);
    }
  }
  assert.ok(statuses.indexOf(429) <= 9, statuses.join());
  assert.ok(statuses.slice(statuses.indexOf(429)).every((status) => status === 429));
  // A stranger cannot lock the owner out of a browser that is known.
  assert.equal((await signIn(ada, "ada@example.com", PASSWORD)).status, 200);
  // The right password of a stranger is not even looked at.
  const stranger = visitorAt(portalUrl);
  await engine.instance.usage.flush();
  assert.equal(
    (await signIn(stranger, "ada@example.com", PASSWORD)).status,
    200,
    "the success of the owner counts",
  );
});

test("guesses that come at once are counted before any is looked at (H12)", async (context) => {
  const { portalUrl, member } = await portalFor(context);
  await member();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, guess) =>
      signIn(visitorAt(portalUrl), "ada@example.com", `guess ${guess}`),
    ),
  );
  assert.ok(answers.filter(({ status }) => status === 401).length <= 10);
  assert.ok(answers.filter(({ status }) => status === 429).length >= 50);
});

test("one address guesses at no more than so many accounts, and a forged header does not help (H13)", async (context) => {
  const { portalUrl } = await portalFor(context);
  const statuses: number[] = [];
  for (let guess = 0; guess < 70; guess++) {
    const headers = { "x-forwarded-for": `192.0.2.${guess}` };
    statuses.push((await signIn(visitorAt(portalUrl), `p${guess}@example.com`, "password1", headers)).status);
  }
  assert.equal(statuses.filter((status) => status === 401).length, 60);
  assert.ok(statuses.slice(60).every((status) => status === 429));
});

test("behind a proxy that is trusted one client's guesses are not another's", async (context) => {
  const { portalUrl, member } = await portalFor(context, { trustedProxies: ["127.0.0.1"] });
  await member();
  for (let guess = 0; guess < 62; guess++)
    await signIn(visitorAt(portalUrl), `p${guess}@example.com`, "password1", {
      "x-forwarded-for": "192.0.2.1",
    });
  const from = (address: string) =>
    signIn(visitorAt(portalUrl), "ada@example.com", PASSWORD, { "x-forwarded-for": address });
  assert.equal((await from("192.0.2.1")).status, 429);
  assert.equal((await from("192.0.2.2")).status, 200);
});

test("passwords are long enough, never cut off, and the same however they were typed (H14)", async (context) => {
  const { visitor } = await portalFor(context);
  let person = 0;
  const tryPassword = async (password: string) => {
    const email = `p${person++}@example.com`;
    const body = { project: "acme", name: "Ada", email, password };
    return { email, status: (await visitor().ask("POST /auth/sign-up", { body })).status };
  };
  for (const [password, status] of [
    ["1234567", 422],
    ["12345678", 202],
    ["x".repeat(15), 202],
    ["x".repeat(64), 202],
    ["x".repeat(1_024), 202],
    ["x".repeat(1_025), 422],
    ["é".repeat(73), 202],
    ["nul\u0000inside", 202],
    ["   spaces   ", 202],
  ] as const)
    assert.equal((await tryPassword(password)).status, status, `${password.length} characters`);
  assert.equal((await tryPassword("x".repeat(900_000))).status, 422);
  const { email } = await tryPassword(`${"a".repeat(72)}1`);
  assert.equal((await signIn(visitor(), email, `${"a".repeat(72)}2`)).status, 401);
  assert.equal((await signIn(visitor(), email, `${"a".repeat(72)}1`)).status, 200);
  const composed = await tryPassword("Zoë likes Ångström");
  assert.equal((await signIn(visitor(), composed.email, "Zoë likes Ångström".normalize("NFD"))).status, 200);
});

test("more sign-ins at once than can be hashed are sent away, and verdicts do not wait for them (H15)", async (context) => {
  const { engine, portalUrl } = await portalFor(context, { trustedProxies: ["127.0.0.1"] });
  const { key } = await engine.key("acme");
  await engine.code("acme", key);
  const signIns = Promise.all(
    Array.from({ length: 50 }, (_, one) =>
      signIn(visitorAt(portalUrl), `p${one}@example.com`, "password1", {
        "x-forwarded-for": `192.0.2.${one}`,
      }),
    ),
  );
  let verdicts = 0;
  let isDone = false;
  void signIns.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    assert.equal(await engine.code("acme", key), "ok");
    verdicts += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const statuses = (await signIns).map(({ status }) => status);
  assert.deepEqual([...new Set(statuses)].sort(), [401, 503]);
  assert.ok(statuses.filter((status) => status === 401).length >= 34, statuses.join());
  assert.ok(verdicts > 50, `${verdicts} verdicts meanwhile`);
});
