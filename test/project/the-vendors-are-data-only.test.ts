/** Every project file in projects/ loads without a problem, and the engine knows none of them by name. */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT, vendorNames, vendorProject, vendorText } from "./project-files.ts";

test("there are five", () => {
  assert.equal(vendorNames.length, 5);
});

for (const name of vendorNames) {
  test(`${name}: the file loads, and says what its name says`, () => {
    const project = vendorProject(name);
    assert.equal(project.name, name);
    assert.ok(project.hosts.some(({ host }) => host === `${name}.localhost`));
    assert.notEqual(project.routes, undefined);
    assert.notEqual(project.file.client?.environmentVariable, undefined);
    assert.notEqual(project.file.client?.example, undefined);
  });

  test(`${name}: editors find the schema`, () => {
    assert.match(vendorText(name), /^# yaml-language-server: \$schema=\.\.\/project\.schema\.json\n/);
  });
}

test("no two are served under one host", () => {
  const hosts = vendorNames.flatMap((name) => vendorProject(name).hosts.map(({ host }) => host));
  assert.equal(new Set(hosts).size, hosts.length);
});

test("no vendor is named in src/", () => {
  const files = globSync("src/**/*", { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 50);
  const word = new RegExp(`(?<![a-z0-9])(?:${vendorNames.join("|")})(?![a-z0-9])`, "gi");
  const named = files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const found = [...`${path.slice(ROOT.length)}\n${readFileSync(path, "utf8")}`.matchAll(word)];
    return found.map((match) => `${path.slice(ROOT.length + 1)}: ${match[0]}`);
  });
  assert.deepEqual(named, []);
});
