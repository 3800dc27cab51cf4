// Row E28: whoever tries keys that are none is told to wait, by address; valid keys from there work on; and no number of keys and
// addresses costs more memory than was set aside.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Address } from "../../src/policy/network.ts";
import type { Denied } from "../../src/policy/verdict.ts";
import { compileProject } from "../../src/project/compile.ts";
import { createMemoryCounters, MAX_RATES } from "../../src/store/memory/counters.ts";
import { createFailures, MAX_ADDRESSES } from "../../src/verify/failures.ts";
import { layStage, seen } from "./hostile-client.ts";

const stage = await layStage();
const RATE = 5;
const NETWORK = `trustedProxies: [127.0.0.1], failedAttempts: { rate: ${RATE}, windowSeconds: 100 }`;
const HEADERS = 'headers: { X-RateLimit-Limit: "{limit.calls.limit}", X-Fixed: "1" }';

/** A project of its own, so that nobody has failed there yet. */
async function project(name: string, network = NETWORK) {
  await stage.apply(
    `name: ${name}\nlimits: { calls: { rate: 1000, windowSeconds: 1 } }\nnetwork: { ${network} }\ndialect: { ${HEADERS}, rateLimitFields: true }`,
  );
  const { key } = await stage.key(name);
  const ask = (credential: string, client?: string) =>
    stage.send({
      host: `${name}.localhost`,
      lines: [
        `Authorization: Bearer ${credential}`,
        ...(client === undefined ? [] : [`X-Forwarded-For: ${client}`]),
      ],
    });
  // Well-formed, with the checksum of another one: refused without a look-up.
  const mistyped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;
  return { name, key, ask, mistyped, fail: (client?: string) => ask(mistyped, client) };
}

test("beyond the rate an invalid key is answered 429 and a wait that is true", async () => {
  const { fail } = await project("trying");
  for (let times = 0; times < RATE; times += 1) assert.equal((await fail("203.0.113.7")).status, 401);
  const refused = await fail("203.0.113.7");
  assert.deepEqual([refused.status, refused.json.error.code], [429, "rate_limit_exceeded"]);
  assert.equal(refused.headers["retry-after"], String(100 / RATE));
  const start = stage.gateway.clock.now();
  stage.gateway.clock.set(start + (100 / RATE) * 1000 - 1);
  assert.equal((await fail("203.0.113.7")).status, 429, "being refused uses nothing up");
  stage.gateway.clock.set(start + (100 / RATE) * 1000);
  assert.equal((await fail("203.0.113.7")).status, 401);
  assert.equal((await fail("203.0.113.7")).status, 429);
});

test("a valid key from the same address works as ever, and clears nothing", async () => {
  const { key, ask, fail } = await project("shared-office");
  for (let times = 0; times < RATE + 3; times += 1) await fail("203.0.113.7");
  for (let times = 0; times < 20; times += 1) {
    assert.equal((await ask(key, "203.0.113.7")).status, 204);
    assert.equal((await fail("203.0.113.7")).status, 429);
  }
});

test("the refusal tells nothing of any key, be it mistyped, unknown or another project's", async () => {
  const { key, ask, fail } = await project("silent");
  const other = await project("silent-other");
  for (let times = 0; times < RATE; times += 1) await fail("203.0.113.7");
  const unknown = (await stage.key("silent-other")).key.replace("silent_other", "silent");
  const answers = [];
  for (const credential of [`${key.slice(0, -1)}?`, unknown, other.key, "x", `${key}x`])
    answers.push(await ask(credential, "203.0.113.7"));
  for (const answer of answers) {
    assert.equal(answer.status, 429);
    assert.deepEqual(seen(answer), seen(answers[0]!));
    assert.deepEqual(
      Object.keys(answer.headers).filter((name) => /^x-(?:ratelimit|fixed)|^ratelimit/.test(name)),
      [],
    );
  }
});

test("addresses are counted apart, a /64 together, and projects apart", async () => {
  const first = await project("apart");
  const second = await project("apart-too");
  const statuses = async (clients: readonly string[], fail = first.fail) => {
    const all = [];
    for (const client of clients) all.push((await fail(client)).status);
    return all.filter((status) => status === 401).length;
  };
  assert.equal(await statuses(Array(9).fill("203.0.113.7")), RATE);
  assert.equal(await statuses(Array(9).fill("203.0.113.8")), RATE);
  assert.equal(await statuses([1, 2, 3, 4, 5, 6, 7].map((host) => `2001:db8:1:2::${host}`)), RATE);
  assert.equal(await statuses(["2001:db8:1:3::1"]), 1);
  assert.equal(await statuses(Array(9).fill("203.0.113.7"), second.fail), RATE);
});

test("only invalid keys count: not those that are missing, revoked or in the wrong place", async () => {
  const { name, ask, fail } = await project("others");
  for (let times = 0; times < 3 * RATE; times += 1) {
    const none = await stage.send({ host: `${name}.localhost`, lines: ["X-Forwarded-For: 203.0.113.7"] });
    assert.equal(none.json.error.code, "missing_api_key");
    const twice = await stage.send({
      host: `${name}.localhost`,
      lines: ["Authorization: Bearer a", "Authorization: Bearer b", "X-Forwarded-For: 203.0.113.7"],
    });
    assert.equal(twice.status, 400);
  }
  assert.equal((await fail("203.0.113.7")).status, 401);
  assert.equal((await ask("x", "203.0.113.7")).status, 401);
});

test("nobody is counted on loopback or as a proxy that names no client, and nobody at all unless the file says so", async () => {
  const proxied = await project("proxied");
  const direct = await project("direct", `failedAttempts: { rate: ${RATE}, windowSeconds: 100 }`);
  const open = await project("open", "trustedProxies: [127.0.0.1]");
  for (let times = 0; times < 3 * RATE; times += 1) {
    for (const one of [proxied, direct]) assert.equal((await one.fail()).status, 401, one.name);
    for (const client of ["127.0.0.1", "::1", "127.9.9.9", "::ffff:127.0.0.1"])
      assert.equal((await proxied.fail(client)).status, 401, client);
    assert.equal((await open.fail("203.0.113.7")).status, 401);
  }
});

test("a question that is asked for somebody else is never told to wait", async () => {
  const { name, mistyped } = await project("asked");
  const { verify, directory } = stage.gateway.instance;
  const clientAddress: Address = { family: 4, bytes: [203, 0, 113, 7] };
  for (let times = 0; times < 3 * RATE; times += 1) {
    const credential = { kind: "key", text: mistyped } as const;
    const asked = { project: directory.project(name)!, credential };
    assert.equal((await verify({ ...asked, clientAddress })).code, "invalid_key");
    assert.equal((await verify(asked)).code, "invalid_key");
  }
});

const NOW = Date.parse("2026-11-21T12:00:00Z");
const DENIED: Denied = { allowed: false, code: "invalid_key" };
const DISTINCT = 1_000_000;

/** All different, none of them loopback; every other one an IPv6 /64. */
function addressOf(index: number): Address {
  const [a, b, c] = [(index >> 16) & 255, (index >> 8) & 255, index & 255];
  return index % 2 === 0
    ? { family: 4, bytes: [10, a, b, c] }
    : { family: 6, bytes: [0x20, 1, 0, 0, 0, a, b, c, 0, 0, 0, 0, 0, 0, 0, 1] };
}

test("a million addresses are remembered in the room of a hundred thousand, and who failed last still waits", () => {
  const acme = compileProject({
    name: "acme",
    network: { failedAttempts: { rate: 1, windowSeconds: 86_400 } },
  });
  const failures = createFailures({ now: () => NOW });
  assert.equal(failures.size(), 0);
  for (let index = 0; index < DISTINCT; index += 1) failures.judge(acme, addressOf(index), DENIED);
  assert.equal(MAX_ADDRESSES, 100_000);
  assert.equal(failures.size(), MAX_ADDRESSES);
  const codeFor = (index: number) => failures.judge(acme, addressOf(index), DENIED).code;
  assert.equal(codeFor(DISTINCT - 1), "rate_exceeded");
  assert.equal(codeFor(DISTINCT - MAX_ADDRESSES), "rate_exceeded");
  assert.equal(codeFor(0), "invalid_key", "it was forgotten");
});

test("limits of a million addresses are held in half of that room, and what was used up stays used up", () => {
  const counters = createMemoryCounters();
  const limit = {
    kind: "rate",
    name: "calls",
    per: "address",
    limit: 10,
    windowMs: 86_400_000,
    burst: 10,
  } as const;
  const take = (subject: string, weight: number) => counters.take([{ limit, subject, weight }], NOW);
  take("used-up", 10);
  let most = 0;
  for (let index = 0; index < DISTINCT; index += 1) {
    take(`acme/${index}`, 1);
    most = Math.max(most, counters.size());
  }
  assert.ok(most < MAX_RATES, String(most));
  assert.ok(counters.size() >= 0.9 * MAX_RATES, "and no more is forgotten than has to be");
  const [state] = counters.take([{ limit, subject: "used-up", weight: 1 }], NOW).states;
  assert.deepEqual([state?.remaining, state?.retryAfterSeconds], [0, 8_640]);
});
