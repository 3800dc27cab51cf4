// Promise: what each layer does when what it depends on fails is shown by the control plane and by docs/operating.md in the same words,
// and the control plane says what of it is so at the moment.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Condition, FAIL_POLICY } from "../../src/verify/fail-policy.ts";
import { controlPlaneFor } from "../support/control-plane.ts";

const WELL: Condition = {
  isStoreDown: false,
  isRefusing: false,
  isClockWrong: false,
  isRestored: false,
  isStatic: false,
  isCountingAlone: false,
  isProjectBroken: false,
  staleAdmissions: 0,
  countedAlone: 0,
  failStaticSeconds: 0,
};

interface Row {
  readonly layer: string;
  readonly now: boolean;
}

test("docs/operating.md holds the same table, row by row", () => {
  const text = readFileSync(new URL("../../docs/operating.md", import.meta.url), "utf8");
  const section = /^## When something is down\n([\s\S]*?)^#/m.exec(text)?.[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  const cells = rows.slice(1).map((row) => row.slice(2, -2).split(" | "));
  const shown = FAIL_POLICY.map(({ layer, dependsOn, onFailure, bound }) => [
    layer,
    dependsOn,
    onFailure,
    bound,
  ]);
  assert.deepEqual(cells, shown);
});

test("whoever may read projects is shown it, and nobody else", async (context) => {
  const { ask, rootKeyWith } = await controlPlaneFor(context);
  const { status, json } = await ask("GET /v1/policy");
  assert.equal(status, 200);
  assert.deepEqual(
    json.layers,
    FAIL_POLICY.map(({ isNow: _, ...row }) => ({ ...row, now: false })),
  );
  assert.deepEqual([json.nodes, json.failStaticSeconds, json.staleAdmissions], [undefined, 0, 0]);
  const other = await rootKeyWith(["keys:verify"]);
  assert.equal((await ask("GET /v1/policy", { rootKey: other.key })).status, 403);
  assert.equal((await ask("GET /v1/policy", { rootKey: null })).status, 401);
});

/** What fails, to the layers that say so. */
const CASES: [string, Partial<Condition>, readonly string[]][] = [
  ["nothing", {}, []],
  [
    "the database",
    { isStoreDown: true, isRefusing: true },
    [
      "keys not in memory",
      "keys in memory, past the lease",
      "allowances and credits",
      "changes to projects, accounts and keys",
      "usage counts",
    ],
  ],
  ["Valkey", { isCountingAlone: true }, ["rates and concurrency"]],
  ["a project", { isProjectBroken: true }, ["routes, scopes and allowlists"]],
];

for (const [what, changes, layers] of CASES) {
  test(`without ${what}, the layers that do without it say so`, async (context) => {
    const over = <Parts>(instance: Parts) => ({
      ...instance,
      condition: async () => ({ ...WELL, ...changes }),
    });
    const { ask } = await controlPlaneFor(context, { over });
    const { json } = await ask("GET /v1/policy");
    const said = json.layers.filter(({ now }: Row) => now).map(({ layer }: Row) => layer);
    assert.deepEqual(said, layers);
  });
}
