// A sample of the crash test: `npm run crash` does ten times as many kills.
import assert from "node:assert/strict";
import { test } from "node:test";
import { killOverAndOver } from "./cycles.ts";

test("20 kills lose no acknowledged change and leave none half there", async (context) => {
  const seed = Date.now() % 1_000_000;
  context.diagnostic(`seed ${seed}`);
  const acknowledged = await killOverAndOver(20, seed);
  assert.ok(acknowledged > 100, `only ${acknowledged} changes were made`);
});
