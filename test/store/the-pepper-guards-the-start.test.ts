// Promise: a pepper that is missing, malformed or not the store's stops the start in words, and none is ever made over a store
// that has one: all keys would look invalid and customers would throw them away. Hostile case J04.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openInstance } from "../../src/open.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { type Engine, engineFor } from "../support/engine.ts";
import { folderFor } from "../support/folder.ts";

const PEPPER = Buffer.alloc(32, 7).toString("base64url");

/** A closed instance with one key, and its pepper file. */
async function closedEngine(context: TestContext): Promise<{ engine: Engine; file: string; key: string }> {
  const engine = await engineFor(context);
  const { key } = await engine.key("acme");
  await engine.instance.close();
  return { engine, file: join(engine.data, "pepper"), key };
}

async function assertRefused(data: string, words: RegExp, pepper?: string): Promise<void> {
  await assert.rejects(openInstance({ data, pepper }), (error) => {
    assert.ok(error instanceof StoreUnavailable, String(error));
    assert.match(error.message, words);
    return true;
  });
}

test("the first start makes a pepper for its owner alone, of 32 random bytes", async (context) => {
  const peppers = [];
  for (let round = 0; round < 2; round++) {
    const engine = await engineFor(context);
    const file = join(engine.data, "pepper");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const text = readFileSync(file, "utf8").trim();
    assert.equal(Buffer.from(text, "base64url").length, 32);
    peppers.push(text);
  }
  assert.notEqual(peppers[0], peppers[1]);
});

test("the folder that is made for the data is its owner's alone", async (context) => {
  const data = join(folderFor(context), "made", "here");
  await (await openInstance({ data })).close();
  assert.equal(statSync(data).mode & 0o777, 0o700);
});

test("a pepper that has gone stops the start, is not made anew, and works once it is back", async (context) => {
  const { engine, file, key } = await closedEngine(context);
  const text = readFileSync(file, "utf8");
  rmSync(file);
  await assertRefused(engine.data, /the pepper file .* is missing: bring it back/);
  assert.ok(!existsSync(file), "none was made");
  await assertRefused(engine.data, /is missing/);
  writeFileSync(file, text);
  await engine.reopen();
  assert.equal(await engine.code("acme", key), "ok");
});

test("one bit off, another pepper, or a good one in the wrong place stops the start", async (context) => {
  const { engine, file, key } = await closedEngine(context);
  const text = readFileSync(file, "utf8");
  for (const bit of [0, 77, 255]) {
    const bytes = Buffer.from(text, "base64url");
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, bytes.toString("base64url"));
    await assertRefused(engine.data, /is not the one this store was filled with: bring the right one back/);
  }
  writeFileSync(file, text);
  await assertRefused(engine.data, /in CLAVIGER_PEPPER is not the one/, PEPPER);
  await engine.reopen();
  assert.equal(await engine.code("acme", key), "ok");
});

test("a malformed pepper stops the start, out of the file or the environment, first start or not", async (context) => {
  const { engine, file } = await closedEngine(context);
  const good = Buffer.alloc(32, 9).toString("base64url");
  const malformed = [
    "",
    "short",
    good.slice(0, -2),
    `${good}!`,
    ` ${good}`,
    `${good}\n${good}`,
    "é".repeat(43),
  ];
  // Padding bits that are not zero: two texts of one pepper, so one of them is a mistake.
  malformed.push(`${good.slice(0, -1)}l`);
  for (const text of malformed) {
    await assertRefused(engine.data, /at least 32 bytes in base64url/, text);
    if (text !== ` ${good}`) {
      writeFileSync(file, text);
      await assertRefused(engine.data, /at least 32 bytes in base64url/);
    }
    const fresh = folderFor(context);
    await assertRefused(fresh, /at least 32 bytes in base64url/, text);
    assert.ok(!readdirSync(fresh).includes("pepper"), "no pepper is made beside one that was given");
  }
});

test("a pepper out of the environment is never written down, and needed at every start", async (context) => {
  const engine = await engineFor(context, { pepper: PEPPER });
  const { key } = await engine.key("acme");
  await engine.instance.close();
  assert.ok(!existsSync(join(engine.data, "pepper")));
  await assertRefused(engine.data, /is missing/);
  await engine.reopen();
  assert.equal(await engine.code("acme", key), "ok");
  for (const name of readdirSync(engine.data)) {
    const bytes = readFileSync(join(engine.data, name));
    assert.ok(!bytes.includes(PEPPER) && !bytes.includes(Buffer.alloc(32, 7)), name);
  }
});
