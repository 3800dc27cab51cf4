// Promise: `npm pack` of the operator SDK gives plain JavaScript of known size with types, which installs without a network, operates a
// real server, and refuses a call that is wrong before it is made; all packages are fit to be published.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ROOT } from "../support/server-process.ts";
import { codeOf } from "./documented-code.ts";
import { bundledSize, complaints, filesOf, install, makeHome, olderNode, pack, run } from "./npm-packages.ts";
import { startClaviger } from "./operator-sdk.ts";

const KIT = join(ROOT, "sdks/typescript/client");
const SDK = join(ROOT, "sdks/typescript/sdk");
const folder = mkdtempSync(join(tmpdir(), "claviger-packages-"));
const home = makeHome(join(folder, "elsewhere"));
const installed = join(home, "node_modules/@claviger/sdk");
let archives: string[] = [];

before(async () => {
  const kit = await pack(KIT, folder);
  const sdk = await pack(SDK, folder, [kit]);
  archives = [kit, sdk];
  await install(home, ...archives);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("it holds compiled modules, their types and the documents, and needs the kit alone", () => {
  const modules = readdirSync(join(SDK, "src")).filter((name) => name.endsWith(".ts"));
  const compiled = modules.flatMap((name) => [name.replace(/ts$/, "js"), name.replace(/ts$/, "d.ts")]);
  const expected = ["LICENSE", "README.md", "package.json", ...compiled.map((name) => `dist/${name}`)];
  assert.deepEqual(filesOf(installed), expected.sort());
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const kit = JSON.parse(readFileSync(join(KIT, "package.json"), "utf8"));
  assert.deepEqual(manifest.dependencies, { "@claviger/client": `^${kit.version}` });
  const [, told] = /"claviger-sdk\/(.+?)"/.exec(readFileSync(join(SDK, "src/performer.ts"), "utf8")) ?? [];
  assert.equal(told, manifest.version, "what the User-Agent says");
  for (const field of ["peerDependencies", "optionalDependencies"]) assert.equal(manifest[field], undefined);
});

test("both packages say where they are from, and are published with their provenance", () => {
  for (const [source, directory] of [
    [KIT, "sdks/typescript/client"],
    [SDK, "sdks/typescript/sdk"],
  ] as const) {
    const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
    assert.deepEqual(manifest.publishConfig, { access: "public", provenance: true });
    assert.equal(manifest.repository.directory, directory);
    assert.equal(manifest.license, "Apache-2.0");
    assert.equal(readFileSync(join(source, "LICENSE"), "utf8"), readFileSync(join(ROOT, "LICENSE"), "utf8"));
  }
});

test("publint and arethetypeswrong have nothing to say of either", async () => {
  for (const archive of archives) assert.deepEqual(await complaints(archive, folder), []);
});

test("bundled and minified it is less than 4 kB beside the kit, gzipped", async () => {
  const size = await bundledSize(join(installed, "dist/index.js"), folder, ["@claviger/client"]);
  assert.ok(size < 4000, `${size} bytes`);
});

test("as it was installed it operates a server", async (t) => {
  const server = await startClaviger();
  t.after(() => server.end());
  const code = `
    import { Claviger, problemOf } from "@claviger/sdk";
    const claviger = new Claviger({ rootKey: process.argv[2], url: process.argv[3] });
    await claviger.applyProject("acme", { name: "acme", keys: { format: "acme_{secret:40}" } });
    const { id } = await claviger.createAccount("acme", { name: "First" });
    const { key } = await claviger.createKey("acme", { account: id, name: "One" });
    const verdicts = await Promise.all([key, "no"].map((key) => claviger.verifyKey({ project: "acme", key })));
    const refused = await claviger.getProject("nothing").catch(problemOf);
    console.log(JSON.stringify([...verdicts.map(({ code }) => code), refused.code]));
  `;
  writeFileSync(join(home, "use.js"), code);
  const older = olderNode(20);
  if (older === undefined) t.diagnostic("no older Node on this machine");
  for (const node of [process.execPath, ...(older ? [older] : [])]) {
    const told = await run(node, ["use.js", server.rootKey, server.url], home);
    assert.deepEqual(JSON.parse(told), ["ok", "invalid_key", "not_found"]);
  }
});

test("its types fit a page's libraries and Node's, as does the code in its documents, and a wrong call is told", async () => {
  symlinkSync(join(ROOT, "node_modules/@types"), join(home, "node_modules/@types"));
  symlinkSync(join(ROOT, "node_modules/undici-types"), join(home, "node_modules/undici-types"));
  const wrong = `
    // @ts-expect-error: a key has an account
    await claviger.createKey("acme", { name: "x" });
    // @ts-expect-error: a name is a text
    await claviger.createAccount("acme", { name: 5 });
    // @ts-expect-error: the month is needed
    claviger.exportUsage("acme");
    // @ts-expect-error: a verdict has no such field
    console.log(verdict.kode);
    // @ts-expect-error: no code is called so
    if (verdict.code === "nonsense") console.log("never");
    // @ts-expect-error: what spends is not repeated
    await claviger.verifyKey({ project: "acme", key: "k" }, { idempotencyKey: "x" });
    await claviger.applyProject("acme", "name: acme", { dryRun: true });
  `;
  writeFileSync(join(home, "readme.ts"), codeOf(join(SDK, "README.md"), "ts") + wrong);
  writeFileSync(join(home, "page.ts"), codeOf(join(ROOT, "docs/operator-sdk.md"), "ts"));
  const shared = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const modules = ["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext"];
  for (const libraries of [
    ["--lib", "es2022,dom,dom.iterable,dom.asynciterable", "--types", ""],
    ["--lib", "es2022", "--types", "node"],
  ])
    await run(
      join(ROOT, "node_modules/.bin/tsc"),
      [...shared, ...modules, ...libraries, "readme.ts", "page.ts"],
      home,
    );
});
