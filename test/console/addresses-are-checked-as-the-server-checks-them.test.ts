// The form refuses what the server would refuse, and nothing that the server takes: both read the same examples.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressProblem } from "../../console/shared/keys/allowlist.ts";
import { parseAllowlist } from "../../src/policy/network.ts";

const isTakenHere = (entry: string): boolean => addressProblem(entry) === undefined;
const isTakenThere = (entry: string): boolean => parseAllowlist([entry], { confirmAny: false }).ok;

const EXAMPLES = [
  ...[
    "203.0.113.7",
    "203.0.113.0/24",
    "203.0.113.7/24",
    "10.0.0.0/8",
    "1.2.3",
    "01.2.3.4",
    "1.2.3.4/33",
    "256.1.1.1",
  ],
  ...[
    "::1",
    "2001:db8::/32",
    "2001:db8::1/32",
    "::",
    "1::2::3",
    "fe80::1%eth0",
    "2001:db8:0:0:0:0:0:1",
    ":::",
    "1:2:3:4:5:6:7",
  ],
  ...[
    "0.0.0.0/0",
    "::/0",
    "",
    " ",
    "example.com",
    "1.2.3.4/",
    "1.2.3.4/08",
    "1.2.3.4/8/8",
    "2001:db8::192.0.2.1",
    "1:2:3:4:5:6:7::",
  ],
];

test("the same entries are taken", () => {
  for (const entry of EXAMPLES) assert.equal(isTakenHere(entry), isTakenThere(entry), JSON.stringify(entry));
});

test("the same addresses and ranges are taken, whatever their spelling", () => {
  const prefix = fc.option(fc.nat(130), { nil: undefined });
  const withPrefix = fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), prefix)
    .map(([address, bits]) => (bits === undefined ? address : `${address}/${bits}`))
    // An IPv4 address in IPv6 clothes is read as IPv4 by the server alone, which has the last word on it.
    .filter((entry) => !/^[0:]*:ffff:/i.test(entry));
  fc.assert(
    fc.property(withPrefix, (entry) => {
      assert.equal(isTakenHere(entry), isTakenThere(entry), entry);
    }),
  );
});
