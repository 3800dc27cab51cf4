// Promise: kill -9 at any moment of create, revoke, rotate and delete loses nothing that was acknowledged and leaves nothing by
// half, and a repeated request under its Idempotency-Key never makes a second key. A sample of what `npm run crash` does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { crash, describeSummary } from "./crash.ts";

const KILLS = 20;

test("twenty kills at random moments", async (t) => {
  const seed = Date.now() % 1_000_000_000;
  t.diagnostic(`seed ${seed}`);
  const summary = await crash(folderFor(t), { kills: KILLS, seed }).catch((error) => {
    throw new Error(`with the seed ${seed}`, { cause: error });
  });
  t.diagnostic(describeSummary(summary));
  assert.equal(summary.kills, KILLS);
  // Else the kills met nothing.
  for (const [kind, count] of Object.entries(summary.acknowledged))
    assert.ok(count > 0, `no ${kind} was acknowledged`);
  assert.ok(summary.made + summary.notMade > KILLS, "most kills left changes unanswered");
  assert.ok(summary.verdicts > 100);
});
