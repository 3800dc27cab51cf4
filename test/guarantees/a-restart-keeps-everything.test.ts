// Promise: after a restart every project, account, key and audit entry is as it was, and every key gets the verdict it got
// before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getAccount, listAccounts, updateAccount } from "../../src/manage/accounts.ts";
import { deleteKey, disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { listKeys, updateKey } from "../../src/manage/keys.ts";
import { listProjects } from "../../src/manage/projects.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bundledProjects } from "../support/bundled.ts";
import { type Engine, engineFor, START } from "../support/engine.ts";

/** Keys of one project in every state they can be in. */
async function keysOfAllStates(engine: Engine, project: string): Promise<string[]> {
  const { instance } = engine;
  const scopes = [...(instance.directory.project(project)?.scopes.keys() ?? [])].slice(0, 1);
  const make = (input: Parameters<Engine["key"]>[1] = {}) => engine.key(project, { scopes, ...input });
  const [plain, off, ended, gone, changed, turned, graced, early] = [
    await make({ name: "Ünïcode 🔑", metadata: { nested: { deep: [1, "zwei"] } } }),
    await make(),
    await make(),
    await make(),
    await make({ allowedIps: ["203.0.113.7"] }),
    await make(),
    await make(),
    await make({ notBefore: "2027-01-01T00:00:00Z" }),
  ];
  const expired = await make({ expiresAt: "2026-11-21T12:00:01Z" });
  await disableKey(instance, LOCAL_CALLER, project, off.id);
  await revokeKey(instance, LOCAL_CALLER, project, ended.id);
  await deleteKey(instance, LOCAL_CALLER, project, gone.id);
  await updateKey(instance, LOCAL_CALLER, project, changed.id, {
    allowedIps: ["2001:db8::/32"],
    name: "new",
  });
  const next = await rotateKey(instance, LOCAL_CALLER, project, turned.id);
  const later = await rotateKey(instance, LOCAL_CALLER, project, graced.id, { graceSeconds: 3_600 });
  const late = await make();
  await updateAccount(instance, LOCAL_CALLER, project, late.account, { suspended: true });
  return [plain, off, ended, gone, changed, turned, graced, early, expired, next, later, late].map(
    ({ key }) => key,
  );
}

/** Everything that can be asked. */
async function all(engine: Engine, keys: Readonly<Record<string, readonly string[]>>): Promise<unknown> {
  const { instance } = engine;
  const found: unknown[] = [await listProjects(instance)];
  for (const [project, texts] of Object.entries(keys)) {
    const accounts = await listAccounts(instance, project, {});
    found.push(accounts, await listKeys(instance, project, { includeDeleted: true }));
    for (const { id } of accounts.items) found.push(await getAccount(instance, project, id));
    for (const text of texts) found.push(await engine.ask(project, text));
    found.push(await instance.store.audit(project, { limit: 1_000 }));
  }
  found.push(await instance.store.changesSince(0, 10_000));
  return found;
}

test("everything that can be asked has the same answer after a restart", async (context) => {
  const projects = bundledProjects();
  const engine = await engineFor(context, { projects: Object.values(projects) });
  const keys: Record<string, string[]> = {};
  for (const name of Object.keys(projects)) keys[name] = await keysOfAllStates(engine, name);
  engine.clock.set(START + 1_000);
  // Asking leaves its trace in when keys were last used, and none in limits of the next run.
  await all(engine, keys);
  await engine.reopen();
  const before = await all(engine, keys);
  assert.equal(Object.keys(keys).length, 5);
  await engine.reopen();
  assert.deepEqual(await all(engine, keys), before);
  await engine.reopen();
  assert.deepEqual(await all(engine, keys), before);
});

test("the states differ from one another, so that the comparison means something", async (context) => {
  const engine = await engineFor(context);
  const keys = await keysOfAllStates(engine, "acme");
  engine.clock.set(START + 1_000);
  await engine.reopen();
  const codes = [];
  for (const key of keys) codes.push(await engine.code("acme", key));
  assert.deepEqual(codes, [
    "ok",
    "disabled_key",
    "revoked_key",
    "revoked_key",
    "ip_not_allowed",
    "revoked_key",
    "ok",
    "invalid_key",
    "expired_key",
    "ok",
    "ok",
    "account_suspended",
  ]);
});

test("a host goes on to be served by its project", async (context) => {
  const engine = await engineFor(context, { projects: Object.values(bundledProjects()) });
  const served = () => {
    const one = engine.instance.directory.served("sandbox.nudg3.localhost");
    return [one?.project.name, one?.host.environment];
  };
  assert.deepEqual(served(), ["nudg3", "test"]);
  await engine.reopen();
  assert.deepEqual(served(), ["nudg3", "test"]);
  assert.equal(engine.instance.directory.served("nowhere.localhost"), undefined);
});
