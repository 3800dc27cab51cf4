// Promise: what a program asks of an open Claviger is checked and answered as over HTTP: denials are values, faults are coded errors,
// and nothing is answered once it is closed.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { ClavigerError, open, type VerifyQuestion } from "../../src/index.ts";
import { folderFor } from "../support/folder.ts";
import { askPort, bearer } from "../support/gateway.ts";
import { running } from "./program.ts";
import { keyOf, openClaviger } from "./worlds.ts";

const coded =
  (code: string, words = /./) =>
  (error: unknown) =>
    error instanceof ClavigerError && error.code === code && words.test(error.message);

test("a key lives: created, found good, rotated, disabled, enabled, revoked, deleted", async (t) => {
  const claviger = await openClaviger(t);
  const { accounts, keys } = claviger;
  const account = await accounts.create("acme", { name: "Lovelace", externalId: "cus_1" });
  const made = await keys.create("acme", { account: account.id, name: "one", scopes: ["read"] });
  const code = async (key: string) => (await claviger.verify({ project: "acme", key })).code;
  assert.equal(await code(made.key), "ok");
  const next = await keys.rotate("acme", made.id, { graceSeconds: 60 });
  assert.deepEqual([await code(made.key), await code(next.key)], ["ok", "ok"]);
  await keys.disable("acme", next.id);
  assert.equal(await code(next.key), "disabled_key");
  await keys.enable("acme", next.id);
  assert.equal((await keys.update("acme", next.id, { name: "two" })).name, "two");
  await keys.revoke("acme", next.id, { family: true });
  assert.deepEqual([await code(made.key), await code(next.key)], ["revoked_key", "revoked_key"]);
  await keys.delete("acme", next.id);
  assert.deepEqual(
    (await keys.list("acme")).items.map(({ id }) => id),
    [made.id],
  );
  await assert.rejects(keys.get("acme", next.id), coded("not_found"));
  await accounts.update("acme", account.id, { suspended: true });
  assert.equal((await accounts.get("acme", account.id)).suspended, true);
  assert.equal((await accounts.list("acme", { limit: 1 })).items[0]?.externalId, "cus_1");
});

test("money moves: credits are added, spent under a hold, settled, released and counted", async (t) => {
  const claviger = await openClaviger(t, "name: acme");
  const account = await claviger.accounts.create("acme", { name: "Lovelace" });
  const { key } = await claviger.keys.create("acme", { account: account.id, name: "one" });
  assert.equal((await claviger.credits.add("acme", account.id, { amount: 50 })).credits, 50);
  const question = { project: "acme", key, cost: 20, hold: true } as const;
  const first = await claviger.verify(question);
  const second = await claviger.verify(question);
  assert.ok(first.allowed && second.allowed);
  assert.deepEqual([second.credits, first.hold?.units], [10, 20]);
  assert.equal((await claviger.verify(question)).code, "insufficient_credits");
  assert.equal((await claviger.holds.settle(first.hold!.id, 5)).credits, 25);
  assert.equal((await claviger.holds.release(second.hold!.id)).status, "released");
  await assert.rejects(claviger.holds.settle(second.hold!.id, 1.5), coded("validation_failed"));
  await assert.rejects(claviger.holds.release("hld_none"), coded("not_found"));
  const usage = await claviger.usage("acme", { account: account.id, by: "outcome" });
  assert.deepEqual(
    usage.items.map(({ outcome, requests, units }) => [outcome, requests, units]),
    [
      ["insufficient_credits", 1, 0],
      ["ok", 2, 5],
    ],
  );
});

test("a project comes from a file, a text or an object, and its mistakes are told with their line", async (t) => {
  const claviger = await openClaviger(t);
  const file = join(folderFor(t), "made.yaml");
  writeFileSync(file, "name: made\nscopes: { a: A }\n");
  assert.equal((await claviger.projects.apply(file)).created, true);
  assert.deepEqual((await claviger.projects.apply({ name: "made", scopes: { a: "A" } })).differences, []);
  const dry = await claviger.projects.apply({ text: "name: made\ntitle: Made" }, { dryRun: true });
  assert.equal(dry.differences.length, 2);
  await assert.rejects(
    claviger.projects.apply({ text: "name: made\nrouts: []" }),
    coded("validation_failed", /line 2|:2 /),
  );
  await assert.rejects(claviger.projects.apply(join(file, "..", "none.yaml")), { code: "ENOENT" });
});

test("a credential is read from a key, a header, a Node request or a Web request", async (t) => {
  const claviger = await openClaviger(t);
  const key = await keyOf(claviger);
  const verify = async (source: object) =>
    (await claviger.verify({ project: "acme", ...source } as VerifyQuestion)).code;
  const web = (path: string, headers: Record<string, string>) => ({
    request: new Request(`http://x${path}`, { headers }),
  });
  assert.deepEqual(
    [
      await verify({ key }),
      await verify({ key: undefined }),
      await verify({ authorization: `Bearer ${key}` }),
      await verify({ authorization: undefined }),
      await verify({ authorization: `Basic ${key}` }),
      await verify(web("/words", bearer(key))),
      await verify(web("/exports/1", bearer(key))),
      await verify(web("/words", { ...bearer(key), "X-API-Key": key })),
      await verify(web("/words", {})),
    ],
    [
      "ok",
      "missing_key",
      "ok",
      "missing_key",
      "invalid_key",
      "ok",
      "insufficient_scope",
      "multiple_credentials",
      "missing_key",
    ],
  );
});

test("a Node request tells the client's address and is measured without being used up", async (t) => {
  const claviger = await openClaviger(t);
  const key = await keyOf(claviger, { scopes: ["speak"], allowedIps: ["192.0.2.1"] });
  const server = createServer(async (request: IncomingMessage, response) => {
    const verdict = await claviger.verify({ project: "acme", request });
    const chunks = await request.toArray();
    response.end(JSON.stringify([verdict.code, verdict.cost, Buffer.concat(chunks).toString()]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await using program = running(server);
  const body = '{"text":"abc"}';
  const headers = { ...bearer(key), "Content-Type": "application/json" };
  const ask = (more: object) =>
    askPort(program.port, "x", { path: "/speech", method: "POST", body, headers: { ...headers, ...more } });
  assert.deepEqual((await ask({ "X-Forwarded-For": "192.0.2.1" })).json, ["ok", 3, body]);
  assert.equal((await ask({})).json[0], "ip_not_allowed");
});

test("what cannot be meant is a fault and asks nothing", async (t) => {
  const claviger = await openClaviger(t);
  const key = await keyOf(claviger);
  const refused = (question: object, words: RegExp, code = "validation_failed") =>
    assert.rejects(claviger.verify(question as VerifyQuestion), coded(code, words));
  await refused({ project: "acme" }, /key, authorization and request/);
  await refused({ project: "acme", key, authorization: "Bearer x" }, /exclude/);
  await refused({ project: "acme", key: 7 }, /key/);
  await refused({ project: "acme", key, scope: ["read"] }, /scope: unknown field/);
  await refused({ project: "acme", key, scopes: "read" }, /scopes/);
  await refused({ project: "acme", key, method: "GET" }, /path|method/);
  await refused({ project: "acme", key, ip: "somewhere" }, /ip/);
  await refused({ project: "acme", key, cost: 1.5 }, /cost/);
  await refused({ project: "none", key }, /no such project/, "not_found");
  await assert.rejects(
    claviger.keys.create("acme", { account: "acc_none", name: "x" }),
    coded("validation_failed"),
  );
  const misspelled = { account: "acc_none", name: "x", scope: ["read"] };
  await assert.rejects(claviger.keys.create("acme", misspelled), coded("validation_failed", /scope/));
});

test("a second opening of the folder is refused, and nothing is answered after the end", async (t) => {
  const data = folderFor(t);
  const claviger = await open({ data });
  await claviger.projects.apply({ name: "acme" });
  const key = await keyOf(claviger);
  assert.equal((await claviger.verify({ project: "acme", key })).code, "ok");
  await assert.rejects(open({ data }), coded("store_unavailable"));
  await claviger.close();
  await claviger.close();
  await assert.rejects(claviger.verify({ project: "acme", key }), coded("store_unavailable", /closed/));
  await assert.rejects(claviger.keys.list("acme"), coded("store_unavailable"));
  await using again = await open({ data });
  assert.equal((await again.verify({ project: "acme", key })).code, "ok");
});
