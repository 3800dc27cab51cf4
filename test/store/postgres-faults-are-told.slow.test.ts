// Promise: a database that is slow, frozen, cut off or restarted gives StoreUnavailable in words and in time, ends nobody's process,
// and is used again once it is back.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { Client } from "pg";
import { type Store, StoreUnavailable } from "../../src/store/contract.ts";
import type { PostgresOptions } from "../../src/store/postgres/database.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { openLink } from "../support/faulty-link.ts";
import { accountRecord } from "../support/records.ts";
import { startOwnPostgres, startPostgres } from "../support/services.ts";
import { batch } from "./open-store.ts";

/** For those that wait for something to happen. */
const LOOPING = { timeout: 60_000 };

async function openOn(context: TestContext, url: string, options: PostgresOptions = {}): Promise<Store> {
  const store = await openPostgresStore(url, options);
  context.after(() => store.close());
  return store;
}

const insert = (store: Store) => store.commit(batch([{ kind: "insert-account", record: accountRecord() }]));

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

/** Somebody who has begun to number changes and does not go on. */
async function holdNumbers(context: TestContext, url: string, settings = ""): Promise<Client> {
  const holder = new Client({ connectionString: url });
  holder.on("error", () => {});
  await holder.connect();
  context.after(() => holder.end());
  await holder.query(`${settings}; begin; update counters set value = value where name = 'changes'`);
  return holder;
}

test("behind a lock that is not released changes are refused in time, and readers find a connection", async (context) => {
  const { url } = await startPostgres(context);
  const store = await openOn(context, url, { retryForMs: 700 });
  const holder = await holdNumbers(context, url);
  const start = performance.now();
  const waiting = Promise.allSettled(Array.from({ length: 30 }, () => insert(store)));
  for (let turn = 0; turn < 20; turn += 1) await store.accounts("acme", { limit: 1 });
  assert.ok(performance.now() - start < 500, "reads do not wait for writers");
  const settled = await waiting;
  assert.ok(performance.now() - start < 2_500, `${performance.now() - start} ms`);
  for (const each of settled) {
    assert.equal(each.status, "rejected");
    assert.match((each as PromiseRejectedResult).reason.message, /held a lock for too long|too many changes/);
  }
  await holder.query("rollback");
  await insert(store);
  assert.equal((await store.changesSince(0, 10)).length, 1);
});

test("a process that freezes within a change loses its lock, and the others' changes go through", async (context) => {
  const { url } = await startPostgres(context);
  const store = await openOn(context, url);
  await holdNumbers(context, url, "set idle_in_transaction_session_timeout = 300");
  assert.equal((await insert(store)).length, 1);
});

test(
  "connections that the server ends are replaced, idle ones and those in use",
  LOOPING,
  async (context) => {
    const { url, ask } = await startPostgres(context);
    const lost: Error[] = [];
    const store = await openOn(context, url, { onFault: (error) => lost.push(error) });
    const end = () =>
      ask(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'claviger' and datname = current_database()`);
    await Promise.all([insert(store), insert(store), insert(store)]);
    await end();
    assert.equal((await insert(store))[0]?.seq, 4);
    assert.match(lost.map(String).join(), /is shutting down/);
    let done = 0;
    let working = true;
    const writers = [1, 2, 3, 4].map(async () => {
      while (working) {
        try {
          await insert(store);
          done += 1;
        } catch (error) {
          assert.ok(error instanceof StoreUnavailable, inspect(error));
        }
      }
    });
    for (let turn = 0; turn < 25; turn += 1) await end();
    working = false;
    await Promise.all(writers);
    const log = await store.changesSince(4, 100_000);
    assert.ok(log.length >= done, "what was confirmed is there");
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 5),
    );
  },
);

test("a link that swallows everything is told in time, and used again when it works", async (context) => {
  const { url } = await startPostgres(context);
  const link = await openLink(context, Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(link.port);
  const options = { statementTimeoutMs: 300, connectTimeoutMs: 500, connections: 2 };
  const store = await openOn(context, through.href, options);
  await insert(store);
  link.freeze();
  const reads = Array.from({ length: 4 }, () => store.projects());
  const words = /did not answer in time|does not answer|no free connection/;
  for (const ms of await Promise.all(reads.map((read) => refusedIn(read, words))))
    assert.ok(ms < 2_500, `${ms} ms`);
  link.thaw();
  await insert(store);
  link.cut();
  assert.ok((await store.changesSince(0, 10)).length >= 2);
});

/** A store behind a link, in a database whose commits take half a second. */
async function slowToCommit(context: TestContext) {
  const { url, ask } = await startPostgres(context);
  const link = await openLink(context, Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(link.port);
  const store = await openOn(context, through.href);
  const record = accountRecord();
  await store.commit(batch([{ kind: "insert-account", record }]));
  await ask(
    `create function wait() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end'`,
  );
  // Holds up the commit itself, which is when this trigger runs.
  await ask(`create constraint trigger late after insert on changes deferrable initially deferred
    for each row execute function wait()`);
  return { store, record, link, ask };
}

for (const kind of ["insert-account", "update-account"] as const) {
  test(`${kind} whose confirmation is lost is told as such and not repeated`, LOOPING, async (context) => {
    const { store, record, link, ask } = await slowToCommit(context);
    const write =
      kind === "insert-account"
        ? { kind, record: accountRecord() }
        : { kind, record: { ...record, version: 2 }, replaces: 1 };
    const work = store.commit(batch([write]));
    const isCommitting = `select 1 from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`;
    while ((await ask(isCommitting)).length === 0);
    link.cut();
    await refusedIn(work, /may or may not have happened/);
    // The server notices that nobody listens only after it has committed.
    while ((await ask("select 1 from changes where seq = 2")).length === 0);
    assert.equal((await store.changesSince(0, 10)).length, 2);
  });
}

test("a server that is stopped and started again is told and used again", async (context) => {
  const { url, server } = await startOwnPostgres(context);
  const store = await openOn(context, url);
  await insert(store);
  await server.stop();
  await refusedIn(insert(store), /shutting down|closed the connection|does not accept connections/);
  await refusedIn(store.projects(), /does not accept connections/);
  await refusedIn(openPostgresStore(url), /does not accept connections/);
  await server.restart();
  assert.equal((await insert(store))[0]?.seq, 2);
});

test("a number that cannot be read exactly is a fault, and the largest that can is itself", async (context) => {
  const { url, ask } = await startPostgres(context);
  const store = await openOn(context, url);
  await ask(
    "insert into changes values (9007199254740991, 'key', 'acme', 'last'), (9007199254740993, 'key', 'acme', 'x')",
  );
  assert.equal((await store.changesSince(0, 1))[0]?.seq, Number.MAX_SAFE_INTEGER);
  await refusedIn(store.changesSince(0, 2), /9007199254740993, which cannot be read exactly/);
  assert.equal((await store.changesSince(0, 1)).length, 1, "the connection is of use afterwards");
});

test("no fault tells the password", async (context) => {
  const { url } = await startPostgres(context);
  const right = new URL(url);
  const address = (change: (url: URL) => unknown): string => {
    const changed = new URL(url);
    changed.password = "pass-WORD-4711";
    change(changed);
    return changed.href;
  };
  const cases: [string, RegExp][] = [
    [address(() => {}), /refuses the user name or the password/],
    [
      address((one) => Object.assign(one, { port: "1" })),
      /:1\/claviger_test_\w+ does not accept connections/,
    ],
    [
      address((one) => Object.assign(one, { hostname: "nowhere.invalid" })),
      /address that (no name server knows|the name server)/,
    ],
    [address((one) => one.searchParams.set("sslmode", "require")), /does not offer TLS/],
    ["postgres://user:pass-WORD-4711@host:port/database", /not of the form/],
    ["https://user:pass-WORD-4711@host/database", /not of the form/],
    ["postgres://user:pass-WORD-4711@ho%zzst/database", /not of the form/],
  ];
  for (const [bad, words] of cases) {
    await assert.rejects(openPostgresStore(bad, { connectTimeoutMs: 1_000 }), (error) => {
      assert.ok(error instanceof StoreUnavailable, inspect(error));
      assert.match(error.message, words);
      assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true }), /pass-WORD-4711/);
      return true;
    });
  }
  right.pathname = "/nothing";
  await assert.rejects(openPostgresStore(right.href), /\/nothing does not exist on that server/);
});
