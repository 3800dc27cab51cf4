/** The smallest project file works: every default is there, and so is its page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKey } from "../../src/key/format.ts";
import { mintKey } from "../../src/key/mint.ts";
import { DEFAULT_ANSWERS } from "../../src/policy/answers.ts";
import { BUILTIN_PROJECT } from "../../src/project/builtin.ts";
import { authenticationPage, llmsText } from "../../src/project/pages.ts";
import { rowsOf, sectionOf } from "./page-tables.ts";
import { projectOf } from "./project-files.ts";

const project = projectOf("name: acme\n");

test("it is served under its name on this machine, for every environment", () => {
  assert.deepEqual(project.hosts, [{ host: "acme.localhost", environment: undefined, region: undefined }]);
  assert.deepEqual(project.environments, ["live", "test"]);
  assert.equal(project.title, "acme");
  assert.equal(project.upstream, "sample");
});

test("its keys carry the name and the environment, and a checksum", () => {
  const [format, ...others] = project.formats;
  assert.deepEqual(others, []);
  assert.equal(format.template, "acme_{env}_{secret:32}");
  assert.equal(format.checksum, "crc32");
  const { text } = mintKey(format, { environment: "test" });
  assert.match(text, /^acme_test_[0-9A-Za-z]{32}$/);
  assert.equal(parseKey(project.formats, text)?.environment, "test");
});

test("a hyphen of the name is an underscore in its keys", () => {
  assert.equal(projectOf("name: my-api\n").formats[0].template, "my_api_{env}_{secret:32}");
});

test("a key stands in the Authorization header and nowhere else", () => {
  assert.deepEqual(project.credentials, {
    bearer: true,
    headers: [],
    query: { name: "api_key", on: "never" },
    keep: false,
  });
});

test("it has no scopes, tiers, plans or routes, and the default answers", () => {
  assert.deepEqual([project.scopes.size, project.tiers.size, project.plans.size], [0, 0, 0]);
  assert.equal(project.routes, undefined);
  assert.equal(project.defaultPlan, undefined);
  assert.deepEqual(Object.fromEntries(project.dialect.answers), DEFAULT_ANSWERS);
  assert.equal(project.dialect.realm, "acme");
});

test("its page has all that can be said, and nothing of what it does not have", () => {
  const page = authenticationPage(project);
  const titles = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  assert.deepEqual(titles, [
    "Send the key",
    "Key format",
    "Environments and hosts",
    "Scopes",
    "Endpoints",
    "Errors",
    "IP allowlists",
    "Rotation",
    "Revocation",
    "Keeping keys safe",
  ]);
  assert.ok(page.startsWith("# acme: authentication\n\nThe API is at `http://acme.localhost`."));
  assert.ok(
    page.includes("curl 'http://acme.localhost/' \\\n  -H \"Authorization: Bearer $ACME_API_KEY\"\n"),
  );
  assert.deepEqual(rowsOf(sectionOf(page, "Environments and hosts") ?? ""), [
    ["acme.localhost", "every environment"],
  ]);
  assert.doesNotMatch(page, /undefined|null|\[object|NaN|\{hint\}|\n{3,}/);
  assert.ok(page.endsWith("\n") && !page.endsWith("\n\n"));
});

test("where its examples go can be said, by the file or by who asks", () => {
  const curl = (text: string, options = {}) =>
    /curl '([^']*)'/.exec(authenticationPage(projectOf(text), options))?.[1];
  assert.equal(curl("name: acme\nhosts: [api.acme.com]\n"), "https://api.acme.com/");
  assert.equal(curl("name: acme\nhosts: [notlocalhost]\n"), "https://notlocalhost/");
  assert.equal(curl("name: acme\nclient: { baseUrl: 'https://acme.com/api/' }\n"), "https://acme.com/api/");
  assert.equal(curl("name: acme\n", { baseUrl: "http://localhost:4001" }), "http://localhost:4001/");
});

test("without an example the first endpoint that can be called is shown", () => {
  const curl = (routes: string) =>
    /curl (.*) \\$/m.exec(authenticationPage(projectOf(`name: acme\nroutes: ${routes}\n`)))?.[1];
  const url = "http://acme.localhost";
  assert.equal(curl("[{ match: 'GET /v/{x}' }, { match: 'POST|PUT /w/**' }]"), `-X POST '${url}/w'`);
  assert.equal(curl("[{ match: /v/** }]"), `'${url}/v'`);
  assert.equal(curl("[{ match: 'DELETE /v/{x}' }]"), `-X DELETE '${url}/v/x'`);
  assert.equal(curl("[{ match: /** }]"), `'${url}/'`);
  assert.equal(curl("[]"), `'${url}/'`);
});

test("a project that is served under no host has a page too", () => {
  assert.match(authenticationPage(BUILTIN_PROJECT), /^# Claviger: authentication/);
  assert.match(llmsText(BUILTIN_PROJECT), /^# Claviger/);
});

test("a name that begins with a digit makes a variable that a shell takes", () => {
  assert.ok(authenticationPage(projectOf("name: 3d-api\n")).includes('export API_3D_API_API_KEY="<key>"'));
});
