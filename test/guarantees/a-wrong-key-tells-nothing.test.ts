// Promise: whoever does not hold a key learns nothing about it: an unknown key, a wrong secret, another project's key and a
// wrong guess at a revoked key get one and the same verdict for one look-up each. Hostile cases B02, B03, B05, B06.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf } from "../../src/key/checksum.ts";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor, readerOver, START } from "../support/engine.ts";
import { countingStore } from "../support/stores.ts";

const KEYS = { format: "shared_{env}_{id:8}_{secret:32}" };
const PROJECTS = [
  {
    name: "acme",
    keys: KEYS,
    scopes: { read: "Read" },
    routes: [{ match: "GET /v1/read", scopes: ["read"] }],
  },
  { name: "other", keys: KEYS },
];
const UNKNOWN = { allowed: false, code: "invalid_key" };

/** Another secret for the same public id, with a checksum that holds. */
function wrongSecret(key: string): string {
  const start = key.length - 32;
  const text = `${key.slice(0, start)}${"A".repeat(26)}`;
  return text + checksumOf(text);
}

async function engineWithKeys(context: Parameters<typeof engineFor>[0]): Promise<Engine> {
  return engineFor(context, { projects: PROJECTS });
}

test("an unknown id and a known id with a wrong secret get the same verdict (B02, B03)", async (context) => {
  const engine = await engineWithKeys(context);
  const { key } = await engine.key("acme", { scopes: ["read"] });
  const unknown = (await (await engineWithKeys(context)).key("acme", { scopes: ["read"] })).key;
  const { calls, store } = countingStore(engine.instance.store);
  const reader = await readerOver(engine, store);
  const request = { request: { method: "GET", target: "/v1/read" }, environment: "test", scopes: ["write"] };
  for (const text of [wrongSecret(key), unknown]) {
    for (const asked of [{}, request]) {
      calls.length = 0;
      assert.deepEqual(await reader.ask("acme", text, asked), UNKNOWN);
      assert.deepEqual(calls, ["keyByDigest"], "the same work for both");
    }
  }
});

test("a wrong secret for a key in any state looks unknown, the right one tells the state (B06)", async (context) => {
  const engine = await engineWithKeys(context);
  const { instance } = engine;
  const revoked = await engine.key("acme", { scopes: ["read"] });
  const disabled = await engine.key("acme", { scopes: ["read"] });
  const expired = await engine.key("acme", { scopes: ["read"], expiresAt: "2026-11-21T12:00:01Z" });
  await revokeKey(instance, LOCAL_CALLER, "acme", revoked.id);
  await disableKey(instance, LOCAL_CALLER, "acme", disabled.id);
  engine.clock.set(START + 1_000);
  const states = [
    [revoked.key, "revoked_key"],
    [disabled.key, "disabled_key"],
    [expired.key, "expired_key"],
  ] as const;
  for (const [key, code] of states) {
    assert.equal(await engine.code("acme", key), code);
    assert.deepEqual(await engine.ask("acme", wrongSecret(key)), UNKNOWN);
  }
});

test("a key of one project is unknown in another, even where the formats are the same (B05)", async (context) => {
  const engine = await engineWithKeys(context);
  const { key } = await engine.key("acme", { scopes: ["read"] });
  assert.deepEqual(await engine.ask("other", key), UNKNOWN);
  assert.equal(await engine.code("acme", key), "ok");
  assert.deepEqual(await engine.ask("other", key), UNKNOWN, "also with the key in memory");
  const { key: rootLike } = await engine.key("other");
  assert.deepEqual(await engine.ask("acme", rootLike), UNKNOWN);
});

test("a verdict names facts of a key only after its secret matched, and never the key", async (context) => {
  const engine = await engineWithKeys(context);
  const made = await engine.key("acme", { scopes: ["read"] });
  const asked = { request: { method: "GET", target: "/elsewhere" } };
  const denied = await engine.ask("acme", made.key, asked);
  assert.equal(denied.code, "no_route");
  assert.equal(denied.key?.id, made.id);
  for (const verdict of [denied, await engine.ask("acme", made.key)]) {
    const text = JSON.stringify(verdict);
    assert.ok(!text.includes(made.key) && !text.includes(made.key.slice(-32)));
    const record = await engine.instance.store.key("acme", made.id);
    assert.ok(record && !text.includes(record.digest));
  }
});
