// Promise: `claviger schema` prints the published JSON Schema, which a validator that is not Claviger's own can use.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parse } from "yaml";
import { bundledProjects } from "../support/bundled.ts";
import { run } from "./made-up-terminal.ts";

interface Validator {
  validateSchema(schema: object): boolean;
  compile(schema: object): (value: unknown) => boolean;
  readonly errors: unknown;
}

/** Ajv for draft 2020-12, which Fastify brings along. */
function validator(): Validator {
  const ofFastify = createRequire(createRequire(import.meta.url).resolve("fastify"));
  const { default: Ajv } = ofFastify("ajv/dist/2020.js") as { default: new (options: object) => Validator };
  return new Ajv({ strict: false, allErrors: true });
}

async function printed(): Promise<string> {
  const { code, out, err } = await run(["schema"]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  return out;
}

test("it is the file that editors are pointed to, to the byte", async () => {
  assert.equal(await printed(), readFileSync(new URL("../../project.schema.json", import.meta.url), "utf8"));
});

test("it is a valid schema of draft 2020-12, and says so", async () => {
  const schema = JSON.parse(await printed());
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  const ajv = validator();
  assert.ok(ajv.validateSchema(schema), JSON.stringify(ajv.errors));
});

test("another validator takes the bundled projects by it, and refuses a mistake in each", async () => {
  const check = validator().compile(JSON.parse(await printed()));
  for (const [name, yaml] of Object.entries(bundledProjects())) {
    const file = parse(yaml);
    assert.ok(check(file), name);
    assert.ok(!check({ ...file, colour: "red" }), `${name}: an unknown field`);
    assert.ok(!check({ ...file, name: 5 }), `${name}: a wrong type`);
    const { name: _name, ...nameless } = file;
    assert.ok(!check(nameless), `${name}: no name`);
  }
});
