/** Titles, messages and values of a project file stand in the page as text: they make no cell, heading, tag, link or command. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Project } from "../../src/project/compile.ts";
import { compileProject } from "../../src/project/compile.ts";
import { checkShape } from "../../src/project/load.ts";
import { cellCode, code, fence, prose } from "../../src/project/page/markdown.ts";
import { authenticationPage, llmsText } from "../../src/project/pages.ts";
import { cellsOf, rowsOf, sectionOf } from "./page-tables.ts";

const NASTY = "a|b <script>alert(1)</script> `x` *y* _z_ [l](javascript:1) &amp; # \\| ~~w~~";

function nastyProject(text: string): Project {
  const file = {
    name: "acme",
    title: text.slice(0, 80),
    description: text,
    scopes: { read: { group: text.slice(0, 80), description: text } },
    tiers: { all: { title: text.slice(0, 80), scopes: ["read"] } },
    plans: { small: { title: text.slice(0, 80), features: [] } },
    routes: [{ match: "GET /a", scopes: ["read"], feature: "x" }],
    dialect: {
      answers: {
        missing_key: { code: text.slice(0, 100), message: text },
        invalid_key: { body: { text, list: [text] } },
      },
      headers: { "X-Plan": "{plan} | `<b>`" },
    },
  };
  return compileProject(checkShape(file, "acme"));
}

test("every text is shown as it was written", () => {
  const page = authenticationPage(nastyProject(NASTY));
  assert.ok(page.startsWith(`# ${prose(NASTY.slice(0, 80))}: authentication\n`));
  const [missing, , , , invalid] = rowsOf(sectionOf(page, "Errors") ?? "");
  assert.deepEqual(missing?.slice(0, 3), ["401", NASTY, NASTY]);
  assert.equal(invalid?.[2], JSON.stringify({ text: NASTY, list: [NASTY] }));
  const [scope] = rowsOf(sectionOf(page, "Scopes") ?? "");
  assert.deepEqual(scope?.slice(0, 3), ["read", NASTY.slice(0, 80).trim(), NASTY]);
  const [header] = rowsOf(sectionOf(page, "Response headers") ?? "");
  assert.deepEqual(header, ["X-Plan", "the account's plan | `<b>`", "small | `<b>`"]);
});

test("no tag and no heading comes from a text", () => {
  const text = `\n## Boo\n\n${NASTY}\n\`\`\`\n# Boo`;
  const tame = authenticationPage(nastyProject("Tame"));
  for (const page of [authenticationPage(nastyProject(text)), llmsText(nastyProject(text))]) {
    const outside = page.replace(/^(`{3,})[\s\S]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "");
    assert.doesNotMatch(outside, /(?<!\\)<(?!\/?code>)/);
    assert.doesNotMatch(page, /^#+ Boo/m);
  }
  const headings = (page: string) => page.split("\n").filter((line) => /^#{2,} /.test(line));
  assert.deepEqual(headings(authenticationPage(nastyProject(text))), headings(tame));
});

test("every row of every table has as many cells as its head", () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const lines = authenticationPage(nastyProject(text)).split("\n");
      for (const [index, line] of lines.entries()) {
        if (!/^\|(?: --- \|)+$/.test(line)) continue;
        const head = cellsOf(lines[index - 1] ?? "").length;
        for (let row = index + 1; lines[row]?.startsWith("|"); row++) {
          assert.equal(cellsOf(lines[row] ?? "").length, head, lines[row]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("escaped text reads as itself, in prose and in code", () => {
  fc.assert(
    fc.property(hostileText(), (text) => {
      const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
      assert.deepEqual(cellsOf(`| ${prose(text)} |`), line === "" ? [""] : [line]);
      const kept = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
      assert.deepEqual(cellsOf(`| ${cellCode(kept)} |`), [kept]);
      assert.doesNotMatch(code(text), /\n/);
    }),
  );
});

test("a list, a number or a rule at the start of a text stays text", () => {
  assert.equal(prose("- not a list"), "\\- not a list");
  assert.equal(prose("1. not a number"), "1\\. not a number");
  assert.equal(prose("=== not a rule"), "\\=== not a rule");
});

test("an address stays text, because GitHub would make a link of it with the escapes in it", () => {
  assert.equal(prose("See https://acme.com/a_b, me@acme.com"), "See https\\://acme.com/a\\_b, me\\@acme.com");
  assert.equal(prose("www.acme.com"), "www\\.acme.com");
});

test("a fence is longer than what it holds", () => {
  assert.equal(fence("json", '"```` x"'), '`````json\n"```` x"\n`````');
});

/** Short texts of what Markdown, HTML and tables are made of; never empty, as the schema asks. */
function hostileText(): fc.Arbitrary<string> {
  const part = fc.constantFrom(..."|`\\<>*_[]()#~&!-+=1. \n\t a".split(""), "```", "\\|", "&#124;", "😀");
  return fc.array(part, { minLength: 1, maxLength: 20 }).map((parts) => parts.join(""));
}
