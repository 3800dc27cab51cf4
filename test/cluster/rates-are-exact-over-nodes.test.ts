// Promise: of ten times as many requests as a limit admits, four nodes admit exactly the limit while Valkey answers, and never more
// when it is silent, when it dies in the middle and when it was never there, whatever happens to a node meanwhile (hostile E02, F01, F02).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startOwnValkey, startPostgres } from "../support/services.ts";
import { type Cluster, startCluster } from "./nodes.ts";
import { type Admissions, callAtOnce, makeLimited } from "./rates.ts";

const LIMIT = 400;

test("four nodes and one Valkey", { timeout: 180_000 }, async (context) => {
  const { url: database } = await startPostgres(context);
  const { url, server } = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database, valkey: url });
  const makeKey = await makeLimited(cluster, LIMIT);
  await context.test("exactly the limit while it answers", async (its) => {
    const done = await callAtOnce(cluster, await makeKey(), 10 * LIMIT, 64);
    tell(its, done);
    assert.equal(done.admitted, LIMIT);
  });
  await context.test("no more than the limit when it goes silent in the middle", async (its) => {
    const done = await callThrough(cluster, await makeKey(), () => server.signal("SIGSTOP"));
    server.signal("SIGCONT");
    tell(its, done);
    expectAtMost(done);
    await delay(1_500);
  });
  await context.test("no more than the limit when it dies in the middle", async (its) => {
    let stopped: Promise<void> | undefined;
    const done = await callThrough(cluster, await makeKey(), () => {
      stopped = server.stop();
    });
    await stopped;
    tell(its, done);
    expectAtMost(done);
  });
});

test("four nodes that have never had a Valkey", { timeout: 180_000 }, async (context) => {
  const { url: database } = await startPostgres(context);
  const { url, server } = await startOwnValkey(context);
  await server.stop();
  const cluster = await startCluster(context, { count: 4, database, valkey: url });
  const makeKey = await makeLimited(cluster, LIMIT);
  await context.test("exactly the limit, in equal parts", async (its) => {
    const done = await callAtOnce(cluster, await makeKey(), 10 * LIMIT, 64);
    tell(its, done);
    assert.equal(done.admitted, LIMIT);
    assert.deepEqual(done.byNode, [100, 100, 100, 100]);
  });
  await context.test("no more when a node that has used its part freezes", async (its) => {
    const key = await makeKey();
    const first = await callAtOnce(cluster, key, 10 * LIMIT, 64);
    cluster.nodes[3]!.signal("SIGSTOP");
    await delay(1_000);
    const others = { ...cluster, nodes: cluster.nodes.slice(0, 3) };
    const second = await callAtOnce(others, key, LIMIT, 30);
    cluster.nodes[3]!.signal("SIGCONT");
    tell(its, second);
    assert.equal(first.admitted + second.admitted, LIMIT);
  });
});

function callThrough(
  cluster: Cluster,
  key: { id: string; key: string },
  disturb: () => void,
): Promise<Admissions> {
  return callAtOnce(cluster, key, 10 * LIMIT, 64, (answered) => {
    if (answered === LIMIT / 2) disturb();
  });
}

/** A question that was given up may have been counted: fewer than the limit are admitted then. */
function expectAtMost({ admitted }: Admissions): void {
  assert.ok(admitted <= LIMIT, `${admitted} of ${LIMIT} were admitted`);
  assert.ok(admitted >= LIMIT / 4, `only ${admitted} were admitted`);
}

function tell(context: TestContext, { admitted, refused, byNode }: Admissions): void {
  context.diagnostic(`${admitted} admitted (${byNode.join(", ")}), ${refused} refused`);
}
