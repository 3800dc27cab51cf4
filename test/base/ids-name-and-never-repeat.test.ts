// Promise: an id says what it names, is safe in a URL, a header and a shell, and is not met twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../../src/base/ids.ts";

test("every kind of id has its prefix and 80 random bits in small hexadecimal", () => {
  for (const prefix of ["acc", "key", "aud", "req"] as const) {
    assert.match(newId(prefix), new RegExp(`^${prefix}_[0-9a-f]{20}$`));
  }
});

test("ten thousand ids differ, in every place", () => {
  const ids = Array.from({ length: 10_000 }, () => newId("key"));
  assert.equal(new Set(ids).size, ids.length);
  for (let place = 4; place < 24; place++) {
    assert.equal(new Set(ids.map((id) => id[place])).size, 16, `place ${place}`);
  }
});
