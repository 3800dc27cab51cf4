// Promise: once revoking has answered no verdict accepts the key again, whatever was under way at that moment. Hostile cases
// B06, B17, B18 (one node).
import assert from "node:assert/strict";
import { test } from "node:test";
import { disableKey, enableKey, revokeKey } from "../../src/manage/end-key.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { engineFor, readerOver } from "../support/engine.ts";
import { lateStore } from "../support/stores.ts";

test("the first verdict after revoking knows, with the key in memory and without", async (context) => {
  const engine = await engineFor(context);
  for (const warm of [true, false]) {
    const { id, key } = await engine.key("acme");
    if (warm) assert.equal(await engine.code("acme", key), "ok");
    const revoked = await revokeKey(engine.instance, LOCAL_CALLER, "acme", id);
    assert.equal(revoked.status, "revoked");
    assert.equal(await engine.code("acme", key), "revoked_key");
    assert.equal(await engine.code("acme", key), "revoked_key");
  }
});

test("a look-up that read the key before it was revoked is read again and never held", async (context) => {
  const engine = await engineFor(context);
  const late = lateStore(engine.instance.store, "keyByDigest");
  const reader = await readerOver(engine, late.store);
  const { id, key } = await engine.key("acme");
  const hold = late.hold();
  const verdict = reader.ask("acme", key);
  await hold.arrived;
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", id);
  hold.release();
  assert.equal((await verdict).code, "revoked_key", "the verdict under way");
  assert.equal((await reader.ask("acme", key)).code, "revoked_key", "the next one");
});

test("that holds for many look-ups and changes that cross each other", async (context) => {
  const engine = await engineFor(context);
  const late = lateStore(engine.instance.store, "keyByDigest");
  const { id, key } = await engine.key("acme");
  const holds = Array.from({ length: 20 }, () => late.hold());
  // A reader for each look-up: those of one reader for the same key are one.
  const readers = await Promise.all(holds.map(() => readerOver(engine, late.store)));
  const reader = readers[0]!;
  const verdicts = readers.map((one) => one.ask("acme", key));
  await Promise.all(holds.map((hold) => hold.arrived));
  const again = late.hold();
  for (const hold of holds.slice(0, 10)) hold.release();
  await Promise.all(verdicts.slice(0, 10));
  const late11 = (await readerOver(engine, late.store)).ask("acme", key);
  await disableKey(engine.instance, LOCAL_CALLER, "acme", id);
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", id);
  for (const hold of holds.slice(10)) hold.release();
  again.release();
  const before = await Promise.all(verdicts.slice(0, 10));
  assert.ok(
    before.every(({ code }) => code === "ok"),
    "answered before it was revoked",
  );
  const after = await Promise.all(verdicts.slice(10));
  assert.ok(after.every(({ code }) => code === "revoked_key"));
  assert.ok(["ok", "revoked_key"].includes((await late11).code), "asked before it was revoked");
  assert.equal((await reader.ask("acme", key)).code, "revoked_key");
});

test("a key that was asked for before it was there is not remembered as unknown (B17)", async (context) => {
  const engine = await engineFor(context);
  const { key } = await engine.key("acme");
  const { store } = engine.instance;
  let there = false;
  const reader = await readerOver(engine, {
    ...store,
    keyByDigest: async (digest) => (there ? store.keyByDigest(digest) : undefined),
  });
  assert.equal((await reader.ask("acme", key)).code, "invalid_key");
  there = true;
  assert.equal((await reader.ask("acme", key)).code, "ok");
});

test("a revoked key cannot be changed, enabled, disabled or rotated, only revoked again", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const { id, key } = await engine.key("acme");
  const first = await revokeKey(instance, LOCAL_CALLER, "acme", id);
  engine.clock.set(engine.clock.now() + 1_000);
  const again = await revokeKey(instance, LOCAL_CALLER, "acme", id);
  assert.equal(again.revokedAt, first.revokedAt, "the first time stands");
  const attempts = [
    updateKey(instance, LOCAL_CALLER, "acme", id, { name: "new" }),
    updateKey(instance, LOCAL_CALLER, "acme", id, { expiresAt: null }),
    enableKey(instance, LOCAL_CALLER, "acme", id),
    disableKey(instance, LOCAL_CALLER, "acme", id),
    rotateKey(instance, LOCAL_CALLER, "acme", id),
  ];
  for (const attempt of attempts) await assert.rejects(attempt, { code: "conflict" });
  assert.equal(await engine.code("acme", key), "revoked_key");
});
