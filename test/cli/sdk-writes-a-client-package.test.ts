// Promise: `claviger sdk` writes the client package of a project, out of its file or as the server has it, into a folder that holds
// nothing else.
import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { run } from "./made-up-terminal.ts";
import { ACME, serveAcme } from "./served.ts";

const filesIn = (folder: string): string[] =>
  globSync("**/*.*", { cwd: folder, exclude: ["node_modules"] }).sort();

test("out of a file, in either language, without a server; and once more over what it wrote", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  writeFileSync(file, ACME);
  for (const [language, manifest, sources] of [
    ["python", "pyproject.toml", ["src/acme/__init__.py", "tests/test_client.py"]],
    ["typescript", "package.json", ["src/client.ts", "src/groups.ts", "test/client.test.mjs"]],
  ] as const) {
    const out = join(folder, language, "client");
    const first = await run(["sdk", file, "--lang", language, "--out", out]);
    assert.deepEqual([first.code, first.err], [0, ""]);
    assert.match(first.out, new RegExp(`^Wrote \\d+ files into ${out}\\.\n$`));
    for (const path of sources) assert.ok(filesIn(out).includes(path), path);
    assert.match(readFileSync(join(out, manifest), "utf8"), /version"?\s?[:=] "0\.1\.0"/);
    const again = await run(["sdk", file, "--lang", language, "--out", out, "--package-version", "1.20.3"]);
    assert.equal(again.code, 0, again.err);
    assert.match(readFileSync(join(out, manifest), "utf8"), /version"?\s?[:=] "1\.20\.3"/);
  }
});

test("a folder that holds something else is left as it is", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  const out = join(folder, "mine");
  writeFileSync(file, ACME);
  mkdirSync(out);
  writeFileSync(join(out, "package.json"), "{}");
  const { code, err } = await run(["sdk", file, "--lang", "typescript", "--out", out]);
  assert.deepEqual([code, err], [1, `claviger: ${out} is not empty, and was not written by claviger sdk\n`]);
  assert.deepEqual(filesIn(out), ["package.json"]);
  assert.equal(readFileSync(join(out, "package.json"), "utf8"), "{}");
  const onFile = await run(["sdk", file, "--lang", "python", "--out", file]);
  assert.deepEqual([onFile.code, onFile.err], [1, `claviger: ${file} cannot be written: not a directory\n`]);
});

test("of a project that is served: what its file gives", async (t) => {
  const { folder, ...acme } = await serveAcme(t);
  const file = join(folder, "elsewhere.yaml");
  writeFileSync(file, ACME);
  const [local, remote] = [join(folder, "local"), join(folder, "remote")];
  await run(["sdk", file, "--lang", "python", "--out", local]);
  const told = await acme.run(["sdk", "acme", "--lang", "python", "--out", remote]);
  assert.equal(told.code, 0, told.err);
  assert.deepEqual(filesIn(remote), filesIn(local));
  for (const path of filesIn(local))
    assert.equal(readFileSync(join(remote, path), "utf8"), readFileSync(join(local, path), "utf8"), path);
});

test("what is asked in a wrong way, and what no package can be made of, is told in words", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  writeFileSync(file, ACME);
  const sdk = (...flags: string[]) => run(["sdk", file, "--out", join(folder, "out"), ...flags]);
  for (const flags of [[], ["--lang", "cobol"], ["--lang", "python", "--package-version", "1.0-rc"]])
    assert.equal((await sdk(...flags)).code, 2, flags.join(" "));
  writeFileSync(file, `${ACME}client: { className: None }\n`);
  const { code, err } = await sdk("--lang", "python");
  assert.equal(code, 1);
  assert.match(err, /^claviger: acme\.yaml:\d+ client\.className: "None" cannot be the name of the class/);
  assert.deepEqual(filesIn(folder), ["acme.yaml"]);
});
