// Promise: `claviger docs` writes a project's Authentication page out of its file, or as the server that serves it tells it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { run } from "./made-up-terminal.ts";
import { ACME, serveAcme } from "./served.ts";

test("out of a file: printed, or written to another one, without a server and without a root key", async (t) => {
  const folder = folderFor(t);
  const [file, out] = [join(folder, "acme.yaml"), join(folder, "page.md")];
  writeFileSync(file, ACME);
  const printed = await run(["docs", file]);
  assert.equal(printed.code, 0, printed.err);
  assert.match(printed.out, /^# /);
  for (const word of ["Acme", "notes:read", "/v1/notes"]) assert.ok(printed.out.includes(word), word);
  assert.deepEqual(await run(["docs", file, "--out", out]), { code: 0, out: "", err: "", asked: [] });
  assert.equal(readFileSync(out, "utf8").trimEnd(), printed.out.trimEnd());

  const llms = await run(["docs", file, "--llms"]);
  assert.equal(llms.code, 0, llms.err);
  assert.match(llms.out, /^# Acme/);
  assert.notEqual(llms.out, printed.out);
});

test("of a project that is served: what the control plane answers", async (t) => {
  const { folder, url, rootKey, ...acme } = await serveAcme(t);
  const authorization = { authorization: `Bearer ${rootKey}` };
  for (const [flags, path] of [
    [[], "docs.md"],
    [["--llms"], "llms.txt"],
  ] as const) {
    const answer = await fetch(`${url}/v1/projects/acme/${path}`, { headers: authorization });
    const text = await answer.text();
    const printed = await acme.run(["docs", "acme", ...flags]);
    assert.deepEqual([printed.code, printed.out.trimEnd()], [0, text.trimEnd()]);
    const out = join(folder, path);
    assert.equal((await acme.run(["docs", "acme", ...flags, "--out", out])).out, "");
    assert.equal(readFileSync(out, "utf8"), text);
  }
  const { code, err } = await acme.run(["docs", "nobody"]);
  assert.equal(code, 1);
  assert.match(err, /^claviger: There is no project "nobody"\. \(not_found\)\n$/);
});

test("a file that is missing, wrong, or cannot be written is one line for each mistake", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  const missing = await run(["docs", file]);
  assert.deepEqual(
    [missing.code, missing.err],
    [1, `claviger: ${file} cannot be read: no such file or directory\n`],
  );
  writeFileSync(file, `${ACME}colour: red\nhosts: [UPPER]\n`);
  const wrong = await run(["docs", file]);
  assert.equal(wrong.code, 1);
  for (const line of wrong.err.trimEnd().split("\n")) assert.match(line, /^claviger: acme\.yaml:\d+ \w+.*: /);
  writeFileSync(file, ACME);
  const unwritable = await run(["docs", file, "--out", folder]);
  assert.equal(unwritable.code, 1);
  assert.equal(unwritable.err, `claviger: ${folder} cannot be written: illegal operation on a directory\n`);
});
