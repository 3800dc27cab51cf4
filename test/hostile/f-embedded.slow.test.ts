// Promise: the embedded store over a full or failing disk, kills at the worst moments and damaged rows: nothing half-written, nothing
// lost that was answered, and the rest goes on (hostile F12 to F17, F21, F24).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Sqlite from "better-sqlite3";
import { createAccount } from "../../src/manage/accounts.ts";
import { createKey } from "../../src/manage/create-key.ts";
import { changeCredits } from "../../src/manage/credits.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { LOG_PAGES } from "../../src/store/sqlite/database.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { engineFor } from "../support/engine.ts";
import { folderFor } from "../support/folder.ts";
import { keyOn, PEPPER, startGroup, startNode } from "../support/node-group.ts";
import { printed, startProcess } from "../support/server-process.ts";
import { watch } from "../support/strace.ts";

const PAGE_BYTES = 4_096;
const SPEAK = { request: { method: "POST", target: "/v1/speak" } };
const METERED = {
  routes: [{ match: "POST /v1/speak", cost: 1, pot: "credits" as const }, { match: "GET /v1/**" }],
};

test("F12 many changes at once: none is lost, and the log is cut back", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { instance, data } = node!;
  const { id, account } = await keyOn(node!);
  const renames = Array.from({ length: 5 }, (_, index) =>
    updateKey(instance, LOCAL_CALLER, "acme", id, { name: `${index}` }),
  );
  await Promise.all(renames);
  assert.equal((await instance.store.key("acme", id))?.version, 6, "each change read the one before it");
  const big = { metadata: { text: "x".repeat(7_000) } };
  for (let round = 0; round < 30; round += 1) {
    const made = Array.from({ length: 50 }, () =>
      createKey(instance, LOCAL_CALLER, "acme", { account, name: "Big", ...big }),
    );
    await Promise.all(made);
  }
  const { size } = statSync(join(data, "claviger.db-wal"));
  assert.ok(size < 1.5 * LOG_PAGES * PAGE_BYTES, `${size}`);
});

/** A server of its own process, so that its disk can fail. */
async function server(context: TestContext) {
  const data = folderFor(context);
  const prepared = await startNode(context, { data });
  await applyProject(prepared.instance, LOCAL_CALLER, { file: { name: "acme" } });
  const { account, id, key } = await keyOn(prepared);
  await prepared.close();
  const started = startProcess(
    process.execPath,
    ["bin/claviger.mjs", "serve", "--json", "--port", "0", "--data", data],
    { env: { CLAVIGER_PEPPER: PEPPER, CLAVIGER_LOG: "silent" } },
  );
  context.after(() => started.kill());
  const { controlPlane, rootKey } = JSON.parse(await printed(started, /\n/));
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${controlPlane}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
    return { status: answer.status, json: (await answer.json()) as any };
  };
  return {
    ...{ data, id, account, pid: started.pid },
    verify: async (text = key) => (await ask("POST", "verify", { project: "acme", key: text })).json.code,
    create: () => ask("POST", "projects/acme/keys", { account, name: "New" }),
    revoke: () => ask("POST", `projects/acme/keys/${id}/revoke`, {}),
    count: async () => (await ask("GET", "projects/acme/keys")).json.items.length,
  };
}

for (const [id, error, calls] of [
  ["F13", "ENOSPC", ["pwrite64", "pwritev", "write", "fallocate"]],
  ["F14", "EIO", ["fsync", "fdatasync"]],
] as const) {
  test(`${id} a disk that answers ${error}: changes are 503 and whole, keys are judged, and it mends itself`, async (context) => {
    const one = await server(context);
    assert.equal(await one.verify(), "ok");
    const paths = ["claviger.db", "claviger.db-wal"].map((name) => join(one.data, name));
    const inject = `${calls.join(",")}:error=${error}`;
    const strace = await watch(one.pid, { paths, calls, inject });
    for (const refused of [await one.create(), await one.revoke()])
      assert.deepEqual([refused.status, refused.json.code], [503, "store_unavailable"]);
    assert.equal(await one.verify(), "ok", "what was not confirmed was not done");
    assert.equal(await one.count(), 1, "and left nothing behind");
    await strace.detach();
    const made = await one.create();
    assert.equal(made.status, 201);
    assert.equal(await one.verify(made.json.key), "ok");
    assert.equal((await one.revoke()).status, 200);
    assert.equal(await one.verify(), "revoked_key");
  });
}

test("F15 create, answer lost: the same Idempotency-Key gives the same key, and there is one", async (context) => {
  const lost = { isNext: false };
  const plane = await controlPlaneFor(context, {
    over: (instance) => ({
      ...instance,
      store: {
        ...instance.store,
        commit: async (batch) => {
          const changes = await instance.store.commit(batch);
          if (!lost.isNext) return changes;
          lost.isNext = false;
          throw new StoreUnavailable("the process is gone");
        },
      },
    }),
  });
  const { id: account } = await plane.engine.account("acme");
  const create = () =>
    plane.ask("POST /v1/projects/acme/keys", {
      body: { account, name: "Once" },
      headers: { "idempotency-key": "once" },
    });
  lost.isNext = true;
  assert.equal((await create()).status, 503);
  const [again, third] = [await create(), await create()];
  assert.equal(again.status, 201);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(third.json.id, again.json.id);
  const keys = await plane.engine.instance.store.keys("acme", { account }, { limit: 10 });
  assert.deepEqual(
    keys.map(({ id }) => id),
    [again.json.id],
  );
});

test("F16 a rotation that dies before or behind its commit leaves the old key, or both", async (context) => {
  const engine = await engineFor(context);
  for (const isDone of [false, true]) {
    const { id, key } = await engine.key("acme");
    const { instance } = engine;
    const commit: typeof instance.store.commit = async (batch) => {
      if (isDone) await instance.store.commit(batch);
      throw new StoreUnavailable("the process is gone");
    };
    const parts = { ...instance, store: { ...instance.store, commit } };
    await assert.rejects(rotateKey(parts, LOCAL_CALLER, "acme", id, { graceSeconds: 60 }), StoreUnavailable);
    await engine.reopen();
    assert.equal(await engine.code("acme", key), "ok", isDone ? "within its grace" : "untouched");
    const record = await engine.instance.store.key("acme", id);
    assert.equal(record?.successor !== null, isDone);
  }
});

test("F17 a kill between verdict and usage flush loses counts and no money", async (context) => {
  const [node] = await startGroup(context, 1, {}, METERED);
  const { instance, data } = node!;
  const { key, account } = await keyOn(node!);
  await changeCredits(instance, LOCAL_CALLER, "acme", account, { amount: 100 });
  for (let spent = 0; spent < 30; spent += 1) assert.equal(await node!.code(key, SPEAK), "ok");
  // What a kill at this moment would leave. Another process copies: closing a file here would release the store's lock.
  const left = folderFor(context);
  execFileSync("sh", ["-c", `cp ${data}/claviger.db* ${data}/high-water ${left}`]);
  const survivor = await startNode(context, { data: left });
  const environment = survivor.instance.directory.project("acme")!.environments[0]!;
  const purse = { project: "acme", account, environment, period: 0 };
  const [balance] = await survivor.instance.store.balances([purse], Date.now());
  assert.equal(balance?.credits, 70);
  await instance.usage.flush();
  const all = { project: "acme", from: 0, to: Date.now() * 2, by: [] };
  assert.deepEqual(
    (await instance.store.usage(all)).map(({ requests }) => requests),
    [30],
  );
  assert.deepEqual(await survivor.instance.store.usage(all), [], "at most what came since the last flush");
});

test("F21 a project or key row of nonsense denies itself, is told, and nothing else stops", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { data, instance } = node!;
  await applyProject(instance, LOCAL_CALLER, { file: { name: "other" } });
  const [sound, ...broken] = [await keyOn(node!), await keyOn(node!), await keyOn(node!)];
  await node!.close();
  const file = new Sqlite(join(data, "claviger.db"));
  file
    .prepare("update projects set file = ? where name = 'other'")
    .run('{"name":"other","routes":null,"limits":7}');
  file.prepare("update keys set scopes = 'null' where id = ?").run(broken[0]!.id);
  file
    .prepare("update keys set allowed_ips = ? where id = ?")
    .run(JSON.stringify(Array(50_000).fill("nonsense")), broken[1]!.id);
  file.close();
  const again = await startNode(context, { data });
  assert.equal(again.instance.directory.project("other"), undefined);
  assert.match(again.faults.join(), /the stored project other cannot be read/);
  assert.equal((await again.instance.condition()).isProjectBroken, true);
  assert.deepEqual(
    [await again.code(broken[0]!.key), await again.code(broken[1]!.key)],
    ["store_unavailable", "ip_not_allowed"],
  );
  assert.equal(again.faults.length, 2, "the row that cannot be read is told too");
  assert.equal(await again.code(sound!.key), "ok");
  await createAccount(again.instance, LOCAL_CALLER, "acme", { name: "The process lives" });
});

test("F24 an audit log that takes no entry: no change without one, and verdicts go on", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { data } = node!;
  const { id, key } = await keyOn(node!);
  await node!.close();
  const file = new Sqlite(join(data, "claviger.db"));
  file.exec("create trigger refuse before insert on audit begin select raise(abort, 'no room'); end");
  file.close();
  const again = await startNode(context, { data });
  await assert.rejects(
    updateKey(again.instance, LOCAL_CALLER, "acme", id, { name: "New" }),
    StoreUnavailable,
  );
  assert.equal((await again.instance.store.key("acme", id))?.name, "A key");
  assert.equal(await again.code(key), "ok");
});
