// KugelAudio: the life of its keys, from shown once to deleted with a tombstone (rows K2, K9).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { deleteKey, revokeKey } from "../../src/manage/end-key.ts";
import { getKey, listKeys } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bearer, startGateway } from "../support/gateway.ts";

const HOST = "kugelaudio.localhost";
const PROJECT = "kugelaudio";
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

const models = async (key: string): Promise<number> =>
  (await gateway.ask(HOST, { path: "/v1/models", headers: bearer(key) })).status;

test("K2: a key is named, shown once, and listed without its secret", async () => {
  const account = (await gateway.account(PROJECT)).id;
  const { key, id } = await gateway.key(PROJECT, { account, name: "Production Server" });
  const { items } = await listKeys(instance, PROJECT, { account });
  assert.deepEqual(
    items.map((item) => [item.id, item.name]),
    [[id, "Production Server"]],
  );
  const shown = [items, await getKey(instance, PROJECT, id), await instance.store.key(PROJECT, id)];
  const text = JSON.stringify(shown);
  assert.ok(!text.includes(key) && !text.includes(key.slice(3)) && !text.includes(key.slice(10, 30)));
  assert.equal(items[0]!.start, key.slice(0, 7));
  assert.equal(items[0]!.lastFour, key.slice(-4));
});

test("K2: a revoked key stops working immediately and stays in the list as revoked", async () => {
  const account = (await gateway.account(PROJECT)).id;
  const { key, id } = await gateway.key(PROJECT, { account });
  assert.equal(await models(key), 200);
  await revokeKey(instance, LOCAL_CALLER, PROJECT, id);
  assert.equal(await models(key), 401);
  assert.equal(await models(`eu-${key}`), 401);
  const { items } = await listKeys(instance, PROJECT, { account });
  assert.deepEqual(
    items.map((item) => [item.id, item.status]),
    [[id, "revoked"]],
  );
});

test("K2: deleting revokes, hides from the list, and keeps a tombstone for the audit", async () => {
  const account = (await gateway.account(PROJECT)).id;
  const { key, id } = await gateway.key(PROJECT, { account, name: "Old laptop" });
  assert.equal(await models(key), 200);
  await deleteKey(instance, LOCAL_CALLER, PROJECT, id);
  assert.equal(await models(key), 401);
  assert.deepEqual((await listKeys(instance, PROJECT, { account })).items, []);
  await assert.rejects(getKey(instance, PROJECT, id), { status: 404 });
  const [tombstone] = (await listKeys(instance, PROJECT, { account, includeDeleted: true })).items;
  assert.equal(tombstone?.name, "Old laptop");
  assert.equal(tombstone.deletedAt, "2026-11-21T12:00:00.000Z");
  assert.equal(tombstone.status, "revoked");
  const entries = await instance.store.audit(PROJECT, { limit: 100 });
  const actions = entries.filter(({ subject }) => subject === id).map(({ action }) => action);
  assert.deepEqual(actions.sort(), ["key.create", "key.delete"]);
});

test("K2: a key is rotated, the old one dead at once", async () => {
  const old = await gateway.key(PROJECT, { name: "Production Server", environment: "staging" });
  const next = await rotateKey(instance, LOCAL_CALLER, PROJECT, old.id);
  assert.deepEqual([next.name, next.environment, next.account], [old.name, "staging", old.account]);
  assert.equal(await models(old.key), 401);
  assert.equal(await models(next.key), 200);
});

test("K9: each environment has keys of its own, and the upstream can tell them apart", async () => {
  const account = (await gateway.account(PROJECT)).id;
  const environments = ["development", "staging", "production"];
  for (const environment of environments) {
    const { key, id } = await gateway.key(PROJECT, { account, environment, name: `Server (${environment})` });
    const answer = await gateway.ask(HOST, {
      method: "POST",
      path: "/v1/tts/generate",
      headers: bearer(key),
    });
    const { headers } = answer.json.request;
    assert.equal(headers["claviger-environment"], environment);
    assert.equal(headers["claviger-key-name"], `Server (${environment})`);
    assert.equal(headers["claviger-key-id"], id);
  }
  const { items } = await listKeys(instance, PROJECT, { account });
  assert.deepEqual(items.map(({ environment }) => environment).sort(), environments.toSorted());
  await assert.rejects(gateway.key(PROJECT, { account, environment: "test" }), { status: 422 });
});
