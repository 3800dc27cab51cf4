// Promise: a key works strictly before its expiry and from its beginning on, to the millisecond, and a time that could be
// misread is refused when the key is made. Hostile cases B08 to B11, E13.
import assert from "node:assert/strict";
import { test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { engineFor, START } from "../support/engine.ts";

const iso = (at: number): string => new Date(at).toISOString();

test("a key is valid one millisecond before its expiry and expired at it (B08, B09)", async (context) => {
  const engine = await engineFor(context);
  const expiry = START + 60_001;
  const { key } = await engine.key("acme", { expiresAt: iso(expiry) });
  for (const [at, code] of [
    [START, "ok"],
    [expiry - 1, "ok"],
    [expiry, "expired_key"],
    [expiry + 1, "expired_key"],
    [expiry + 1e11, "expired_key"],
  ] as const) {
    engine.clock.set(at);
    assert.equal(await engine.code("acme", key), code, iso(at));
  }
  await engine.reopen();
  engine.clock.set(expiry);
  assert.equal(await engine.code("acme", key), "expired_key", "the same out of the store");
});

test("a key that is not valid yet looks exactly like one that does not exist (B10)", async (context) => {
  const engine = await engineFor(context);
  const elsewhere = await engineFor(context);
  const beginning = START + 5_000;
  const { key } = await engine.key("acme", { notBefore: iso(beginning) });
  const unknown = await engine.ask("acme", (await elsewhere.key("acme")).key);
  engine.clock.set(beginning - 1);
  assert.deepEqual(await engine.ask("acme", key), unknown);
  engine.clock.set(beginning);
  assert.equal(await engine.code("acme", key), "ok");
});

test("without an expiry, or with null, a key does not expire (B11)", async (context) => {
  const engine = await engineFor(context);
  const keys = [await engine.key("acme"), await engine.key("acme", { expiresAt: null, notBefore: null })];
  engine.clock.set(Date.parse("9999-12-31T23:59:59Z"));
  for (const { key, expiresAt } of keys) {
    assert.equal(expiresAt, null);
    assert.equal(await engine.code("acme", key), "ok");
  }
});

/** What callers without types send; the engine is the last guard. */
const untyped = (value: unknown): string => value as string;

test("an expiry that could be misread or has passed is refused, and so is a beginning (B11, E13)", async (context) => {
  const engine = await engineFor(context);
  const account = (await engine.account("acme")).id;
  const misread = [
    untyped(0),
    untyped(-1),
    untyped(START / 1_000),
    untyped(START + 60_000),
    "",
    "0",
    "never",
    "null",
    "tomorrow",
    "1795262400",
    "2026-12-24",
    "2026-12-24T12:00:00",
    "12/24/2026",
    "2027-02-30T00:00:00Z",
    "2026-12-31T23:59:60Z",
    "10000-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-01:00",
    "-000001-01-01T00:00:00Z",
  ];
  for (const time of misread) {
    for (const field of ["expiresAt", "notBefore"]) {
      await assert.rejects(
        engine.key("acme", { account, [field]: time }),
        (error: { code?: string; fields?: { field: string }[] }) =>
          error.code === "validation_failed" && error.fields?.[0]?.field === field,
        `${field} ${time}`,
      );
    }
  }
  for (const past of [START, START - 1, 0]) {
    const work = engine.key("acme", { account, expiresAt: iso(past) });
    await assert.rejects(work, { code: "validation_failed", message: /must lie in the future/ });
  }
  assert.deepEqual(await engine.instance.store.keys("acme", {}, { limit: 1 }), [], "none was made");
  await engine.key("acme", { account, expiresAt: iso(START + 1) });
});

test("an expiry can be moved and taken away again, and the next verdict knows", async (context) => {
  const engine = await engineFor(context);
  const made = await engine.key("acme", { expiresAt: iso(START + 10) });
  assert.equal(await engine.code("acme", made.key), "ok");
  const change = (expiresAt: string | null) =>
    updateKey(engine.instance, LOCAL_CALLER, "acme", made.id, { expiresAt });
  await change(iso(START + 5));
  engine.clock.set(START + 5);
  assert.equal(await engine.code("acme", made.key), "expired_key");
  await assert.rejects(change(iso(START + 5)), { code: "validation_failed" });
  await change(null);
  assert.equal(await engine.code("acme", made.key), "ok");
});
