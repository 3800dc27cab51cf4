// What must hold after a kill: every acknowledged change is there, none is half there, and no repetition makes two keys.
import assert from "node:assert/strict";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { call, type History, type KnownKey, keysPath, PROJECT } from "./client.ts";
import type { Server } from "./server.ts";

/** On the file itself, while no server has it. */
export function checkFile(data: string): void {
  const database = new Sqlite(join(data, "claviger.db"));
  try {
    const rows = <Row>(sql: string): Row[] => database.prepare(sql).all() as Row[];
    assert.deepEqual(rows("pragma integrity_check"), [{ integrity_check: "ok" }]);
    const [log] = rows<{ lines: number; last: number; counter: number }>(
      "select count(*) lines, coalesce(max(seq), 0) last, (select value from counters where name = 'changes') counter from changes",
    );
    assert.equal(log?.lines, log?.last, "the changes log has a gap");
    assert.equal(log?.last, log?.counter, "the counter and the log disagree");
    assert.deepEqual(
      rows("select id from keys where successor is not null and successor not in (select id from keys)"),
      [],
    );
    assert.deepEqual(
      rows(
        "select id from keys where predecessor is not null and predecessor not in (select id from keys where successor is not null)",
      ),
      [],
      "a successor without an ended predecessor",
    );
    assert.deepEqual(
      rows("select id from keys where successor is not null and revoked_at is null and expires_at is null"),
      [],
      "a rotated key without an end",
    );
    assert.deepEqual(
      rows(`select id from keys where predecessor is null and project = '${PROJECT}' and id not in
              (select subject from audit where action = 'key.create')`),
      [],
      "a key without its audit entry",
    );
    const [rotations] = rows<{ keys: number; entries: number }>(
      "select (select count(*) from keys where predecessor is not null) keys, (select count(*) from audit where action = 'key.rotate') entries",
    );
    assert.equal(rotations?.keys, rotations?.entries, "rotations and their audit entries disagree");
  } finally {
    database.close();
  }
}

/** Over the API of the restarted server. Settles what was uncertain. */
export async function checkHistory(server: Server, history: History): Promise<void> {
  for (const key of history.keys) await checkKey(server, key);
  for (const { name, idempotencyKey } of history.openCreates.splice(0)) {
    const account = await anyAccount(server);
    const repeated = await call(server, "POST", keysPath(), { account, name }, idempotencyKey);
    assert.equal(repeated.status, 201);
    const page = await call(server, "GET", `${keysPath()}?limit=1000`);
    const named = page.body.items.filter((item: { name: string }) => item.name === name);
    assert.deepEqual(
      named.map((item: { id: string }) => item.id),
      [repeated.body.id],
      "one create, one key",
    );
  }
}

async function checkKey(server: Server, key: KnownKey): Promise<void> {
  const { code } = (await call(server, "POST", "/verify", { project: PROJECT, key: key.text })).body;
  const alive = key.ended === "no" || key.ended === "in grace";
  if (!key.uncertain) return assert.equal(code, alive ? "ok" : "revoked_key", `${key.id} was ${key.ended}`);
  assert.ok(code === "ok" || code === "revoked_key", `${key.id}: ${code}`);
  const { status, body } = await call(server, "GET", keysPath(key.id));
  assert.ok(status === 200 || (status === 404 && code === "revoked_key"), `${key.id}: ${status}`);
  // A rotation that was never acknowledged is whole or did not happen.
  if (status === 200 && body.successor !== null) {
    assert.equal((await call(server, "GET", keysPath(body.successor))).body.predecessor, key.id);
    assert.ok(body.revokedAt !== null || body.expiresAt !== null);
  }
  key.ended =
    status === 404 ? "deleted" : code === "ok" ? (body.successor === null ? "no" : "in grace") : "revoked";
  key.uncertain = false;
}

let account: string | undefined;

async function anyAccount(server: Server): Promise<string> {
  account ??= (await call(server, "GET", `/projects/${PROJECT}/accounts?limit=1`)).body.items[0].id as string;
  return account;
}
