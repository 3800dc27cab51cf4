// Promise: an allowlist admits exactly the addresses in its ranges; what cannot be read admits nobody. Hostile cases D04, D06 to D08.
import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { compileAllowlist, parseAddress, parseAllowlist, printAddress } from "../../src/policy/network.ts";

function admits(entries: string[], address: string): boolean {
  return compileAllowlist(entries).allows(parseAddress(address));
}

test("addresses and ranges admit what is in them and nothing beside", () => {
  const entries = ["203.0.113.7", "10.0.0.0/8", "10.1.0.0/16", "198.51.100.0/31", "2001:db8::/33"];
  for (const inside of ["203.0.113.7", "10.0.0.0", "10.255.255.255", "198.51.100.1", "2001:db8:7fff::1"]) {
    assert.equal(admits(entries, inside), true, inside);
  }
  for (const outside of [
    "203.0.113.6",
    "203.0.113.8",
    "9.255.255.255",
    "11.0.0.0",
    "198.51.100.2",
    "2001:db8:8000::",
  ]) {
    assert.equal(admits(entries, outside), false, outside);
  }
});

test("a mapped address is the IPv4 address, other embeddings are not (D06, D07)", () => {
  for (const same of ["::ffff:203.0.113.7", "::FFFF:cb00:7107", "0:0:0:0:0:ffff:cb00:7107"]) {
    assert.equal(admits(["203.0.113.7"], same), true, same);
    assert.equal(admits([same], "203.0.113.7"), true, same);
  }
  for (const other of ["::203.0.113.7", "64:ff9b::cb00:7107", "2002:cb00:7107::"]) {
    assert.equal(admits(["203.0.113.7"], other), false, other);
  }
});

test("all of one family never admits the other (D08)", () => {
  assert.equal(admits(["0.0.0.0/0"], "203.0.113.7"), true);
  assert.equal(admits(["0.0.0.0/0"], "2001:db8::1"), false);
  assert.equal(admits(["0.0.0.0/0"], "::203.0.113.7"), false);
  assert.equal(admits(["::/0"], "2001:db8::1"), true);
  assert.equal(admits(["::/0"], "203.0.113.7"), false);
  assert.equal(admits(["::/0"], "::ffff:203.0.113.7"), false);
});

test("a damaged or an empty list, or an unknown address, admits nobody", () => {
  assert.equal(admits(["203.0.113.7", "rubbish"], "203.0.113.7"), false);
  assert.equal(admits(["203.0.113.7/24"], "203.0.113.7"), false);
  assert.equal(admits([], "203.0.113.7"), false);
  assert.equal(compileAllowlist(["0.0.0.0/0", "::/0"]).allows(undefined), false);
});

// Few distinct leading octets, so that ranges nest and addresses hit them.
const near = fc.tuple(fc.constantFrom(10, 11), fc.constantFrom(0, 128, 255), fc.nat(255), fc.nat(255));
const ipv4 = near.map((octets) => octets.join("."));
const ipv6 = fc.oneof(
  near.map(([a, b, c, d]) => `2001:db8:${a}:${b}::${c}:${d}`),
  fc.ipV6().map((text) => new URL(`http://[${text}]/`).hostname.slice(1, -1)),
);
const range4 = fc
  .tuple(ipv4, fc.integer({ min: 1, max: 32 }))
  .map(([address, prefix]) => `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`)}/${prefix}`);
const range6 = fc
  .tuple(near, fc.integer({ min: 1, max: 128 }))
  .map(([[a, b, c, d], prefix]) => `2001:db8:${a}:${b}::${c}:${d}/${prefix}`)
  .map((cidr) => `${ipaddr.IPv6.networkAddressFromCIDR(cidr)}/${cidr.split("/")[1]}`);

test("any list agrees with the list that Node carries", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(range4, range6), { maxLength: 12 }),
      fc.array(fc.oneof(ipv4, ipv6)),
      (ranges, addresses) => {
        assert.equal(parseAllowlist(ranges, { confirmAny: false }).ok, true);
        const matcher = compileAllowlist(ranges);
        // One reference for each family: Node's list lets an IPv6 range such as `::/1` admit IPv4, which never happens here.
        const references = { ipv4: new BlockList(), ipv6: new BlockList() };
        for (const range of ranges) {
          const [network = "", prefix] = range.split("/");
          const family = network.includes(":") ? "ipv6" : "ipv4";
          references[family].addSubnet(network, Number(prefix), family);
        }
        for (const text of [...addresses, ...ranges.map((range) => range.split("/")[0] ?? "")]) {
          const address = parseAddress(text);
          assert.ok(address !== undefined, text);
          const family = address.family === 4 ? "ipv4" : "ipv6";
          assert.equal(
            matcher.allows(address),
            references[family].check(printAddress(address), family),
            text,
          );
        }
      },
    ),
  );
});
