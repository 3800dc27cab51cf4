// Promise: deleting a key revokes it, hides it and keeps a tombstone, so that the audit can name it and its id is never used
// again. CONTRACTS K2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteKey, enableKey, revokeKey } from "../../src/manage/end-key.ts";
import { getKey, listKeys, updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { engineFor } from "../support/engine.ts";

test("a deleted key is refused at once and told as revoked to whoever holds it", async (context) => {
  const engine = await engineFor(context);
  const { id, key } = await engine.key("acme");
  assert.equal(await engine.code("acme", key), "ok");
  const deleted = await deleteKey(engine.instance, LOCAL_CALLER, "acme", id);
  assert.deepEqual([deleted.revokedAt, deleted.deletedAt], Array(2).fill("2026-11-21T12:00:00.000Z"));
  assert.equal(await engine.code("acme", key), "revoked_key");
});

test("it is gone for every verb and from the list, unless tombstones are asked for", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const { id, account } = await engine.key("acme");
  const kept = await engine.key("acme", { account });
  await deleteKey(instance, LOCAL_CALLER, "acme", id);
  const verbs = [
    () => getKey(instance, "acme", id),
    () => updateKey(instance, LOCAL_CALLER, "acme", id, { name: "x" }),
    () => rotateKey(instance, LOCAL_CALLER, "acme", id),
    () => revokeKey(instance, LOCAL_CALLER, "acme", id),
    () => enableKey(instance, LOCAL_CALLER, "acme", id),
    () => deleteKey(instance, LOCAL_CALLER, "acme", id),
  ];
  const words = await getKey(instance, "acme", "key_nothing").catch((error: Error) => error.message);
  for (const verb of verbs) await assert.rejects(verb, { code: "not_found", message: String(words) });
  const ids = async (includeDeleted: boolean) =>
    (await listKeys(instance, "acme", { account, includeDeleted })).items.map((one) => one.id).sort();
  assert.deepEqual(await ids(false), [kept.id]);
  assert.deepEqual(await ids(true), [id, kept.id].sort());
});

test("a key revoked before keeps the time at which it was revoked", async (context) => {
  const engine = await engineFor(context);
  const { id } = await engine.key("acme");
  const { revokedAt } = await revokeKey(engine.instance, LOCAL_CALLER, "acme", id);
  engine.clock.set(engine.clock.now() + 60_000);
  const deleted = await deleteKey(engine.instance, LOCAL_CALLER, "acme", id);
  assert.equal(deleted.revokedAt, revokedAt);
  assert.equal(deleted.deletedAt, "2026-11-21T12:01:00.000Z");
});
