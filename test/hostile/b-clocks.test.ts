// Promise: a node whose clock is set back lets nothing that expired live again, one whose clock is set forward refuses instead of
// ending living keys, and a process that was stopped remembers nothing (hostile B12, B13, F20). Time is handed in.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { fixedClock, steadyClock } from "../../src/base/clock.ts";
import { createAccount } from "../../src/manage/accounts.ts";
import { createKey } from "../../src/manage/create-key.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { openInstance } from "../../src/open.ts";
import { type Beat, LEASE_MS, type Nodes } from "../../src/store/cluster.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { createFollower, MAX_SKEW_MS } from "../../src/store/follower.ts";
import { askOver, START } from "../support/engine.ts";
import { folderFor } from "../support/folder.ts";

const MINUTES = 60_000;

/** A machine's clock and the time that only grows, both moved by hand. */
function handTime(start = START) {
  let passed = 0;
  const machine = fixedClock(start);
  const elapsed = () => passed;
  return {
    machine,
    elapsed,
    steady: steadyClock(machine, elapsed),
    /** Both, as time does. */
    pass(ms: number): void {
      passed += ms;
      machine.set(machine.now() + ms);
    },
  };
}

test("B12 a clock that is set back goes on from where it was, until the machine's has caught up", () => {
  const { machine, steady, pass } = handTime();
  pass(1_000);
  assert.equal(steady.now(), START + 1_000);
  machine.set(START + 1_000 - 10 * MINUTES);
  assert.equal(steady.now(), START + 1_000);
  pass(5_000);
  assert.equal(steady.now(), START + 6_000);
  pass(10 * MINUTES);
  assert.equal(steady.now(), START + 6_000 + 10 * MINUTES, "time goes on while the machine's is behind");
  machine.set(START + 60 * MINUTES);
  assert.equal(steady.now(), START + 60 * MINUTES, "ahead again: the machine's counts");
});

test("B12 a key that has expired stays expired when the clock steps back ten minutes", async (context) => {
  const { machine, steady, pass } = handTime();
  const instance = await openInstance({ data: folderFor(context), clock: steady });
  context.after(() => instance.close());
  await applyProject(instance, LOCAL_CALLER, { file: { name: "acme" } });
  const { id: account } = await createAccount(instance, LOCAL_CALLER, "acme", { name: "One" });
  const expiresAt = new Date(START + MINUTES).toISOString();
  const { key } = await createKey(instance, LOCAL_CALLER, "acme", { account, name: "Short", expiresAt });
  const code = async () => (await askOver(instance, instance.verify, "acme", key)).code;
  assert.equal(await code(), "ok");
  pass(MINUTES);
  assert.equal(await code(), "expired_key");
  machine.set(machine.now() - 10 * MINUTES);
  assert.equal(await code(), "expired_key");
  pass(9 * MINUTES);
  assert.equal(await code(), "expired_key");
});

/** A registry that answers at once, by a clock of its own. */
function madeUpNodes(storeTime: () => number) {
  let newest = 7;
  const nodes: Nodes = {
    join: async () => newest,
    beat: async (id): Promise<Beat> => ({ changes: [], newest, time: storeTime(), live: [id] }),
    newest: async () => newest,
    news: async () => ({ changes: [], newest }),
    applied: async () => {},
    isBehind: async () => false,
    leave: async () => {},
    onWake: () => {},
  };
  return { nodes, goTo: (number: number) => (newest = number) };
}

/** Nothing but what the test does: no poll of its own within the test. */
async function followerOver(context: TestContext, time = handTime()) {
  let storeAt = START;
  let meanwhile = (): void => {};
  const { nodes, goTo } = madeUpNodes(() => {
    meanwhile();
    return storeAt;
  });
  const faults: unknown[] = [];
  const { steady: clock, elapsed } = time;
  const follower = createFollower({
    ...{ nodes, id: "nod_1", clock, elapsed, resync: clock.resync },
    tell: async () => {},
    projects: async () => [],
    pollMs: 1_000_000,
    onFault: (error) => faults.push(error),
  });
  await follower.start();
  context.after(() => follower.stop());
  await follower.catchUp();
  while (follower.problem() !== undefined) await turn();
  return {
    ...{ follower, goTo, faults },
    ...time,
    /** What happens while the store answers a beat. */
    duringBeats(happens: () => void): void {
      meanwhile = happens;
    },
    /** For the store as well. */
    passAll(ms: number): void {
      time.pass(ms);
      storeAt += ms;
    },
  };
}

test("B13 a clock that is set forward ten minutes is noticed at once, and the node answers nothing", async (context) => {
  const { follower, machine } = await followerOver(context);
  assert.equal(follower.isFresh(), true);
  machine.set(START + 10 * MINUTES);
  // No beat in between: the next verdict would otherwise end keys that live.
  assert.equal(follower.isFresh(), false);
  assert.equal(follower.distrusts(), "clock");
  assert.match(follower.problem() ?? "", /clock of this node is 600000 ms ahead of the store's/);
  await assert.rejects(follower.catchUp(), StoreUnavailable);
});

test("B13 a clock that is set forward while a beat is under way is noticed by that beat", async (context) => {
  const { follower, machine, passAll, duringBeats } = await followerOver(context);
  passAll(LEASE_MS);
  duringBeats(() => machine.set(START + 10 * MINUTES));
  await assert.rejects(follower.catchUp(), /ahead of the store's/);
  assert.equal(follower.isFresh(), false);
  assert.equal(follower.distrusts(), "clock");
});

test("B13 it answers again once the clock is right, and not before", async (context) => {
  const { follower, machine, passAll } = await followerOver(context);
  machine.set(START + 10 * MINUTES);
  await assert.rejects(follower.catchUp(), /ahead of the store's/);
  passAll(1_000);
  await assert.rejects(follower.catchUp(), /ahead of the store's/);
  machine.set(START + 1_000);
  await follower.catchUp().catch(() => {});
  await follower.catchUp();
  assert.equal(follower.distrusts(), undefined);
});

test("B13 a clock that was wrong from the start keeps the node from answering, either way", async (context) => {
  for (const wrongBy of [10 * MINUTES, -10 * MINUTES]) {
    const { nodes } = madeUpNodes(() => START);
    const { steady, elapsed } = handTime(START + wrongBy);
    const follower = createFollower({
      ...{ nodes, id: "nod_1", clock: steady, elapsed, pollMs: 1_000_000 },
      tell: async () => {},
      projects: async () => [],
      onFault: () => {},
    });
    await follower.start();
    context.after(() => follower.stop());
    assert.equal(follower.isFresh(), false);
    assert.match(follower.problem() ?? "", wrongBy > 0 ? /ahead of/ : /behind/);
  }
});

test("B13 less than two seconds apart is as good as right", async (context) => {
  const { follower, machine } = await followerOver(context);
  machine.set(START + MAX_SKEW_MS - 1);
  assert.equal(follower.isFresh(), true);
});

test("F20 a process that was stopped for a minute has no lease when it wakes", async (context) => {
  const { follower, passAll } = await followerOver(context);
  passAll(LEASE_MS - 1);
  assert.equal(follower.isFresh(), true);
  passAll(1);
  assert.equal(follower.isFresh(), false);
  passAll(60_000);
  assert.equal(follower.isFresh(), false);
  await follower.catchUp();
});

test("F23 a store that has gone back while the node runs is answered from no more, also once it has grown", async (context) => {
  const { follower, goTo, passAll } = await followerOver(context);
  goTo(5);
  passAll(LEASE_MS);
  await assert.rejects(follower.catchUp(), /gone back from change 7 to change 5/);
  assert.equal(follower.distrusts(), "restored");
  goTo(9);
  passAll(LEASE_MS);
  await assert.rejects(follower.catchUp(), /gone back/);
  assert.equal(follower.isFresh(), false);
});
