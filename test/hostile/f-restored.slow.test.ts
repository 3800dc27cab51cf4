// Promise: a store that was put back from an older backup is not served before the operator says so, because keys that have been revoked
// since would live again (hostile F23).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { serve } from "../cli/made-up-terminal.ts";
import { folderFor } from "../support/folder.ts";
import { type GroupNode, keyOn, PEPPER, startGroup, startNode, until } from "../support/node-group.ts";
import { startPostgres, startValkey } from "../support/services.ts";

const revoke = ({ instance }: GroupNode, id: string) => revokeKey(instance, LOCAL_CALLER, "acme", id);

/** The embedded store of a folder, kept aside and put back. */
function backupOf(data: string) {
  const kept = join(data, "kept");
  const files = ["claviger.db", "claviger.db-wal", "claviger.db-shm"].map((name) => join(data, name));
  execFileSync("mkdir", [kept]);
  for (const file of files) if (existsSync(file)) execFileSync("cp", [file, kept]);
  return () => {
    for (const file of files) rmSync(file, { force: true });
    execFileSync("cp", ["-r", `${kept}/.`, data]);
  };
}

test("F23 an embedded store from before a revocation is refused, and served once the operator knows", async (context) => {
  const [first] = await startGroup(context, 1, {});
  const { data } = first!;
  const { id, key } = await keyOn(first!);
  const older = await first!.instance.store.newestChange();
  await first!.close();
  const restore = backupOf(data);
  const second = await startNode(context, { data });
  await revoke(second, id);
  assert.equal(await second.code(key), "revoked_key");
  await second.close();
  restore();
  const refused = startNode(context, { data });
  await assert.rejects(refused, new RegExp(`stands at change ${older} and was seen at change ${older + 1}`));
  await assert.rejects(startNode(context, { data, acceptRestored: older }), /--accept-restored-store/);
  const accepted = await startNode(context, { data, acceptRestored: older + 1 });
  assert.equal(await accepted.code(key), "ok", "what the operator accepts, and has to mend");
  await revoke(accepted, id);
  await accepted.close();
  await (await startNode(context, { data })).close();
});

test("F23 the mark is there before the answer, outlives the process, and is nobody else's to read", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { id } = await keyOn(node!);
  await revoke(node!, id);
  const file = join(node!.data, "high-water");
  const marks = Object.values(JSON.parse(readFileSync(file, "utf8")));
  assert.deepEqual(marks, [await node!.instance.store.newestChange()]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await node!.close();
  writeFileSync(file, "not what was written");
  await assert.rejects(startNode(context, { data: node!.data }), /high-water is damaged/);
});

test("F23 serve refuses in one line, takes the number from it, and refuses what is no number", async (context) => {
  const [node] = await startGroup(context, 1, {});
  const { data } = node!;
  const { id } = await keyOn(node!);
  await node!.close();
  const restore = backupOf(data);
  const second = await startNode(context, { data });
  await revoke(second, id);
  await second.close();
  restore();
  const flags = ["--json", "--port", "0", "--data", data];
  const told = { env: { CLAVIGER_PEPPER: PEPPER } };
  let refusal = "";
  await assert.rejects(serve(context, flags, told), (error: Error) => {
    refusal = error.message;
    return /restored from an older backup/.test(refusal);
  });
  const [, number = ""] = /--accept-restored-store (\d+)/.exec(refusal) ?? [];
  await assert.rejects(
    serve(context, [...flags, "--accept-restored-store", "yes"], told),
    /number of a change/,
  );
  const served = await serve(context, [...flags, "--accept-restored-store", number], told);
  assert.equal(await served.stop(), 0);
});

test("F23 a shared database that goes back under a running cluster: no node answers, none starts", async (context) => {
  const { url, ask } = await startPostgres(context);
  const [one, other] = await startGroup(context, 2, { database: url });
  const { id, key } = await keyOn(one!);
  await revoke(one!, id);
  // What a restore does: row and counter are as they were.
  await ask(`update keys set revoked_at = null where id = $1`, [id]);
  await ask(`with gone as (delete from changes where seq = (select max(seq) from changes))
    update counters set value = value - 1 where name = 'changes'`);
  for (const node of [one!, other!]) {
    await until(async () => (await node.code(key)) === "store_unavailable", 2_000);
    await assert.rejects(keyOn(node), /restored from a backup/);
    assert.equal((await node.instance.condition()).isRestored, true);
    await node.close();
    await assert.rejects(startNode(context, { database: url, data: node.data }), /older backup/);
  }
});

test("F23 a node without a folder of old is told by the server of the counters", async (context) => {
  const { url, ask } = await startPostgres(context);
  const valkey = (await startValkey()).url;
  const [node] = await startGroup(context, 1, { database: url, valkey });
  const { id } = await keyOn(node!);
  await revoke(node!, id);
  const mark = await node!.instance.store.newestChange();
  await node!.close();
  await ask(`update counters set value = value - 1 where name = 'changes'`);
  await assert.rejects(startNode(context, { database: url, valkey }), /older backup/);
  const fresh = { database: url, valkey, data: folderFor(context) };
  await (await startNode(context, { ...fresh, acceptRestored: mark })).close();
  await (await startNode(context, fresh)).close();
});
