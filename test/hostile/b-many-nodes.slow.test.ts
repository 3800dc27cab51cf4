// Promise: what is done to a key on one node holds on every node when the answer is there (hostile B07, B16, B17, B18).
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { disableKey, enableKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type GroupNode, keyOn, startGroup } from "../support/node-group.ts";
import { startPostgres } from "../support/services.ts";

const ACME = [LOCAL_CALLER, "acme"] as const;

async function fourNodes(context: TestContext): Promise<GroupNode[]> {
  const { url } = await startPostgres(context);
  return startGroup(context, 4, { database: url });
}

async function expectEverywhere(nodes: readonly GroupNode[], key: string, code: string): Promise<void> {
  assert.deepEqual(
    await Promise.all(nodes.map((node) => node.code(key))),
    nodes.map(() => code),
  );
}

test("B07 disabled on one node, disabled on all; enabled on another, enabled on all", async (context) => {
  const nodes = await fourNodes(context);
  const { id, key } = await keyOn(nodes[0]!);
  await expectEverywhere(nodes, key, "ok");
  for (let round = 0; round < 5; round += 1) {
    await disableKey(nodes[round % 4]!.instance, ...ACME, id);
    await expectEverywhere(nodes, key, "disabled_key");
    await enableKey(nodes[(round + 1) % 4]!.instance, ...ACME, id);
    await expectEverywhere(nodes, key, "ok");
  }
});

test("B16 rotated on one node, its family revoked on another: old and new are dead on all", async (context) => {
  const nodes = await fourNodes(context);
  const { id, key } = await keyOn(nodes[0]!);
  const successor = await rotateKey(nodes[1]!.instance, ...ACME, id, { graceSeconds: 600 });
  await expectEverywhere(nodes, key, "ok");
  await expectEverywhere(nodes, successor.key, "ok");
  await revokeKey(nodes[2]!.instance, ...ACME, id, { family: true });
  await expectEverywhere(nodes, key, "revoked_key");
  await expectEverywhere(nodes, successor.key, "revoked_key");
});

test("B16 the parent alone revoked within its grace: the old secret is dead on all, the new one lives", async (context) => {
  const nodes = await fourNodes(context);
  const { id, key } = await keyOn(nodes[0]!);
  const successor = await rotateKey(nodes[1]!.instance, ...ACME, id, { graceSeconds: 600 });
  await revokeKey(nodes[3]!.instance, ...ACME, id);
  await expectEverywhere(nodes, key, "revoked_key");
  await expectEverywhere(nodes, successor.key, "ok");
});

test("B17 a key made on one node is good on all at once", async (context) => {
  const nodes = await fourNodes(context);
  for (let round = 0; round < 5; round += 1) {
    const { key } = await keyOn(nodes[round % 4]!);
    await expectEverywhere(nodes, key, "ok");
  }
});

test("B18 revoking while a thousand verdicts are under way: none that began after the answer is allowed", async (context) => {
  const nodes = await fourNodes(context);
  const { id, key } = await keyOn(nodes[0]!);
  await expectEverywhere(nodes, key, "ok");
  const seen: { readonly startedAt: number; readonly code: string }[] = [];
  let isOver = false;
  const load = nodes.map(async (node) => {
    while (!isOver) {
      const startedAt = performance.now();
      const asked = Array.from({ length: 25 }, () => node.code(key));
      for (const code of await Promise.all(asked)) seen.push({ startedAt, code });
      await turn();
    }
  });
  while (seen.length < 500) await turn();
  await revokeKey(nodes[1]!.instance, ...ACME, id);
  const ackedAt = performance.now();
  const before = seen.length;
  while (seen.length < before + 1_000) await turn();
  isOver = true;
  await Promise.all(load);
  const late = seen.filter(({ startedAt, code }) => startedAt > ackedAt && code !== "revoked_key");
  assert.deepEqual(late, []);
  assert.ok(seen.filter(({ startedAt }) => startedAt > ackedAt).length > 500);
});
