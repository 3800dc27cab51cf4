// Promise: a transaction of money is there whole or not at all, whichever of its system calls the process dies at, and what was
// answered is there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { failTheDisk, killAtEveryPoint, killBeforeTheAnswer, SCENARIOS } from "./money-points.ts";
import type { Scenario } from "./money-victim.ts";

/** The long ones are sampled here, and killed at every call by `npm run crash:money`. */
const SAMPLED: ReadonlySet<Scenario> = new Set(["checkpoint", "books"]);

for (const scenario of SCENARIOS) {
  const every = SAMPLED.has(scenario) ? 3 : 1;
  test(`a kill at every ${every === 1 ? "" : "third "}system call: ${scenario}`, async (t) => {
    const from = 1 + Math.floor(Math.random() * every);
    t.diagnostic(`from call ${from} on`);
    const { kills, whole, isSynced } = await killAtEveryPoint(folderFor(t), scenario, { from, every });
    t.diagnostic(`${kills} kills: ${whole} with the transaction there, ${kills - whole} without it`);
    // A power failure is not tried; that the disk was told before the answer is.
    assert.ok(isSynced);
    assert.ok(kills > 5, `${kills}`);
    assert.ok(whole >= 1);
  });
}

test("a kill between the disk and the answer", async (t) => {
  await killBeforeTheAnswer(folderFor(t), "spend");
});

for (const error of ["EIO", "ENOSPC"] as const)
  test(`a disk that answers ${error} refuses, takes nothing, and is forgotten when it is over`, async (t) => {
    const [failed, made] = await failTheDisk(folderFor(t), error);
    assert.deepEqual(failed, { done: 0, failed: 5 });
    assert.deepEqual(made, { done: 5, failed: 0 });
  });
