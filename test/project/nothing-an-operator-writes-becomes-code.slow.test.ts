/** Whatever a project file says, the packages written from it hold the same statements, and the texts as texts. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { pythonText, scriptComment, scriptText, tomlText } from "../../src/project/client/literals.ts";
import { clientPackage } from "../../src/project/clients.ts";
import { compileProject } from "../../src/project/compile.ts";
import { checkShape } from "../../src/project/load.ts";
import { folderFor } from "../support/folder.ts";
import { pythonWith } from "../support/python.ts";

/** What ends a string, a comment, a docstring or a line somewhere, or begins something inside one. */
const NASTY = [
  `"); process.exit(1); ("`,
  `'''""" + __import__("os").system("id") + """`,
  `\${process.exit(1)} \`id\` $(id) {0} %s %(x)s`,
  "*/ process.exit(1); /*",
  "\n# \nraise SystemExit\n//\r\u2028\u2029\u0085",
  "\\",
  '\\" \\\\" \\u0022 \\N{QUOTATION MARK} \\x22',
  "\u202e reversed \u2066 \ufeff \u0000 \u007f 😀",
  "</script> <!-- --> ]]>",
];

function filesOf(title: string, description: string, literal: string, language: "python" | "typescript") {
  const file = {
    name: "acme",
    title: title.slice(0, 80) || "x",
    description: description || "x",
    credentials: { query: { name: "key", on: "upgrade" } },
    regions: { eu: { keyPrefix: "eu-" } },
    routes: [
      { match: `GET /v1/things/${literal}/{thing}/**`, name: "things.get" },
      { match: `GET /v1/live/${literal}`, name: "live.connect", webSocket: true },
    ],
    client: {
      className: "Acme",
      baseUrl: `https://acme.example/${literal.replaceAll("'", "")}`,
      regions: { eu: "https://eu.acme.example" },
    },
  };
  return clientPackage(compileProject(checkShape(file, "acme")), language);
}

/** Code without what its strings and one-line comments hold. */
function bones(code: string): string {
  return code
    .replaceAll(/"(?:[^"\\\n]|\\[^\n])*"/g, '""')
    .replaceAll(/\/\*\*(?:(?!\*\/)[^\n])*\*\//g, "/***/");
}

for (const language of ["typescript", "python"] as const) {
  const tame = filesOf("Tame", "Tame", "tame", language);

  test(`${language}: every file has the same statements whatever the texts are`, () => {
    for (const text of NASTY) {
      const nasty = filesOf(text, text, "it's~$x&y=z!", language);
      assert.deepEqual([...nasty.keys()], [...tame.keys()]);
      for (const [path, code] of nasty) {
        if (/README|package\.json/.test(path)) continue;
        assert.match(code, /^[\n -~]*$/, `${path} is printable ASCII`);
        // The path stands in a template of the tests' names, and in nothing else that is not a string.
        assert.equal(bones(code), bones(tame.get(path) ?? ""), path);
      }
    }
  });
}

test("typescript: what is written can be read, and says what was meant", () => {
  for (const text of NASTY) {
    const files = filesOf(text, text, "a", "typescript");
    for (const [path, code] of files) if (path.endsWith(".ts")) stripTypeScriptTypes(code);
    const [, name = ""] = /^ {2}name: (".*"),$/m.exec(files.get("src/client.ts") ?? "") ?? [];
    const meant = text
      .slice(0, 80)
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
      .trim();
    assert.equal(new Function(`return ${name}`)(), meant || "acme");
    const manifest = JSON.parse(files.get("package.json") ?? "");
    assert.doesNotMatch(manifest.description, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

test("typescript: a literal is its text, and a comment ends where it ends", () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const literal = scriptText(text);
      assert.match(literal, /^"[ -~]*"$/);
      assert.equal(new Function(`return ${literal}`)(), text.toWellFormed());
      assert.equal(scriptComment(text).indexOf("*/"), scriptComment(text).length - 2);
    }),
  );
});

test("python: literals of Python and TOML are their texts, and every file can be read", (t) => {
  const texts = [...NASTY, ...fc.sample(hostileText(), 500)];
  const sources = NASTY.flatMap((text) =>
    [...filesOf(text, text, "it's$x", "python")].filter(([path]) => /\.(py|toml)$/.test(path)),
  );
  const file = join(folderFor(t), "cases.json");
  const cases = texts.map((text) => [text.toWellFormed(), pythonText(text), tomlText(text)]);
  writeFileSync(file, JSON.stringify({ cases, sources }));
  const code = `
import ast, json, sys
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
with open(sys.argv[1], encoding="utf-8") as file: read = json.load(file)
for text, python, toml in read["cases"]:
    assert ast.literal_eval(python) == text, python
    assert tomllib.loads("x = " + toml) == {"x": text}, toml
for path, source in read["sources"]:
    if path.endswith(".py"): compile(source, path, "exec")
    else: assert set(tomllib.loads(source)) == {"build-system", "project", "tool"}
print(len(read["cases"]), len(read["sources"]))
`;
  const printed = execFileSync(pythonWith(), ["-W", "error", "-c", code, file], { encoding: "utf8" });
  assert.equal(printed.trim(), `${texts.length} ${sources.length}`);
});

/** Short texts of what strings, comments and escapes are made of. */
function hostileText(): fc.Arbitrary<string> {
  const parts = [
    ..."\"'`\\$*/#\n\r\t xuUN0{}",
    '"""',
    "*/",
    "\u2028",
    "\u0085",
    "\ud83d",
    "😀",
    "\u202e",
    "\u007f",
  ];
  return fc.array(fc.constantFrom(...parts), { maxLength: 20 }).map((some) => some.join(""));
}
