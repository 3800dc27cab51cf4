// Promise: a tier gives exactly its scopes, a key of scopes is put in the first tier that holds them, and no key has more than
// its tier. CONTRACTS D4.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getKey, updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bundledProjects } from "../support/bundled.ts";
import { engineFor } from "../support/engine.ts";

const { nudg3 = "", nohuman = "" } = bundledProjects();
const BOTH = ["read:analytics", "export:data"];

test("what is named decides the rest: tier, scopes, both or neither", async (context) => {
  const engine = await engineFor(context, { projects: [nudg3] });
  const account = (await engine.account("nudg3")).id;
  const cases = [
    [{ tier: "premium" }, "premium", BOTH],
    [{ tier: "basic" }, "basic", ["read:analytics"]],
    [{}, "basic", ["read:analytics"]],
    [{ scopes: ["read:analytics"] }, "basic", ["read:analytics"]],
    [{ scopes: ["export:data"] }, "premium", ["export:data"]],
    [{ scopes: BOTH.toReversed() }, "premium", BOTH.toReversed()],
    [{ scopes: ["read:analytics"], tier: "premium" }, "premium", ["read:analytics"]],
  ] as const;
  for (const [input, tier, scopes] of cases) {
    const key = await engine.key("nudg3", { account, ...input });
    assert.deepEqual([key.tier, key.scopes], [tier, scopes], JSON.stringify(input));
    const verdict = await engine.ask("nudg3", key.key);
    assert.deepEqual([verdict.key?.tier, verdict.key?.scopes], [tier, scopes]);
  }
});

test("a tier that is not declared, or too small for the scopes, is refused", async (context) => {
  const engine = await engineFor(context, { projects: [nudg3] });
  const account = (await engine.account("nudg3")).id;
  const refused = [
    [{ tier: "gold" }, "tier"],
    [{ tier: "Premium" }, "tier"],
    [{ tier: "" }, "tier"],
    [{ tier: "constructor" }, "tier"],
    [{ tier: "basic", scopes: ["export:data"] }, "scopes"],
    [{ tier: "basic", scopes: BOTH }, "scopes"],
    [{ tier: "basic", scopes: [] }, "scopes"],
  ] as const;
  for (const [input, field] of refused) {
    await assert.rejects(
      engine.key("nudg3", { account, ...input }),
      (error: { fields?: { field: string }[] }) => {
        assert.equal(error.fields?.[0]?.field, field, JSON.stringify(input));
        return true;
      },
    );
  }
});

test("a change of tier moves the scopes with it, and the next verdict knows", async (context) => {
  const engine = await engineFor(context, { projects: [nudg3] });
  const { id, key } = await engine.key("nudg3", { tier: "basic" });
  const exports = { request: { method: "GET", target: "/exports" } };
  assert.equal(await engine.code("nudg3", key, exports), "insufficient_scope");
  const change = (input: Parameters<typeof updateKey>[4]) =>
    updateKey(engine.instance, LOCAL_CALLER, "nudg3", id, input);
  assert.deepEqual((await change({ tier: "premium" })).scopes, BOTH);
  assert.equal(await engine.code("nudg3", key, exports), "ok");
  assert.equal((await change({ scopes: ["read:analytics"] })).tier, "basic");
  assert.equal(await engine.code("nudg3", key, exports), "insufficient_scope");
  await assert.rejects(change({ tier: "basic", scopes: BOTH }), { code: "validation_failed" });
  await change({ name: "renamed" });
  assert.deepEqual((await getKey(engine.instance, "nudg3", id)).scopes, ["read:analytics"]);
});

test("a project without tiers has none, and one with default scopes gives those", async (context) => {
  const engine = await engineFor(context, { projects: [nohuman] });
  const key = await engine.key("nohuman");
  assert.deepEqual([key.tier, key.scopes], [null, ["videos:generate", "videos:read"]]);
  const verdict = await engine.ask("nohuman", key.key);
  assert.ok(verdict.key !== undefined && !("tier" in verdict.key));
  await assert.rejects(engine.key("nohuman", { tier: "basic" }), {
    code: "validation_failed",
    message: /the project has none/,
  });
});
