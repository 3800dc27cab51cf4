// Promise: a node whose clock is set ten minutes forward refuses and says why, while the others go on, and answers again once its clock
// is right (hostile B13).
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.ts";
import { folderFor } from "../support/folder.ts";
import { keyOn, PEPPER, startGroup, until } from "../support/node-group.ts";
import { printed, startProcess } from "../support/server-process.ts";
import { startPostgres } from "../support/services.ts";

const MINUTES = 60_000;

test("B13 a node ten minutes ahead: 503 and not expired, /readyz names the clock, and it recovers", async (context) => {
  const { url } = await startPostgres(context);
  const [right] = await startGroup(context, 1, { database: url });
  const expiresAt = new Date(Date.now() + 5 * MINUTES).toISOString();
  const { key } = await keyOn(right!, { expiresAt });
  const folder = folderFor(context);
  const time = fakeTime(folder, Date.now());
  const server = startProcess(
    process.execPath,
    ["bin/claviger.mjs", "serve", "--json", "--port", "0", "--data", folder, "--database-url", url],
    { env: { CLAVIGER_PEPPER: PEPPER, CLAVIGER_LOG: "silent", ...time.env } },
  );
  context.after(() => server.kill());
  const { controlPlane, rootKey } = JSON.parse(await printed(server, /\n/));
  const verify = async () => {
    const answer = await fetch(`${controlPlane}/v1/verify`, {
      method: "POST",
      headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
      body: JSON.stringify({ project: "acme", key }),
    });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  const ready = async () => {
    const answer = await fetch(`${controlPlane}/readyz`);
    const { checks } = (await answer.json()) as { checks: Record<string, string> };
    return [answer.status, checks.changes];
  };
  assert.deepEqual(await verify(), [200, "ok"]);
  assert.deepEqual(await ready(), [200, "ok"]);
  time.set(Date.now() + 10 * MINUTES);
  for (let turn = 0; turn < 20; turn += 1) assert.deepEqual(await verify(), [503, "store_unavailable"]);
  const [status, words] = await ready();
  assert.equal(status, 503);
  assert.match(String(words), /^the clock of this node is (599|600)\d{3} ms ahead of the store's$/);
  assert.equal(await right!.code(key), "ok");
  time.set(Date.now());
  await until(async () => (await verify())[0] === 200);
  assert.deepEqual(await ready(), [200, "ok"]);
});
