// Promise: one process owns the embedded store. A second one is refused in words and harms nothing, and when the owner dies,
// even by kill -9, the next one finds all that was committed.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { folderFor } from "../support/folder.ts";
import { accountRecord } from "../support/records.ts";
import { batch } from "./open-store.ts";

const OPENER = new URL("../../src/store/sqlite/open.ts", import.meta.url).href;

/** Opens the store in another process; there it prints `open`, or the error's name and message. */
const openElsewhere = (file: string, then: string): string[] => [
  "--input-type=module",
  "--eval",
  `const { openSqliteStore } = await import(${JSON.stringify(OPENER)});
   try {
     const store = await openSqliteStore(${JSON.stringify(file)});
     ${then}
   } catch (error) { console.log(error.name + ": " + error.message); }`,
];

test("a second opening in the same process is refused in words and the first goes on", async (context) => {
  const file = join(folderFor(context), "claviger.db");
  const store = await openSqliteStore(file);
  context.after(() => store.close());
  await assert.rejects(openSqliteStore(file), (error) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.match(error.message, /in use by another process: stop it first, or speak to it over HTTP/);
    assert.ok(error.message.includes(file));
    return true;
  });
  const record = accountRecord();
  await store.commit(batch([{ kind: "insert-account", record }]));
  assert.deepEqual(await store.account("acme", record.id), record);
});

test("another process is refused while the first holds the file, and let in after it closed", async (context) => {
  const file = join(folderFor(context), "claviger.db");
  const store = await openSqliteStore(file);
  const attempt = () =>
    spawnSync(process.execPath, openElsewhere(file, `console.log("open"); await store.close();`), {
      encoding: "utf8",
    }).stdout;
  assert.match(attempt(), /^StoreUnavailable: the store .* is in use by another process/);
  await store.close();
  assert.equal(attempt(), "open\n");
});

/** The interval also holds on to the store: one that nobody refers to is collected, and its file given back. */
const STAY = `console.log("open"); setInterval(() => store, 1_000);`;

test("a killed owner gives the file back with everything it committed", async (context) => {
  const file = join(folderFor(context), "claviger.db");
  const record = accountRecord();
  const write = JSON.stringify(batch([{ kind: "insert-account", record }]));
  const owner = spawn(process.execPath, openElsewhere(file, `await store.commit(${write}); ${STAY}`));
  context.after(() => owner.kill("SIGKILL"));
  const [said] = (await once(owner.stdout, "data")) as [Buffer];
  assert.equal(said.toString(), "open\n");
  await assert.rejects(openSqliteStore(file), /in use by another process/);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  const store = await openSqliteStore(file);
  assert.deepEqual(await store.account("acme", record.id), record);
  assert.equal((await store.changesSince(0, 10)).length, 1);
  await store.close();
});
