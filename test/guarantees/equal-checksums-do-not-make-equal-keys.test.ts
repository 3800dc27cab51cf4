// Promise: the checksum is against typos only. A forged key whose checksum is that of a real one gets past it and is refused all
// the same, because the whole key decides. Hostile case B20.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { isBase62 } from "../../src/key/base62.ts";
import { CHECKSUM_LENGTH } from "../../src/key/checksum.ts";
import { parseKey } from "../../src/key/format.ts";
import { engineFor, readerOver } from "../support/engine.ts";
import { countingStore } from "../support/stores.ts";

/** A bit that may be turned in one character without leaving base62, and what turning it does to the CRC. */
interface Turn {
  readonly place: number;
  readonly mask: number;
}

function turnsOf(text: string, places: readonly number[]): Turn[] {
  return places.flatMap((place) => {
    const code = text.charCodeAt(place);
    const mask = [1, 2, 4, 8, 16, 32].find((bit) => isBase62(String.fromCharCode(code ^ bit), 0, 1));
    return mask === undefined ? [] : [{ place, mask }];
  });
}

function turned(text: string, turns: readonly Turn[]): string {
  const codes = [...text].map((character) => character.charCodeAt(0));
  for (const { place, mask } of turns) codes[place]! ^= mask;
  return String.fromCharCode(...codes);
}

/**
 * Another text of the same length and CRC-32, changed at `places` only. A CRC is linear: what a set of turns does to it is the
 * XOR of what each does, so a set that does nothing is found by Gaussian elimination once there are more turns than 32 bits.
 */
function collision(text: string, places: readonly number[]): string {
  const crc = crc32(text);
  const rows: { effect: number; turns: readonly Turn[] }[] = [];
  for (const turn of turnsOf(text, places)) {
    let effect = (crc32(turned(text, [turn])) ^ crc) >>> 0;
    let turns: readonly Turn[] = [turn];
    for (const row of rows) {
      if ((effect ^ row.effect) >>> 0 < effect) {
        effect = (effect ^ row.effect) >>> 0;
        turns = [...turns, ...row.turns];
      }
    }
    if (effect === 0) return turned(text, turns);
    rows.push({ effect, turns });
    rows.sort((one, other) => other.effect - one.effect);
  }
  throw new Error("too few characters to change");
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

for (const [what, format, placesOf] of [
  ["secret", "acme_{env}_{secret:46}", (key: string) => range(10, key.length - CHECKSUM_LENGTH)],
  [
    "id and secret",
    "acme_{env}_{id:12}_{secret:40}",
    (key: string) => [...range(10, 22), ...range(23, key.length - CHECKSUM_LENGTH)],
  ],
] as const) {
  test(`a forged ${what} with the checksum of a real key is well-formed and refused`, async (context) => {
    const engine = await engineFor(context, { projects: [{ name: "acme", keys: { format } }] });
    const { key } = await engine.key("acme");
    const unchecked = key.slice(0, -CHECKSUM_LENGTH);
    const forged = collision(unchecked, placesOf(key)) + key.slice(-CHECKSUM_LENGTH);
    assert.notEqual(forged, key);
    assert.equal(forged.length, key.length);
    const project = engine.instance.directory.project("acme")!;
    assert.ok(parseKey(project.formats, forged), "its checksum holds");
    const { calls, store } = countingStore(engine.instance.store);
    const reader = await readerOver(engine, store);
    calls.length = 0;
    assert.equal((await reader.ask("acme", key)).code, "ok");
    assert.deepEqual(await reader.ask("acme", forged), { allowed: false, code: "invalid_key" });
    assert.deepEqual(calls, ["keyByDigest", "keyByDigest"], "it was looked up and not found");
    assert.equal(await engine.code("acme", key), "ok");
  });
}

test("a store that answered a look-up with another key's row would not be believed", async (context) => {
  const engine = await engineFor(context);
  const [mine, other] = [await engine.key("acme"), await engine.key("acme")];
  const { store } = engine.instance;
  const row = await store.keyByDigest((await store.key("acme", other.id))!.digest);
  const reader = await readerOver(engine, { ...store, keyByDigest: async () => row });
  assert.equal((await reader.ask("acme", mine.key)).code, "invalid_key");
  assert.equal((await reader.ask("acme", other.key)).code, "ok");
});
