// Promise: kill -9 at any moment of spending lets no more through than was granted and loses no unit but those of requests that were
// in flight. A sample of what `npm run crash:money` does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { describeMoney, moneyAtOnce, moneyCrash } from "./money-crash.ts";

const KILLS = 30;

test("thirty kills at random moments of spending", async (t) => {
  const seed = Date.now() % 1_000_000_000;
  t.diagnostic(`seed ${seed}`);
  const summary = await moneyCrash(folderFor(t), { kills: KILLS, seed }).catch((error) => {
    throw new Error(`with the seed ${seed}`, { cause: error });
  });
  t.diagnostic(describeMoney(summary));
  assert.equal(summary.kills, KILLS);
  assert.equal(summary.accepted + summary.lost, summary.granted);
  assert.ok(summary.accepted <= summary.granted);
  // Else the kills met nothing.
  for (const [kind, count] of Object.entries(summary.made)) assert.ok(count > 0, `no ${kind} was made`);
  assert.ok(summary.refused > 0, "no account ran empty");
  assert.ok(summary.unanswered > KILLS, "most kills left requests unanswered");
  assert.ok(summary.lost > 0, "no kill came between a spend and its answer");
});

test("512 callers at once spend what was granted, to the unit", async (t) => {
  const summary = await moneyAtOnce(folderFor(t), { callers: 512, operations: 2_000, seed: 1 });
  t.diagnostic(describeMoney(summary));
  assert.equal(summary.accepted, summary.granted);
  assert.equal(summary.unanswered + summary.lost, 0);
  for (const [kind, count] of Object.entries(summary.made)) assert.ok(count > 0, `no ${kind} was made`);
});
