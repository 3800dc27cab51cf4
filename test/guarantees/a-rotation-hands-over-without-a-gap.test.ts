// Promise: a rotation gives one successor with the same rights; the old key ends at once or at the end of its grace, to the
// millisecond, and never before. CONTRACTS D7, hostile cases B14 (the key's part), B15.
import assert from "node:assert/strict";
import { test } from "node:test";
import { disableKey } from "../../src/manage/end-key.ts";
import { getKey, updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor, START } from "../support/engine.ts";

const rotate = (engine: Engine, id: string, graceSeconds?: number) =>
  rotateKey(engine.instance, LOCAL_CALLER, "acme", id, graceSeconds === undefined ? {} : { graceSeconds });

test("without grace the old key is revoked in the moment the new one works", async (context) => {
  const engine = await engineFor(context);
  const old = await engine.key("acme");
  assert.equal(await engine.code("acme", old.key), "ok");
  const next = await rotate(engine, old.id);
  assert.notEqual(next.key, old.key);
  assert.equal(await engine.code("acme", old.key), "revoked_key");
  assert.equal(await engine.code("acme", next.key), "ok");
});

test("with grace both work until its last millisecond, then the old one has expired (B14)", async (context) => {
  const engine = await engineFor(context);
  const old = await engine.key("acme");
  const next = await rotate(engine, old.id, 3_600);
  const end = START + 3_600_000;
  for (const [at, code] of [
    [START, "ok"],
    [end - 1, "ok"],
    [end, "expired_key"],
  ] as const) {
    engine.clock.set(at);
    assert.equal(await engine.code("acme", old.key), code);
    assert.equal(await engine.code("acme", next.key), "ok");
  }
});

test("grace never lengthens a life, and the successor keeps the old end", async (context) => {
  const engine = await engineFor(context);
  const expiresAt = "2026-11-21T12:00:05.000Z";
  const old = await engine.key("acme", { expiresAt });
  const next = await rotate(engine, old.id, 60);
  assert.equal((await getKey(engine.instance, "acme", old.id)).expiresAt, expiresAt);
  assert.equal(next.expiresAt, expiresAt);
  engine.clock.set(Date.parse(expiresAt));
  assert.equal(await engine.code("acme", old.key), "expired_key");
});

test("a key in its grace cannot be given more life", async (context) => {
  const engine = await engineFor(context);
  const old = await engine.key("acme");
  await rotate(engine, old.id, 60);
  for (const expiresAt of [null, "2030-01-01T00:00:00Z"]) {
    const work = updateKey(engine.instance, LOCAL_CALLER, "acme", old.id, { expiresAt });
    await assert.rejects(work, { code: "validation_failed" });
  }
});

test("the successor inherits every right and limit of the old key, and is named by it", async (context) => {
  const engine = await engineFor(context, {
    projects: [
      {
        name: "acme",
        scopes: { read: "Read", write: "Write" },
        tiers: { full: { scopes: ["read", "write"] } },
      },
    ],
  });
  const old = await engine.key("acme", {
    name: "worker",
    environment: "test",
    scopes: ["read"],
    allowedIps: ["203.0.113.0/24"],
    metadata: { team: "ä" },
    notBefore: "2026-11-21T11:00:00Z",
    expiresAt: "2027-01-01T00:00:00Z",
  });
  const { key, ...next } = await rotate(engine, old.id, 60);
  const parent = await getKey(engine.instance, "acme", old.id);
  const { id, start, lastFour, predecessor, ...rest } = next;
  const { key: _, id: oldId, start: __, lastFour: ___, predecessor: ____, ...wanted } = old;
  assert.deepEqual(rest, wanted);
  assert.deepEqual([predecessor, parent.successor, parent.family], [oldId, id, oldId]);
  assert.ok(key.startsWith(start) && key.endsWith(lastFour));
  const { frozenScopes } = (await engine.instance.store.key("acme", id))!;
  assert.deepEqual(frozenScopes, ["read"]);
});

test("of rotations at once exactly one succeeds, and one successor lives (B15)", async (context) => {
  const engine = await engineFor(context);
  for (const graceSeconds of [0, 60]) {
    const old = await engine.key("acme");
    const settled = await Promise.allSettled([1, 2, 3].map(() => rotate(engine, old.id, graceSeconds)));
    const won = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.equal(won.length, 1);
    for (const one of settled) if (one.status === "rejected") assert.equal(one.reason.code, "conflict");
    const family = await engine.instance.store.keys("acme", { account: old.account }, { limit: 10 });
    assert.deepEqual(family.map(({ id }) => id).sort(), [old.id, won[0]!.id].sort());
  }
});

test("a rotated key is not rotated again; its successor is, also during the grace", async (context) => {
  const engine = await engineFor(context);
  const first = await engine.key("acme");
  const second = await rotate(engine, first.id, 60);
  await assert.rejects(rotate(engine, first.id, 60), {
    code: "conflict",
    message: new RegExp(`its successor is ${second.id}`),
  });
  const third = await rotate(engine, second.id, 30);
  assert.equal(third.family, first.id);
  for (const { key } of [first, second, third]) assert.equal(await engine.code("acme", key), "ok");
  engine.clock.set(START + 30_000);
  assert.equal(await engine.code("acme", second.key), "expired_key");
  assert.equal(await engine.code("acme", first.key), "ok");
  engine.clock.set(START + 60_000);
  assert.equal(await engine.code("acme", first.key), "expired_key");
  assert.equal(await engine.code("acme", third.key), "ok");
});

test("what is not alive, or not there, is not rotated; a grace out of range is refused", async (context) => {
  const engine = await engineFor(context);
  const disabled = await engine.key("acme");
  await disableKey(engine.instance, LOCAL_CALLER, "acme", disabled.id);
  await assert.rejects(rotate(engine, disabled.id), { code: "conflict" });
  const expired = await engine.key("acme", { expiresAt: "2026-11-21T12:00:01Z" });
  engine.clock.set(START + 1_000);
  await assert.rejects(rotate(engine, expired.id), { code: "conflict" });
  await assert.rejects(rotate(engine, "key_nothing"), { code: "not_found" });
  const { id, key } = await engine.key("acme");
  for (const grace of [-1, 0.5, Number.NaN, 7_776_001, Number.POSITIVE_INFINITY]) {
    await assert.rejects(rotate(engine, id, grace), { code: "validation_failed" });
  }
  assert.equal(await engine.code("acme", key), "ok", "unharmed by all that");
  await rotate(engine, id, 7_776_000);
});

test("a key whose environment the project has given up is told so, not rotated into nothing", async (context) => {
  const engine = await engineFor(context);
  const { id } = await engine.key("acme", { environment: "test" });
  await engine.apply({ name: "acme", environments: ["live"] });
  await assert.rejects(rotate(engine, id), {
    code: "conflict",
    message: /no longer has the key's environment/,
  });
});
