// Promise: a disabled key is refused at once and works again as before once it is enabled; the same for all keys of a suspended
// account. Hostile case B07 (one node).
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccount, getAccount, updateAccount } from "../../src/manage/accounts.ts";
import { disableKey, enableKey } from "../../src/manage/end-key.ts";
import { getKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { engineFor } from "../support/engine.ts";

test("disable and enable, each with effect on the next verdict and safe to repeat", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const made = await engine.key("acme", { name: "worker", metadata: { team: 7 } });
  const allowed = await engine.ask("acme", made.key);
  assert.equal(allowed.code, "ok");
  const off = await disableKey(instance, LOCAL_CALLER, "acme", made.id);
  assert.equal(off.status, "disabled");
  assert.equal(await engine.code("acme", made.key), "disabled_key");
  engine.clock.set(engine.clock.now() + 5);
  assert.equal((await disableKey(instance, LOCAL_CALLER, "acme", made.id)).disabledAt, off.disabledAt);
  for (let round = 0; round < 2; round++) {
    const on = await enableKey(instance, LOCAL_CALLER, "acme", made.id);
    assert.deepEqual([on.status, on.disabledAt], ["active", null]);
    assert.deepEqual(await engine.ask("acme", made.key), allowed);
  }
});

test("enabling does not outlive an expiry that came meanwhile", async (context) => {
  const engine = await engineFor(context);
  const made = await engine.key("acme", { expiresAt: "2026-11-21T12:00:10Z" });
  await disableKey(engine.instance, LOCAL_CALLER, "acme", made.id);
  engine.clock.set(Date.parse("2026-11-21T12:00:10Z"));
  assert.equal(await engine.code("acme", made.key), "disabled_key");
  await enableKey(engine.instance, LOCAL_CALLER, "acme", made.id);
  assert.equal(await engine.code("acme", made.key), "expired_key");
});

test("suspending an account stops all its keys and no other's; resuming brings them back", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const account = (await createAccount(instance, LOCAL_CALLER, "acme", { name: "Late payer" })).id;
  const keys = [await engine.key("acme", { account }), await engine.key("acme", { account })];
  const disabled = await engine.key("acme", { account });
  await disableKey(instance, LOCAL_CALLER, "acme", disabled.id);
  const bystander = await engine.key("acme");
  for (const { key } of [...keys, bystander]) assert.equal(await engine.code("acme", key), "ok");
  const suspend = (suspended: boolean) =>
    updateAccount(instance, LOCAL_CALLER, "acme", account, { suspended });
  const first = await suspend(true);
  assert.deepEqual([first.suspended, first.suspendedAt], [true, "2026-11-21T12:00:00.000Z"]);
  engine.clock.set(engine.clock.now() + 1_000);
  assert.equal((await suspend(true)).suspendedAt, first.suspendedAt, "the first time stands");
  for (const { key } of keys) assert.equal(await engine.code("acme", key), "account_suspended");
  assert.equal(await engine.code("acme", disabled.key), "disabled_key", "the key's own state comes first");
  assert.equal(await engine.code("acme", bystander.key), "ok");
  const added = await engine.key("acme", { account });
  assert.equal(await engine.code("acme", added.key), "account_suspended", "a key made meanwhile too");
  assert.equal((await getKey(instance, "acme", keys[0]!.id)).status, "active", "the key itself is untouched");
  assert.equal((await suspend(false)).suspended, false);
  for (const { key } of [...keys, added]) assert.equal(await engine.code("acme", key), "ok");
  assert.equal(await engine.code("acme", disabled.key), "disabled_key");
  assert.equal((await getAccount(instance, "acme", account)).suspendedAt, null);
});
