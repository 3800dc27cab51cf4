// Promise: processes that are stopped, woken, ended and started together keep every promise of keys and lose no request (hostile F18 to
// F20, F22).
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { BUILTIN_PROJECT } from "../../src/project/builtin.ts";
import { openDirectory } from "../../src/store/directory.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { folderFor } from "../support/folder.ts";
import { keyOn, PEPPER, startGroup, startNode } from "../support/node-group.ts";
import { printed, startProcess } from "../support/server-process.ts";
import { startPostgres } from "../support/services.ts";
import { countingStore } from "../support/stores.ts";

async function serveProcess(context: TestContext, flags: readonly string[]) {
  const server = startProcess(
    process.execPath,
    ["bin/claviger.mjs", "serve", "--json", "--port", "0", "--data", folderFor(context), ...flags],
    { env: { CLAVIGER_PEPPER: PEPPER } },
  );
  context.after(() => server.kill());
  const { gateway, controlPlane } = JSON.parse(await printed(server, /\n/));
  return { server, gateway: gateway as string, controlPlane: controlPlane as string };
}

/** The status of one request to the gateway on a connection of its own; 0 where nobody takes it any more. */
function ask(gateway: string, key: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${gateway}/v1/notes`, {
      headers: { host: "acme.localhost", authorization: `Bearer ${key}` },
      agent: false,
    });
    request.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    // A connection that the system took and the process did not is reset when nobody listens any more.
    request.on("error", (error: NodeJS.ErrnoException) =>
      ["ECONNREFUSED", "ECONNRESET"].includes(error.code ?? "") ? resolve(0) : reject(error),
    );
    request.end();
  });
}

const ACME =
  "name: acme\nhosts: [acme.localhost]\nroutes: [{ match: GET /v1/notes }]\nsample: [{ match: /**, status: 200 }]\n";

function projectFile(context: TestContext): string {
  const file = join(folderFor(context), "acme.yaml");
  writeFileSync(file, ACME);
  return file;
}

test("F18 a store of a newer release is refused in words", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { data } = node!;
  await node!.close();
  const file = new Sqlite(join(data, "claviger.db"));
  file.prepare("insert into migrations (number, title) values (9999, 'of the future')").run();
  file.close();
  await assert.rejects(startNode(context, { data }), /was written by a newer Claviger \(schema 9999/);
});

test("F19 SIGTERM under load: every request that was taken is answered", async (context) => {
  const { url } = await startPostgres(context);
  const { server, gateway } = await serveProcess(context, [
    "--database-url",
    url,
    "--project",
    projectFile(context),
  ]);
  const outside = await startNode(context, { database: url });
  const { key } = await keyOn(outside);
  const statuses = new Map<number, number>();
  const load = Array.from({ length: 16 }, async () => {
    for (;;) {
      const status = await ask(gateway, key);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 0) return;
    }
  });
  await delay(700);
  server.signal("SIGTERM");
  await Promise.all(load);
  assert.deepEqual([...statuses.keys()].sort(), [0, 200]);
  assert.ok(statuses.get(200)! > 50, `${statuses.get(200)}`);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  // What it counted, it wrote down when it ended; and nothing of it went unanswered.
  const usage = await outside.instance.store.usage({
    project: "acme",
    from: 0,
    to: Date.now() * 2,
    by: ["outcome"],
  });
  assert.deepEqual(
    usage.map(({ outcome, requests }) => [outcome, requests]),
    [["ok", statuses.get(200)]],
  );
  // Its entry is gone with it: nobody waits for it.
  const start = performance.now();
  await revokeKey(outside.instance, LOCAL_CALLER, "acme", (await keyOn(outside)).id);
  assert.ok(performance.now() - start < 300, `${performance.now() - start} ms`);
});

test("F20 SIGSTOP, a revocation elsewhere, SIGCONT: the key is dead on the process that slept", async (context) => {
  const { url } = await startPostgres(context);
  const { server, gateway } = await serveProcess(context, [
    "--database-url",
    url,
    "--project",
    projectFile(context),
  ]);
  const outside = await startNode(context, { database: url });
  for (let round = 0; round < 3; round += 1) {
    const { id, key } = await keyOn(outside);
    assert.equal(await ask(gateway, key), 200);
    server.signal("SIGSTOP");
    await revokeKey(outside.instance, LOCAL_CALLER, "acme", id);
    // Waits in the kernel until the process wakes, so that it is the first thing that it does.
    const waking = [ask(gateway, key), ask(gateway, key), ask(gateway, key)];
    await delay(100);
    server.signal("SIGCONT");
    assert.deepEqual(await Promise.all(waking), [401, 401, 401]);
  }
});

test("F22 four nodes that start together ask the database once for each key", async (context) => {
  const { url } = await startPostgres(context);
  const [node] = await startGroup(context, 1, { database: url });
  const digests: string[] = [];
  const { account } = await keyOn(node!);
  for (let made = 0; made < 60; made += 1) {
    const { id } = await keyOn(node!, { account });
    digests.push((await node!.instance.store.key("acme", id))!.digest);
  }
  const start = performance.now();
  const readers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const postgres = await openPostgresStore(url);
      context.after(() => postgres.close());
      const { store, calls } = countingStore(postgres);
      const directory = await openDirectory(store, [BUILTIN_PROJECT], { onBroken: () => {} });
      const find = async (digest: string): Promise<unknown> =>
        directory.find(digest).catch(() => find(digest));
      const asked = Array.from({ length: 20 }, () => digests.map(find)).flat();
      return { calls, found: await Promise.all(asked) };
    }),
  );
  const readyMs = performance.now() - start;
  for (const { calls, found } of readers) {
    assert.ok(found.every((held) => held !== undefined));
    assert.equal(calls.filter((name) => name === "keyByDigest").length, digests.length);
  }
  assert.ok(readyMs < 5_000, `${readyMs} ms`);
});
