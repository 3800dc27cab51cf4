// Promise: the operator SDK for Python has what the one for TypeScript has, synchronously and asynchronously, and is strictly typed. The
// tests themselves are in sdks/python/sdk/tests; here they get their servers and their Python.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { pythonWith } from "../support/python.ts";
import { ROOT } from "../support/server-process.ts";
import { codeOf } from "./documented-code.ts";
import { startClaviger } from "./operator-sdk.ts";
import { KIT_PYTHON } from "./python-kit.ts";
import { startScriptedServer } from "./scripted-server.ts";

const SDK = join(ROOT, "sdks/python/sdk");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-sdk-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(...KIT_PYTHON);

/** Everything it prints, and why it failed if it did. */
async function inPython(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: SDK, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env }, maxBuffer: 1e8 };
  const { stdout } = await run(python, ["-W", "error::SyntaxWarning", ...args], options).catch((error) =>
    assert.fail(`${error.stdout}\n${error.stderr}`),
  );
  return stdout;
}

test("every operation, the shared cases and its own tests pass, synchronously and asynchronously", async () => {
  const scripted = await startScriptedServer();
  const operated = await Promise.all([startClaviger(), startClaviger()]);
  const [sync, async] = operated.map(({ url, rootKey }) => ({ url, root_key: rootKey }));
  const { here, there, nowhere, control } = scripted;
  const unused = {
    web_socket: "",
    web_socket_refusing: "",
    web_socket_redirecting: "",
    web_socket_silent: "",
  };
  try {
    const args = ["-m", "pytest", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider"];
    const printed = await inPython(args, {
      CLAVIGER_OPERATED: JSON.stringify({ sync, async }),
      CLAVIGER_KIT_SERVERS: JSON.stringify({ here, there, nowhere, control, ...unused }),
    });
    const [, passed = "0"] = /(\d+) passed in/.exec(printed) ?? [];
    assert.ok(Number(passed) >= 270, printed.slice(-2000));
    assert.doesNotMatch(printed, /skipped|xfailed|deselected/);
  } finally {
    await Promise.all([scripted.close(), ...operated.map((server) => server.end())]);
  }
});

test("its types are strict, for every Python that it runs on", async () => {
  for (const version of ["3.9", "3.13"]) {
    const args = ["-m", "mypy", "--cache-dir", join(folder, "mypy"), "--python-version", version];
    assert.match(await inPython(args), /^Success: no issues found in \d+ source files/);
  }
});

test("its types tell a wrong call from a right one", async () => {
  const file = join(folder, "wrong.py");
  const wrong = [
    'claviger.create_key("acme", {"name": "x"})',
    'claviger.create_key("acme", {"account": "a", "name": 5})',
    'claviger.export_usage("acme")',
    'claviger.verify_key({"project": "acme", "key": "k"})["kode"]',
    'claviger.verify_key({"project": "acme", "key": "k"}, idempotency_key="x")',
  ];
  writeFileSync(file, `from claviger_sdk import Claviger\n\nclaviger = Claviger()\n${wrong.join("\n")}\n`);
  const path = ["src", "../client/src"].map((one) => join(SDK, one)).join(":");
  const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), file];
  const { stdout } = await run(python, args, { cwd: folder, env: { ...process.env, MYPYPATH: path } }).catch(
    (error) => error as { stdout: string },
  );
  const lines = new Set([...stdout.matchAll(/wrong\.py:(\d+): error/g)].map(([, line]) => Number(line) - 4));
  assert.deepEqual([...lines].sort(), [...wrong.keys()], stdout);
});

test("the code in its README is right", async () => {
  const file = join(folder, "readme.py");
  writeFileSync(file, codeOf(join(SDK, "README.md"), "python"));
  const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), file];
  assert.match(
    await inPython(args, { MYPYPATH: "src:../client/src" }),
    /^Success: no issues found in 1 source file/,
  );
});
