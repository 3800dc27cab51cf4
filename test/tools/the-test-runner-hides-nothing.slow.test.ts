// Runs the runner over made-up suites: whatever is wrong with them must show in its last line and exit code.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { selectFiles } from "../../tools/test.ts";

const RUNNER = join(import.meta.dirname, "../../tools/test.ts");
const IMPORTS = 'import { describe, test } from "node:test";\nimport assert from "node:assert/strict";\n';

/** A folder with test files given as name to code; gone when the test ends. */
function suites(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "claviger-suites-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, code] of Object.entries(files)) {
    const path = join(root, "test", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, IMPORTS + code);
  }
  return root;
}

function startRunner(root: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [RUNNER, "--root", root, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function runSuites(root: string, ...args: string[]) {
  const runner = startRunner(root, ...args);
  assert(runner.stdout);
  const [output, [code]] = await Promise.all([text(runner.stdout), once(runner, "exit")]);
  return { output, code, lastLine: output.trimEnd().split("\n").at(-1) };
}

/**
 * Accepts one connection, to be held open by a process of which only the death is of interest: `ended` settles when
 * the connection closes, however early that is.
 */
async function lifeline(t: TestContext) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const connected = once(server, "connection").then(([socket]: Socket[]) => {
    assert(socket);
    // A killed process may reset the connection; that is an end like any other.
    socket.on("error", () => {}).resume();
    return { ended: once(socket, "close") };
  });
  const { port } = server.address() as AddressInfo;
  return { connectCode: `require("node:net").connect(${port}, "127.0.0.1")`, connected };
}

/** Code of a test that starts a process and never ends. */
function hangingWith(code: string): string {
  const spawned = `spawn(process.execPath, ["-e", ${JSON.stringify(code)}], { stdio: "inherit" })`;
  return `import { spawn } from "node:child_process";\ntest("hangs", () => new Promise(() => { ${spawned}; }));`;
}

const PASSING =
  'test("holds", () => {}); describe("group", () => { test("holds too", { skip: false }, () => {}); });';

test("suites that pass are counted by their leaves, and the exit code is 0", async (t) => {
  const { code, lastLine } = await runSuites(
    suites(t, { "a.test.ts": PASSING, "deep/er/b.test.ts": PASSING }),
  );
  assert.equal(lastLine, "4 passed, 0 failed");
  assert.equal(code, 0);
});

test("a failing test shows its file, its name and its diff", async (t) => {
  const failing =
    'describe("group", () => { test("differs", () => assert.deepEqual({ a: 1 }, { a: 2 })); });';
  const { code, lastLine, output } = await runSuites(
    suites(t, { "a.test.ts": PASSING, "b.test.ts": failing }),
  );
  assert.equal(lastLine, "2 passed, 1 failed");
  assert.equal(code, 1);
  assert.match(output, /test\/b\.test\.ts › group › differs\n[\s\S]*\+ {3}a: 1\n[\s\S]*- {3}a: 2/);
});

test("an assertion with a message of its own still shows both sides", async (t) => {
  const { output } = await runSuites(
    suites(t, { "a.test.ts": 'test("x", () => assert.equal(17, 71, "odd"));' }),
  );
  assert.match(output, /odd\n[\s\S]*actual: {3}17\n *expected: 71/);
});

test("a file that crashes, does not load, ends early or has no test is one failure", async (t) => {
  const root = suites(t, {
    "crashes.test.ts": 'test("never reported", () => {}); throw new Error("beside the tests");',
    "does-not-parse.test.ts": "const = 1;",
    "ends-early.test.ts": 'test("leaves", () => process.exit(0));',
    "has-no-test.test.ts": "",
    "late.test.ts": 'test("ends first", () => { setTimeout(() => { throw new Error("late"); }, 5); });',
  });
  const { code, lastLine, output } = await runSuites(root);
  assert.equal(lastLine, "1 passed, 5 failed");
  assert.equal(code, 1);
  assert.match(output, /crashes\.test\.ts › the whole file\n +crashed \(exit code \d+\)/);
  assert.match(output, /it printed:\n[\s\S]*beside the tests/);
});

test("a skipped or unfinished test is a failure unless the platform is the reason", async (t) => {
  const root = suites(t, {
    "a.test.ts": `
      test.skip("a", () => {});
      test.todo("b");
      test("c", (t) => t.skip("too slow"));
      describe.skip("d", () => { test("e", () => {}); });
      describe("empty", () => {});
      test("f", { skip: "platform: no such signal here" }, () => {});
      test("g", () => {});`,
  });
  const { lastLine, output } = await runSuites(root);
  assert.equal(lastLine, "1 passed, 5 failed");
  assert.match(output, /› c\n +skipped \(too slow\)/);
  assert.match(output, /not run here: f \(platform: no such signal here\)/);
});

test("a hook that fails is a failure beside the tests it took with it", async (t) => {
  const hook = 'describe("g", () => { before(() => { throw new Error("no"); }); test("x", () => {}); });';
  const code = `import { before } from "node:test";\n${hook}`;
  assert.equal((await runSuites(suites(t, { "a.test.ts": code }))).lastLine, "0 passed, 2 failed");
});

test("nothing run is not a success", async (t) => {
  const root = suites(t, { "a.test.ts": PASSING });
  const { code, lastLine } = await runSuites(root, "no-such-path");
  assert.equal(lastLine, "0 passed, 0 failed");
  assert.equal(code, 1);
});

test("a file that does not end is stopped with all it started", async (t) => {
  const { connectCode, connected } = await lifeline(t);
  const root = suites(t, { "a.test.ts": hangingWith(connectCode) });
  const finished = runSuites(root, "--timeout-ms", "3000");
  await (await connected).ended;
  const { code, lastLine, output } = await finished;
  assert.equal(lastLine, "0 passed, 1 failed");
  assert.equal(code, 1);
  assert.match(output, /a\.test\.ts › the whole file\n +not finished after 3 s/);
});

test("a process left behind by a test that passed is ended", async (t) => {
  const { connectCode, connected } = await lifeline(t);
  const start = `spawn(process.execPath, ["-e", ${JSON.stringify(`${connectCode}.on("connect", () => process.send(1))`)}],`;
  const code = `import { spawn } from "node:child_process";\nimport { once } from "node:events";
    test("leaves one", async () => {
      const child = ${start} { stdio: ["ignore", "ignore", "ignore", "ipc"] });
      await once(child, "message");
      child.disconnect();
      child.unref();
    });`;
  const { lastLine } = await runSuites(suites(t, { "a.test.ts": code }));
  assert.equal(lastLine, "1 passed, 0 failed");
  await (await connected).ended;
});

test("a runner that is told to stop takes its test processes with it", async (t) => {
  const { connectCode, connected } = await lifeline(t);
  const runner = startRunner(suites(t, { "a.test.ts": hangingWith(connectCode) }));
  runner.stdout?.resume();
  const { ended } = await connected;
  const [[code]] = await Promise.all([once(runner, "exit"), ended, runner.kill("SIGTERM")]);
  assert.equal(code, 1);
});

test("--fast leaves out what needs services, and words select by path", () => {
  const slow = ["contracts", "crash", "cluster", "console", "hostile", "packaging", "portal", "proxies"].map(
    (name) => `test/${name}/x.test.ts`,
  );
  const all = ["test/key/mint.test.ts", "test/key/mint.slow.test.ts", "test/policy/crash.test.ts", ...slow];
  assert.deepEqual(selectFiles(all, true, []), ["test/key/mint.test.ts", "test/policy/crash.test.ts"]);
  assert.equal(selectFiles(all, false, []).length, all.length);
  assert.deepEqual(selectFiles(all, false, ["cluster", "policy/"]), [
    "test/cluster/x.test.ts",
    "test/policy/crash.test.ts",
  ]);
});
