// Promise: an address is read strictly, and however it is spelled it is the same address. Hostile cases D06, D07, D09.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddress, printAddress } from "../../src/policy/network.ts";

function canonical(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : printAddress(address);
}

test("every spelling of an IPv4-mapped address is the IPv4 address (D06)", () => {
  for (const text of [
    "203.0.113.7",
    "::ffff:203.0.113.7",
    "::FFFF:cb00:7107",
    "::ffff:cb00:7107",
    "0:0:0:0:0:ffff:203.0.113.7",
    "0000:0000:0000:0000:0000:FFFF:CB00:7107",
  ]) {
    assert.deepEqual(parseAddress(text), { family: 4, bytes: [203, 0, 113, 7] }, text);
  }
});

test("other IPv6 forms that embed an IPv4 address stay IPv6 (D07)", () => {
  assert.equal(canonical("::203.0.113.7"), "::cb00:7107");
  assert.equal(canonical("0:0:0:0:0:0:203.0.113.7"), "::cb00:7107");
  assert.equal(canonical("64:ff9b::203.0.113.7"), "64:ff9b::cb00:7107");
  assert.equal(canonical("64:ff9b::cb00:7107"), "64:ff9b::cb00:7107");
  assert.equal(canonical("2002:cb00:7107::"), "2002:cb00:7107::");
  assert.equal(canonical("::ffff:0:203.0.113.7"), "::ffff:0:cb00:7107");
});

test("what is not exactly an address is not one (D09)", () => {
  for (const text of [
    ...["", " ", "a", "unknown", "host.name", "localhost", "_hidden", "[::1]", "1.2.3.4:80"],
    ...[
      "010.0.0.1",
      "1.2.3.04",
      "1.2.3",
      "1.2.3.256",
      "127.1",
      "2130706433",
      "0x7f.0.0.1",
      "1.2.3.4 ",
      "+1.2.3.4",
    ],
    ...["fe80::1%eth0", "fe80::1%25eth0", "1.2.3.4%eth0", "::ffff:010.0.0.1", "::ffff:1.2.3", "::1.2.3.256"],
    ...["00001::", "1::2::3", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "1.2.3.4/32", "١.٢.٣.٤"],
  ]) {
    assert.equal(parseAddress(text), undefined, JSON.stringify(text));
  }
});

test("IPv6 is printed as RFC 5952 says", () => {
  assert.equal(canonical("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  assert.equal(canonical("1:0:0:2:0:0:0:3"), "1:0:0:2::3");
  assert.equal(canonical("1:0:2:3:4:5:6:7"), "1:0:2:3:4:5:6:7");
  assert.equal(canonical("0:0:0:0:0:0:0:0"), "::");
});

test("IPv6 is read as a browser reads it, and what is printed reads back", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV6(),
        fc.ipV6().map((text) => text.toUpperCase()),
      ),
      (text) => {
        const address = parseAddress(text);
        assert.ok(address !== undefined);
        assert.deepEqual(parseAddress(printAddress(address)), address);
        if (address.family === 6)
          assert.equal(`[${printAddress(address)}]`, new URL(`http://[${text}]/`).hostname);
      },
    ),
  );
});

test("IPv4 prints as it was written", () => {
  fc.assert(fc.property(fc.ipV4(), (text) => assert.equal(canonical(text), text)));
});

const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

test("no text makes the reading throw", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.stringMatching(/^[0-9a-f:.%]*$/)), (text) => void parseAddress(text)),
  );
});
