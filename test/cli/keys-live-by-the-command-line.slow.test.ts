// Promise: accounts and keys are made, listed, revoked and rotated from the command line, in words for people and in one line
// of JSON for programs, and a key's text is shown once, where it is made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ServedAcme, serveAcme } from "./served.ts";

const KEY = /^acme_(live|test)_[0-9A-Za-z]{32}$/;

async function accountOf(acme: ServedAcme): Promise<string> {
  return (await acme.json("accounts", "create", "acme", "--name", "First")).id;
}

/** Allowed, or the code of the denial. */
async function codeOf(acme: ServedAcme, key: string): Promise<string> {
  const { out } = await acme.run(["verify", "acme", "--json"], { input: key });
  return JSON.parse(out).code;
}

test("an account is made with what the flags say", async (t) => {
  const acme = await serveAcme(t);
  const words = await acme.run(["accounts", "create", "acme", "--name", "First customer"]);
  assert.equal(words.code, 0, words.err);
  assert.match(words.out, /^Created the account acc_[0-9a-f]{20} \(First customer\)\.\n$/);
  const flags = ["--name", "Second", "--external-id", "crm-7", "--plan", "pro"];
  const account = await acme.json("accounts", "create", "acme", ...flags);
  assert.match(account.id, /^acc_/);
  assert.deepEqual(
    [account.name, account.externalId, account.plan, account.project],
    ["Second", "crm-7", "pro", "acme"],
  );
  const taken = await acme.run(["accounts", "create", "acme", ...flags]);
  assert.deepEqual([taken.code, taken.out], [1, ""]);
  assert.match(taken.err, /^claviger: externalId is taken .* \(conflict\)\n$/);
  const plan = await acme.run(["accounts", "create", "acme", "--name", "Third", "--plan", "gold"]);
  assert.equal(plan.code, 1);
  assert.match(plan.err, /^claviger: plan: .* \(validation_failed\)\n$/);
});

test("a key is made with what the flags say, and its text is the first line", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const words = await acme.run(["keys", "create", "acme", "--account", account, "--name", "Server"]);
  const [text, empty, told] = words.out.split("\n");
  assert.match(text!, KEY);
  assert.equal(empty, "");
  assert.match(told!, /^key_[0-9a-f]{20} \(Server\)\. Copy the key now: it is not shown again\.$/);
  assert.equal(await codeOf(acme, text!), "ok");

  const key = await acme.json(
    ...["keys", "create", "acme", "--account", account, "--name", "Another"],
    ...["--environment", "test", "--scope", "notes:read", "--scope", "notes:write"],
    ...["--allow-ip", "10.0.0.0/8", "--allow-ip", "2001:db8::1", "--expires-at", "2999-01-31T12:00:00Z"],
  );
  assert.match(key.key, /^acme_test_/);
  assert.deepEqual(key.scopes, ["notes:read", "notes:write"]);
  assert.deepEqual(key.allowedIps, ["10.0.0.0/8", "2001:db8::1"]);
  assert.deepEqual(
    [key.account, key.name, key.environment, key.expiresAt],
    [account, "Another", "test", "2999-01-31T12:00:00.000Z"],
  );
  const tier = await acme.json(
    ...["keys", "create", "acme", "--account", account, "--name", "Tier", "--tier", "full"],
  );
  assert.equal(tier.tier, "full");
});

test("what is wrong with a key's flags is told and makes none", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const create = ["keys", "create", "acme", "--account"];
  for (const [flags, words] of [
    [
      ["acc_none", "--name", "n"],
      /^claviger: account: is not an account of the project \(validation_failed\)\n$/,
    ],
    [
      [account, "--name", "n", "--scope", "notes:fly"],
      /^claviger: scopes\[0\]: is not a scope of the project \(validation_failed\)\n$/,
    ],
    [[account, "--name", "n", "--environment", "moon"], /^claviger: environment: /],
    [[account, "--name", "n", "--expires-at", "tomorrow"], /^claviger: .*expiresAt.*\n$/],
    [[account, "--name", "n", "--allow-ip", "10.0.0.300"], /^claviger: .*allowedIps.*\n$/],
    [[account, "--name", ""], /^claviger: .*name.*\n$/],
  ] as const) {
    const { code, out, err } = await acme.run([...create, ...flags]);
    assert.deepEqual([code, out], [1, ""], flags.join(" "));
    assert.match(err, words);
  }
  assert.deepEqual((await acme.json("keys", "list", "acme")).items, []);
});

test("keys are listed newest first in pages, by account, and never with their text", async (t) => {
  const acme = await serveAcme(t);
  const [one, other] = [await accountOf(acme), await accountOf(acme)];
  const made = [];
  for (const account of [one, other, one])
    made.push(await acme.json("keys", "create", "acme", "--account", account, "--name", `of ${account}`));
  const all = await acme.json("keys", "list", "acme");
  assert.equal(all.items.length, 3);
  assert.deepEqual(new Set(all.items.map(({ id }: { id: string }) => id)), new Set(made.map(({ id }) => id)));
  assert.equal(all.nextCursor, undefined);
  for (const item of all.items) assert.equal(item.key, undefined);
  const ofOne = await acme.json("keys", "list", "acme", "--account", one);
  assert.equal(ofOne.items.length, 2);
  const first = await acme.json("keys", "list", "acme", "--limit", "2");
  const second = await acme.json("keys", "list", "acme", "--limit", "2", "--cursor", first.nextCursor);
  assert.deepEqual([...first.items, ...second.items], all.items);

  const words = await acme.run(["keys", "list", "acme", "--limit", "2"]);
  const [head, ...rows] = words.out.trimEnd().split("\n");
  assert.match(head!, /^ID +KEY +STATUS +ENVIRONMENT +ACCOUNT +NAME$/);
  assert.equal(rows.length, 3);
  assert.match(rows[0]!, /^key_\w+ +acme_live_\w*…\w{4} +active +live +acc_\w+ +of acc_\w+$/);
  assert.equal(rows[2], `More: --cursor ${first.nextCursor}`);
  for (const { key } of made) assert.ok(!words.out.includes(key));
  const empty = await acme.run(["keys", "list", "acme", "--account", "acc_none"]);
  assert.deepEqual([empty.code, empty.out.split("\n").length], [0, 2]);
});

test("a revoked key is refused, again and again, and a family dies together", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const key = await acme.json("keys", "create", "acme", "--account", account, "--name", "Server");
  const words = await acme.run(["keys", "revoke", "acme", key.id]);
  assert.deepEqual([words.code, words.out], [0, `Revoked ${key.id} (Server).\n`]);
  assert.equal(await codeOf(acme, key.key), "revoked_key");
  assert.equal((await acme.json("keys", "revoke", "acme", key.id)).status, "revoked");
  const none = await acme.run(["keys", "revoke", "acme", "key_none"]);
  assert.deepEqual([none.code, none.out], [1, ""]);
  assert.match(none.err, /^claviger: .* \(not_found\)\n$/);

  const first = await acme.json("keys", "create", "acme", "--account", account, "--name", "First");
  const next = await acme.json("keys", "rotate", "acme", first.id, "--grace-seconds", "600");
  assert.equal(await codeOf(acme, first.key), "ok");
  assert.equal((await acme.run(["keys", "revoke", "acme", next.id, "--family"])).code, 0);
  for (const { key: text } of [first, next]) assert.equal(await codeOf(acme, text), "revoked_key");
});

test("a rotation prints the successor once and ends the old key, at once or after the grace", async (t) => {
  const acme = await serveAcme(t);
  const account = await accountOf(acme);
  const create = ["keys", "create", "acme", "--account", account, "--name", "Server"];
  const old = await acme.json(...create);
  const words = await acme.run(["keys", "rotate", "acme", old.id]);
  const [text] = words.out.split("\n");
  assert.match(text!, KEY);
  assert.match(words.out, /\n\nkey_\w+ \(Server\)\. Copy the key now: it is not shown again\.\n$/);
  assert.deepEqual([await codeOf(acme, old.key), await codeOf(acme, text!)], ["revoked_key", "ok"]);
  const again = await acme.run(["keys", "rotate", "acme", old.id]);
  assert.equal(again.code, 1);
  assert.match(again.err, /^claviger: The key has been rotated already; .* \(conflict\)\n$/);

  const other = await acme.json(...create);
  const successor = await acme.json("keys", "rotate", "acme", other.id, "--grace-seconds", "3600");
  assert.deepEqual([successor.predecessor, successor.family], [other.id, other.id]);
  assert.deepEqual([await codeOf(acme, other.key), await codeOf(acme, successor.key)], ["ok", "ok"]);
  for (const grace of ["-1", "1.5", "soon", ""]) {
    const { code, err } = await acme.run(["keys", "rotate", "acme", other.id, `--grace-seconds=${grace}`]);
    assert.equal(code, 2, grace);
    assert.match(err, /whole number of seconds/);
  }
});

test("an id that is no segment of a path reaches no other operation", async (t) => {
  const acme = await serveAcme(t);
  for (const id of ["", ".", ".."]) {
    const { code, err } = await acme.run(["keys", "revoke", "acme", id]);
    assert.deepEqual([code, err], [2, "claviger: a name or an id is empty\n"]);
  }
  for (const id of ["a/b", "%2e%2e", "?x=1", "#x", "key_é"]) {
    const { code, err } = await acme.run(["keys", "revoke", "acme", id]);
    assert.equal(code, 1, id);
    assert.match(err, /\(not_found\)\n$/);
  }
});
