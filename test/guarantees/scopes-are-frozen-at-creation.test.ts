// Promise: what a catalogue gains later never reaches a key that exists, not by a new scope, not by a new implication, not
// through "everything"; what it loses, every key loses at once. CONTRACTS N3, hostile case C03.
import assert from "node:assert/strict";
import { test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type Engine, engineFor } from "../support/engine.ts";

type Scopes = NonNullable<ProjectFile["scopes"]>;

const project = (scopes: Scopes): ProjectFile => ({ name: "acme", scopes });

/** Which of the catalogue's scopes the key may use now. */
async function usable(engine: Engine, key: string, names: readonly string[]): Promise<string> {
  const codes = [];
  for (const name of names) codes.push([name, await engine.code("acme", key, { scopes: [name] })] as const);
  for (const [name, code] of codes) assert.ok(["ok", "insufficient_scope"].includes(code), `${name} ${code}`);
  return codes.flatMap(([name, code]) => (code === "ok" ? [name] : [])).join(" ");
}

/** The same answer with the key held in memory and out of the store. */
async function usableTwice(engine: Engine, key: string, names: readonly string[]): Promise<string> {
  const warm = await usable(engine, key, names);
  await engine.reopen();
  assert.equal(await usable(engine, key, names), warm);
  return warm;
}

for (const [kind, standsForAll, after] of [
  ["frozen", "frozen", "* read write"],
  ["future", "future", "* read write added"],
] as const) {
  test(`a scope added later ${after.includes("added") ? "reaches" : "does not reach"} a ${kind} key for everything (C03)`, async (context) => {
    const all = { "*": { standsForAll }, read: "Read", write: "Write" };
    const names = ["*", "read", "write", "added"];
    const engine = await engineFor(context, { projects: [project(all)] });
    const everything = await engine.key("acme", { scopes: ["*"] });
    const one = await engine.key("acme", { scopes: ["read"] });
    assert.equal(await usable(engine, everything.key, names.slice(0, 3)), "* read write");
    await engine.apply(project({ ...all, added: "Came later" }));
    assert.equal(await usableTwice(engine, everything.key, names), after);
    assert.equal(await usableTwice(engine, one.key, names), "read");
    const fresh = await engine.key("acme", { scopes: ["*"] });
    assert.equal(await usable(engine, fresh.key, names), "* read write added", "a new key has it");
  });
}

test("an implication added later does not reach an old key; naming the scope anew does", async (context) => {
  const engine = await engineFor(context, { projects: [project({ read: "Read", write: "Write" })] });
  const old = await engine.key("acme", { scopes: ["write"] });
  await engine.apply(project({ read: "Read", write: { implies: ["read"] } }));
  assert.equal(await usableTwice(engine, old.key, ["read", "write"]), "write");
  const rotated = await rotateKey(engine.instance, LOCAL_CALLER, "acme", old.id, { graceSeconds: 60 });
  assert.equal(await usable(engine, rotated.key, ["read", "write"]), "write", "a rotation adds nothing");
  await updateKey(engine.instance, LOCAL_CALLER, "acme", rotated.id, { name: "renamed" });
  assert.equal(await usable(engine, rotated.key, ["read", "write"]), "write", "nor does any other change");
  await updateKey(engine.instance, LOCAL_CALLER, "acme", rotated.id, { scopes: ["write"] });
  assert.equal(await usableTwice(engine, rotated.key, ["read", "write"]), "read write");
});

test("an implication or scope that is taken away is lost at once", async (context) => {
  const chain: Scopes = { a: { implies: ["b"] }, b: { implies: ["c"] }, c: "C", d: "D" };
  const engine = await engineFor(context, { projects: [project(chain)] });
  const { key } = await engine.key("acme", { scopes: ["a", "d"] });
  const names = ["a", "b", "c", "d"];
  assert.equal(await usable(engine, key, names), "a b c d");
  await engine.apply(project({ ...chain, b: "B" }));
  assert.equal(await usable(engine, key, names), "a b d");
  await engine.apply(project({ a: { implies: ["b"] }, b: "B", c: "C" }));
  assert.equal(await usableTwice(engine, key, names), "a b");
  await engine.apply(project(chain));
  assert.equal(await usableTwice(engine, key, names), "a b c d", "and comes back with what it had");
});

test("a name that is given up and used again for something wider stays what it was", async (context) => {
  const engine = await engineFor(context, { projects: [project({ admin: "Admin", read: "Read" })] });
  const { key } = await engine.key("acme", { scopes: ["admin"] });
  await engine.apply(project({ admin: { standsForAll: "frozen" }, read: "Read" }));
  assert.equal(await usable(engine, key, ["admin", "read"]), "admin");
});

test("a scope that the project no longer declares is told to nobody", async (context) => {
  const engine = await engineFor(context, { projects: [project({ read: "Read", write: "Write" })] });
  const { key } = await engine.key("acme", { scopes: ["read", "write"] });
  assert.deepEqual((await engine.ask("acme", key)).key?.scopes, ["read", "write"]);
  await engine.apply(project({ read: "Read" }));
  assert.deepEqual((await engine.ask("acme", key)).key?.scopes, ["read"]);
});
