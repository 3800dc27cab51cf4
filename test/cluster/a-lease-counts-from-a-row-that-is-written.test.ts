// Promise: a node whose row in the registry was not there when a change looked for it holds no lease that begins before the change
// (hostile F20). Time and the registry are made up.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Beat, Nodes } from "../../src/store/cluster.ts";
import { createFollower } from "../../src/store/follower.ts";
import { createParts, KEEP_PART_MS } from "../../src/store/parts.ts";
import type { Change } from "../../src/store/records.ts";

const LEASE_MS = 500;

/** A registry whose beats read the log when they are asked for and are found by others only when they are let go. */
function madeUpRegistry(now: () => number) {
  const log: Change[] = [];
  const held: (() => void)[] = [];
  let [promisedUntil, holds, wake] = [0, false, () => {}];
  const nodes: Nodes = {
    join: async () => 0,
    async beat(_, applied, leaseMs): Promise<Beat> {
      const changes = log.filter(({ seq }) => seq > applied);
      const until = now() + leaseMs;
      const beat = { changes, newest: log.length, time: now(), live: ["nod_a"] };
      if (holds) await new Promise<void>((resolve) => held.push(resolve));
      promisedUntil = until;
      return beat;
    },
    newest: async () => log.length,
    news: async (applied) => ({ changes: log.filter(({ seq }) => seq > applied), newest: log.length }),
    applied: async () => {},
    isBehind: async () => promisedUntil > now(),
    leave: async () => {},
    onWake: (listener) => {
      wake = listener;
    },
  };
  return {
    nodes,
    wake: () => wake(),
    isHeld: () => held.length > 0,
    hold: () => {
      holds = true;
    },
    letGo: () => {
      holds = false;
      held.splice(0).forEach((one) => void one());
    },
    /** Whether a change that is committed now has to wait for the node. */
    commit(): boolean {
      log.push({ seq: log.length + 1, kind: "key", project: "acme", subject: "key_1" });
      return promisedUntil > now();
    },
  };
}

/** What is ready to run has run. */
async function turnsOfTheLoop(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

test("a beat that is written after a change looked for it gives no lease from before the change", async () => {
  let now = 1_000;
  const registry = madeUpRegistry(() => now);
  const follower = createFollower({
    nodes: registry.nodes,
    id: "nod_a",
    clock: { now: () => now },
    elapsed: () => now,
    tell: async () => {},
    projects: async () => [],
    pollMs: 60_000,
    onFault: () => {},
  });
  await follower.start();
  while (!follower.isFresh()) await turnsOfTheLoop();
  // Frozen for longer than its lease; then it asks, and the registry takes its time to write the row.
  now += 2 * LEASE_MS;
  assert.equal(follower.isFresh(), false);
  registry.hold();
  registry.wake();
  while (!registry.isHeld()) await turnsOfTheLoop();
  now += 10;
  assert.equal(registry.commit(), false, "the change does not find the node, and is acknowledged");
  registry.letGo();
  await turnsOfTheLoop();
  assert.equal(follower.isFresh(), false, "it has not read the change");
  await follower.catchUp();
  await follower.stop();
});

test("a node that stops remembers nothing that counts", async () => {
  const now = 1_000;
  const registry = madeUpRegistry(() => now);
  const clock = { now: () => now };
  const told = { tell: async () => {}, projects: async () => [], onFault: () => {}, pollMs: 60_000 };
  const follower = createFollower({ nodes: registry.nodes, id: "nod_a", clock, elapsed: () => now, ...told });
  await follower.start();
  while (!follower.isFresh()) await turnsOfTheLoop();
  await follower.stop();
  assert.equal(follower.isFresh(), false);
});

test("a node that is gone keeps its part of every limit for a minute, one that comes gets its own at once", () => {
  const parts = createParts("nod_b");
  assert.deepEqual(parts.share(), { nodes: 1, rank: 0 });
  parts.see(["nod_a", "nod_b", "nod_c"], 0);
  assert.deepEqual(parts.share(), { nodes: 3, rank: 1 });
  parts.see(["nod_b", "nod_c"], 1_000);
  assert.deepEqual(parts.share(), { nodes: 3, rank: 0 });
  parts.see(["nod_b"], 2_000);
  parts.see(["nod_b"], KEEP_PART_MS - 1);
  assert.equal(parts.share().nodes, 3);
  parts.see(["nod_b"], KEEP_PART_MS);
  assert.equal(parts.share().nodes, 2);
  parts.see(["nod_a", "nod_b", "nod_c", "nod_d"], KEEP_PART_MS + 1);
  assert.deepEqual(parts.share(), { nodes: 4, rank: 1 });
  parts.see([], 2 * KEEP_PART_MS + 1);
  assert.deepEqual(parts.share(), { nodes: 1, rank: 0 }, "alone, and by its own word there");
});
