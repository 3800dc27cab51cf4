// Promise: of a key only its digest is kept. After creating, rotating, verifying and refusing keys no file of the data folder
// holds a key or the unseen part of its secret in any common spelling. Hostile case J01, the store's part.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createKey } from "../../src/manage/create-key.ts";
import { deleteKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Engine, engineFor } from "../support/engine.ts";

const PROJECT = { name: "acme", keys: { format: "acme_{env}_{id:8}_{secret:32}" } };

/** Every spelling in which the text could hide; base64 at each of its three alignments. */
function spellings(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text);
  const found = new Map<string, Buffer>([
    ["raw", bytes],
    ["reversed", bytes.toReversed() as Buffer],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["HEX", Buffer.from(bytes.toString("hex").toUpperCase())],
    ["utf-16", Buffer.from(text, "utf16le")],
    ["percent", Buffer.from([...bytes].map((byte) => `%${byte.toString(16)}`).join(""))],
  ]);
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64url");
    // The characters at either end also hold bits of their neighbours.
    found.set(`base64 at ${shift}`, Buffer.from(shifted.slice(shift === 0 ? 0 : shift + 1, -2)));
  }
  return found;
}

function assertNowhere(engine: Engine, keys: readonly string[]): void {
  const names = readdirSync(engine.data, { recursive: true, encoding: "utf8" });
  assert.ok(names.includes("claviger.db"));
  for (const name of names) {
    const content = readFileSync(join(engine.data, name));
    for (const key of keys) {
      // All of the secret but the four characters that listings show.
      for (const part of [key, key.slice(-32, -4)]) {
        for (const [how, bytes] of spellings(part)) assert.ok(!content.includes(bytes), `${how} in ${name}`);
      }
    }
  }
}

test("no file holds a key that was created, rotated, verified, refused, revoked or deleted", async (context) => {
  const engine = await engineFor(context, { projects: [PROJECT] });
  const { instance } = engine;
  const first = await engine.key("acme", { name: "first" });
  const second = await rotateKey(instance, LOCAL_CALLER, "acme", first.id, { graceSeconds: 60 });
  const third = await rotateKey(instance, LOCAL_CALLER, "acme", second.id);
  const replayed = await createKey(
    instance,
    { ...LOCAL_CALLER, replay: { id: "r", fingerprint: "f", status: 201 } },
    "acme",
    { account: third.account, name: "replayed" },
  );
  const stranger = await (await engineFor(context, { projects: [PROJECT] })).key("acme");
  const keys = [first, second, third, replayed, stranger].map(({ key }) => key);
  const codes = [];
  for (const key of keys) codes.push(await engine.code("acme", key));
  assert.deepEqual(codes, ["ok", "revoked_key", "ok", "ok", "invalid_key"]);
  await revokeKey(instance, LOCAL_CALLER, "acme", third.id);
  await deleteKey(instance, LOCAL_CALLER, "acme", replayed.id);
  assertNowhere(engine, keys);
  await instance.close();
  assertNowhere(engine, keys);
  await engine.reopen();
});

test("the search would find one", async (context) => {
  const hidings: ((key: string) => string)[] = [
    (key) => key,
    (key) => [...key].reverse().join(""),
    (key) => Buffer.from(key).toString("hex"),
    (key) => Buffer.from(key.slice(-32, -4)).toString("base64url"),
    (key) => Buffer.from(`x${key}`).toString("base64url"),
    (key) => Buffer.from(`xy${key}`).toString("base64url"),
  ];
  for (const hide of hidings) {
    const engine = await engineFor(context, { projects: [PROJECT] });
    const { key } = await engine.key("acme");
    await engine.key("acme", { metadata: { leaked: hide(key) } });
    assert.throws(() => assertNowhere(engine, [key]), /in claviger\.db/, hide(key));
  }
});
