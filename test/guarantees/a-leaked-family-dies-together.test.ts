// Promise: revoking a rotated key ends that key alone; with `family` it ends every key of its rotations, whichever of them is
// named. Hostile case B16.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor, START } from "../support/engine.ts";

/** Three generations, the first two in grace. */
async function family(engine: Engine) {
  const { instance } = engine;
  const first = await engine.key("acme");
  const second = await rotateKey(instance, LOCAL_CALLER, "acme", first.id, { graceSeconds: 600 });
  const third = await rotateKey(instance, LOCAL_CALLER, "acme", second.id, { graceSeconds: 600 });
  return [first, second, third] as const;
}

const codes = async (engine: Engine, keys: readonly { key: string }[]) =>
  Promise.all(keys.map(({ key }) => engine.code("acme", key)));

test("revoking the parent in its grace ends it at once and spares its successors", async (context) => {
  const engine = await engineFor(context);
  const keys = await family(engine);
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", keys[0].id);
  assert.deepEqual(await codes(engine, keys), ["revoked_key", "ok", "ok"]);
  engine.clock.set(START + 600_000);
  assert.deepEqual(await codes(engine, keys), ["revoked_key", "expired_key", "ok"]);
});

test("with family all die, whichever is named, in one commit with one audit entry", async (context) => {
  for (const named of [0, 1, 2]) {
    const engine = await engineFor(context);
    const { store } = engine.instance;
    const keys = await family(engine);
    const bystander = await engine.key("acme", { account: keys[0].account });
    assert.deepEqual(await codes(engine, keys), ["ok", "ok", "ok"]);
    const before = (await store.audit("acme", { limit: 100 })).length;
    await revokeKey(engine.instance, LOCAL_CALLER, "acme", keys[named]!.id, { family: true });
    assert.deepEqual(await codes(engine, keys), ["revoked_key", "revoked_key", "revoked_key"]);
    assert.equal(await engine.code("acme", bystander.key), "ok");
    assert.equal((await store.audit("acme", { limit: 100 })).length, before + 1);
  }
});

test("a rotation that crosses the revocation of its family leaves no survivor", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  for (let round = 0; round < 10; round++) {
    const keys = await family(engine);
    const crossing = rotateKey(instance, LOCAL_CALLER, "acme", keys[2].id, { graceSeconds: 60 });
    const [rotated] = await Promise.allSettled([
      crossing,
      revokeKey(instance, LOCAL_CALLER, "acme", keys[round % 3]!.id, { family: true }),
    ]);
    const all = rotated.status === "fulfilled" ? [...keys, rotated.value] : keys;
    for (const code of await codes(engine, all)) assert.equal(code, "revoked_key", `round ${round}`);
  }
});

test("a deleted relative does not break the chain", async (context) => {
  const engine = await engineFor(context);
  const keys = await family(engine);
  await deleteKey(engine.instance, LOCAL_CALLER, "acme", keys[1].id);
  await revokeKey(engine.instance, LOCAL_CALLER, "acme", keys[0].id, { family: true });
  assert.deepEqual(await codes(engine, keys), ["revoked_key", "revoked_key", "revoked_key"]);
});
