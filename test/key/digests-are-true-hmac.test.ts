/** What is stored of a key is standard HMAC-SHA-256, so that no detail of ours stands between an operator and its keys. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { createPepper, digestKey, digestsEqual, pepperCheckValue } from "../../src/key/digest.ts";
import { MAX_KEY_LENGTH } from "../../src/key/format.ts";
import published from "../vectors/digest.json" with { type: "json" };

const anyPepper = fc.uint8Array({ maxLength: 200 });
const anyAscii = fc.array(fc.nat(127), { maxLength: 256 }).map((codes) => String.fromCharCode(...codes));

function hmac(pepper: Uint8Array, text: string): string {
  return createHmac("sha256", pepper).update(text).digest("base64url");
}

test("published digests hold, by this code and by createHmac", () => {
  assert.ok(published.digests.length >= 10);
  for (const { pepper, text, digest } of published.digests) {
    const bytes = Buffer.from(pepper, "hex");
    assert.equal(hmac(bytes, text), digest);
    assert.equal(digestKey(createPepper(1, bytes), text), digest);
  }
});

test("any pepper of any length and any ASCII key give what createHmac gives", () => {
  fc.assert(
    fc.property(anyPepper, fc.array(anyAscii, { minLength: 1, maxLength: 5 }), (bytes, texts) => {
      const pepper = createPepper(1, bytes);
      for (const text of texts) {
        assert.equal(digestKey(pepper, text), hmac(bytes, text));
        assert.equal(digestKey(pepper, text).length, 43);
      }
    }),
    { numRuns: 500 },
  );
});

test("every pepper length up to past the block and every key length up to the longest are right", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = new Uint8Array(length).fill(length);
    assert.equal(digestKey(createPepper(1, bytes), "key"), hmac(bytes, "key"), `pepper of ${length}`);
  }
  const bytes = new Uint8Array(32).fill(9);
  const pepper = createPepper(1, bytes);
  for (let length = MAX_KEY_LENGTH; length >= 0; length--) {
    const text = "k".repeat(length);
    assert.equal(digestKey(pepper, text), hmac(bytes, text), `key of ${length}`);
  }
});

test("two peppers in use at once do not disturb each other", () => {
  const [old, fresh] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [one, two] = [createPepper(1, old), createPepper(2, fresh)];
  for (const text of ["a", "bb", "a"]) {
    assert.equal(digestKey(one, text), hmac(old, text));
    assert.equal(digestKey(two, text), hmac(fresh, text));
  }
  assert.deepEqual([one.version, two.version], [1, 2]);
});

test("the pepper is copied: wiping the bytes handed in changes nothing", () => {
  const bytes = new Uint8Array(32).fill(5);
  const pepper = createPepper(1, bytes);
  const before = digestKey(pepper, "key");
  bytes.fill(0);
  assert.equal(digestKey(pepper, "key"), before);
});

test("a text that cannot be a key is a RangeError, and the next digest is right", () => {
  const bytes = new Uint8Array(32).fill(3);
  const pepper = createPepper(1, bytes);
  const bad = [
    "x".repeat(257),
    "é",
    "\ud800",
    "😀",
    "\u0080",
    `${"x".repeat(254)}éx`,
    `${"x".repeat(255)}é`,
    "é".repeat(256),
    "\uffff".repeat(256),
  ];
  for (const text of bad) {
    assert.throws(() => digestKey(pepper, text), RangeError);
    assert.equal(digestKey(pepper, "key"), hmac(bytes, "key"));
  }
});

test("the message of such an error does not hold the text", () => {
  const pepper = createPepper(1, new Uint8Array(32));
  assert.throws(
    () => digestKey(pepper, "acme_secret_é"),
    (error) => error instanceof RangeError && !error.message.includes("acme_secret"),
  );
});

test("a pepper version is an integer from 0 up", () => {
  for (const version of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => createPepper(version, new Uint8Array(32)), RangeError);
  }
});

test("printing a pepper shows nothing of it", () => {
  const pepper = createPepper(7, Buffer.from("a very secret pepper of 32 bytes"));
  const shown = inspect(pepper, { depth: 9, showHidden: true }) + JSON.stringify(pepper);
  assert.equal(JSON.stringify(pepper), '{"version":7}');
  assert.doesNotMatch(shown, /Buffer|Uint8Array|secret pepper/);
});

test("the check value tells peppers apart and is no key's digest", () => {
  fc.assert(
    fc.property(anyPepper, anyPepper, (one, other) => {
      const same = digestsEqual(
        pepperCheckValue(createPepper(1, one)),
        pepperCheckValue(createPepper(2, other)),
      );
      // HMAC fills a short key up with zeros, so peppers that differ only by trailing zeros are one pepper.
      const trim = (bytes: Uint8Array) =>
        Buffer.from(bytes)
          .toString("hex")
          .replace(/(00)+$/, "");
      if (one.length <= 64 && other.length <= 64) assert.equal(same, trim(one) === trim(other));
    }),
  );
  const bytes = new Uint8Array(32).fill(8);
  assert.equal(pepperCheckValue(createPepper(1, bytes)), hmac(bytes, "claviger pepper check value 1"));
});

test("digests are equal exactly when all 43 characters are", () => {
  const digest = hmac(new Uint8Array(32), "key");
  assert.ok(digestsEqual(digest, `${digest.slice(0, 20)}${digest.slice(20)}`));
  for (let index = 0; index < digest.length; index++) {
    const other = digest[index] === "A" ? "B" : "A";
    assert.ok(!digestsEqual(digest, digest.slice(0, index) + other + digest.slice(index + 1)), `${index}`);
  }
});

test("two differences do not cancel out", () => {
  const digest = `BB${"A".repeat(41)}`;
  assert.ok(!digestsEqual(digest, `CC${"A".repeat(41)}`));
  assert.ok(!digestsEqual(digest, `BA${"A".repeat(40)}B`));
});

test("other lengths are never equal", () => {
  const digest = "A".repeat(43);
  for (const other of ["", "A".repeat(42), "A".repeat(44)]) {
    assert.ok(!digestsEqual(digest, other));
    assert.ok(!digestsEqual(other, digest));
    assert.ok(!digestsEqual(other, other));
  }
});
