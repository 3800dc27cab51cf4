// Promise: when the store does not answer, the verdict says so; it never says that a key is invalid, because clients throw such
// keys away. What needs no store is still answered. Hostile case F08.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createKey } from "../../src/manage/create-key.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { renderDenial } from "../../src/policy/dialect.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { bundledProjects } from "../support/bundled.ts";
import { engineFor, readerOver } from "../support/engine.ts";
import { failingStore } from "../support/stores.ts";

const FAULTS: Record<string, () => Error> = {
  "is out of reach": () => new StoreUnavailable("gone"),
  "has a defect": () => new TypeError("cannot read properties of undefined"),
};

for (const [what, fault] of Object.entries(FAULTS)) {
  test(`a store that ${what} gives store_unavailable for every key that is not in memory`, async (context) => {
    const engine = await engineFor(context);
    const stranger = await (await engineFor(context)).key("acme");
    const known = await engine.key("acme");
    const revoked = await engine.key("acme");
    await revokeKey(engine.instance, LOCAL_CALLER, "acme", revoked.id);
    const { control, store } = failingStore(engine.instance.store, fault);
    const reader = await readerOver(engine, store);
    control.failing = true;
    for (const { key } of [known, revoked, stranger]) {
      assert.deepEqual(await reader.ask("acme", key), { allowed: false, code: "store_unavailable" });
    }
    assert.equal(reader.faults.length, 3, "each is told to the operator");
    control.failing = false;
    const codes = [];
    for (const { key } of [known, revoked, stranger]) codes.push((await reader.ask("acme", key)).code);
    assert.deepEqual(codes, ["ok", "revoked_key", "invalid_key"], "and the fault is not remembered");
    assert.equal(reader.faults.length, 3);
  });
}

test("a key in memory, an ill-formed one and none at all need no store", async (context) => {
  const engine = await engineFor(context);
  const { key } = await engine.key("acme");
  const { control, store } = failingStore(engine.instance.store);
  const reader = await readerOver(engine, store);
  assert.equal((await reader.ask("acme", key)).code, "ok");
  control.failing = true;
  assert.equal((await reader.ask("acme", key)).code, "ok");
  assert.equal((await reader.ask("acme", `${key}x`)).code, "invalid_key");
  const project = reader.directory.project("acme")!;
  assert.equal((await reader.verify({ project, credential: { kind: "none" } })).code, "missing_key");
  assert.deepEqual(reader.faults, []);
});

test("in every bundled dialect it is a 503 that says when to try again", async (context) => {
  const projects = bundledProjects();
  const engine = await engineFor(context, { projects: Object.values(projects) });
  for (const name of Object.keys(projects)) {
    const { dialect } = engine.instance.directory.project(name)!;
    const answer = renderDenial(dialect, { allowed: false, code: "store_unavailable" }, { now: 0 });
    assert.equal(answer.status, 503, name);
    assert.match(answer.headers["retry-after"] ?? "", /^[1-9]\d*$/, name);
    assert.equal(answer.headers["www-authenticate"], undefined, name);
    assert.doesNotMatch(answer.body, /unauthorized|invalid_api_key/, name);
  }
});

test("management fails loudly and changes nothing", async (context) => {
  const engine = await engineFor(context);
  const { id, account, key } = await engine.key("acme");
  const { control, store } = failingStore(engine.instance.store);
  const parts = { ...engine.instance, store };
  control.failing = true;
  await assert.rejects(revokeKey(parts, LOCAL_CALLER, "acme", id), StoreUnavailable);
  await assert.rejects(createKey(parts, LOCAL_CALLER, "acme", { account, name: "x" }), StoreUnavailable);
  assert.equal(await engine.code("acme", key), "ok");
});

test("a defect in one stored key denies that key and no other", async (context) => {
  const engine = await engineFor(context);
  const broken = await engine.key("acme");
  const sound = await engine.key("acme");
  const { store } = engine.instance;
  const reader = await readerOver(engine, {
    ...store,
    keyByDigest: async (digest) => {
      const found = await store.keyByDigest(digest);
      if (found?.key.id !== broken.id) return found;
      return { ...found, key: { ...found.key, allowedIps: null as never } };
    },
  });
  assert.equal((await reader.ask("acme", broken.key)).code, "store_unavailable");
  assert.equal((await reader.ask("acme", sound.key)).code, "ok");
  assert.equal(reader.faults.length, 1);
});
