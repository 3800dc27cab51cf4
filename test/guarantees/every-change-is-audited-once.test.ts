// Promise: every management action that happened left exactly one audit entry, in the same commit; one that failed left none.
// No audit entry holds a secret. Hostile case F24.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccount, updateAccount } from "../../src/manage/accounts.ts";
import { createKey } from "../../src/manage/create-key.ts";
import { changeCredits } from "../../src/manage/credits.ts";
import { deleteKey, disableKey, enableKey, revokeKey, revokeManyKeys } from "../../src/manage/end-key.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { ensureRootKey, resetRootKey } from "../../src/manage/root-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import type { Caller, ManageParts } from "../../src/manage/save.ts";
import type { Store } from "../../src/store/contract.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const CALLER: Caller = { actor: "key_operator", scopes: "all" };

/** Each action once: its name in the audit, and how it is done to a key, an account and the project. */
const ACTIONS: Record<string, (parts: ManageParts, key: string, account: string) => Promise<unknown>> = {
  "project.update": (parts) => applyProject(parts, CALLER, { file: { name: "acme", title: "New title" } }),
  "project.create": (parts) => applyProject(parts, CALLER, { file: { name: "fresh" } }),
  "account.create": (parts) => createAccount(parts, CALLER, "acme", { name: "Another" }),
  "account.update": (parts, _key, account) =>
    updateAccount(parts, CALLER, "acme", account, { suspended: true }),
  "credits.grant": (parts, _key, account) => changeCredits(parts, CALLER, "acme", account, { amount: 5 }),
  "credits.take": (parts, _key, account) => changeCredits(parts, CALLER, "acme", account, { amount: -5 }),
  "key.create": (parts, _key, account) => createKey(parts, CALLER, "acme", { account, name: "Another" }),
  "key.update": (parts, key) => updateKey(parts, CALLER, "acme", key, { name: "Renamed" }),
  "key.disable": (parts, key) => disableKey(parts, CALLER, "acme", key),
  "key.enable": (parts, key) => enableKey(parts, CALLER, "acme", key),
  "key.rotate": (parts, key) => rotateKey(parts, CALLER, "acme", key, { graceSeconds: 60 }),
  "key.revoke": (parts, key) => revokeKey(parts, CALLER, "acme", key, { family: true }),
  "key.delete": (parts, key) => deleteKey(parts, CALLER, "acme", key),
  "key.revoke-many": (parts, _key, account) =>
    revokeManyKeys(parts, CALLER, "acme", { account, expectedCount: 1 }),
  "root-key.create": (parts) => ensureRootKey(parts, () => {}),
  "root-key.reset": (parts) => resetRootKey(parts, () => {}),
};

async function audits(engine: Engine) {
  const entries = [];
  for (const project of ["acme", "fresh", "claviger"])
    entries.push(...(await engine.instance.store.audit(project, { limit: 1_000 })));
  return entries;
}

/** Every commit that is tried passes through `watch`. */
const watched = (engine: Engine, watch: Store["commit"]): ManageParts => ({
  ...engine.instance,
  store: { ...engine.instance.store, commit: watch },
});

for (const [action, run] of Object.entries(ACTIONS)) {
  test(`${action} leaves one entry in its own commit, and none when the commit fails`, async (context) => {
    const engine = await engineFor(context);
    const { store } = engine.instance;
    const { id, account, key } = await engine.key("acme");
    await changeCredits(engine.instance, CALLER, "acme", account, { amount: 5 });
    const before = await audits(engine);
    const failing = watched(engine, () => Promise.reject(new Error("disk full")));
    await assert.rejects(run(failing, id, account), /disk full/);
    assert.deepEqual(await audits(engine), before);
    let commits = 0;
    const counting = watched(engine, (batch) => {
      commits += 1;
      assert.equal(batch.audit.length, 1);
      assert.ok(batch.writes.length > 0);
      return store.commit(batch);
    });
    await run(counting, id, account);
    assert.equal(commits, 1);
    const known = new Set(before.map((entry) => entry.id));
    const added = (await audits(engine)).filter((entry) => !known.has(entry.id));
    assert.deepEqual(
      added.map((entry) => entry.action),
      [action],
    );
    assert.equal(added[0]?.at, engine.clock.now());
    assert.equal(added[0]?.actor, action.startsWith("root-key") ? "local" : "key_operator");
    assert.ok(!JSON.stringify(added).includes(key.slice(-12, -4)));
  });
}

test("what is refused leaves no entry", async (context) => {
  const engine = await engineFor(context);
  const { instance } = engine;
  const { id, account } = await engine.key("acme");
  await revokeKey(instance, CALLER, "acme", id);
  const before = await audits(engine);
  const refused = [
    () => createAccount(instance, CALLER, "acme", { name: "" }),
    () => createAccount(instance, CALLER, "nowhere", { name: "x" }),
    () => updateAccount(instance, CALLER, "acme", "acc_nothing", {}),
    () => updateAccount(instance, CALLER, "acme", account, { plan: "gold" }),
    () => changeCredits(instance, CALLER, "acme", account, { amount: 0 }),
    () => changeCredits(instance, CALLER, "acme", account, { amount: -1 }),
    () => changeCredits(instance, CALLER, "acme", "acc_nothing", { amount: 1 }),
    () => createKey(instance, CALLER, "acme", { account: "acc_nothing", name: "x" }),
    () => createKey(instance, CALLER, "acme", { account, name: "x", scopes: ["nothing"] }),
    () => updateKey(instance, CALLER, "acme", id, { name: "x" }),
    () => rotateKey(instance, CALLER, "acme", id),
    () => enableKey(instance, CALLER, "acme", id),
    () => revokeManyKeys(instance, CALLER, "acme", { account, expectedCount: 7 }),
    () => applyProject(instance, CALLER, { file: { name: "Not A Name" } }),
    () => applyProject(instance, CALLER, { file: { name: "claviger" } }),
  ];
  for (const attempt of refused) await assert.rejects(attempt, { name: "ClavigerError" });
  await applyProject(instance, CALLER, { file: { name: "acme" } });
  await applyProject(instance, CALLER, { file: { name: "acme", title: "x" } }, { dryRun: true });
  assert.deepEqual(await audits(engine), before);
});

test("of two who change the same record at once both are audited, once each", async (context) => {
  const engine = await engineFor(context);
  const { id } = await engine.key("acme");
  const before = (await audits(engine)).length;
  await Promise.all(["a", "b", "c"].map((name) => updateKey(engine.instance, CALLER, "acme", id, { name })));
  assert.equal((await audits(engine)).length, before + 3);
  assert.equal((await engine.instance.store.key("acme", id))?.version, 4);
});
