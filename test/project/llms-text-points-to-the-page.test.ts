/** llms.txt has the layout of llmstxt.org: a title, a summary, facts, and links to the page's own headings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticationPage, llmsText } from "../../src/project/pages.ts";
import { projectOf, vendorNames, vendorProject } from "./project-files.ts";

const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]!.toLowerCase().replaceAll(" ", "-"));

for (const name of vendorNames) {
  test(`${name}: title, summary, facts and links, in this order`, () => {
    const text = llmsText(vendorProject(name));
    assert.match(text, /^# \S.*\n\n> \S.*\n\n(- .*\n)+\n## Documentation\n\n(- \[.*\]\(.*\): .*\n)+$/);
  });

  test(`${name}: every link leads to a heading of the page`, () => {
    const project = vendorProject(name);
    const anchors = anchorsOf(authenticationPage(project));
    const links = [...llmsText(project).matchAll(/\]\(([^)]*)\)/g)].map((match) => match[1]);
    assert.equal(links[0], "docs.md");
    for (const link of links.slice(1)) {
      const [path, anchor] = link?.split("#") ?? [];
      assert.equal(path, "docs.md");
      assert.ok(anchors.includes(anchor ?? ""), link);
    }
  });
}

test("the facts name header, key, variable and errors", () => {
  const text = llmsText(vendorProject("nudg3"));
  assert.ok(text.includes("\n- Send the key as `Authorization: Bearer <key>` or `X-API-Key: <key>`;"));
  assert.ok(text.includes("`nudg3_(?:live|test)_ak_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}`"));
  assert.ok(text.includes("`NUDG3_API_KEY`"));
  for (const error of ["401 `invalid_api_key`", "401 `expired_api_key`", "403 `ip_not_allowed`"]) {
    assert.ok(text.includes(error), error);
  }
});

test("a project with nothing but a name has one too", () => {
  const text = llmsText(projectOf("name: acme\n"));
  assert.ok(text.startsWith("# acme\n\n> Every request carries an API key.\n"));
  assert.doesNotMatch(text, /undefined|Scopes|Plans/);
});
