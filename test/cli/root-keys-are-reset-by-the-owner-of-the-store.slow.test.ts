// Promise: whoever owns the store and lost the root key gets a new one, and the old ones with full access are dead with it.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { run, serve } from "./made-up-terminal.ts";
import { serveAcme } from "./served.ts";

const ROOT_KEY = /^claviger_root_[0-9A-Za-z]{40}\n$/;

test("while Claviger runs it is refused in words, and the key that is there goes on", async (t) => {
  const acme = await serveAcme(t);
  const { code, out, err } = await run(["root-key", "reset", "--data", acme.data]);
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^claviger: the store .*claviger\.db is in use by another process: stop it first.*\n$/);
  assert.equal((await acme.run(["keys", "list", "acme"])).code, 0);
});

test("the new key works, the old one is revoked, and one with fewer scopes lives on", async (t) => {
  const acme = await serveAcme(t);
  const account = await acme.json("accounts", "create", "claviger", "--name", "Robot");
  const robot = await acme.json(
    ...["keys", "create", "claviger", "--account", account.id, "--name", "r", "--scope", "keys:read"],
  );
  const second = await acme.json(
    ...["keys", "create", "claviger", "--account", account.id, "--name", "all", "--scope", "*"],
  );
  assert.equal(await acme.stop(), 0);
  const reset = await run(["root-key", "reset"], { env: { CLAVIGER_DATA: acme.data } });
  assert.deepEqual([reset.code, reset.err], [0, ""]);
  assert.match(reset.out, ROOT_KEY);

  const flags = ["--json", "--port", "0", "--data", acme.data];
  const { banner } = await serve(t, flags);
  const { controlPlane, rootKey } = JSON.parse(banner);
  assert.equal(rootKey, undefined, "a second start makes no root key");
  const list = (key: string) =>
    run(["keys", "list", "acme"], { env: { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: key } });
  for (const key of [acme.rootKey, second.key]) {
    const { code, err } = await list(key);
    assert.deepEqual([code, err], [1, "claviger: The root key has been revoked. (invalid_key)\n"]);
  }
  for (const key of [reset.out.trim(), robot.key]) assert.equal((await list(key)).code, 0);
});

test("with a file it is written there for its owner alone and not printed, and commands read it", async (t) => {
  const acme = await serveAcme(t);
  await acme.stop();
  const file = join(acme.folder, "keys", "root");
  const reset = ["root-key", "reset", "--data", acme.data, "--root-key-file", file];
  for (let round = 0; round < 2; round++) {
    const { code, out } = await run(reset);
    assert.deepEqual([code, out], [0, `Wrote the new root key to ${file}.\n`]);
    assert.match(readFileSync(file, "utf8"), ROOT_KEY);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    // What a crash may leave behind, readable for everyone, lends its mode to nothing.
    writeFileSync(`${file}.new`, "", { mode: 0o644 });
  }
  const { banner } = await serve(t, ["--json", "--port", "0", "--data", acme.data]);
  const env = { CLAVIGER_URL: JSON.parse(banner).controlPlane };
  assert.equal((await run(["keys", "list", "acme", "--root-key-file", file], { env })).code, 0);
});

test("a folder without a store is told, and nothing is made in it", async (t) => {
  const data = join(folderFor(t), "typo");
  const { code, err } = await run(["root-key", "reset", "--data", data]);
  assert.deepEqual([code, err], [1, `claviger: there is no store in ${data}: name its folder with --data\n`]);
  assert.ok(!existsSync(data));
});

test("a file that cannot be written leaves the old root key alive", async (t) => {
  const acme = await serveAcme(t);
  await acme.stop();
  const { code, err } = await run(["root-key", "reset", "--data", acme.data, "--root-key-file", acme.data]);
  assert.deepEqual(
    [code, err],
    [1, `claviger: ${acme.data} cannot be written: illegal operation on a directory\n`],
  );
  assert.ok(!existsSync(`${acme.data}.new`), "no key is left lying about");
  const { banner } = await serve(t, ["--json", "--port", "0", "--data", acme.data]);
  const env = { CLAVIGER_URL: JSON.parse(banner).controlPlane, CLAVIGER_ROOT_KEY: acme.rootKey };
  assert.equal((await run(["keys", "list", "acme"], { env })).code, 0);
});
