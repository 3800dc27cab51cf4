/** A format that would make weak, ambiguous or unusable keys never compiles, and the message says why. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFormat, KeyFormatError, type KeyFormatOptions } from "../../src/key/format.ts";

const PLAIN: KeyFormatOptions = { environments: ["live", "test"], checksum: "crc32" };
const ACCEPTED: KeyFormatOptions = { ...PLAIN, minted: false };

const REFUSED: readonly (readonly [template: string, options: KeyFormatOptions, message: RegExp])[] = [
  ["acme_{key:32}", PLAIN, /unknown placeholder \{key:32\}/],
  ["acme_{}{secret:32}", PLAIN, /unknown placeholder \{\}/],
  ["acme_{ID:8}_{secret:32}", PLAIN, /unknown placeholder \{ID:8\}/],
  ["acme_{secret:-32}", PLAIN, /unknown placeholder/],
  ["acme_{secret:3e2}", PLAIN, /unknown placeholder/],
  ["acme_{secret: 32}", PLAIN, /unknown placeholder/],
  ["acme_{secret:32", PLAIN, /"\{" stands alone/],
  ["acme_}{secret:32}", PLAIN, /"\}" stands alone/],
  ["acme_{{secret:32}}", PLAIN, /"\{" stands alone/],
  ["acme_{secret}", PLAIN, /\{secret\} needs a length/],
  ["acme_{id}_{secret:32}", PLAIN, /\{id\} needs a length/],
  ["acme_{env:4}_{secret:32}", PLAIN, /\{env\} takes no length/],
  ["acme_{id:5}_{secret:32}", PLAIN, /\{id:5\} is out of range; an id has 6 to 32/],
  ["acme_{id:33}_{secret:32}", PLAIN, /\{id:33\} is out of range/],
  ["acme_{env}_{env}_{secret:32}", PLAIN, /\{env\} may stand only once/],
  ["acme_{id:8}_{id:8}_{secret:32}", PLAIN, /\{id\} may stand only once/],
  ["acme_{secret:32}_{secret:32}", PLAIN, /\{secret\} may stand only once/],
  ["", PLAIN, /\{secret:N\} is missing/],
  ["acme_", PLAIN, /\{secret:N\} is missing/],
  ["acme_{env}_{id:8}", PLAIN, /\{secret:N\} is missing/],
  ["acme_{secret:32}_x", PLAIN, /\{secret:N\} must be the last part/],
  ["acme_{secret:32}_{id:8}", PLAIN, /\{secret:N\} must be the last part/],
  ["acme_{secret:27}", PLAIN, /has 21 random characters .* at least 22 .* 128 bits/],
  ["acme_{secret:0}", PLAIN, /has -6 random characters/],
  ["acme_{secret:21}", { ...PLAIN, checksum: "none" }, /has 21 random characters .* 128 bits/],
  ["acme_{secret:13}", ACCEPTED, /has 7 random characters .* at least 8/],
  ["acme_{secret:7}", { ...ACCEPTED, checksum: "none" }, /has 7 random characters .* at least 8/],
  ["acme {secret:32}", PLAIN, /illegal literal character " "/],
  ["acme/{secret:32}", PLAIN, /illegal literal character "\/"/],
  ["acme\n{secret:32}", PLAIN, /illegal literal character "\\n"/],
  ["acmé_{secret:32}", PLAIN, /illegal literal character "é"/],
  ["ac*e_{secret:32}", PLAIN, /illegal literal character "\*"/],
  ["acme😀{secret:32}", PLAIN, /illegal literal character "😀"/],
  ["acme_{secret:252}", PLAIN, /its keys have 257 characters, at most 256/],
  ["acme_{env}{secret:248}", PLAIN, /its keys have 257 characters/],
  ["acme_{secret:99999999999}", PLAIN, /at most 256/],
  [`acme_{secret:${"9".repeat(400)}}`, PLAIN, /at most 256/],
  ["{secret:32}", PLAIN, /must begin with at least 2 literal characters/],
  ["a{secret:32}", PLAIN, /must begin with at least 2 literal characters/],
  ["{env}_acme_{secret:32}", PLAIN, /must begin with at least 2 literal characters/],
  ["a{env}_{secret:32}", PLAIN, /must begin with at least 2 literal characters/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: [] }, /needs at least one environment/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: ["live", "Test"] }, /illegal environment name "Test"/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: [""] }, /illegal environment name ""/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: ["a_b"] }, /illegal environment name "a_b"/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: ["live\n"] }, /illegal environment name "live\\n"/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: ["a".repeat(33)] }, /illegal environment name/],
  ["acme_{env}_{secret:32}", { ...PLAIN, environments: ["live", "live"] }, /"live" and "live" are ambiguous/],
  [
    "eu-acme_{secret:32}",
    { ...PLAIN, regionPrefixes: ["us-", "eu-"] },
    /may begin with the region prefix "eu-"/,
  ],
  ["eu{env}{secret:32}", { ...PLAIN, regionPrefixes: ["eulive"] }, /region prefix "eulive"/],
  ["eu{env}{secret:32}", { ...PLAIN, regionPrefixes: ["eutestX"] }, /region prefix "eutestX"/],
  ["eu{id:6}-{secret:32}", { ...PLAIN, regionPrefixes: ["eu1"] }, /region prefix "eu1"/],
  ["acme_{secret:32}", { ...PLAIN, regionPrefixes: [""] }, /region prefix ""/],
];

for (const [template, options, message] of REFUSED) {
  test(`${JSON.stringify(template.slice(0, 40))} is refused: ${message.source}`, () => {
    assert.throws(
      () => compileFormat(template, options),
      (error) => {
        assert.ok(error instanceof KeyFormatError);
        assert.equal(error.name, "KeyFormatError");
        assert.match(error.message, message);
        assert.ok(error.message.includes(JSON.stringify(template)), "the message names the template");
        return true;
      },
    );
  });
}

const COMPILED: readonly (readonly [template: string, options: KeyFormatOptions])[] = [
  ["ac{secret:28}", PLAIN],
  ["ac{secret:22}", { ...PLAIN, checksum: "none" }],
  ["acme_{secret:14}", ACCEPTED],
  ["acme_{secret:8}", { ...ACCEPTED, checksum: "none" }],
  ["acme_{secret:251}", PLAIN],
  ["acme_{env}{secret:247}", PLAIN],
  ["acme_{id:6}{secret:28}", PLAIN],
  ["acme_{id:32}{secret:28}", PLAIN],
  ["acme_{env}{secret:32}", { ...PLAIN, environments: ["a", "ab", "abc", "b", "0", "a".repeat(32)] }],
  ["acme_{secret:32}", { ...PLAIN, environments: ["Not Used", "Not Used"] }],
  ["eu_{secret:32}", { ...PLAIN, regionPrefixes: ["eu-", "us-", "eu_-"] }],
  ["acme_eu-{secret:32}", { ...PLAIN, regionPrefixes: ["eu-"] }],
];

for (const [template, options] of COMPILED) {
  test(`${template} compiles`, () => {
    assert.equal(compileFormat(template, options).template, template);
  });
}
