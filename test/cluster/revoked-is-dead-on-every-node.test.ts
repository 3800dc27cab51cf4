// Promise: no request that starts after a revoke was acknowledged is accepted by any node, also while a node is frozen, while
// notifications are cut and while the counters are away, and no revoke waits for longer than 1.2 seconds (hostile B18, F07, F20).
// A sample of what `npm run cluster` does.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startOwnValkey, startPostgres } from "../support/services.ts";
import { away, cuttingNotifications, type Disturb, freezing, frozen } from "./disturbances.ts";
import { startCluster } from "./nodes.ts";
import { makeAcme, makeKeys, quantile, type Revocations, revokeAll } from "./revocations.ts";

/** Of all nodes together; a machine with two cores gives about three times as much. */
const PER_SECOND = 800;
/** The promise is 1.2 s; beside it a machine that does many things at once may hold up the client that measures. */
const SLOWEST_MS = 1_200;

test("two hundred revokes over four nodes, in sickness and in health", {
  timeout: 180_000,
}, async (context) => {
  const { url } = await startPostgres(context);
  const valkey = await startOwnValkey(context);
  const cluster = await startCluster(context, { count: 4, database: url, valkey: valkey.url });
  const account = await makeAcme(cluster);
  const [second, fourth] = [cluster.nodes[1]!, cluster.nodes[3]!];
  const round = async (name: string, count: number, disturb?: Disturb, revokers = cluster.nodes) => {
    const keys = await makeKeys(cluster, account, count, revokers);
    const pauseMs = disturb === undefined ? 0 : 25;
    const done = await revokeAll(cluster, {
      keys,
      perSecond: PER_SECOND,
      pauseMs,
      revokers,
      ...(disturb !== undefined && { disturb }),
    });
    tell(context, name, done);
    expectDead(done);
    return done;
  };
  await round("healthy", 80);
  const others = cluster.nodes.filter((node) => node !== fourth);
  await round("one node frozen for 0.9 s at a time", 50, freezing(fourth, 900, 300), others);
  await round("notifications cut", 30, cuttingNotifications(url));
  await round("Valkey silent", 20, frozen(valkey.server));
  await round("Valkey dead", 20, away(valkey.server));
  await second.kill();
  await round(
    "one node killed",
    10,
    undefined,
    cluster.nodes.filter((node) => node !== second),
  );
});

function tell(context: TestContext, name: string, { findings, acksMs, perSecond }: Revocations): void {
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) => quantile(acksMs, part).toFixed(0));
  context.diagnostic(
    `${name}: ${acksMs.length} revokes, acknowledged in ${p50} ms (p99 ${p99}, most ${most}); ${findings.verdicts} verdicts, ${perSecond.toFixed(0)}/s, ${findings.unknown} without an answer, right after a revoke ${JSON.stringify(findings.close)}`,
  );
}

function expectDead({ findings, acksMs, unconfirmed }: Revocations): void {
  assert.deepEqual(findings.stale, [], "accepted after the acknowledgement");
  assert.deepEqual(findings.wrong, [], "verdicts that nothing explains");
  assert.equal(unconfirmed, 0, "revokes that were answered with a fault");
  assert.ok(quantile(acksMs, 1) <= SLOWEST_MS, `a revoke took ${quantile(acksMs, 1)} ms`);
  assert.ok(findings.verdicts > 20 * acksMs.length * 0.2, "too few were asked");
}
