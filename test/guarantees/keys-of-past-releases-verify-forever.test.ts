// Promise: a key that any past release issued verifies in this one, out of the very rows that release wrote, before and after
// today's project files are applied. Hostile case B19.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Sqlite from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { fixedClock } from "../../src/base/clock.ts";
import { compileFormat, parseKey } from "../../src/key/format.ts";
import { getKey } from "../../src/manage/keys.ts";
import { applyProject } from "../../src/manage/projects.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Instance, openInstance } from "../../src/open.ts";
import { parseAddress } from "../../src/policy/network.ts";
import { loadProjectText } from "../../src/project/load.ts";
import { MIGRATIONS, migrate } from "../../src/store/sql/migrations.ts";
import type { Tables } from "../../src/store/sql/tables.ts";
import { bundledProjects } from "../support/bundled.ts";
import { askOver } from "../support/engine.ts";
import { folderFor } from "../support/folder.ts";
import golden from "../vectors/golden-keys.json" with { type: "json" };

type Release = (typeof golden.releases)[number];

const NOW = Date.parse("2026-11-21T12:00:00Z");
/** Inside the allowlists of the golden keys that have one. */
const QUESTION = { clientAddress: parseAddress("203.0.113.9") };

/** A data folder as the release left it. */
async function folderOf(context: TestContext, release: Release): Promise<string> {
  const data = folderFor(context);
  const connection = new Sqlite(join(data, "claviger.db"));
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  await migrate(database, MIGRATIONS.slice(0, release.schema));
  for (const [table, rows] of Object.entries(release.tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      connection
        .prepare(`insert into ${table} (${columns}) values (${columns.map(() => "?")})`)
        .run(...Object.values(row));
    }
  }
  await database.destroy();
  return data;
}

async function openRelease(context: TestContext, release: Release): Promise<Instance> {
  const data = await folderOf(context, release);
  const faults: unknown[] = [];
  const onFault = (...fault: unknown[]) => void faults.push(fault);
  const instance = await openInstance({ data, pepper: release.pepper, clock: fixedClock(NOW), onFault });
  context.after(() => instance.close());
  assert.deepEqual(faults, []);
  return instance;
}

for (const release of golden.releases) {
  test(`all keys of ${release.release} verify, with the facts that were stored`, async (context) => {
    const instance = await openRelease(context, release);
    assert.ok(release.keys.length >= 10);
    for (const { project, environment, id, text } of release.keys) {
      const verdict = await askOver(instance, instance.verify, project, text, { ...QUESTION, environment });
      assert.equal(verdict.code, "ok", `${project} ${id}`);
      const { tier, environment: named } = await getKey(instance, project, id);
      assert.deepEqual(
        [verdict.key?.id, verdict.key?.environment, verdict.key?.tier ?? null],
        [id, named, tier],
      );
      const other = await askOver(instance, instance.verify, project, text, { environment: "elsewhere" });
      assert.equal(other.code, "wrong_environment");
    }
  });

  test(`keys of ${release.release} go on under today's project files, and can be rotated`, async (context) => {
    const instance = await openRelease(context, release);
    for (const text of Object.values(bundledProjects())) {
      const { warnings } = await applyProject(instance, LOCAL_CALLER, loadProjectText(text, "bundled"));
      assert.deepEqual(warnings, []);
    }
    for (const { project, environment, id, text } of release.keys) {
      const ask = (key: string) =>
        askOver(instance, instance.verify, project, key, { ...QUESTION, environment });
      assert.equal((await ask(text)).code, "ok", `${project} ${id}`);
      const next = await rotateKey(instance, LOCAL_CALLER, project, id);
      assert.deepEqual([(await ask(text)).code, (await ask(next.key)).code], ["revoked_key", "ok"]);
    }
  });
}

test("the golden keys cover all five formats and the bundled files still read them", () => {
  const [first] = golden.releases;
  const projects = Object.entries(bundledProjects());
  assert.equal(projects.length, 5);
  for (const [name, text] of projects) {
    const { file } = loadProjectText(text, name);
    const format = compileFormat(file.keys?.format ?? "", {
      environments: file.environments ?? [],
      checksum: "crc32",
    });
    const keys = first!.keys.filter(({ project }) => project === name);
    assert.ok(keys.length >= 2);
    for (const key of keys) assert.ok(parseKey([format], key.text), key.id);
  }
});
