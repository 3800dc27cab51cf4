// Promise: the demo account of a project that draws on credits has some at every start, and is not given more at each of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ensureDemo } from "../../src/cli/demo.ts";
import { changeCredits, creditsOf } from "../../src/manage/credits.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { engineFor } from "../support/engine.ts";

const PROJECTS: readonly ProjectFile[] = [
  {
    name: "prepaid",
    environments: ["live", "test"],
    hosts: ["prepaid.localhost", { host: "test.localhost", environment: "test" }],
    routes: [{ match: "POST /video", pot: "credits" }],
  },
  {
    name: "monthly",
    plans: { free: { allowance: 100 } },
    defaultPlan: "free",
    routes: [{ match: "POST /text", pot: "allowance" }],
  },
  { name: "unmetered", routes: [{ match: "GET /**" }] },
];

test("credits are there from the first start on, and filled up only when half of them are gone", async (context) => {
  const engine = await engineFor(context, { projects: PROJECTS });
  const { instance, data } = engine;
  const start = () =>
    ensureDemo(
      instance,
      data,
      PROJECTS.map(({ name }) => name),
    );
  const keys = await start();
  const accountOf = (name: string): string => keys.find(({ project }) => project === name)!.account;
  const credits = (name: string) => creditsOf(instance, name, accountOf(name));
  const movements = () =>
    instance.store.movements("prepaid", accountOf("prepaid"), { limit: 100 }).then(({ length }) => length);
  assert.deepEqual(
    [await credits("prepaid"), await credits("monthly"), await credits("unmetered")],
    [1_000_000, 0, 0],
  );
  assert.deepEqual(await start(), keys);
  assert.equal(await movements(), 1);
  const take = (amount: number) =>
    changeCredits(instance, LOCAL_CALLER, "prepaid", accountOf("prepaid"), { amount });
  await take(-500_000);
  await start();
  assert.equal(await credits("prepaid"), 500_000);
  await take(-1);
  await start();
  assert.deepEqual([await credits("prepaid"), await movements()], [1_000_000, 4]);
});
