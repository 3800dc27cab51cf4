// Rows D01 to D11: whose address counts. The peer's, unless it is a trusted proxy; then the rightmost hop that is none; and what
// cannot be read is nobody's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClavigerError } from "../../src/base/errors.ts";
import type { NewKey } from "../../src/manage/create-key.ts";
import { getKey, updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { bundledProjects } from "../support/bundled.ts";
import { valuesOf } from "../support/upstream.ts";
import { type HostileAnswer, layStage } from "./hostile-client.ts";

const stage = await layStage(["nudg3"]);
const { gateway } = stage;

const TRUSTED = "trustedProxies: [127.0.0.1, 10.0.0.0/8]";
await stage.apply("name: direct");
await stage.apply(`name: edge\nnetwork: { ${TRUSTED}, clientAddressHeader: X-Forwarded-For }`);
await stage.apply(
  `name: single\nnetwork: { ${TRUSTED}, clientAddressHeader: X-Real-IP, headerStyle: single }`,
);

const CLIENT = "203.0.113.7";
const OTHER = "198.51.100.9";
const PEER = "127.0.0.1";

async function ask(
  project: string,
  allowedIps: readonly string[],
  lines: readonly string[],
  more: Partial<NewKey> = {},
) {
  const { key } = await stage.key(project, { allowedIps, ...more });
  const target = project === "nudg3" ? "/dashboard" : "/";
  return stage.send({
    host: `${project}.localhost`,
    target,
    lines: [...lines, `Authorization: Bearer ${key}`],
  });
}

function assertRefused(answer: HostileAnswer, why?: string): void {
  assert.equal(answer.status, 403, why);
  assert.equal(answer.json.error.code, "ip_not_allowed", why);
}

/** `address` is what the upstream is told. */
function assertAdmitted(answer: HostileAnswer, address: string, why?: string): void {
  assert.equal(answer.status, 204, `${why}: ${answer.text}`);
  assert.deepEqual(valuesOf(answer.reached[0]?.rawHeaders ?? [], "x-forwarded-for"), [address], why);
}

const forwarded = (value: string) => [`X-Forwarded-For: ${value}`];

test("D01: a header from a peer that is no trusted proxy changes nothing", async () => {
  for (const project of ["direct", "nudg3"]) {
    assertRefused(await ask(project, [CLIENT], forwarded(CLIENT)), project);
    assertRefused(await ask(project, [CLIENT], []), project);
    assertAdmitted(await ask(project, [PEER], forwarded(CLIENT)), PEER, project);
  }
});

test("D02: behind a trusted proxy the rightmost untrusted hop is the client", async () => {
  for (const hops of [
    `${CLIENT}, ${OTHER}`,
    `${CLIENT},${OTHER}, 10.0.0.2`,
    `a, ${CLIENT}, ${OTHER}, 10.1.2.3,127.0.0.1`,
  ]) {
    assertRefused(await ask("edge", [CLIENT], forwarded(hops)), hops);
    assertAdmitted(await ask("edge", [OTHER], forwarded(hops)), OTHER, hops);
  }
  await stage.apply(`${bundledProjects().nudg3}\nnetwork: { ${TRUSTED} }`);
  assertRefused(await ask("nudg3", [CLIENT], forwarded(`${CLIENT}, ${OTHER}`)));
  assertAdmitted(await ask("nudg3", [OTHER], forwarded(`${CLIENT}, ${OTHER}`)), OTHER);
});

test("D03: two lines are read like one", async () => {
  for (const lines of [
    [...forwarded(CLIENT), ...forwarded(OTHER)],
    [`x-forwarded-for: ${CLIENT}`, "Accept: */*", `X-FORWARDED-FOR: ${OTHER}, 10.0.0.2`],
    [...forwarded(`a, ${CLIENT}`), ...forwarded(OTHER), ...forwarded("10.0.0.2")],
  ]) {
    assertRefused(await ask("edge", [CLIENT], lines));
    assertAdmitted(await ask("edge", [OTHER], lines), OTHER);
  }
});

test("D04: a header that cannot be read satisfies no allowlist, and the peer stands for the client", async () => {
  const hops = Array.from({ length: 1_000 }, () => "1.1.1.1").join(",");
  const junk = [
    "a",
    "unknown",
    "",
    ",",
    `${CLIENT},`,
    `${CLIENT}, unknown`,
    `${CLIENT}, a, 10.0.0.2`,
    "203.0.113.7.",
    "localhost",
    hops,
    `${"a".repeat(9_000)},${CLIENT}`,
  ];
  for (const value of junk) {
    for (const allowed of [CLIENT, PEER, "1.1.1.1"])
      assertRefused(await ask("edge", [allowed], forwarded(value)), value.slice(0, 40));
    assertAdmitted(await ask("edge", [], forwarded(value)), PEER, value.slice(0, 40));
  }
  for (const allowedIps of [[CLIENT], []]) {
    const answer = await ask("edge", allowedIps, forwarded(`${"1.1.1.1,".repeat(8_192)}${CLIENT}`));
    assert.equal(answer.status, 431);
  }
});

const OTHER_HEADERS = [
  "X-Real-IP",
  "CF-Connecting-IP",
  "True-Client-IP",
  "X-Client-IP",
  "X_Forwarded_For",
  "X-Cluster-Client-IP",
];

test("D05: a header that is not the configured one names nobody", async () => {
  const claims = [...OTHER_HEADERS.map((name) => `${name}: ${CLIENT}`), `Forwarded: for=${CLIENT}`];
  for (const claim of [claims, ...claims.map((line) => [line])]) {
    assertRefused(await ask("edge", [CLIENT], claim));
    assertRefused(await ask("edge", [CLIENT], [...claim, ...forwarded(OTHER)]));
    assertRefused(await ask("direct", [CLIENT], claim));
  }
  assertRefused(await ask("single", [CLIENT], [...forwarded(CLIENT), `Forwarded: for=${CLIENT}`]));
  assertAdmitted(await ask("single", [CLIENT], [`X-Real-IP: ${CLIENT}`, ...forwarded(OTHER)]), CLIENT);
  assertRefused(await ask("single", [CLIENT], [`X-Real-IP: ${CLIENT}`, `X-Real-IP: ${CLIENT}`]));
  for (const project of ["edge", "direct", "single"]) {
    const { reached } = await ask(project, [], claims);
    assert.doesNotMatch(
      reached[0]?.rawHeaders.join("\n") ?? "",
      /real.ip|cf-|true-client|^x.client.ip|forwarded$/im,
    );
  }
});

const MAPPED = [
  "::ffff:203.0.113.7",
  "::FFFF:cb00:7107",
  "0:0:0:0:0:ffff:cb00:7107",
  "0000:0000:0000:0000:0000:ffff:203.0.113.7",
];
const EMBEDDED = ["::203.0.113.7", "64:ff9b::cb00:7107", "64:ff9b::203.0.113.7", "2002:cb00:7107::"];

test("D06: an IPv4-mapped address is the IPv4 address", async () => {
  for (const spelling of MAPPED) {
    assertAdmitted(await ask("edge", [CLIENT], forwarded(spelling)), CLIENT, spelling);
    assertAdmitted(await ask("edge", [spelling], forwarded(CLIENT)), CLIENT, spelling);
    assertAdmitted(await ask("edge", ["203.0.113.0/24"], forwarded(spelling)), CLIENT, spelling);
  }
});

test("D07: other IPv6 addresses that hold an IPv4 address are not that address", async () => {
  for (const spelling of EMBEDDED) {
    assertRefused(await ask("edge", [CLIENT], forwarded(spelling)), spelling);
    assertRefused(await ask("edge", [spelling], forwarded(CLIENT)), spelling);
  }
});

const isRefused = (error: unknown) => error instanceof ClavigerError && error.status === 422;

test("D08: a range of all addresses has to be confirmed and is one family's", async () => {
  for (const range of ["0.0.0.0/0", "::/0"]) {
    await assert.rejects(gateway.key("edge", { allowedIps: [range] }), isRefused);
    await assert.rejects(
      gateway.key("edge", { allowedIps: [CLIENT, range], confirmAnyAddress: false }),
      isRefused,
    );
  }
  const confirmed = { confirmAnyAddress: true };
  assertAdmitted(await ask("edge", ["0.0.0.0/0"], forwarded(CLIENT), confirmed), CLIENT);
  assertRefused(await ask("edge", ["0.0.0.0/0"], forwarded("2001:db8::1"), confirmed));
  assertAdmitted(await ask("edge", ["::/0"], forwarded("2001:db8::1"), confirmed), "2001:db8::1");
  assertRefused(await ask("edge", ["::/0"], forwarded(CLIENT), confirmed));
});

const NO_ENTRY = [
  ...[
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/",
    "1.2.3",
    "010.0.0.1",
    "1.2.3.256",
    "fe80::1%eth0",
  ],
  ...[
    "host.name",
    "",
    " 1.2.3.4",
    "1.2.3.4 ",
    "0x7f.1",
    "2130706433",
    "1.2.3.4/255.0.0.0",
    "1.2.3.4-1.2.3.9",
    "*",
    "2001:db8::/129",
  ],
];

test("D09: one entry that is no address or range refuses the whole list", async () => {
  const { id } = await gateway.key("edge", { allowedIps: [OTHER] });
  for (const entry of NO_ENTRY) {
    for (const allowedIps of [[entry], [CLIENT, entry, "10.0.0.0/8"]]) {
      await assert.rejects(gateway.key("edge", { allowedIps }), isRefused, JSON.stringify(entry));
      await assert.rejects(updateKey(gateway.instance, LOCAL_CALLER, "edge", id, { allowedIps }), isRefused);
    }
  }
  assert.deepEqual((await getKey(gateway.instance, "edge", id)).allowedIps, [OTHER]);
});

test("D10: a range with host bits is refused, with both readings in the message", async () => {
  await assert.rejects(gateway.key("edge", { allowedIps: ["10.0.0.1/8"] }), (error) => {
    assert.ok(isRefused(error));
    assert.match((error as Error).message, /10\.0\.0\.0\/8 .*10\.0\.0\.1 /);
    return true;
  });
});

test("D11: ports, brackets and quotes are taken off a hop", async () => {
  for (const [value, address] of [
    ["1.2.3.4:5678", "1.2.3.4"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ['"1.2.3.4"', "1.2.3.4"],
    ['"[2001:db8::1]:443"', "2001:db8::1"],
    [`${CLIENT}, 1.2.3.4:5678, 10.0.0.2:80`, "1.2.3.4"],
  ] as const) {
    assertAdmitted(await ask("edge", [address], forwarded(value)), address, value);
    assertRefused(await ask("edge", [OTHER], forwarded(value)), value);
  }
});
