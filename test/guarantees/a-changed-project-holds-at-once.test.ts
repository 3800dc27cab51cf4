// Promise: once applying a project file has answered, no verdict follows the old one: not for a key in memory, not for a look-up
// under way, and not when the store failed in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { compileProject } from "../../src/project/compile.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { engineFor, readerOver } from "../support/engine.ts";
import { failingStore, lateStore } from "../support/stores.ts";

const OPEN: ProjectFile = {
  name: "acme",
  scopes: { read: "Read", write: "Write" },
  routes: [{ match: "GET /v1/data", scopes: ["read"] }],
};
const SHUT: ProjectFile = { ...OPEN, routes: [{ match: "GET /v1/data", scopes: ["write"] }] };
/** The scope has another name, in routes and catalogue alike. */
const RENAMED: ProjectFile = {
  ...OPEN,
  scopes: { view: "View" },
  routes: [{ match: "GET /v1/data", scopes: ["view"] }],
};
const DATA = { request: { method: "GET", target: "/v1/data" } };

test("a key in memory is judged by the new routes, scopes and plans", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const { key } = await engine.key("acme", { scopes: ["read"] });
  assert.equal(await engine.code("acme", key, DATA), "ok");
  await engine.apply(SHUT);
  assert.equal(await engine.code("acme", key, DATA), "insufficient_scope");
  await engine.apply(OPEN);
  assert.equal(await engine.code("acme", key, DATA), "ok");
  await engine.apply({ ...OPEN, plans: { none: { features: [] } }, defaultPlan: "none" });
  assert.equal((await engine.ask("acme", key, DATA)).key?.plan, "none");
  const paid = [{ match: "GET /v1/data", scopes: ["read"], feature: "data" }];
  await engine.apply({ ...OPEN, plans: { none: { features: [] } }, defaultPlan: "none", routes: paid });
  assert.equal(await engine.code("acme", key, DATA), "feature_not_in_plan");
});

test("a look-up under way is judged by one file, the new one", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const late = lateStore(engine.instance.store, "keyByDigest");
  for (const [file, code] of [
    [SHUT, "insufficient_scope"],
    [RENAMED, "insufficient_scope"],
    [{ name: "acme" }, "ok"],
  ] as const) {
    await engine.apply(OPEN);
    const { key } = await engine.key("acme", { scopes: ["read"] });
    const reader = await readerOver(engine, late.store);
    const hold = late.hold();
    const asked = reader.ask("acme", key, DATA);
    await hold.arrived;
    await engine.apply(file);
    hold.release();
    const verdict = await asked;
    assert.equal(verdict.code, code);
    assert.deepEqual(verdict, await reader.ask("acme", key, DATA), "as if it had been asked later");
  }
});

test("when the new file cannot be read, verdicts wait for it instead of following the old one", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const { key } = await engine.key("acme", { scopes: ["read"] });
  const { control, store } = failingStore(engine.instance.store);
  const reader = await readerOver(engine, store);
  assert.equal((await reader.ask("acme", key, DATA)).code, "ok");
  control.failing = true;
  await engine.apply(SHUT);
  for (let round = 0; round < 3; round++) {
    assert.equal((await reader.ask("acme", key, DATA)).code, "store_unavailable");
  }
  control.failing = false;
  assert.equal((await reader.ask("acme", key, DATA)).code, "insufficient_scope", "the first after it");
  assert.equal((await reader.ask("acme", key, DATA)).code, "insufficient_scope");
});

test("an old file that is read late does not take the new one's place", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const { key } = await engine.key("acme", { scopes: ["read"] });
  const late = lateStore(engine.instance.store, "project");
  const reader = await readerOver(engine, late.store);
  const slow = late.hold();
  const first = engine.apply({ ...OPEN, title: "Between" });
  await slow.arrived;
  await engine.apply(SHUT);
  slow.release();
  await first;
  assert.equal((await reader.ask("acme", key, DATA)).code, "insufficient_scope");
  assert.equal(reader.directory.project("acme")?.title, "acme");
});

test("applying the same file again changes nothing, a dry run neither", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const before = await engine.instance.store.project("acme");
  const again = await engine.apply(structuredClone(OPEN));
  assert.deepEqual([again.created, again.differences, again.project.version], [false, [], 1]);
  const dry = await applyProject(engine.instance, LOCAL_CALLER, { file: SHUT }, { dryRun: true });
  assert.deepEqual(
    dry.differences.map(({ field, change }) => [field, change]),
    [["routes[0].scopes", "changed"]],
  );
  assert.deepEqual(await engine.instance.store.project("acme"), before);
});

test("whoever changes the format or drops an environment is told how many keys can no longer be read", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN] });
  const { key } = await engine.key("acme", { scopes: ["read"] });
  const format = "new_{env}_{secret:40}";
  const accept = [{ format: "acme_{env}_{secret:32}" }];
  for (const [file, warns] of [
    [{ ...OPEN, title: "New" }, false],
    [{ ...OPEN, keys: { format } }, true],
    [{ ...OPEN, keys: { format, accept } }, false],
    [{ ...OPEN, environments: ["live"] }, true],
    [{ ...OPEN, environments: ["test", "dev", "live"] }, false],
  ] as const) {
    const dry = await applyProject(
      engine.instance,
      LOCAL_CALLER,
      { file: file as ProjectFile },
      { dryRun: true },
    );
    assert.equal(dry.warnings.length, warns ? 1 : 0, JSON.stringify(file));
    if (warns) assert.match(dry.warnings[0]!, /acme_\{env\}_\{secret:32\} can no longer be read \(1 keys/);
  }
  await engine.apply({ ...OPEN, keys: { format } });
  assert.equal(await engine.code("acme", key), "invalid_key");
  await engine.apply({ ...OPEN, keys: { format, accept } } as ProjectFile);
  assert.equal(await engine.code("acme", key), "ok");
});

test("a stored project that this program cannot read is left out, told, and mended by a good file", async (context) => {
  const engine = await engineFor(context, { projects: [OPEN, { name: "other" }] });
  const { key } = await engine.key("acme", { scopes: ["read"] });
  const other = await engine.key("other");
  const record = (await engine.instance.store.project("acme"))!;
  for (const [index, file] of [
    { ...OPEN, defaultPlan: "gone" },
    { name: "acme", keys: { format: 7 as never } },
  ].entries()) {
    assert.throws(() => compileProject(file));
    const write = { ...record, file, version: index + 2 };
    const writes = [{ kind: "put-project", record: write, replaces: index + 1 } as const];
    await engine.instance.store.commit({ at: 0, audit: [], writes });
    await engine.reopen();
    assert.equal(engine.instance.directory.project("acme"), undefined);
    assert.equal(await engine.code("other", other.key), "ok");
  }
  await engine.apply(OPEN);
  assert.equal(await engine.code("acme", key, DATA), "ok");
});
