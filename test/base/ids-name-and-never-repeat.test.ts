// Promise: an id says what it names, is safe in a URL, a header and a shell, and is not met twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId, newTimedId } from "../../src/base/ids.ts";

test("every kind of id has its prefix and 80 random bits in small hexadecimal", () => {
  for (const prefix of ["acc", "key", "aud", "req", "hld", "mov"] as const) {
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

test("ids of what is listed by time sort by it, and within a millisecond as they were made", () => {
  const times = [0, 1, 1, 1_795_262_400_000, 1_795_262_400_000, 253_402_300_799_999];
  const ids = times.map((at) => newTimedId("mov", at));
  for (const id of ids) assert.match(id, /^mov_[0-9a-f]{28}$/);
  assert.deepEqual(ids.toSorted(), ids);
  const many = Array.from({ length: 70_000 }, () => newTimedId("mov", 1));
  assert.equal(new Set(many).size, many.length);
});
