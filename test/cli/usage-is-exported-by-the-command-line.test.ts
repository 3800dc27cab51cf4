// Promise: `claviger usage export` writes what the control plane exports, whole or not at all.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { bareServer } from "./bare-server.ts";
import { run } from "./made-up-terminal.ts";
import { serveAcme } from "./served.ts";

const EXPORT = ["usage", "export", "acme", "--month"];

test("printed, or written to a file", async (t) => {
  const { folder, url, rootKey, ...acme } = await serveAcme(t);
  const month = new Date().toISOString().slice(0, 7);
  assert.deepEqual(await acme.run([...EXPORT, month]), { code: 0, out: "", err: "", asked: [] });
  const { id } = await acme.json("accounts", "create", "acme", "--name", "Ada", "--external-id", "cus_ada");
  const answer = await fetch(`${url}/v1/projects/acme/usage/export?month=${month}`, {
    headers: { authorization: `Bearer ${rootKey}` },
  });
  const text = await answer.text();
  const lines = text.trimEnd().split("\n");
  assert.deepEqual([lines.length, JSON.parse(lines[0]!).account, text.at(-1)], [2, id, "\n"]);
  const printed = await acme.run([...EXPORT, month]);
  assert.deepEqual([printed.code, printed.out], [0, text], printed.err);
  const out = join(folder, "usage.ndjson");
  assert.deepEqual(await acme.run([...EXPORT, month, "--out", out]), {
    code: 0,
    out: "",
    err: "",
    asked: [],
  });
  assert.equal(readFileSync(out, "utf8"), text);
});

test("a mistake is one line, and its exit code says whose it is", async (t) => {
  const { folder, ...acme } = await serveAcme(t);
  const missing = await acme.run(["usage", "export", "acme"]);
  assert.deepEqual([missing.code, missing.out], [2, ""]);
  assert.match(missing.err, /^error: required option '--month <month>' not specified\n/);
  const month = await acme.run([...EXPORT, "November"]);
  assert.equal(month.code, 1);
  assert.match(month.err, /^claviger: month: .*\n$/);
  const future = await acme.run([...EXPORT, "9998-01"]);
  assert.deepEqual([future.code, future.err], [1, "claviger: month: has not begun (validation_failed)\n"]);
  const unwritable = await acme.run([...EXPORT, "2026-01", "--out", folder]);
  assert.deepEqual(
    [unwritable.code, unwritable.err],
    [1, `claviger: ${folder} cannot be written: illegal operation on a directory\n`],
  );
});

test("an answer that breaks off leaves no file", async (t) => {
  const { url } = await bareServer(t, (_request, response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write('{"account":"acc_a"}\n', () => response.destroy());
  });
  const out = join(folderFor(t), "usage.ndjson");
  const env = { CLAVIGER_URL: url, CLAVIGER_ROOT_KEY: "claviger_root_made_up" };
  const { code, err } = await run([...EXPORT, "2026-11", "--out", out], { env });
  assert.equal(code, 4);
  assert.match(err, /^claviger: .* does not answer: .+\n$/);
  assert.equal(existsSync(out), false);
});
