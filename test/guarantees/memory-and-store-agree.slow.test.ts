// Promise: a verdict does not depend on whether the key was in memory: after any history of changes, a directory that saw all
// of them and one that has just been opened say the same of every key at every time.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { updateAccount } from "../../src/manage/accounts.ts";
import { deleteKey, disableKey, enableKey, revokeKey } from "../../src/manage/end-key.ts";
import { updateKey } from "../../src/manage/keys.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { parseAddress } from "../../src/policy/network.ts";
import type { ProjectFile } from "../../src/project/schema.ts";
import { type Asked, type Engine, engineFor, readerOver, START } from "../support/engine.ts";

const FILES: readonly ProjectFile[] = [
  {
    name: "acme",
    scopes: { a: { implies: ["b"] }, b: "B", "*": { standsForAll: "frozen" } },
    plans: { small: { features: [] }, big: { features: ["export"] } },
    defaultPlan: "small",
    routes: [
      { match: "GET /a", scopes: ["a"] },
      { match: "GET /b", scopes: ["b"], feature: "export" },
    ],
  },
  {
    name: "acme",
    scopes: { a: "A", b: "B", c: "C", "*": { standsForAll: "frozen" } },
    plans: { small: { features: ["export"] } },
    defaultPlan: "small",
    routes: [
      { match: "GET /a", scopes: ["a", "c"] },
      { match: "GET /b", scopes: ["b"], feature: "export" },
    ],
  },
];

const address = parseAddress("203.0.113.7");
const QUESTIONS: readonly Asked[] = [
  {},
  { environment: "test" },
  { clientAddress: address, environment: "live" },
  { clientAddress: address, request: { method: "GET", target: "/a" } },
  { clientAddress: address, request: { method: "GET", target: "/b" } },
  { scopes: ["b"], request: { method: "GET", target: "/none" } },
];

const seconds = fc.integer({ min: 1, max: 20 });
const time = seconds.map((after) => new Date(START + after * 1_000).toISOString());
const newKey = fc.record(
  {
    environment: fc.constantFrom("live", "test"),
    scopes: fc.constantFrom(["a"], ["b"], ["*"], ["a", "b"]),
    allowedIps: fc.constantFrom([], ["203.0.113.7"], ["2001:db8::/32"]),
    notBefore: time,
    expiresAt: time,
  },
  { requiredKeys: ["scopes"] },
);
type NewKey = typeof newKey extends fc.Arbitrary<infer One> ? One : never;

interface Made {
  readonly id: string;
  readonly account: string;
  readonly key: string;
}
type Step = (engine: Engine, keys: Made[]) => Promise<unknown>;

const onKey = (act: (engine: Engine, key: Made) => Promise<unknown>) =>
  fc.nat(20).map(
    (which): Step =>
      (engine, keys) =>
        act(engine, keys[which % keys.length]!),
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  onKey((engine, { id }) => revokeKey(engine.instance, LOCAL_CALLER, "acme", id)),
  onKey((engine, { id }) => disableKey(engine.instance, LOCAL_CALLER, "acme", id)),
  onKey((engine, { id }) => enableKey(engine.instance, LOCAL_CALLER, "acme", id)),
  onKey((engine, { id }) => deleteKey(engine.instance, LOCAL_CALLER, "acme", id)),
  onKey((engine, { id }) => updateKey(engine.instance, LOCAL_CALLER, "acme", id, { scopes: ["b"] })),
  onKey((engine, { id }) =>
    updateKey(engine.instance, LOCAL_CALLER, "acme", id, { allowedIps: ["203.0.113.0/24"] }),
  ),
  fc.tuple(fc.nat(20), fc.nat(9)).map(
    ([which, graceSeconds]): Step =>
      async (engine, keys) => {
        const { id } = keys[which % keys.length]!;
        keys.push(await rotateKey(engine.instance, LOCAL_CALLER, "acme", id, { graceSeconds }));
      },
  ),
  fc.tuple(fc.nat(20), fc.boolean(), fc.constantFrom("small", "big", null)).map(
    ([which, suspended, plan]): Step =>
      (engine, keys) =>
        updateAccount(engine.instance, LOCAL_CALLER, "acme", keys[which % keys.length]!.account, {
          suspended,
          plan,
        }),
  ),
  newKey.map(
    (input): Step =>
      async (engine, keys) =>
        keys.push(await engine.key("acme", input)),
  ),
  fc.constantFrom(...FILES).map(
    (file): Step =>
      (engine) =>
        engine.apply(file),
  ),
  seconds.map(
    (after): Step =>
      async (engine) =>
        engine.clock.set(START + after * 500),
  ),
);

/** What a customer may not do in a key's present state is refused; the history goes on. */
const tolerate = (error: { name?: string }) => assert.equal(error.name, "ClavigerError", String(error));

test("any history of changes gives the same verdicts out of memory and out of the store", async (context) => {
  const engine = await engineFor(context, { projects: FILES.slice(0, 1) });
  const seen = new Set<string>();
  const property = fc.asyncProperty(
    fc.array(newKey, { minLength: 1, maxLength: 3 }),
    fc.array(step, { maxLength: 8 }),
    async (inputs: NewKey[], steps) => {
      engine.clock.set(START);
      const keys: Made[] = [];
      for (const input of inputs) keys.push(await engine.key("acme", input));
      for (const next of steps) {
        await next(engine, keys).catch(tolerate);
        for (const { key } of keys) await engine.ask("acme", key);
      }
      const fresh = await readerOver(engine, engine.instance.store);
      for (const at of [engine.clock.now(), START + 5_000, START + 30_000]) {
        engine.clock.set(at);
        for (const [index, asked] of QUESTIONS.entries()) {
          for (const { key } of keys) {
            const warm = await engine.ask("acme", key, asked);
            assert.deepEqual(warm, await fresh.ask("acme", key, asked), `question ${index} at ${at}`);
            seen.add(warm.code);
          }
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 60, seed: 20_261_121 });
  for (const code of "ok revoked_key disabled_key expired_key invalid_key account_suspended wrong_environment ip_not_allowed no_route insufficient_scope feature_not_in_plan".split(
    " ",
  ))
    assert.ok(seen.has(code), `${code} was met`);
});
