// Shows each rule of the walls failing on a small made-up tree; may not read the real one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkWalls, formatProblem } from "../../tools/rooms.ts";

const OPENING = "// What this is for.\n";

/** Problems of a tree given as path to code; READMEs and openings are added, so that each case shows one rule. */
function problemsOf(tree: Record<string, string>): string[] {
  const files = Object.entries(tree).map(([path, code]) => ({ path, text: OPENING + code }));
  const folders = new Set(
    files.flatMap(({ path }) => path.split("/").map((_, i, all) => all.slice(0, i).join("/"))),
  );
  folders.delete("");
  const readmes = [...folders].map((folder) => ({ path: `${folder}/README.md`, text: "Here.\n" }));
  return checkWalls([...files, ...readmes]).map(formatProblem);
}

function assertBroken(tree: Record<string, string>, ...expected: RegExp[]): void {
  const problems = problemsOf(tree);
  assert.equal(problems.length, expected.length, problems.join("\n"));
  for (const [i, pattern] of expected.entries()) assert.match(problems[i] as string, pattern);
}

test("a tree that keeps every rule has no problem", () => {
  const problems = problemsOf({
    "src/base/clock.ts": "export const now = () => 0;",
    "src/key/digest.ts": 'import { createHash } from "node:crypto";\nimport { now } from "../base/clock.ts";',
    "src/policy/network.ts": 'import { BlockList } from "node:net";',
    "src/store/records.ts": 'import type { Key } from "../key/digest.ts";',
    "src/store/sqlite/open.ts": 'import { b } from "./rows.ts";\nimport Database from "better-sqlite3";',
    "src/store/sqlite/rows.ts": 'import type { Row } from "../records.ts";',
    "src/http/app.ts": 'import { verify } from "../verify/verify.ts";',
    "src/verify/verify.ts": "",
    "src/open.ts": 'import { sqlite } from "./store/sqlite/open.ts";',
    "src/index.ts": 'export { open } from "./open.ts";',
    "src/cli/serve.ts": 'import { sqlite } from "../store/sqlite/open.ts";',
    "console/main.tsx": 'import { App } from "./app.tsx";\nexport default App;',
    "projects/acme.yaml": "name: acme",
    "test/verify/deep/folder.test.ts": "",
    "tools/walk.ts": "",
  });
  assert.deepEqual(problems, []);
});

test("an import cycle is found through values, types and re-exports", () => {
  assertBroken(
    {
      "src/base/a.ts": 'import { b } from "./b.ts";',
      "src/base/b.ts": 'import type { C } from "./c.ts";',
      "src/base/c.ts": '\nexport * from "./a.ts";',
    },
    /^src\/base\/c\.ts:3 import cycle: src\/base\/a\.ts > src\/base\/b\.ts > src\/base\/c\.ts > src\/base\/a\.ts$/,
  );
  assertBroken(
    { "src/base/a.ts": 'import { a } from "./a.ts";' },
    /import cycle: src\/base\/a\.ts > src\/base\/a\.ts/,
  );
});

test("a worker that names the file it came from is no cycle", () => {
  const tree = {
    "src/store/sqlite/writer.ts": 'import type { Message } from "./thread.ts";',
    "src/store/sqlite/thread.ts": 'new Worker(new URL("./writer.ts", import.meta.url));',
  };
  assertBroken(tree);
});

test("a room may not import a room on a higher step", () => {
  assertBroken(
    { "src/base/a.ts": 'import { k } from "../key/k.ts";' },
    /base\/a\.ts:2 base may not import key/,
  );
  assertBroken({ "src/policy/a.ts": 'export { s } from "../store/s.ts";' }, /policy may not import store/);
  assertBroken({ "src/gateway/a.ts": 'await import("../open.ts");' }, /gateway may not import open/);
  assertBroken({ "src/open.ts": 'import { m } from "./cli/m.ts";' }, /open may not import cli/);
  assertBroken({ "src/key/a.ts": 'type P = import("../project/p.ts").P;' }, /key may not import project/);
  assertBroken({ "src/http/a.ts": 'new URL("../cli/w.ts", import.meta.url);' }, /http may not import cli/);
});

test("rooms on one step do not know each other", () => {
  for (const [one, other] of [
    ["key", "policy"],
    ["verify", "manage"],
    ["http", "gateway"],
    ["gateway", "verifier"],
    ["verifier", "http"],
  ]) {
    const there = { [`src/${one}/a.ts`]: `import type { B } from "../${other}/b.ts";` };
    const back = { [`src/${other}/b.ts`]: `import type { A } from "../${one}/a.ts";` };
    assertBroken(there, new RegExp(`${one} and ${other} do not know each other`));
    assertBroken(back, new RegExp(`${other} and ${one} do not know each other`));
  }
});

test("a file outside of the rooms needs a place in the order", () => {
  assertBroken({ "src/magic/a.ts": "" }, /"magic" is no room/);
  assertBroken({ "src/start.ts": "" }, /"start" is no room/);
  assertBroken({ "src/cli/a.ts": 'import x from "../../test/x.ts";' }, /src\/ may not import test\/x\.ts/);
  assertBroken({ "src/cli/a.ts": 'import { open } from "claviger";' }, /not by the package's name/);
  assertBroken({ "src/cli/a.ts": "await import(name);" }, /must be written out/);
});

test("only the wiring names a storage driver", () => {
  const driver =
    /only src\/open\.ts and src\/open-people\.ts and src\/cli\/serve\.ts name the storage driver/;
  assertBroken({ "src/verify/a.ts": 'import { s } from "../store/sqlite/open.ts";' }, driver);
  assertBroken({ "src/cli/apply.ts": 'import { s } from "../store/postgres/open.ts";' }, driver);
  assertBroken({ "src/index.ts": 'export { m } from "./store/memory.ts";' }, driver);
  assertBroken({ "src/store/postgres/a.ts": 'import { s } from "../sqlite/b.ts";' }, driver);
  assertBroken(
    { "src/store/ledger.ts": 'import Database from "better-sqlite3";' },
    /only a storage driver imports/,
  );
});

test("the pure rooms may not reach the outside world", () => {
  assertBroken({ "src/key/a.ts": 'import { readFileSync } from "node:fs";' }, /key is pure/);
  assertBroken({ "src/policy/a.ts": 'import { request } from "undici";' }, /policy is pure/);
});

test("the console and the SDKs have no door but HTTP", () => {
  const door = /the HTTP API is the only door/;
  assertBroken({ "console/src/app.tsx": 'import { judge } from "../../src/policy/judge.ts";' }, door);
  assertBroken({ "sdks/typescript/src/client.ts": 'import type { Key } from "claviger";' }, door);
});

test("a vendor's name in src is found as a whole word in any case, in code, comments and paths", () => {
  const named = {
    "projects/acme.yaml": "",
    "src/base/a.ts": "\n// As ACME does.\nconst start = 'acme_live_';",
  };
  assertBroken(named, /a\.ts:3 "ACME" is a vendor's name/, /a\.ts:4 "acme" is a vendor's name/);
  assertBroken({ "projects/acme.yaml": "", "src/gateway/acme.ts": "" }, /"acme" is a vendor's name/);
  assertBroken({ "projects/acme.yaml": "", "src/base/a.ts": "const acmeism = 1;" });
});

test("default exports, empty names and barrels are found", () => {
  assertBroken({ "src/base/a.ts": "export default 1;" }, /a\.ts:2 no default exports/);
  assertBroken({ "src/base/a.ts": "const a = 1;\nexport { a as default };" }, /a\.ts:3 no default exports/);
  for (const stem of ["utils", "helpers", "common", "types", "misc", "Util"]) {
    assertBroken({ [`src/base/${stem}.ts`]: "" }, /does not say what the file is for/);
  }
  assertBroken({ "test/helpers.test.ts": "" }, /does not say what the file is for/);
  assertBroken({ "src/key/index.ts": "" }, /src\/index\.ts is the only index/);
});

test("a file past 400 lines is a problem, past 300 a note", () => {
  assertBroken({ "src/base/a.ts": "\n".repeat(299) });
  assertBroken({ "src/base/a.ts": "\n".repeat(300) }, /a\.ts:301 note: 301 lines/);
  assertBroken({ "tools/a.ts": "\n".repeat(399) }, /note: 400 lines/);
  assertBroken({ "tools/a.ts": "\n".repeat(400) }, /a\.ts:401 401 lines; the most is 400/);
});

test("a source file without an opening comment is found", () => {
  const readmes = ["src", "src/base"].map((folder) => ({ path: `${folder}/README.md`, text: "" }));
  const openings = ["const a = 1;", "#!/usr/bin/env node\nconst a = 1;", ""];
  for (const text of openings) {
    const problems = checkWalls([...readmes, { path: "src/base/a.ts", text }]);
    assert.match(problems.map(formatProblem).join(), /^src\/base\/a\.ts:1 a file opens with a comment/);
  }
});

test("a folder without a README is found, under test the first level only", () => {
  const files = [
    "src/base/a.ts",
    "test/http/raw/a.test.ts",
    "examples/proxy/conf/proxy.conf",
    "console/app/a.ts",
  ];
  const problems = checkWalls(files.map((path) => ({ path, text: OPENING })));
  const folders = [
    "examples",
    "examples/proxy",
    "examples/proxy/conf",
    "src",
    "src/base",
    "test",
    "test/http",
  ];
  assert.deepEqual(
    problems.map((problem) => problem.path),
    folders.map((folder) => `${folder}/README.md`),
  );
});
