// Promise: a change that a notification tells is applied and said to be applied without a question; where something before it is
// missing, or nothing is said, the log is read; and no notification prolongs a lease. Time and the registry are made up.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Nodes } from "../../src/store/cluster.ts";
import { createFollower } from "../../src/store/follower.ts";
import { toPayload } from "../../src/store/postgres/listen.ts";
import type { Change } from "../../src/store/records.ts";

const change = (seq: number): Change => ({ seq, kind: "key", project: "acme", subject: `key_${seq}` });

async function followed() {
  let now = 1_000;
  const log: Change[] = [change(1)];
  const asked: string[] = [];
  const told: number[] = [];
  const kinds: string[] = [];
  let [applied, wake] = [0, (_?: readonly Change[]): void => {}];
  const newest = () => log.at(-1)!.seq;
  const after = (seq: number) => ({ changes: log.filter((one) => one.seq > seq), newest: newest() });
  const nodes: Nodes = {
    join: async () => 0,
    async beat(_, seq) {
      asked.push("beat");
      applied = Math.max(applied, seq);
      return { ...after(seq), time: now, live: ["nod_a"] };
    },
    newest: async () => newest(),
    async news(seq) {
      asked.push("news");
      return after(seq);
    },
    async applied(_, seq) {
      applied = Math.max(applied, seq);
    },
    isBehind: async () => false,
    leave: async () => {},
    onWake: (listener) => {
      wake = listener;
    },
  };
  const follower = createFollower({
    nodes,
    id: "nod_a",
    clock: { now: () => now },
    elapsed: () => now,
    tell: async (changes) => {
      told.push(...changes.map(({ seq }) => seq));
      kinds.push(...changes.map(({ kind, subject }) => `${kind} ${subject}`));
    },
    projects: async () => ["claviger", "acme"],
    pollMs: 60_000,
    onFault: assert.ifError,
  });
  await follower.start();
  while (!follower.isFresh()) await turnsOfTheLoop();
  asked.length = 0;
  return {
    follower,
    log,
    asked,
    told,
    kinds,
    applied: () => applied,
    async wake(changes?: readonly Change[]) {
      wake(changes);
      await turnsOfTheLoop();
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** What is ready to run has run. */
async function turnsOfTheLoop(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

test("what is told is applied and said, in order, without a question", async () => {
  const { follower, log, asked, told, applied, wake } = await followed();
  log.push(change(2), change(3), change(4));
  const both = [wake([change(3), change(4)]), wake([change(2)])];
  await Promise.all(both);
  assert.deepEqual(told, [1, 2, 3, 4]);
  assert.deepEqual([applied(), asked], [4, []]);
  await wake([change(4)]);
  assert.deepEqual([told.length, asked], [4, []], "what is known already is passed over");
  await follower.stop();
});

test("the log is read where a number is missing, and where nothing is said", async () => {
  const { follower, log, asked, told, wake } = await followed();
  log.push(change(2), change(3));
  await wake([change(3)]);
  assert.deepEqual([told, asked], [[1, 2, 3], ["news"]]);
  log.push(change(4));
  await wake();
  assert.deepEqual(
    [told, asked],
    [
      [1, 2, 3, 4],
      ["news", "news"],
    ],
  );
  await follower.stop();
});

test("a node that was away for longer than the log remembers is told that everything may have changed", async () => {
  const { follower, log, told, kinds, applied, wake } = await followed();
  log.push(change(2), change(3), change(4), change(5));
  log.splice(0, 3);
  await wake();
  assert.deepEqual(kinds.slice(1), ["project claviger", "project acme"]);
  assert.deepEqual([applied(), told.at(-1)], [5, 5]);
  log.push(change(6));
  await wake();
  assert.deepEqual([applied(), told.slice(-2)], [6, [5, 6]], "and goes on from there");
  await follower.stop();
});

test("what is told prolongs no lease, and a node without one beats first", async () => {
  const { follower, log, asked, wake, pass } = await followed();
  pass(400);
  log.push(change(2));
  await wake([change(2)]);
  pass(100);
  assert.equal(follower.isFresh(), false);
  log.push(change(3));
  await wake([change(3)]);
  assert.deepEqual(asked, ["beat"]);
  await follower.stop();
});

test("changes that are too many for one notification are not told, only that there are some", () => {
  assert.deepEqual(JSON.parse(toPayload([change(1), change(2)])), [change(1), change(2)]);
  assert.equal(toPayload(Array.from({ length: 1_000 }, (_, index) => change(index))), "");
});
