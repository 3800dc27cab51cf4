// Promise: `npm pack` of the TypeScript kit gives plain JavaScript of less than 6 kB that runs on older Nodes too, with types that fit a
// page's libraries as well as Node's.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cpSync,
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
import { ROOT } from "../support/server-process.ts";
import { KEY } from "./conformance-case.ts";
import { codeOf } from "./documented-code.ts";
import { bundledSize, olderNode } from "./npm-packages.ts";
import { startScriptedServer } from "./scripted-server.ts";

const run = promisify(execFile);
const KIT = join(ROOT, "sdks/typescript/client");
const BIN = join(ROOT, "node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "claviger-kit-"));
const home = join(folder, "elsewhere");
const installed = join(home, "node_modules/@claviger/client");
const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH}` };

before(async () => {
  // A copy: packing compiles, and a build that lies about is not packed.
  const copy = join(folder, "kit");
  cpSync(KIT, copy, { recursive: true, filter: (path) => relative(KIT, path).split("/")[0] !== "dist" });
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy, env });
  mkdirSync(home);
  writeFileSync(join(home, "package.json"), '{ "name": "elsewhere", "private": true, "type": "module" }');
  const tarball = globSync("*.tgz", { cwd: folder })[0] ?? assert.fail("no tarball");
  const flags = ["--no-audit", "--no-fund", "--offline"];
  await run("npm", ["install", ...flags, join(folder, tarball)], { cwd: home, env });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("it holds compiled modules, their types and the documents, and needs nothing", () => {
  const modules = readdirSync(join(KIT, "src")).filter((name) => name.endsWith(".ts"));
  const compiled = modules.flatMap((name) => [name.replace(/ts$/, "js"), name.replace(/ts$/, "d.ts")]);
  const expected = ["LICENSE", "README.md", "package.json", ...compiled.map((name) => `dist/${name}`)];
  const files = globSync("**/*", { cwd: installed }).filter((path) =>
    statSync(join(installed, path)).isFile(),
  );
  assert.deepEqual(files.sort(), expected.sort());
  assert.deepEqual(
    readdirSync(join(home, "node_modules")).filter((name) => !name.startsWith(".")),
    ["@claviger"],
  );
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies"])
    assert.equal(manifest[field], undefined);
});

test("it runs on this Node and on an older one", async (t) => {
  const server = await startScriptedServer();
  t.after(() => server.close());
  const client = `defineClient({ name: "Acme", environmentVariable: "ACME_API_KEY", baseUrl: "${server.here}" })`;
  const code = `
    import { defineClient, ServerError } from "@claviger/client";
    class Acme extends ${client} {}
    const acme = new Acme({ sleep: async () => {} });
    const lines = [];
    for await (const line of await acme.post("/", { body: { a: 1 }, stream: "lines" })) lines.push(line);
    const error = await acme.get("/", { maxRetries: 0 }).catch((failure) => failure);
    console.log(JSON.stringify([lines, error instanceof ServerError, error.status, acme.usage.remaining]));
  `;
  writeFileSync(join(home, "use.js"), code);
  const older = olderNode(18);
  if (older === undefined) t.diagnostic("no older Node on this machine");
  for (const node of [process.execPath, ...(older ? [older] : [])]) {
    server.play([
      { status: 503 },
      { chunks: ["a\n", "b\n"] },
      { status: 500, headers: { "X-RateLimit-Remaining": "3" } },
    ]);
    const { stdout, stderr } = await run(node, ["use.js"], { cwd: home, env: { ...env, ACME_API_KEY: KEY } });
    assert.equal(stdout, '[["a","b"],true,500,3]\n', stderr);
    assert.equal(server.seen[0]?.headers.authorization, `Bearer ${KEY}`);
  }
});

test("its types and the code in its README fit a page's libraries and Node's", async () => {
  symlinkSync(join(ROOT, "node_modules/@types"), join(home, "node_modules/@types"));
  symlinkSync(join(ROOT, "node_modules/undici-types"), join(home, "node_modules/undici-types"));
  const inferred = `
    const lines: AsyncIterable<string> = await client.get("/", { stream: "lines" });
    const bytes: AsyncIterable<Uint8Array> = await client.post("/", { stream: "bytes", body: {} });
    const events = await client.post("/", { stream: "events" });
    for await (const { event, data, id } of events) console.log(event.length + data.length, id?.length);
    const { status, usage, body } = await client.exchange<string[]>("GET", "/");
    console.log(status.toFixed(), usage.resetAt?.getTime(), body.length, client.usage?.limits.length, lines, bytes);
    // @ts-expect-error: a kind of stream that there is not
    await client.get("/", { stream: "words" });
    // @ts-expect-error: what a call returns is unknown until it is said
    (await client.get("/")).models;
    socket.send("x");
    const spoken: Promise<Uint8Array> = new NurClient().speak("x");
    console.log(models[0]?.id, spoken);
  `;
  writeFileSync(join(home, "readme.ts"), codeOf(join(KIT, "README.md"), "ts") + inferred);
  const shared = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--target",
    "es2022",
  ];
  const modules = ["--module", "nodenext", "--moduleResolution", "nodenext"];
  for (const libraries of [
    ["--lib", "es2022,dom,dom.iterable,dom.asynciterable", "--types", ""],
    ["--lib", "es2022", "--types", "node"],
  ])
    await run(join(BIN, "tsc"), [...shared, ...modules, ...libraries, "readme.ts"], { cwd: home, env }).catch(
      (error) => assert.fail(`${libraries}: ${error.stdout}`),
    );
});

test("bundled and minified it is less than 6 kB, gzipped", async () => {
  const size = await bundledSize(join(installed, "dist/index.js"), folder);
  assert.ok(size < 6000, `${size} bytes`);
});
