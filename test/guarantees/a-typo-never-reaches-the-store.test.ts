// Promise: an ill-formed key, one changed character at any place included, is refused without a single question to the store.
// CONTRACTS D1, hostile cases A19, A22 to A24, B01.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundledProjects } from "../support/bundled.ts";
import { engineFor, readerOver } from "../support/engine.ts";
import { countingStore } from "../support/stores.ts";

test("one changed character at every place costs no look-up, in all five bundled formats (B01)", async (context) => {
  const engine = await engineFor(context, { projects: Object.values(bundledProjects()) });
  for (const name of Object.keys(bundledProjects())) {
    const scopes = [...(engine.instance.directory.project(name)?.scopes.keys() ?? [])].slice(0, 1);
    const { key } = await engine.key(name, { scopes });
    const { calls, store } = countingStore(engine.instance.store);
    const reader = await readerOver(engine, store);
    calls.length = 0;
    for (let place = 0; place < key.length; place++) {
      const other = key[place] === "x" ? "y" : "x";
      const verdict = await reader.ask(name, key.slice(0, place) + other + key.slice(place + 1));
      assert.equal(verdict.code, "invalid_key", `${name} at ${place}`);
      assert.ok(!verdict.allowed && !verdict.hint?.includes(key.slice(-8)), "nothing is echoed");
    }
    assert.deepEqual(calls, [], name);
    assert.equal((await reader.ask(name, key)).code, "ok");
    assert.deepEqual(calls, ["keyByDigest"], "the true key costs one");
    await reader.ask(name, key);
    assert.deepEqual(calls, ["keyByDigest"], "and none the second time");
  }
});

test("texts that are no key cost no look-up and no answer takes them for one", async (context) => {
  const engine = await engineFor(context);
  const { key } = await engine.key("acme");
  const { calls, store } = countingStore(engine.instance.store);
  const reader = await readerOver(engine, store);
  calls.length = 0;
  const texts = [
    "",
    " ",
    `${key} `,
    ` ${key}`,
    `${key}\n`,
    `"${key}"`,
    `<${key}>`,
    `Bearer ${key}`,
    key.replace("_", "%5F"),
    Buffer.from(key).toString("base64"),
    key.toUpperCase(),
    key.replace("a", "а"),
    key.replace("a", "ａ"),
    `${key}\u200b`,
    `\u202e${key}`,
    `${key}${key}`,
    "x".repeat(15_000),
    "\u0000",
    "$ACME_API_KEY",
    "é".repeat(43),
  ];
  for (const text of texts) assert.equal((await reader.ask("acme", text)).code, "invalid_key", text);
  assert.deepEqual(calls, []);
});

test("no key, several keys and an unreadable one are told apart without a look-up", async (context) => {
  const engine = await engineFor(context);
  const { calls, store } = countingStore(engine.instance.store);
  const reader = await readerOver(engine, store);
  calls.length = 0;
  const project = reader.directory.project("acme")!;
  const ask = (credential: Parameters<typeof reader.verify>[0]["credential"]) =>
    reader.verify({ project, credential });
  assert.deepEqual(await ask({ kind: "none", hint: "Send it." }), {
    allowed: false,
    code: "missing_key",
    hint: "Send it.",
  });
  assert.deepEqual(await ask({ kind: "many" }), { allowed: false, code: "multiple_credentials" });
  assert.equal((await ask({ kind: "unreadable", hint: "Not Bearer." })).code, "invalid_key");
  assert.deepEqual(calls, []);
});
