// Promise: a password is kept as argon2id under a salt of its own, in a form that says its cost, and compared without a shortcut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClavigerError } from "../../src/base/errors.ts";
import { createHashing, normalPassword } from "../../src/people/password.ts";

test("the stored form names the algorithm and its cost, and no two are alike", async () => {
  const { hash, verify } = createHashing();
  const [one, two] = await Promise.all([hash("correct horse"), hash("correct horse")]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, two);
  assert.equal(await verify({ hash: one, password: "correct horse" }), true);
  assert.equal(await verify({ hash: one, password: "correct horsf" }), false);
});

test("what is no such form proves nothing", async () => {
  const { verify } = createHashing();
  for (const hash of [
    "",
    "plain",
    "$argon2id$v=19$m=19456,t=2,p=1$",
    "$2b$10$abc",
    "$argon2i$v=19$m=1,t=1,p=1$a$b",
  ])
    assert.equal(await verify({ hash, password: "" }), false, hash);
});

test("two are hashed at a time, so many wait, and the others are sent away", async () => {
  const { hash } = createHashing();
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => hash("correct horse")));
  const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  assert.equal(refused.length, 6);
  for (const { reason } of refused) assert.equal((reason as ClavigerError).code, "overloaded");
  assert.ok((await hash("afterwards")).length > 0);
});

test("bounds are counted in characters after NFKC", () => {
  assert.equal(normalPassword("password", "ｐａｓｓｗｏｒｄ"), "password");
  assert.throws(() => normalPassword("password", "ﬀ ﬀ"), ClavigerError);
  assert.equal([...normalPassword("password", "👩".repeat(8))].length, 8);
  assert.throws(() => normalPassword("password", "👩".repeat(1_025)), ClavigerError);
});
