// Promise: `claviger init` writes five lines that are served as they are, whatever the name, and never over a file.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { compileProject } from "../../src/project/compile.ts";
import { loadProjectText } from "../../src/project/load.ts";
import { NAME_PATTERN } from "../../src/project/schema-words.ts";
import { folderFor } from "../support/folder.ts";
import { run, serve } from "./made-up-terminal.ts";

test("five lines are written, served, and a key made for them is admitted", async (t) => {
  const folder = folderFor(t);
  const file = join(folder, "acme.yaml");
  const { code, out, err } = await run(["init", "acme", "--out", file]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.equal(out, `Wrote ${file}. Serve it with: claviger serve --project ${file}\n`);
  const text = readFileSync(file, "utf8");
  assert.equal(text.match(/\n/g)?.length, 5);
  assert.ok(text.endsWith("\n"));

  const data = join(folder, "data");
  const { banner } = await serve(t, ["--json", "--port", "0", "--data", data, "--project", file]);
  const { controlPlane, rootKey, hosts } = JSON.parse(banner);
  const env = { CLAVIGER_URL: controlPlane, CLAVIGER_ROOT_KEY: rootKey };
  const account = await run(["accounts", "create", "acme", "--name", "First customer", "--json"], { env });
  const flags = ["--account", JSON.parse(account.out).id, "--name", "Production server", "--json"];
  const key = JSON.parse((await run(["keys", "create", "acme", ...flags], { env })).out);
  assert.match(key.key, /^acme_live_[0-9A-Za-z]{32}$/);
  const [{ url }] = hosts;
  const admitted = await fetch(`${url}/v1/hello`, { headers: { authorization: `Bearer ${key.key}` } });
  assert.equal(admitted.status, 200);
  assert.equal((await fetch(`${url}/v1/hello`)).status, 401);
});

test("without a name it is acme, in the present folder", async (t) => {
  const folder = folderFor(t);
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));
  assert.match((await run(["init"])).out, /^Wrote acme\.yaml\. /);
  assert.match(readFileSync(join(folder, "acme.yaml"), "utf8"), /^name: acme\n/);
  assert.match((await run(["init", "other-api"])).out, /^Wrote other-api\.yaml\. /);
  assert.match(
    readFileSync(join(folder, "other-api.yaml"), "utf8"),
    /keys: \{ format: "other_api_\{env\}_\{secret:32\}" \}/,
  );
});

test("a file that exists is left as it is", async (t) => {
  const file = join(folderFor(t), "acme.yaml");
  writeFileSync(file, "mine");
  assert.deepEqual(await run(["init", "acme", "--out", file]), {
    code: 1,
    out: "",
    err: `claviger: ${file} exists already\n`,
    asked: [],
  });
  assert.equal(readFileSync(file, "utf8"), "mine");
});

test("a place where nothing can be written is told in words", async (t) => {
  const file = join(folderFor(t), "missing", "acme.yaml");
  const { code, err } = await run(["init", "acme", "--out", file]);
  assert.deepEqual(
    { code, err },
    { code: 1, err: `claviger: ${file} cannot be written: no such file or directory\n` },
  );
});

test("a name that no project can have is refused and nothing is written", async (t) => {
  const file = join(folderFor(t), "out.yaml");
  for (const name of ["", "Acme", "a b", "a_b", "-a", "a-", "a".repeat(41), "../acme", "a\nb"]) {
    const { code, err } = await run(["init", "--out", file, "--", name]);
    assert.equal(code, 2, name);
    assert.equal(err, "claviger: a project's name has 1 to 40 of a-z, 0-9 and inner hyphens\n");
  }
  const reserved = await run(["init", "claviger", "--out", file]);
  assert.deepEqual([reserved.code, reserved.err], [2, "claviger: claviger is reserved: take another name\n"]);
  assert.ok(!existsSync(file));
});

test("whatever the name, the file is a project of that name", async (t) => {
  const folder = folderFor(t);
  let count = 0;
  const check = async (name: string): Promise<void> => {
    if (name === "claviger") return;
    const file = join(folder, `${count++}.yaml`);
    assert.equal((await run(["init", "--out", file, "--", name])).code, 0, name);
    const loaded = loadProjectText(readFileSync(file, "utf8"), "file");
    const project = compileProject(loaded.file, "file", loaded.locate);
    assert.equal(project.name, name);
    assert.deepEqual(
      project.hosts.map(({ host }) => host),
      [`${name}.localhost`],
    );
  };
  // Words and numbers of YAML, and the shortest and the longest name.
  for (const name of [
    "null",
    "true",
    "no",
    "5",
    "007",
    "1e3",
    "0x1f",
    "0o7",
    "1-2",
    "2026-11-21",
    "a",
    "9".repeat(40),
  ])
    await check(name);
  await fc.assert(fc.asyncProperty(fc.stringMatching(new RegExp(NAME_PATTERN)), check), { numRuns: 50 });
});
