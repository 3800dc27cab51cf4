// npm pack, installed elsewhere from the registry's dependencies, gives a working `claviger serve`.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { request } from "undici";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "claviger-packed-"));
const app = join(folder, "node_modules", "claviger");
let packed: { readonly files: readonly { readonly path: string }[]; readonly unpackedSize: number };

before(() => {
  const npm = (cwd: string, ...words: string[]) =>
    execFileSync("npm", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  // npm's own words and those of prepack come before the JSON.
  const said = npm(ROOT, "pack", "--json", "--pack-destination", folder);
  const [report] = JSON.parse(said.slice(said.search(/^\[/m)));
  packed = report;
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "somewhere-else", version: "1.0.0", private: true }),
  );
  npm(folder, "install", "--no-audit", "--no-fund", join(folder, report.filename));
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds the program and its documents, and nothing of the workshop", () => {
  const tops = new Set(packed.files.map(({ path }) => path.split("/")[0]));
  assert.deepEqual([...tops].sort(), [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "bin",
    "dist",
    "docs",
    "openapi.json",
    "package.json",
    "project.schema.json",
    "projects",
  ]);
  assert.ok(packed.files.some(({ path }) => path === "dist/store/sqlite/thread.js"));
  assert.deepEqual(
    packed.files.filter(({ path }) => /\.db|pepper$|demo-keys\.json|root-key$/.test(path)),
    [],
  );
  assert.ok(packed.unpackedSize < 2_000_000, `${packed.unpackedSize} bytes`);
});

test("it brings no Node and no workspace of ours", () => {
  assert.ok(!existsSync(join(folder, "node_modules", "node")));
  assert.ok(!readdirSync(join(folder, "node_modules")).includes("claviger-node24"));
});

test("claviger serve judges a request and ends in order at SIGTERM", async () => {
  const program = join(folder, "node_modules", ".bin", "claviger");
  const child = spawn(
    process.execPath,
    [program, "serve", "--demo", "--json", "--port", "0", "--data", join(folder, "data")],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { gateway, controlPlane, rootKey } = JSON.parse(line);
  const refused = await request(gateway, { headers: { host: "nur.localhost" } });
  assert.equal(refused.statusCode, 401);
  await refused.body.dump();
  const projects = await request(`${controlPlane}/v1/projects`, {
    headers: { authorization: `Bearer ${rootKey}` },
  });
  assert.equal(((await projects.body.json()) as { items: unknown[] }).items.length, 5);
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await exited, [0, null]);
});

test("an older Node is told in words what is needed", (context) => {
  const older = ["/usr/bin/node", "/usr/local/bin/node"].find((node) => {
    const version = existsSync(node) ? spawnSync(node, ["--version"], { encoding: "utf8" }).stdout : "";
    return /^v(1\d|2[0-3])\./.test(version);
  });
  if (older === undefined) return context.skip("platform: this machine has no Node older than 24");
  const { status, stderr } = spawnSync(older, [join(app, "bin", "claviger.mjs"), "serve"], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /needs Node\.js 24 or newer; this is Node\.js \d+/);
});
