import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BUILTIN_PROJECT } from "../../src/project/builtin.ts";
import { generatedFiles, staleFiles } from "../../tools/generate.ts";

const files = await generatedFiles();
const document = JSON.parse(files["openapi.json"]!);

type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: { in: string; name: string }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
};
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test("what is committed is what is generated, today and tomorrow", async () => {
  assert.deepEqual(staleFiles(files), []);
  assert.deepEqual(await generatedFiles(), files);
});

test("a file that differs is named", (t) => {
  const root = mkdtempSync(join(tmpdir(), "claviger-test-"));
  t.after(() => rmSync(root, { recursive: true }));
  assert.deepEqual(staleFiles(files, root), Object.keys(files));
  writeFileSync(join(root, "openapi.json"), files["openapi.json"]!);
  assert.deepEqual(
    staleFiles(files, root),
    Object.keys(files).filter((name) => name !== "openapi.json"),
  );
});

test("every reference of the OpenAPI document leads somewhere", () => {
  let count = 0;
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    const { $ref } = value as { $ref?: unknown };
    if (typeof $ref === "string") {
      count++;
      let target: unknown = document;
      for (const part of $ref.replace(/^#\//, "").split("/"))
        target = (target as Record<string, unknown>)?.[part];
      assert.equal(typeof target, "object", $ref);
    }
    for (const item of Object.values(value)) walk(item);
  };
  walk(document);
  assert.ok(count > 100);
  assert.equal(document.openapi, "3.1.0");
});

test("every operation says what it is, who may call it and how it fails", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { path, method, operation } of operations) {
    const what = `${method} ${path}`;
    assert.match(operation.operationId, /^[a-z][A-Za-z]+$/, what);
    assert.ok(operation.summary && operation.tags.length === 1, what);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).filter((one) => one.in === "path").map(({ name }) => name);
    assert.deepEqual(declared, named, what);
    const problem =
      path === "/v1/introspect"
        ? ["application/json", "OAuthError"]
        : ["application/problem+json", "Problem"];
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      assert.ok(description, what);
      if (status < "400" || (path === "/readyz" && status === "503")) continue;
      assert.deepEqual(
        content,
        { [problem[0]!]: { schema: { $ref: `#/components/schemas/${problem[1]}` } } },
        what,
      );
    }
    const scope = /Needs the scope `(.+?)`/.exec(operation.description ?? "")?.[1];
    assert.equal(operation.security.length === 0, scope === undefined, what);
    if (scope !== undefined) {
      assert.ok(BUILTIN_PROJECT.scopes.has(scope), what);
      for (const status of ["401", "403", "503"]) assert.ok(operation.responses[status], what);
    }
    for (const scheme of operation.security.flatMap(Object.keys))
      assert.ok(document.components.securitySchemes[scheme], what);
  }
});

test("the JSON Schema of project files names its dialect and itself", () => {
  const schema = JSON.parse(files["project.schema.json"]!);
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.match(schema.$id, /^urn:claviger:/);
  assert.deepEqual(schema.required, ["name"]);
  assert.equal(schema.additionalProperties, false);
});
