// Promise: an allowlist is stored in one canonical form, whole or not at all. Hostile cases D08, D09, D10.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAllowlist } from "../../src/policy/network.ts";

function parse(...entries: string[]) {
  return parseAllowlist(entries, { confirmAny: false });
}

/** The one problem of a list of one entry. */
function problemWith(entry: string): string {
  const parsed = parse(entry);
  assert.ok(!parsed.ok, entry);
  assert.equal(parsed.problems.length, 1);
  return parsed.problems[0]?.message ?? "";
}

test("entries come out canonical, distinct and in order", () => {
  assert.deepEqual(
    parse(
      "203.0.113.7",
      "2001:DB8:0::/48",
      "10.0.0.0/8",
      "203.0.113.7/32",
      "::1/128",
      "::ffff:203.0.113.0/120",
    ),
    { ok: true, entries: ["203.0.113.7", "2001:db8::/48", "10.0.0.0/8", "::1", "203.0.113.0/24"] },
  );
  assert.deepEqual(parse(), { ok: true, entries: [] });
});

test("what was stored parses to itself", () => {
  const stored = ["203.0.113.0/24", "2001:db8::/32", "::1"];
  assert.deepEqual(parse(...stored), { ok: true, entries: stored });
});

test("one bad entry refuses the whole list and is named (D09)", () => {
  const parsed = parse("10.0.0.0/8", "1.2.3", "203.0.113.7", "host.name");
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.problems.map(({ index, entry }) => [index, entry]),
    [
      [1, "1.2.3"],
      [3, "host.name"],
    ],
  );
  assert.equal("entries" in parsed, false);
});

test("bad prefixes, short and octal forms, zone ids and names are refused (D09)", () => {
  for (const entry of [
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/ 8",
    "::/129",
  ]) {
    assert.match(problemWith(entry), /prefix length/, entry);
  }
  for (const entry of ["10.0.0.0/1e1", "10.0.0.0/0x8", "10.0.0.0/255.0.0.0"]) {
    assert.match(problemWith(entry), /prefix length/, entry);
  }
  for (const entry of [
    "1.2.3",
    "010.0.0.1",
    "1.2.3.256",
    "host.name",
    "",
    "10.0.0.1-10.0.0.9",
    "*",
    "/8",
    " 10.0.0.1",
  ]) {
    assert.match(problemWith(entry), /not an IP address/, entry);
  }
  for (const entry of ["fe80::1%eth0", "fe80::%eth0/64"]) assert.match(problemWith(entry), /zone id/, entry);
});

test("host bits are refused, and both things that may be meant are proposed (D10)", () => {
  assert.match(problemWith("10.0.0.1/8"), /10\.0\.0\.0\/8 for the network or 10\.0\.0\.1 for the one/);
  assert.match(problemWith("10.0.0.1/31"), /10\.0\.0\.0\/31/);
  assert.match(problemWith("2001:db8::1/64"), /2001:db8::\/64 .* 2001:db8::1 /);
  assert.match(problemWith("::1/0"), /::\/0/);
  assert.match(problemWith("::ffff:10.0.0.1/104"), /10\.0\.0\.0\/8 .* 10\.0\.0\.1 /);
});

test("a range of all addresses has to be confirmed, however it is spelled (D08)", () => {
  for (const entry of ["0.0.0.0/0", "::/0", "::ffff:0:0/96"]) {
    assert.match(problemWith(entry), /confirmed/, entry);
    assert.equal(parseAllowlist([entry], { confirmAny: true }).ok, true, entry);
  }
  assert.match(problemWith("::ffff:0:0/95"), /IPv4/);
});

test("a list holds at most 1,000 entries", () => {
  const entries = Array.from({ length: 1_001 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  assert.equal(parse(...entries.slice(1)).ok, true);
  const parsed = parse(...entries);
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.problems.map((problem) => problem.index),
    [1_000],
  );
});
