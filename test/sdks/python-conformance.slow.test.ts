// Promise: the Python kit keeps what the TypeScript kit keeps, synchronously and asynchronously, is strictly typed, and its packages
// hold what they need. The tests themselves are in sdks/python/client/tests; here they get their servers and their Python.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { pythonWith } from "../support/python.ts";
import { ROOT } from "../support/server-process.ts";
import { codeOf } from "./documented-code.ts";
import { KIT_PYTHON } from "./python-kit.ts";
import { startScriptedServer } from "./scripted-server.ts";
import { startWebSocketServer, type WebSocketServer } from "./web-socket-server.ts";

const KIT = join(ROOT, "sdks/python/client");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-kit-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(...KIT_PYTHON);

/** Everything it prints, and why it failed if it did. */
async function inPython(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: KIT, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env }, maxBuffer: 1e8 };
  const { stdout } = await run(python, ["-W", "error::SyntaxWarning", ...args], options).catch((error) =>
    assert.fail(`${error.stdout}\n${error.stderr}`),
  );
  return stdout;
}

test("the shared cases and its own tests pass, synchronously and asynchronously", async () => {
  const server = await startScriptedServer();
  const sockets = await Promise.all([1, 2, 3, 4].map(() => startWebSocketServer()));
  const [open, refusing, redirecting, silent] = sockets as [
    WebSocketServer,
    WebSocketServer,
    WebSocketServer,
    WebSocketServer,
  ];
  refusing.manner = "HTTP/1.1 401 Unauthorized";
  redirecting.manner = `HTTP/1.1 302 Found\r\nLocation: ${open.url.replace("http", "ws")}/`;
  silent.manner = "silence";
  const { here, there, nowhere, control } = server;
  const addresses = {
    ...{ here, there, nowhere, control },
    web_socket: open.url,
    web_socket_refusing: refusing.url,
    web_socket_redirecting: redirecting.url,
    web_socket_silent: silent.url,
  };
  try {
    const args = ["-m", "pytest", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider"];
    const printed = await inPython(args, { CLAVIGER_KIT_SERVERS: JSON.stringify(addresses) });
    const [, passed = "0"] = /(\d+) passed in/.exec(printed) ?? [];
    assert.ok(Number(passed) >= 480, printed.slice(-2000));
    assert.doesNotMatch(printed, /skipped|xfailed|deselected/);
  } finally {
    await Promise.all([server.close(), ...sockets.map((socket) => socket[Symbol.asyncDispose]())]);
  }
});

test("its types are strict, for every Python that it runs on", async () => {
  for (const version of ["3.9", "3.13"]) {
    const printed = await inPython([
      "-m",
      "mypy",
      "--cache-dir",
      join(folder, "mypy"),
      "--python-version",
      version,
    ]);
    assert.match(printed, /^Success: no issues found in \d+ source files/);
  }
});

test("the code in its README is right", async () => {
  const file = join(folder, "readme.py");
  const prelude = "def play(chunk: bytes) -> None: ...\n\n";
  writeFileSync(file, prelude + codeOf(join(KIT, "README.md"), "python"));
  const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), file];
  assert.match(await inPython(args, { MYPYPATH: "src" }), /^Success: no issues found in 1 source file/);
});

test("wheel and source package hold the kit, its types and its licence, and nothing else", async () => {
  // A copy: the build may write beside its source.
  const copy = join(folder, "kit");
  cpSync(KIT, copy, { recursive: true, filter: (path) => !/__pycache__|_cache/.test(relative(KIT, path)) });
  await run(python, ["-m", "build", "--no-isolation", "--outdir", folder, copy]);
  const modules = readdirSync(join(KIT, "src/claviger_client")).filter((name) =>
    /\.py$|^py\.typed$/.test(name),
  );
  const list = async (code: string): Promise<string[]> => JSON.parse(await inPython(["-c", code]));
  const wheel = await list(
    `import json,glob,zipfile; print(json.dumps(zipfile.ZipFile(glob.glob(r"${folder}/*.whl")[0]).namelist()))`,
  );
  const info = "claviger_client-0.1.0.dist-info";
  const wheelNames = [
    ...modules.map((name) => `claviger_client/${name}`),
    ...["METADATA", "RECORD", "WHEEL", "licenses/LICENSE"].map((name) => `${info}/${name}`),
  ];
  assert.deepEqual(wheel.sort(), wheelNames.sort());
  const source = await list(
    `import json,glob,tarfile; print(json.dumps(tarfile.open(glob.glob(r"${folder}/*.tar.gz")[0]).getnames()))`,
  );
  const sourceNames = [
    ...modules.map((name) => `src/claviger_client/${name}`),
    ...["LICENSE", "PKG-INFO", "README.md", "pyproject.toml"],
  ];
  assert.deepEqual(
    source.map((name) => name.replace("claviger_client-0.1.0/", "")).sort(),
    sourceNames.sort(),
  );
});

test("the package installs with what it names, and WebSockets are an extra", async () => {
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl")) ?? assert.fail("no wheel");
  const [metadata] = JSON.parse(
    await inPython([
      "-c",
      `import json,zipfile; z=zipfile.ZipFile(r"${join(folder, wheel)}"); print(json.dumps([z.read("claviger_client-0.1.0.dist-info/METADATA").decode()]))`,
    ]),
  );
  const needed = [...metadata.matchAll(/^Requires-Dist: (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual(needed, ["anyio>=4", "httpx<1,>=0.27", "websockets<18,>=15; extra == 'websocket'"]);
  assert.match(metadata, /^Requires-Python: >=3\.9$/m);
});
