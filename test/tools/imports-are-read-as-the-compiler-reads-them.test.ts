// Shows that text which only looks like an import is not taken for one; may not judge imports.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf } from "../../tools/walls/imports.ts";
import { maskLiterals } from "../../tools/walls/mask.ts";

function targetsOf(text: string): Array<string | undefined> {
  return importsOf({ path: "src/key/a.ts", text }).map((found) => found.target);
}

test("every way to mention a module is seen", () => {
  const text = `
    import "./effect.ts";
    import one, { type Two, three as drei } from "../base/one.ts";
    import * as all from './all.ts';
    import {
      long,
    } from "./long.ts";
    export { four } from "./four.ts";
    export type * from "./five.ts";
    const six = await import("./six.ts");
    type Seven = import("./seven.ts").Seven;
    const eight = createRequire("x"), nine = require("./nine.ts");
    new Worker(new URL("./ten.ts", import.meta.url));
    import.meta.resolve("./eleven.ts");
    import fs from "node:fs";
    import(computed);`;
  const local = ["effect", "all", "long", "four", "five", "six", "seven", "nine", "ten", "eleven"];
  const expected = ["src/base/one.ts", "node:fs", undefined, ...local.map((name) => `src/key/${name}.ts`)];
  assert.deepEqual(new Set(targetsOf(text)), new Set(expected));
});

test("the line of an import is the line of its first word", () => {
  const [found] = importsOf({ path: "src/key/a.ts", text: 'const a = 1;\nimport {\n  b,\n} from "./b.ts";' });
  assert.equal(found?.line, 2);
});

test("comments, strings, templates and regular expressions hold no imports", () => {
  assert.deepEqual(targetsOf('// import a from "./a.ts";\n/* import "./b.ts"; */'), []);
  assert.deepEqual(targetsOf("const a = 'import \"./a.ts\"';"), []);
  assert.deepEqual(targetsOf(`const a = \`import b from "./b.ts"; \${c} import "./d.ts";\`;`), []);
  assert.deepEqual(targetsOf('const a = /import "x"/;'), []);
  assert.deepEqual(targetsOf('store.import("./rows.json"); new URL("/v1/keys", base);'), []);
});

test("literals that hold quotes do not hide the code behind them", () => {
  for (const before of [
    "const a = /[\"'/]/;",
    "const a = 6 / 2; const b = '/';",
    'const a = "it\'s";',
    `const a = \`\${b ? \`'\${c}\` : {}}'\`;`,
    "const a = '\\'';",
    "// don't",
    "<p>don't</p>",
  ]) {
    assert.deepEqual(targetsOf(`${before}\nimport "./x.ts";`), ["src/key/x.ts"], before);
  }
});

test("masking keeps every position", () => {
  const text = 'a("b\\"c", /h[/]i/, 1 / 2); // j\n/* k\nl */ m';
  assert.equal(maskLiterals(text), 'a("    ", /     /, 1 / 2);     \n    \n     m');
  const template = `x(\`d\${e('f')}g\`, { h });`;
  assert.equal(maskLiterals(template), `x(\` \${e(' ')} \`, { h });`);
});
