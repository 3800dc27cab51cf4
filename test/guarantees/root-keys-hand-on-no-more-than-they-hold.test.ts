// Promise: a root key makes, widens, takes over, changes or ends no root key that may do more than itself; for other projects its scopes are
// the control plane's concern. Hostile case C04.
import assert from "node:assert/strict";
import { test } from "node:test";
import { updateAccount } from "../../src/manage/accounts.ts";
import { cancelRotation } from "../../src/manage/cancel-rotation.ts";
import { createKey } from "../../src/manage/create-key.ts";
import { deleteKey, disableKey, enableKey, revokeKey, revokeManyKeys } from "../../src/manage/end-key.ts";
import { eraseAccount } from "../../src/manage/erase-account.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { ensureRootKey, resetRootKey } from "../../src/manage/root-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { type Caller, LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const caller = (...scopes: string[]): Caller => ({ actor: "key_caller", scopes: new Set(scopes) });
const WRITER = caller("keys:write", "keys:read");
const FULL = caller("*");

async function rootKey(engine: Engine, scopes: readonly string[]) {
  const account = (await engine.account("claviger")).id;
  return createKey(engine.instance, LOCAL_CALLER, "claviger", { account, name: "A root key", scopes });
}

test("making one with more is forbidden, with as much or less allowed", async (context) => {
  const engine = await engineFor(context);
  const account = (await engine.account("claviger")).id;
  const make = (by: Caller, scopes: string[]) =>
    createKey(engine.instance, by, "claviger", { account, name: "x", scopes });
  for (const scopes of [["*"], ["keys:write", "audit:read"], ["projects:write"]]) {
    await assert.rejects(make(WRITER, scopes), { code: "forbidden" });
    await make(FULL, scopes);
  }
  await make(WRITER, ["keys:read"]);
  await make(WRITER, ["keys:write", "keys:read"]);
});

test("widening one is forbidden", async (context) => {
  const engine = await engineFor(context);
  const { id } = await rootKey(engine, ["keys:read"]);
  const widen = (by: Caller, scopes: string[]) => updateKey(engine.instance, by, "claviger", id, { scopes });
  await assert.rejects(widen(WRITER, ["*"]), { code: "forbidden" });
  await widen(WRITER, ["keys:write"]);
  await widen(FULL, ["*"]);
});

test("rotating a stronger one would hand over its successor, and is forbidden", async (context) => {
  const engine = await engineFor(context);
  const strong = await rootKey(engine, ["*"]);
  await assert.rejects(rotateKey(engine.instance, WRITER, "claviger", strong.id, { graceSeconds: 60 }), {
    code: "forbidden",
  });
  assert.equal(await engine.code("claviger", strong.key), "ok", "and does not end it either");
  const equal = await rootKey(engine, ["keys:write"]);
  await rotateKey(engine.instance, WRITER, "claviger", equal.id);
  await rotateKey(engine.instance, FULL, "claviger", strong.id);
});

test("changing or ending a stronger one is forbidden, whichever way; an equal one may be ended", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const strong = await rootKey(engine, ["*"]);
  const rotated = await rootKey(engine, ["*"]);
  await rotateKey(instance, FULL, "claviger", rotated.id, { graceSeconds: 60 });
  const ways = [
    () => updateKey(instance, WRITER, "claviger", strong.id, { allowedIps: ["192.0.2.1"] }),
    () => updateKey(instance, WRITER, "claviger", strong.id, { expiresAt: "2199-01-01T00:00:00Z" }),
    ...[disableKey, enableKey, revokeKey, deleteKey].map(
      (end) => () => end(instance, WRITER, "claviger", strong.id),
    ),
    () => cancelRotation(instance, WRITER, "claviger", rotated.id),
    () => revokeManyKeys(instance, WRITER, "claviger", { createdBefore: "2199-01-01T00:00:00Z" }),
  ];
  for (const way of ways) await assert.rejects(way(), { code: "forbidden" });
  assert.equal(await engine.code("claviger", strong.key), "ok");
  const equal = await rootKey(engine, ["keys:write"]);
  await disableKey(instance, WRITER, "claviger", equal.id);
  await revokeKey(instance, WRITER, "claviger", equal.id);
  await disableKey(instance, FULL, "claviger", strong.id);
});

test("the account of root keys is suspended or erased by a full one only", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const account = await engine.account("claviger");
  const weak = caller("accounts:write", "accounts:read");
  const suspend = (by: Caller) => updateAccount(instance, by, "claviger", account.id, { suspended: true });
  await assert.rejects(suspend(weak), { code: "forbidden" });
  await assert.rejects(eraseAccount(instance, weak, "claviger", account.id, "any"), { code: "forbidden" });
  await suspend(FULL);
});

test("keys of customers are nobody's scopes: a writer makes and rotates any of them", async (context) => {
  const projects = [{ name: "acme", scopes: { "*": { standsForAll: "future" as const }, read: "Read" } }];
  const engine = await engineFor(context, { projects });
  const account = (await engine.account("acme")).id;
  const made = await createKey(engine.instance, WRITER, "acme", { account, name: "x", scopes: ["*"] });
  await rotateKey(engine.instance, WRITER, "acme", made.id);
});

test("the first root key is made once; a reset ends every full one and no lesser one", async (context) => {
  const engine = await engineFor(context);
  const texts: string[] = [];
  const deliver = (text: string) => void texts.push(text);
  assert.equal(await ensureRootKey(engine.instance, deliver), true);
  assert.equal(await ensureRootKey(engine.instance, deliver), false);
  const lesser = await rootKey(engine, ["keys:read"]);
  const full = await rootKey(engine, ["*"]);
  await resetRootKey(engine.instance, deliver);
  const codes = [];
  for (const key of [texts[0]!, full.key, lesser.key, texts[1]!])
    codes.push(await engine.code("claviger", key));
  assert.deepEqual(codes, ["revoked_key", "revoked_key", "ok", "ok"]);
  assert.equal(texts.length, 2);
  const everything = { scopes: ["projects:write", "keys:write", "audit:read"] };
  assert.equal(await engine.code("claviger", texts[1]!, everything), "ok");
});

test("a root key that could not be delivered never becomes valid", async (context) => {
  const engine = await engineFor(context);
  let text = "";
  const failing = (given: string) => {
    text = given;
    throw new Error("no room for the file");
  };
  await assert.rejects(ensureRootKey(engine.instance, failing), /no room/);
  assert.equal(await engine.code("claviger", text), "invalid_key");
  assert.equal(await ensureRootKey(engine.instance, () => {}), true, "the next start makes one");
});
