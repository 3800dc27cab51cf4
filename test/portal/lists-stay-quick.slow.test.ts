// Promise: with 100,000 keys in an account and 1,000,000 in the instance, the first page of every list and search comes within 200 ms.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import Sqlite from "better-sqlite3";
import { createLog } from "../../src/base/log.ts";
import { createControlPlane } from "../../src/http/app.ts";
import { ensureRootKey } from "../../src/manage/root-key.ts";
import { STORE_FILE } from "../../src/open.ts";
import { engineFor } from "../support/engine.ts";

const KEYS = 1_000_000;
const EVERY = 10;
const BOUND_MS = 200;

const idOf = (index: number): string => `key_${index.toString(16).padStart(20, "0")}`;
const digestOf = (index: number): string => createHash("sha256").update(idOf(index)).digest("base64url");

/** Straight into the file, while nobody has it open: through the API it would take an hour. Every tenth key is the account's. */
function fill(file: string, account: string): void {
  const database = new Sqlite(file);
  database.pragma("synchronous = OFF");
  const insert = database.prepare(
    `insert into keys (id, project, account, name, environment, scopes, frozen_scopes, allowed_ips, metadata, start, last_four, digest,
       pepper_version, family, created_at, updated_at, version)
     values (?, 'acme', ?, ?, 'live', '[]', '[]', '[]', '{}', ?, ?, ?, 1, ?, ?, ?, 1)`,
  );
  database.transaction(() => {
    for (let index = 0; index < KEYS; index++) {
      const [id, digest] = [idOf(index), digestOf(index)];
      const owner = index % EVERY === 0 ? account : `acc_${index % 5_000}`;
      const at = 1_700_000_000_000 + index;
      const shown = [`Key ${index}`, `acme_live_${digest.slice(0, 4)}`, digest.slice(4, 8)];
      insert.run(id, owner, ...shown, digest, id, at, at);
    }
  })();
  database.close();
}

test("first pages of a large account and a large instance", async (context) => {
  const engine = await engineFor(context);
  const account = (await engine.account("acme")).id;
  await engine.instance.close();
  fill(join(engine.data, STORE_FILE), account);
  await engine.reopen();
  const { instance } = engine;
  let rootKey = "";
  await ensureRootKey(instance, (text) => {
    rootKey = text;
  });
  const ready = async () => ({ ready: true, checks: {} });
  const app = await createControlPlane({ instance, ready, log: createLog("silent") });
  context.after(() => app.close());
  const headers = { authorization: `Bearer ${rootKey}` };
  const keys = "/v1/projects/acme/keys";
  const search = (text: string, more = {}) => ({
    method: "POST" as const,
    url: `${keys}/search`,
    headers,
    payload: { text, ...more },
  });
  const [wanted, digest] = [100_000, digestOf(100_000)];
  const asks = {
    "the instance": [{ method: "GET" as const, url: keys, headers }, 100],
    "the account": [{ method: "GET" as const, url: `${keys}?account=${account}`, headers }, 100],
    "an id": [search(idOf(wanted)), 1],
    "a start": [search(`acme_live_${digest.slice(0, 4)}`), 1],
    "the last four": [search(digest.slice(4, 8)), 1],
    "a name": [search(`Key ${wanted}`), 1],
    "a part that many have": [search("key 99"), 50],
    "a part that none has": [search("no such thing"), 0],
    "a part that none of the account has": [search("no such thing", { account }), 0],
  } as const;
  for (const [what, [ask, least]] of Object.entries(asks)) {
    await app.inject(ask);
    const before = performance.now();
    const answer = await app.inject(ask);
    const tookMs = Math.round(performance.now() - before);
    assert.equal(answer.statusCode, 200, what);
    assert.ok(answer.json().items.length >= least, `${what}: ${answer.json().items.length} found`);
    context.diagnostic(`${what}: ${tookMs} ms`);
    assert.ok(tookMs <= BOUND_MS, `${what}: ${tookMs} ms`);
  }
  // The cursor of the first page leads on, and is as quick at the end of the list.
  const page = (await app.inject({ url: `${keys}?account=${account}&limit=1000`, headers })).json();
  const next = await app.inject({ url: `${keys}?account=${account}&cursor=${page.nextCursor}`, headers });
  assert.ok(next.json().items[0].createdAt < page.items.at(-1).createdAt);
});
