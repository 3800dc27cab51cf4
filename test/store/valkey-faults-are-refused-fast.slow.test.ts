// Promise: while the server of the counters is away, silent or unwilling, questions are refused in words and in time, nothing is
// gathered up for later, nothing is admitted uncounted, and it is used again once it is back (hostile F01-F03, F06).
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { StoreUnavailable } from "../../src/store/contract.ts";
import {
  openValkeyCounters,
  type ValkeyCounters,
  type ValkeyOptions,
} from "../../src/store/valkey/counters.ts";
import { openLink } from "../support/faulty-link.ts";
import { startOwnValkey } from "../support/services.ts";
import { rate, units } from "./counters-suite.ts";

const TAKES = [units(rate("hour", 100, 3_600))];

async function openOn(context: TestContext, url: string, options: ValkeyOptions = {}) {
  const faults: Error[] = [];
  const counters = await openValkeyCounters(url, { onFault: (fault) => faults.push(fault), ...options });
  context.after(() => counters.close());
  return { counters, faults };
}

const take = async (counters: ValkeyCounters): Promise<boolean> =>
  (await counters.take(TAKES, Date.now())).refused === undefined;

/** The milliseconds until it was refused, as unavailable and in these words. */
async function refusedIn(work: Promise<unknown>, words: RegExp): Promise<number> {
  const start = performance.now();
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StoreUnavailable, inspect(error));
    assert.match(error.message, words);
    return true;
  });
  return performance.now() - start;
}

async function until(isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, "it never comes to that");
    await delay(10);
  }
}

/** Whether questions are answered again, with a yes or a no. */
const answers = (counters: ValkeyCounters) => () =>
  take(counters).then(
    () => true,
    () => false,
  );

test("a server that dies is refused at once, told once, and used again when it is back (F02)", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const { counters, faults } = await openOn(context, url);
  assert.equal(await take(counters), true);
  const underway = Promise.allSettled(Array.from({ length: 100 }, () => take(counters)));
  await server.stop();
  await underway;
  await until(() => !counters.isReady(), 1_000);
  for (let turn = 0; turn < 50; turn += 1) {
    const ms = await refusedIn(take(counters), /is not connected/);
    assert.ok(ms < 20, `${ms} ms`);
  }
  // In its place somebody who hangs up on every attempt to come back.
  let attempts = 0;
  const other = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  }).listen(server.port, "127.0.0.1");
  await until(() => attempts >= 5);
  assert.equal(faults.length, 1, String(faults));
  other.close();
  await once(other, "close");
  await server.restart();
  await until(answers(counters));
});

test("a server that is silent is given up after the time limit, then at once (F03)", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const { counters } = await openOn(context, url, { timeoutMs: 50 });
  await take(counters);
  server.signal("SIGSTOP");
  context.after(() => server.signal("SIGCONT"));
  const silent = Array.from({ length: 100 }, () => refusedIn(take(counters), /did not answer in time/));
  for (const ms of await Promise.all(silent)) assert.ok(ms >= 45 && ms < 150, `${ms} ms`);
  await until(() => !counters.isReady(), 1_500);
  for (let turn = 0; turn < 50; turn += 1) {
    const ms = await refusedIn(take(counters), /is not connected|did not answer in time/);
    assert.ok(ms < 20, `${ms} ms`);
  }
  server.signal("SIGCONT");
  await until(answers(counters));
});

test("a link that is cut gives up what was under way and asks none of it again", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const link = await openLink(context, server.port);
  const direct = await openOn(context, url);
  const { counters } = await openOn(context, `redis://127.0.0.1:${link.port}`, { timeoutMs: 300 });
  await take(counters);
  link.freeze();
  const underway = Array.from({ length: 20 }, () => refusedIn(take(counters), /is not connected/));
  link.cut();
  await Promise.all(underway);
  link.thaw();
  await until(() => counters.isReady());
  const [state] = await direct.counters.peek(TAKES, Date.now());
  assert.equal(state?.remaining, 99, "only what was confirmed is counted");
});

test("a process that was busy for longer than the time limit still hears the answer", async (context) => {
  const { url } = await startOwnValkey(context);
  const { counters } = await openOn(context, url, { timeoutMs: 50 });
  await take(counters);
  for (let turn = 0; turn < 5; turn += 1) {
    const answer = take(counters);
    // The question has left once the loop has turned; the answer comes while this process is busy.
    await new Promise((resolve) => setImmediate(resolve));
    const busyUntil = performance.now() + 120;
    while (performance.now() < busyUntil);
    assert.equal(await answer, true);
  }
});

test("a server that forgot the script and the counters learns the script by the way (F06, E20)", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const { counters, faults } = await openOn(context, url, { timeoutMs: 5_000 });
  const admin = new Redis(server.port, "127.0.0.1");
  context.after(() => admin.disconnect());
  for (let turn = 0; turn < 3; turn += 1) {
    const calls = await Promise.all(Array.from({ length: 150 }, () => take(counters)));
    assert.equal(calls.filter(Boolean).length, 100);
    await admin.flushall();
    await admin.script("FLUSH");
  }
  assert.deepEqual(faults, []);
});

test("counters open while their server is away, and count when it comes (F01)", async (context) => {
  const { url, server } = await startOwnValkey(context);
  await server.stop();
  const { counters, faults } = await openOn(context, url, { connectTimeoutMs: 200 });
  assert.equal(counters.isReady(), false);
  await refusedIn(take(counters), /is not connected/);
  assert.match(String(faults[0]), /does not accept connections/);
  await server.restart();
  await until(answers(counters));
});

test("a full server admits nothing uncounted, and one that evicts is told of (F06)", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const admin = new Redis(server.port, "127.0.0.1");
  context.after(() => admin.disconnect());
  const { counters } = await openOn(context, url);
  await admin.config("SET", "maxmemory", "1");
  await refusedIn(take(counters), /no memory left for counters/);
  await admin.config("SET", "maxmemory", "100mb");
  await admin.config("SET", "maxmemory-policy", "allkeys-lru");
  const { faults } = await openOn(context, url);
  assert.match(String(faults), /set maxmemory-policy to noeviction/);
  await admin.config("SET", "maxmemory", "0");
  assert.deepEqual((await openOn(context, url)).faults, []);
});

test("a replica takes no counters", async (context) => {
  const { url, server } = await startOwnValkey(context);
  const { counters } = await openOn(context, url);
  const admin = new Redis(server.port, "127.0.0.1");
  context.after(() => admin.disconnect());
  await admin.replicaof("127.0.0.1", "1");
  const connections = async () =>
    Number(/total_connections_received:(\d+)/.exec(await admin.info("stats"))?.[1]);
  const before = await connections();
  await refusedIn(take(counters), /is a replica: it takes no writes/);
  // Behind the same name there may be another server by now.
  await until(async () => (await connections()) > before, 1_000);
  await admin.replicaof("NO", "ONE");
  await until(answers(counters));
});

test("who is not let in is refused when opening, without the password being told", async (context) => {
  const { url, server } = await startOwnValkey(context, () => ["--requirepass", "right-one"]);
  const admin = new Redis(server.port, "127.0.0.1", { password: "right-one" });
  context.after(() => admin.disconnect());
  await admin.acl("SETUSER", "clerk", "on", ">clerk-WORD", "~other:*", "+@all");
  const at = (access: string) => url.replace("//", `//${access}@`);
  const cases: [string, RegExp][] = [
    [url, /refuses the user name or the password/],
    [at(":wrong-WORD-4711"), /refuses the user name or the password/],
    [at("nobody:wrong-WORD-4711"), /refuses the user name or the password/],
    [at("clerk:clerk-WORD"), /refuses this user a command or a key/],
    ["redis://user:wrong-WORD-4711@host:port", /not of the form/],
    ["https://user:wrong-WORD-4711@host", /not of the form/],
  ];
  for (const [bad, words] of cases) {
    const faults: Error[] = [];
    const work = openValkeyCounters(bad, { onFault: (fault) => faults.push(fault) });
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof StoreUnavailable, inspect(error));
      assert.match(error.message, words);
      assert.doesNotMatch(inspect([error, faults], { depth: 20, showHidden: true }), /WORD/);
      return true;
    });
  }
  const { counters } = await openOn(context, at("clerk:clerk-WORD"), { prefix: "other:" });
  assert.equal(await take(counters), true);
});
