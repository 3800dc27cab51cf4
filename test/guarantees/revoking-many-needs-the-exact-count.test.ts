// Promise: many keys are revoked at once only by whoever names how many, so that a filter that means more than was thought
// kills nothing. Hostile case G16.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteKey, type RevokeManyRequest, revokeKey, revokeManyKeys } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor, START } from "../support/engine.ts";

const many = (engine: Engine, request: RevokeManyRequest) =>
  revokeManyKeys(engine.instance, LOCAL_CALLER, "acme", request);

async function filled(engine: Engine) {
  const account = (await engine.account("acme")).id;
  const keys = [];
  for (const at of [START, START + 1_000, START + 2_000]) {
    engine.clock.set(at);
    keys.push(await engine.key("acme", { account }));
  }
  const other = await engine.key("acme");
  for (const { key } of [...keys, other]) assert.equal(await engine.code("acme", key), "ok");
  return { account, keys, other };
}

const codes = (engine: Engine, keys: readonly { key: string }[]) =>
  Promise.all(keys.map(({ key }) => engine.code("acme", key)));

test("without the exact number nothing dies and the number is told", async (context) => {
  const engine = await engineFor(context);
  const { account, keys } = await filled(engine);
  for (const expected of [{}, { expectedCount: 2 }, { expectedCount: 4 }, { expectedCount: 0 }]) {
    await assert.rejects(many(engine, { account, ...expected }), {
      code: "confirmation_required",
      message: /^3 keys would be revoked/,
    });
  }
  assert.deepEqual(await codes(engine, keys), ["ok", "ok", "ok"]);
});

test("keys of one account, at once for the next verdict", async (context) => {
  const engine = await engineFor(context);
  const { account, keys, other } = await filled(engine);
  assert.deepEqual(await many(engine, { account, expectedCount: 3 }), { revoked: 3 });
  assert.deepEqual(await codes(engine, [...keys, other]), [...Array(3).fill("revoked_key"), "ok"]);
  assert.deepEqual(await many(engine, { account, expectedCount: 0 }), { revoked: 0 });
});

test("keys made before a time, exclusively, alone or of one account", async (context) => {
  const engine = await engineFor(context);
  const { account, keys, other } = await filled(engine);
  const createdBefore = new Date(START + 1_000).toISOString();
  assert.deepEqual(await many(engine, { account, createdBefore, expectedCount: 1 }), { revoked: 1 });
  assert.deepEqual(await codes(engine, [...keys, other]), ["revoked_key", "ok", "ok", "ok"]);
  const later = new Date(START + 2_001).toISOString();
  assert.deepEqual(await many(engine, { createdBefore: later, expectedCount: 3 }), { revoked: 3 });
  assert.deepEqual(await codes(engine, [...keys, other]), Array(4).fill("revoked_key"));
});

test("keys revoked or deleted before do not count", async (context) => {
  const engine = await engineFor(context);
  const { account, keys } = await filled(engine);
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", keys[0]!.id);
  await deleteKey(engine.instance, LOCAL_CALLER, "acme", keys[1]!.id);
  assert.deepEqual(await many(engine, { account, expectedCount: 1 }), { revoked: 1 });
});

test("a key made between counting and revoking makes it start over, never one too many", async (context) => {
  const engine = await engineFor(context);
  const { account } = await filled(engine);
  const { instance } = engine;
  const racing = {
    ...instance,
    store: {
      ...instance.store,
      countLiveKeys: async (...words: Parameters<typeof instance.store.countLiveKeys>) => {
        const count = await instance.store.countLiveKeys(...words);
        await engine.key("acme", { account });
        return count;
      },
    },
  };
  await assert.rejects(revokeManyKeys(racing, LOCAL_CALLER, "acme", { account, expectedCount: 3 }), {
    code: "confirmation_required",
  });
  assert.equal(await instance.store.countLiveKeys("acme", { account }), 5);
});

test("a filter that says nothing, or cannot be read, is refused", async (context) => {
  const engine = await engineFor(context);
  for (const request of [{}, { expectedCount: 0 }, { createdBefore: "yesterday" }, { createdBefore: "" }]) {
    await assert.rejects(many(engine, request), { code: "validation_failed" });
  }
});
