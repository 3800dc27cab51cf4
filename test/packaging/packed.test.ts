// Promise: `npm pack` gives a package that, installed elsewhere under Node 24, serves; that says in words what an older Node
// lacks; and that holds nothing of the workshop.
import assert from "node:assert/strict";
import { execFile, type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { printed, ROOT, startProcess } from "../support/server-process.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-packed-"));
const home = join(folder, "elsewhere");
const installed = join(home, "node_modules/claviger");
const command = join(home, "node_modules/.bin/claviger");

/** Such as may lie about in a clone, and must stay there. */
const SECRETS = {
  "data/pepper": "a pepper",
  "data/demo-keys.json": "[]",
  "data/claviger.db": "",
  "data-acme/pepper": "a pepper",
  "root-key": "claviger_root_x",
  ".env": "CLAVIGER_ROOT_KEY=x",
  "acme.yaml": "name: acme",
};

before(async () => {
  // A copy: the clone keeps the build that it has, and what an earlier build left behind is not packed.
  const copy = join(folder, "clone");
  const left = new Set(["node_modules", ".git", "dist"]);
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !left.has(relative(ROOT, path).split("/")[0]!) });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  for (const [file, text] of Object.entries(SECRETS)) {
    mkdirSync(join(copy, file, ".."), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy });
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), '{ "name": "elsewhere", "private": true }');
  const tarball = globSync("*.tgz", { cwd: folder })[0] ?? assert.fail("no tarball");
  await run("npm", ["install", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: home });
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** All files of the package, as they were unpacked. */
function files(): string[] {
  return globSync("**/*", { cwd: installed, exclude: ["node_modules/**"] })
    .filter((path) => statSync(join(installed, path)).isFile())
    .sort();
}

test("it holds the program, its documents, and nothing else", () => {
  assert.deepEqual(
    [...new Set(files().map((path) => path.split("/")[0]))],
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bin",
      "dist",
      "docs",
      "openapi.json",
      "package.json",
    ].concat(["project.schema.json", "projects"]),
  );
  for (const path of files()) {
    assert.doesNotMatch(
      path,
      /\.test\.|(^|\/)(test|src|data|node_modules)\/|pepper$|demo-keys|root-key$|\.env|\.db/,
    );
    if (!path.endsWith(".d.ts")) assert.doesNotMatch(path, /\.ts$/, "no source");
  }
  const names = readdirSync(join(ROOT, "projects")).filter((name) => name.endsWith(".yaml"));
  for (const name of names) assert.ok(files().includes(`projects/${name}`), name);
});

test("the program is smaller than three megabytes besides its documents, and so are its pages", () => {
  const sizeOf = (paths: readonly string[]) =>
    paths.reduce((sum, path) => sum + statSync(join(installed, path)).size, 0);
  const arePages = (path: string) => path.startsWith("dist/console/");
  const program = sizeOf(files().filter((path) => !path.startsWith("docs/") && !arePages(path)));
  assert.ok(program < 3_000_000, `${program} bytes`);
  const pages = sizeOf(files().filter(arePages));
  assert.ok(pages > 0 && pages < 3_000_000, `${pages} bytes`);
});

test("compiled files import compiled files", () => {
  const compiled = files().filter((path) => path.startsWith("dist/") && path.endsWith(".js"));
  assert.ok(compiled.length > 50);
  for (const path of compiled) {
    const text = readFileSync(join(installed, path), "utf8");
    for (const [, target] of text.matchAll(/(?:from|import\(|new URL\()\s*"(\.[^"]*)"/g))
      assert.ok(existsSync(join(installed, path, "..", target!)), `${path} leads to ${target}`);
  }
});

test("it brings no Node and no workspace of the clone", () => {
  const beside = readdirSync(join(home, "node_modules"));
  for (const name of ["node", "claviger-node24", "typescript"]) assert.ok(!beside.includes(name), name);
});

test("commands that need no server work where it was installed", async () => {
  const claviger = async (...args: string[]) =>
    (await run(process.execPath, [command, ...args], { cwd: home })).stdout;
  assert.equal(await claviger("schema"), readFileSync(join(ROOT, "project.schema.json"), "utf8"));
  assert.match(await claviger("init", "acme"), /^Wrote acme\.yaml\./);
  assert.match(await claviger("docs", "acme.yaml"), /acme/);
});

test("a program imports it by its name", async () => {
  const program = `
    import { open } from "claviger";
    for (const way of ["express", "fastify", "hono", "next"]) console.log(typeof (await import("claviger/" + way)).guard);
    const claviger = await open({ data: "embedded" });
    await claviger.projects.apply({ name: "acme" });
    const { id } = await claviger.accounts.create("acme", { name: "x" });
    const { key } = await claviger.keys.create("acme", { account: id, name: "x" });
    console.log((await claviger.verify({ project: "acme", key })).code);
    await claviger.close();`;
  writeFileSync(join(home, "program.mjs"), program);
  const { stdout, stderr } = await run(process.execPath, ["program.mjs"], { cwd: home });
  assert.deepEqual([stdout, stderr], ["function\nfunction\nfunction\nfunction\nok\n", ""]);
});

test("its types tell right from wrong, and need no framework", async () => {
  const program = `
    import { open } from "claviger";
    import { guard } from "claviger/express";
    const claviger = await open({ data: "embedded" });
    export const middleware = guard(claviger, { project: "acme" });
    const verdict = await claviger.verify({ project: "acme", key: "x" });
    export const account: string = verdict.allowed ? verdict.key.account : verdict.code;
    // @ts-expect-error a misspelled field
    await claviger.verify({ project: "acme", key: "x", scope: [] });`;
  writeFileSync(join(home, "program.mts"), program);
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  const types = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node"];
  const flags = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--lib",
    "esnext",
    ...types,
  ];
  await run(tsc, [...flags, "program.mts"], { cwd: home }).catch(({ stdout }) => assert.fail(stdout));
});

test("it serves: a request is admitted, another refused, and SIGTERM ends it with 0", async (t) => {
  const flags = ["serve", "--demo", "--json", "--port", "0", "--data", join(home, "data")];
  const server = startProcess(process.execPath, [command, ...flags], { cwd: home });
  t.after(() => server.kill());
  const { controlPlane, commands } = JSON.parse(await printed(server, /^\{.*\}\n$/));
  assert.equal((await fetch(`${controlPlane}/readyz`)).status, 200);
  const statuses = [];
  for (const { command: typed } of commands.slice(0, 2))
    statuses.push((await run("sh", ["-c", typed])).stdout.split("\r\n")[0]);
  assert.deepEqual(statuses, ["HTTP/1.1 200 OK", "HTTP/1.1 401 Unauthorized"]);
  server.signal("SIGTERM");
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.equal(server.stderr(), "");
});

test("an older Node says in words what is needed", (t) => {
  const nodes = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)].map((path) => join(path, "node"));
  const ask = (node: string, ...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(node, args, { encoding: "utf8", cwd: home });
  const majorOf = (node: string): number =>
    Number(ask(node, "-p", "process.versions.node").stdout?.split(".")[0] || 99);
  const older = nodes.find((node) => majorOf(node) < 24);
  if (older === undefined) return t.skip("platform: no Node older than 24 on this machine");
  for (const args of [["serve"], ["--help"], []]) {
    const said = ask(older, command, ...args);
    assert.deepEqual([said.status, said.stdout], [1, ""]);
    assert.match(said.stderr, /^claviger needs Node\.js 24 or newer; this is Node\.js \d+\./);
  }
});
