// Promise: nobody chooses the address that is judged but the proxies the operator trusts. Hostile cases D01 to D05, D11.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type ClientQuestion,
  clientAddress,
  compileAllowlist,
  parseAddress,
  printAddress,
} from "../../src/policy/network.ts";

const PROXIES = compileAllowlist(["10.0.0.0/8", "2001:db8:ffff::/48"]);

/** The client's address, or `unreadable`, as seen by a server whose peer is a trusted proxy unless told otherwise. */
function client(forwarded: string | string[], more: Partial<ClientQuestion> = {}): string {
  const answer = clientAddress({
    peer: parseAddress("10.0.0.1"),
    forwarded: typeof forwarded === "string" ? [forwarded] : forwarded,
    trustedProxies: PROXIES,
    ...more,
  });
  return answer.kind === "known" ? printAddress(answer.address) : answer.kind;
}

test("a peer that is not trusted is the client, whatever it says (D01, D05)", () => {
  const peer = parseAddress("198.51.100.9");
  for (const header of ["203.0.113.7", "a", "", "203.0.113.7, 10.0.0.1"]) {
    assert.equal(client(header, { peer }), "198.51.100.9");
    assert.equal(client(header, { trustedProxies: undefined }), "10.0.0.1");
    assert.equal(client(header, { trustedProxies: compileAllowlist(["10.0.0.0/8", "rubbish"]) }), "10.0.0.1");
  }
});

test("without a header the peer is the client, and without a peer there is none", () => {
  assert.equal(client([]), "10.0.0.1");
  assert.deepEqual(clientAddress({ peer: undefined, forwarded: ["203.0.113.7"], trustedProxies: PROXIES }), {
    kind: "unreadable",
  });
});

test("the rightmost hop that is not trusted is the client (D02)", () => {
  assert.equal(client("203.0.113.7, 198.51.100.9"), "198.51.100.9");
  assert.equal(client("203.0.113.7, 198.51.100.9, 10.0.0.2, 2001:db8:ffff::2"), "198.51.100.9");
  assert.equal(client("203.0.113.7,198.51.100.9,::ffff:10.0.0.2"), "198.51.100.9");
});

test("when every hop is trusted the leftmost is the client", () => {
  assert.equal(client("10.0.0.3, 10.0.0.2"), "10.0.0.3");
});

test("several lines are one list (D03)", () => {
  assert.equal(client(["203.0.113.7", "198.51.100.9, 10.0.0.2"]), "198.51.100.9");
  assert.equal(client(["203.0.113.7, 198.51.100.9", "10.0.0.2"]), "198.51.100.9");
});

test("an unreadable hop at or right of the client leaves it unknown, one to the left does not (D04)", () => {
  for (const bad of [
    "a",
    "unknown",
    "",
    "_hidden",
    "010.0.0.1",
    "fe80::1%eth0",
    "1.2.3.4:70000",
    "[1.2.3.4]:80",
    '"1.2.3.4',
    "1.2.3.4:",
  ]) {
    assert.equal(client(bad), "unreadable", bad);
    assert.equal(client(`203.0.113.7, ${bad}`), "unreadable", bad);
    assert.equal(client(`203.0.113.7, ${bad}, 10.0.0.2`), "unreadable", bad);
    assert.equal(client(`${bad}, 198.51.100.9, 10.0.0.2`), "198.51.100.9", bad);
  }
  assert.equal(client(["203.0.113.7", ""]), "unreadable");
  assert.deepEqual(
    clientAddress({ peer: parseAddress("10.0.0.1"), forwarded: ["a"], trustedProxies: PROXIES }),
    {
      kind: "unreadable",
      peer: { family: 4, bytes: [10, 0, 0, 1] },
    },
  );
});

test("more than 100 hops or 8 KiB are unreadable, even where the last hop is plain (D04)", () => {
  assert.equal(client(Array(100).fill("203.0.113.7")), "203.0.113.7");
  assert.equal(client(Array(101).fill("203.0.113.7")), "unreadable");
  assert.equal(client(Array(1_000).fill("203.0.113.7").join(", ")), "unreadable");
  assert.equal(client(`${"a".repeat(8 * 1024 - 12)},203.0.113.7`), "203.0.113.7");
  assert.equal(client(`${"a".repeat(8 * 1024 - 11)},203.0.113.7`), "unreadable");
});

test("ports, brackets and quotes are taken off (D11)", () => {
  const spellings = {
    "1.2.3.4:5678": "1.2.3.4",
    '"1.2.3.4"': "1.2.3.4",
    '"1.2.3.4:5678"': "1.2.3.4",
    "[2001:db8::1]:443": "2001:db8::1",
  };
  for (const [header, address] of Object.entries(spellings)) assert.equal(client(header), address, header);
  const more = {
    "[2001:db8::1]": "2001:db8::1",
    '"[2001:db8::1]:443"': "2001:db8::1",
    "[::ffff:1.2.3.4]:80": "1.2.3.4",
    " \t1.2.3.4 ": "1.2.3.4",
  };
  for (const [header, address] of Object.entries(more)) assert.equal(client(header), address, header);
  assert.equal(client("2001:db8::1:443"), "2001:db8::1:443");
});

test("a header with one value is unreadable with two", () => {
  const style = "single";
  assert.equal(client("203.0.113.7", { style }), "203.0.113.7");
  assert.equal(client("10.9.9.9", { style }), "10.9.9.9");
  assert.equal(client("203.0.113.7, 198.51.100.9", { style }), "unreadable");
  assert.equal(client(["203.0.113.7", "203.0.113.7"], { style }), "unreadable");
});

test("the Forwarded header is read as RFC 7239 writes it", () => {
  const style = "forwarded";
  assert.equal(
    client("for=203.0.113.7;proto=https, FOR=198.51.100.9;by=10.0.0.1", { style }),
    "198.51.100.9",
  );
  assert.equal(
    client('for=203.0.113.7, for="[2001:db8:cafe::17]:4711" , for=10.0.0.2', { style }),
    "2001:db8:cafe::17",
  );
  assert.equal(client(["for=203.0.113.7", 'proto=https; for="198.51.100.9:80"'], { style }), "198.51.100.9");
  assert.equal(client('host="a,b;for=1.2.3.4";for=198.51.100.9', { style }), "198.51.100.9");
  assert.equal(client("for=unknown, for=198.51.100.9", { style }), "198.51.100.9");
});

test("a Forwarded header that hides or splits a hop is unreadable", () => {
  for (const header of [
    ...[
      "",
      "203.0.113.7",
      "for=",
      "for=_hidden",
      "for=unknown",
      "proto=https",
      "for=1.2.3.4;for=5.6.7.8",
      "for=1.2.3.4,",
    ],
    ...[
      "for=1.2.3.4,,for=5.6.7.8",
      "for =1.2.3.4",
      'for="1.2.3.4',
      'for="1.2.3.4"x',
      'for="1\\.2.3.4"',
      "for=1.2.3.4 for=5.6.7.8",
    ],
    // The client opened a quote so that the trusted hop after it would be swallowed.
    ...[
      'for=1.2.3.4;x=", for="[2001:db8::9]:1"',
      'for="1.2.3.4, for=198.51.100.9',
      'for=1.2.3.4;x="\\, for="[2001:db8::9]"',
    ],
  ]) {
    assert.equal(client(header, { style: "forwarded" }), "unreadable", header);
  }
});

test("what a client writes before the proxy's hop never changes the answer but to unreadable", () => {
  const junk = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-f0-9.:,;="\\ ]*$/),
    fc.constantFrom('for="', 'for="\\', "1.2.3.4", "10.0.0.2"),
  );
  fc.assert(
    fc.property(junk, fc.constantFrom("198.51.100.9", '"[2001:db8::9]:443"'), (said, seen) => {
      const expected = seen.startsWith("1") ? seen : "2001:db8::9";
      for (const lines of [[`${said}, ${seen}`], [said, seen]]) assert.equal(client(lines), expected);
      const answer = client(`${said}, for=${seen}`, { style: "forwarded" });
      assert.ok(answer === expected || answer === "unreadable", answer);
    }),
  );
});
