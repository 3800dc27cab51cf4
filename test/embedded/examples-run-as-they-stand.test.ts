// Promise: each example of examples/embedded runs as it stands, admits what its curl asks, refuses what it should, and ends when told;
// what it imports is what the package exports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { folderFor } from "../support/folder.ts";
import { askPort } from "../support/gateway.ts";
import { printed, ROOT, startProcess } from "../support/server-process.ts";
import { FRAMEWORKS } from "./program.ts";

const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

for (const framework of FRAMEWORKS) {
  suite(framework, () => {
    test("it admits, refuses, measures and ends", async (t) => {
      const env = { CLAVIGER_DATA: folderFor(t), PORT: "0" };
      const program = startProcess(process.execPath, [`examples/embedded/${framework}.ts`], { env });
      t.after(() => program.kill());
      const said = await printed(program, /^curl .*\n$/);
      const [, port = "", path = "", header = ""] = /127\.0\.0\.1:(\d+)(\S+) -H "(.*)"\n$/.exec(said) ?? [];
      const authorization = header.split(": ")[1]!;
      const ask = (request: Parameters<typeof askPort>[2]) => askPort(Number(port), "localhost", request);
      const speech = { path: "/speech", method: "POST", body: '{"text":"hello"}' };
      const headers = { authorization, "content-type": "application/json" };
      const answers = [
        await ask({ path, headers: { authorization } }),
        await ask({ path }),
        await ask({ path, headers: { authorization: `${authorization.slice(0, -1)}!` } }),
        await ask({ path: "/elsewhere", headers: { authorization } }),
        await ask({ ...speech, headers }),
      ];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 401, 401, 403, 200],
      );
      assert.deepEqual(answers[4]!.json, { said: "hello", paid: 5 });
      assert.equal(answers[4]!.headers["x-quota-remaining"], "9995");
      program.signal("SIGTERM");
      assert.deepEqual(await program.exited, { code: 0, signal: null });
      assert.equal(program.stderr(), "");
    });

    test("what it says of a program of your own is so", () => {
      const text = readFileSync(join(ROOT, `examples/embedded/${framework}.ts`), "utf8");
      const said = [...text.matchAll(/from "\.\.\/\.\.\/(src\/.*)"; \/\/ in your program: "claviger(.*)"/g)];
      assert.ok(said.length > 0);
      for (const [, file, subpath] of said)
        assert.equal(exports[`.${subpath}`]["claviger-source"], `./${file}`, subpath);
    });
  });
}

test("the package's name leads to the source with the condition, and to the build without", () => {
  for (const [subpath, targets] of Object.entries<string | Record<string, string>>(exports)) {
    if (typeof targets === "string") continue;
    const source = targets["claviger-source"]!;
    assert.ok(readFileSync(join(ROOT, source), "utf8").length > 0, subpath);
    const built = source.replace("./src/", "./dist/");
    assert.equal(targets.default, built.replace(/\.ts$/, ".js"));
    assert.equal(targets.types, built.replace(/\.ts$/, ".d.ts"));
  }
});
