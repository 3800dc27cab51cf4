// Promise: the operator SDK for Python has what the one for TypeScript has, synchronously and asynchronously, and is strictly typed. The
// tests themselves are in sdks/python/sdk/tests; here they get their servers and their Python.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { pythonOffline, pythonWith, wheelsOf } from "../support/python.ts";
import { ROOT } from "../support/server-process.ts";
import { codeOf } from "./documented-code.ts";
import { operationIds } from "./every-operation.ts";
import { startClaviger } from "./operator-sdk.ts";
import { KIT_PYTHON } from "./python-kit.ts";
import { startScriptedServer } from "./scripted-server.ts";

const SDK = join(ROOT, "sdks/python/sdk");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "claviger-sdk-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const packed = join(folder, "packed");

const python = pythonWith(...KIT_PYTHON);

before(async () => {
  for (const source of [join(ROOT, "sdks/python/client"), SDK]) {
    // A copy: the build may write beside its source.
    const copy = join(folder, basename(source));
    const isOurs = (path: string): boolean => !/__pycache__|_cache/.test(relative(source, path));
    cpSync(source, copy, { recursive: true, filter: isOurs });
    await run(python, ["-m", "build", "--no-isolation", "--outdir", packed, copy]);
  }
});

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
      CLAVIGER_OPERATIONS: JSON.stringify(operationIds()),
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

for (const document of [join(SDK, "README.md"), join(ROOT, "docs/operator-sdk.md")]) {
  test(`the code in ${relative(ROOT, document)} is right`, async () => {
    const file = join(folder, "readme.py");
    writeFileSync(file, codeOf(document, "python"));
    const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy"), file];
    assert.match(
      await inPython(args, { MYPYPATH: "src:../client/src" }),
      /^Success: no issues found in 1 source file/,
    );
  });
}

test("wheel and source package hold the SDK, its types and its licence, and nothing else", async () => {
  const modules = readdirSync(join(SDK, "src/claviger_sdk")).filter((name) => /\.py$|^py\.typed$/.test(name));
  const list = async (code: string): Promise<string[]> => JSON.parse(await inPython(["-c", code]));
  const wheel = await list(
    `import json,glob,zipfile; print(json.dumps(zipfile.ZipFile(glob.glob(r"${packed}/claviger_sdk*.whl")[0]).namelist()))`,
  );
  const info = "claviger_sdk-0.1.0.dist-info";
  const wheelNames = [
    ...modules.map((name) => `claviger_sdk/${name}`),
    ...["METADATA", "RECORD", "WHEEL", "licenses/LICENSE"].map((name) => `${info}/${name}`),
  ];
  assert.ok(modules.includes("py.typed"));
  assert.deepEqual(wheel.sort(), wheelNames.sort());
  const source = await list(
    `import json,glob,tarfile; print(json.dumps(tarfile.open(glob.glob(r"${packed}/claviger_sdk*.tar.gz")[0]).getnames()))`,
  );
  const sourceNames = [
    ...modules.map((name) => `src/claviger_sdk/${name}`),
    ...["LICENSE", "PKG-INFO", "README.md", "pyproject.toml"],
  ];
  assert.deepEqual(source.map((name) => name.replace("claviger_sdk-0.1.0/", "")).sort(), sourceNames.sort());
  const [metadata = ""] = await list(
    `import json,glob,zipfile; print(json.dumps([zipfile.ZipFile(glob.glob(r"${packed}/claviger_sdk*.whl")[0]).read("${info}/METADATA").decode()]))`,
  );
  const needed = [...metadata.matchAll(/^Requires-Dist: (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual(needed.sort(), [
    "anyio>=4",
    "claviger-client<0.2,>=0.1.0",
    "httpx<1,>=0.27",
    "typing-extensions>=4.6",
  ]);
  const settings = readFileSync(join(SDK, "src/claviger_sdk/_settings.py"), "utf8");
  assert.match(metadata, new RegExp(`^Version: ${/claviger-sdk-python\/(.+?)"/.exec(settings)?.[1]}$`, "m"));
  assert.equal(readFileSync(join(SDK, "LICENSE"), "utf8"), readFileSync(join(ROOT, "LICENSE"), "utf8"));
  for (const sdk of ["client", "sdk"])
    assert.match(
      readFileSync(join(ROOT, "sdks/python", sdk, "pyproject.toml"), "utf8"),
      /^license = "Apache-2\.0"$.*^Repository = "https:/ms,
    );
});

test("both wheels pass the index's own check, and are no larger than they were meant to be", async () => {
  const archives = readdirSync(packed).map((name) => join(packed, name));
  assert.equal(archives.length, 4);
  const told = await inPython(["-m", "twine", "check", "--strict", ...archives]);
  assert.equal(told.match(/PASSED/g)?.length, 4, told);
  const sizeOf = (name: string): number => statSync(archives.find((one) => one.includes(name)) ?? "").size;
  assert.ok(sizeOf("claviger_sdk-0.1.0-py3") < 40_000, String(sizeOf("claviger_sdk-0.1.0-py3")));
  assert.ok(sizeOf("claviger_client-0.1.0-py3") < 40_000, String(sizeOf("claviger_client-0.1.0-py3")));
});

test("as it was installed, without a network, it operates a server and is typed", async () => {
  const wheels = wheelsOf("httpx==0.28.1", "anyio==4.12.1", "typing-extensions==4.15.0", "mypy==1.19.1");
  const own = pythonOffline(join(folder, "python"), [packed, wheels], ["claviger-sdk", "mypy"]);
  const program = join(folder, "program.py");
  writeFileSync(
    program,
    `import json, sys
from claviger_sdk import ApiError, Claviger, problem_of

with Claviger(root_key=sys.argv[1], url=sys.argv[2]) as claviger:
    claviger.apply_project("acme", {"name": "acme", "keys": {"format": "acme_{secret:40}"}})
    account = claviger.create_account("acme", {"name": "First"})
    created = claviger.create_key("acme", {"account": account["id"], "name": "One"})
    codes: list[str] = [claviger.verify_key({"project": "acme", "key": key})["code"] for key in (created["key"], "no")]
    try:
        claviger.get_project("nothing")
    except ApiError as error:
        problem = problem_of(error)
        codes.append(problem["code"] if problem else "none")
print(json.dumps(codes))
`,
  );
  const server = await startClaviger();
  try {
    const { stdout } = await run(own, ["-W", "error", program, server.rootKey, server.url], { cwd: folder });
    assert.deepEqual(JSON.parse(stdout), ["ok", "invalid_key", "not_found"]);
  } finally {
    await server.end();
  }
  const args = ["-m", "mypy", "--strict", "--cache-dir", join(folder, "mypy-installed"), program];
  assert.match((await run(own, args, { cwd: folder })).stdout, /^Success: no issues found in 1 source file/);
});
