import assert from "node:assert/strict";
import { test } from "node:test";
import { controlPlaneFor } from "../support/control-plane.ts";

const YAML = `name: beta
title: Beta
scopes:
  notes:read: Read notes
routes:
  - { match: GET /notes/**, scopes: ["notes:read"] }
`;
const asYaml = { "content-type": "application/yaml" };

test("a project file is applied as YAML or JSON, and the second time changes nothing", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const created = await ask("PUT /v1/projects/beta", { body: YAML, headers: asYaml });
  assert.equal(created.status, 201);
  assert.equal(created.json.created, true);
  assert.deepEqual(created.json.warnings, []);
  assert.equal(created.json.project.title, "Beta");
  assert.equal(created.json.project.version, 1);
  assert.deepEqual(created.json.project.file.scopes, { "notes:read": "Read notes" });
  assert.deepEqual(
    created.json.differences.map(({ change }: { change: string }) => change),
    ["added"],
  );

  for (const type of ["application/x-yaml", "text/yaml; charset=utf-8"]) {
    const again = await ask("PUT /v1/projects/beta", { body: YAML, headers: { "content-type": type } });
    assert.equal(again.status, 200);
    assert.deepEqual([again.json.created, again.json.differences], [false, []]);
  }

  const changed = await ask("PUT /v1/projects/beta", {
    body: { ...created.json.project.file, title: "Gamma" },
  });
  assert.equal(changed.status, 200);
  assert.deepEqual(changed.json.differences, [
    { field: "title", change: "changed", before: "Beta", after: "Gamma" },
  ]);
  assert.equal(changed.json.project.version, 2);
});

test("a dry run says what would change and changes nothing", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const tried = await ask("PUT /v1/projects/beta?dryRun=true", { body: YAML, headers: asYaml });
  assert.equal(tried.status, 200);
  assert.equal(tried.json.created, true);
  assert.equal((await ask("GET /v1/projects/beta")).status, 404);
  assert.equal(
    (await ask("PUT /v1/projects/beta?dryRun=yes", { body: YAML, headers: asYaml })).json.code,
    "validation_failed",
  );
});

test("every mistake of a file is told with its field and line", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const answer = await ask("PUT /v1/projects/beta", {
    body: `${YAML}colour: red\nhosts: [UPPER]\n`,
    headers: asYaml,
  });
  assert.equal(answer.status, 422);
  assert.equal(answer.json.code, "validation_failed");
  const told = Object.fromEntries(
    answer.json.errors.map(({ field, message }: Record<string, string>) => [field, message]),
  );
  assert.match(told.colour, /^line 7: unknown field/);
  assert.match(told["hosts[0]"], /^line 8: /);

  const unknownScope = await ask("PUT /v1/projects/beta", {
    body: YAML.replace('scopes: ["notes:read"]', 'scopes: ["notes:write"]'),
    headers: asYaml,
  });
  assert.equal(unknownScope.status, 422);
  assert.match(unknownScope.json.errors[0].message, /^line 6: .*notes:write/);
});

test("the name in the file and the name in the path are one", async (t) => {
  const { ask } = await controlPlaneFor(t);
  const answer = await ask("PUT /v1/projects/other", { body: YAML, headers: asYaml });
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.json.errors, [
    { field: "name", message: "line 1: must equal the name in the path" },
  ]);
  const reserved = await ask("PUT /v1/projects/claviger", { body: { name: "claviger" } });
  assert.equal(reserved.status, 422);
  assert.equal(reserved.json.errors[0].field, "name");
});

test("a body that is no project file is refused, and so is another project's host", async (t) => {
  const { ask } = await controlPlaneFor(t);
  assert.equal((await ask("PUT /v1/projects/beta")).json.code, "validation_failed");
  const json = { "content-type": "application/json" };
  assert.equal(
    (await ask("PUT /v1/projects/beta", { body: "name: beta", headers: json })).json.code,
    "invalid_json",
  );
  assert.equal(
    (await ask("PUT /v1/projects/beta", { body: '{"name":"beta","name":"x"}', headers: json })).json.code,
    "invalid_json",
  );
  for (const body of ["", "[", "a: [1", "&a [*a, *a]", "- ".repeat(100_000)]) {
    const answer = await ask("PUT /v1/projects/beta", { body, headers: asYaml });
    assert.equal(answer.json.code, "validation_failed", body.slice(0, 20));
  }
  const taken = await ask("PUT /v1/projects/beta", { body: { name: "beta", hosts: ["acme.localhost"] } });
  assert.equal(taken.status, 409);
  assert.equal(taken.json.code, "conflict");
});

test("projects are listed and read with the addresses that serve them, the built-in one is not", async (t) => {
  const { ask } = await controlPlaneFor(t, {
    projects: [{ name: "acme" }, { name: "beta" }],
    endpoints: () => [{ project: "acme", host: "acme.localhost", url: "http://127.0.0.1:4010" }],
  });
  const list = await ask("GET /v1/projects");
  assert.equal(list.status, 200);
  assert.deepEqual(
    list.json.items.map(({ name }: { name: string }) => name),
    ["acme", "beta"],
  );
  assert.equal(list.json.nextCursor, undefined);
  const one = await ask("GET /v1/projects/acme");
  assert.deepEqual(one.json.endpoints, [{ host: "acme.localhost", url: "http://127.0.0.1:4010" }]);
  assert.deepEqual(one.json.file, { name: "acme" });
  assert.match(one.json.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal((await ask("GET /v1/projects/nobody")).json.code, "not_found");
});

test("a project's pages are served as Markdown and as text", async (t) => {
  const { ask } = await controlPlaneFor(t, {
    projects: [{ name: "acme", title: "Acme" }],
    endpoints: () => [{ project: "acme", host: "acme.localhost", url: "http://127.0.0.1:4010" }],
  });
  const page = await ask("GET /v1/projects/acme/docs.md");
  assert.equal(page.status, 200);
  assert.equal(page.headers.get("content-type"), "text/markdown; charset=utf-8");
  assert.match(page.text, /Acme/);
  assert.match(page.text, /http:\/\/127\.0\.0\.1:4010/);
  const llms = await ask("GET /v1/projects/acme/llms.txt");
  assert.equal(llms.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(llms.text, /Acme/);
  assert.equal((await ask("GET /v1/projects/nobody/docs.md")).status, 404);
  assert.equal((await ask("GET /v1/projects/nobody/llms.txt")).status, 404);
});
