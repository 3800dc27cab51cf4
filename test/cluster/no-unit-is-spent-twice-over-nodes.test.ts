// Promise: whatever becomes of nodes, PostgreSQL and Valkey, no account spends more than it was granted, its journal adds up at every
// moment, and every unit that was not in flight at a kill can be spent in the end (hostile E08, E19, F02, F17). A sample of what
// `npm run cluster` does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomOf } from "../crash/random.ts";
import { startOwnPostgres, startOwnValkey } from "../support/services.ts";
import { spendThroughKills } from "./money.ts";
import { startCluster } from "./nodes.ts";

test("512 callers over four nodes, five of which are killed", { timeout: 180_000 }, async (context) => {
  const seed = Date.now() % 1_000_000_000;
  context.diagnostic(`seed ${seed}`);
  const { url: database, server: postgres } = await startOwnPostgres(context);
  const { url, server: valkey } = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database, valkey: url });
  const result = await spendThroughKills({
    cluster,
    valkey,
    postgres,
    database,
    callers: 512,
    kills: 5,
    random: randomOf(seed),
  });
  for (const { granted, accepted, unknown, lost, denied } of result.purses)
    context.diagnostic(
      `granted ${granted}, spent ${accepted}, in flight at kills ${unknown} of which ${lost} were spent, denied ${denied}`,
    );
  context.diagnostic(`${result.perSecond.toFixed(0)} verdicts a second`);
  assert.deepEqual(result.problems, []);
  assert.ok(
    result.purses.every(({ denied, unknown }) => denied > 0 && unknown > 0),
    "something was refused, and something in flight",
  );
});
