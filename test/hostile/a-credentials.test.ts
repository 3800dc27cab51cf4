// Rows A01 to A18: which credential a request carries. Exactly one, in one place, in one form; everything else is refused
// in the project's own words with nothing looked up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAdmitted, assertRefused, openFronts } from "./dialects.ts";
import { layStage } from "./hostile-client.ts";

const stage = await layStage(["nur", "nudg3"]);
const fronts = await openFronts(stage);
const withHeader = fronts.filter(({ hasHeader }) => hasHeader);

test("A01: no credential is missing, with a challenge that names no error", async () => {
  for (const front of fronts) await assertRefused(stage, front, "missing_key", []);
});

test("A02: the scheme may be in any case", async () => {
  for (const front of fronts) {
    for (const scheme of ["Bearer", "bearer", "BEARER", "bEaReR"])
      await assertAdmitted(stage, front, [`Authorization: ${scheme} ${front.key}`]);
  }
});

test("A03: several spaces after the scheme are one separator", async () => {
  for (const front of fronts) {
    for (const spaces of ["  ", "     "])
      await assertAdmitted(stage, front, [`Authorization: Bearer${spaces}${front.key}`]);
  }
});

test("A04: a tab after the scheme is no separator", async () => {
  for (const front of fronts) {
    for (const gap of ["\t", " \t", "\t "])
      await assertRefused(stage, front, "invalid_key", [`Authorization: Bearer${gap}${front.key}`]);
  }
});

test("A05: white space around the value is not part of it", async () => {
  for (const front of fronts) {
    for (const [before, behind] of [
      ["", ""],
      ["  ", "  "],
      ["\t", "\t"],
      [" \t ", " \t "],
    ])
      await assertAdmitted(stage, front, [`Authorization:${before}Bearer ${front.key}${behind}`]);
  }
  for (const front of withHeader) await assertAdmitted(stage, front, [`X-API-Key: \t ${front.key} \t`]);
});

test("A06: an empty Authorization is a missing one", async () => {
  for (const front of fronts) {
    for (const line of ["Authorization:", "Authorization: ", "Authorization: \t "])
      await assertRefused(stage, front, "missing_key", [line]);
  }
  for (const front of withHeader) await assertRefused(stage, front, "missing_key", ["X-API-Key:"]);
});

test("A07: a scheme without a token is invalid", async () => {
  for (const front of fronts) {
    for (const line of ["Authorization: Bearer", "Authorization: Bearer ", "Authorization: bearer \t"])
      await assertRefused(stage, front, "invalid_key", [line]);
  }
});

test("A08: no scheme and other schemes are invalid, never guessed", async () => {
  for (const front of fronts) {
    const basic = Buffer.from(`${front.key}:`).toString("base64");
    for (const value of [
      front.key,
      `Token ${front.key}`,
      `Basic ${basic}`,
      `Digest ${front.key}`,
      `Bearer:${front.key}`,
    ])
      await assertRefused(stage, front, "invalid_key", [`Authorization: ${value}`]);
  }
});

test("A09: two Authorization lines, the good one first, are too many", async () => {
  for (const front of fronts)
    await assertRefused(stage, front, "multiple_credentials", [
      `Authorization: Bearer ${front.key}`,
      "Authorization: Bearer wrong_wrong_wrong",
    ]);
});

test("A10: two Authorization lines, the good one last, are too many", async () => {
  for (const front of fronts) {
    for (const first of [
      "Authorization: Bearer wrong_wrong_wrong",
      "Authorization:",
      "AUTHORIZATION: Basic eDp5",
    ])
      await assertRefused(stage, front, "multiple_credentials", [
        first,
        `Authorization: Bearer ${front.key}`,
      ]);
  }
});

test("A11: two identical Authorization lines are too many", async () => {
  for (const front of fronts) {
    const line = `Authorization: Bearer ${front.key}`;
    await assertRefused(stage, front, "multiple_credentials", [line, line]);
    await assertRefused(stage, front, "multiple_credentials", [
      line,
      "Accept: */*",
      line.toLowerCase(),
      line,
    ]);
  }
});

test("A12: two credentials in one line are no token", async () => {
  for (const front of fronts) {
    for (const value of [`Bearer ${front.key}, Bearer ${front.otherKey}`, `Bearer ${front.key},${front.key}`])
      await assertRefused(stage, front, "invalid_key", [`Authorization: ${value}`]);
  }
});

test("A13: two X-API-Key lines are too many", async () => {
  for (const front of withHeader) {
    const line = `X-API-Key: ${front.key}`;
    for (const other of [line, "x-api-key: wrong_wrong_wrong", "X-API-KEY:"]) {
      await assertRefused(stage, front, "multiple_credentials", [line, other]);
      await assertRefused(stage, front, "multiple_credentials", [other, line]);
    }
  }
});

test("A14: two different keys in two headers are too many, and neither is looked up", async () => {
  for (const front of withHeader)
    await assertRefused(stage, front, "multiple_credentials", [
      `Authorization: Bearer ${front.key}`,
      `X-API-Key: ${front.otherKey}`,
    ]);
});

test("A15: the same key in two headers is too many", async () => {
  for (const front of withHeader) {
    const lines = [`Authorization: Bearer ${front.key}`, `X-API-Key: ${front.key}`];
    await assertRefused(stage, front, "multiple_credentials", lines);
    await assertRefused(stage, front, "multiple_credentials", lines.toReversed());
    // One of the two is no credential: still two were sent.
    await assertRefused(stage, front, "multiple_credentials", ["Authorization: Basic eDp5", lines[1] ?? ""]);
  }
});

test("A16: a key in the header and another in the query are too many", async () => {
  for (const front of fronts) {
    for (const value of [front.otherKey, front.key, "", "wrong_wrong_wrong"])
      await assertRefused(stage, front, "multiple_credentials", {
        target: `${front.target}?a=1&api_key=${value}&b=2`,
        lines: [`Authorization: Bearer ${front.key}`],
      });
  }
});

test("A17: a key in the query of plain HTTP is not read, and its answer is not stored", async () => {
  for (const front of fronts) {
    for (const name of ["api_key", "api%5Fkey", "%61pi_key"]) {
      const answer = await assertRefused(stage, front, "missing_key", {
        target: `${front.target}?${name}=${front.key}`,
      });
      assert.equal(answer.headers["cache-control"], "no-store");
    }
  }
});

test("A18: a parameter given twice is too many, and other names are not recognised", async () => {
  for (const front of fronts) {
    const query = (text: string) => ({ target: `${front.target}?${text}` });
    const twice = [
      `api_key=${front.key}&api_key=${front.otherKey}`,
      "api_key=a&api_key=b",
      "api_key&x&api%5fkey",
    ];
    for (const text of twice) await assertRefused(stage, front, "multiple_credentials", query(text));
    const unknown = [
      "API_KEY",
      "api_key[]",
      "api_key%5B%5D",
      "api-key",
      "Api_Key",
      "apikey",
      "access_token",
      "key",
    ];
    for (const name of unknown)
      await assertRefused(stage, front, "missing_key", query(`${name}=${front.key}`));
  }
});
