// The project's usage headers stand on every answer to a valid key, refusals and failures included, and on no other answer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, type Ask, bearer, startGateway } from "../support/gateway.ts";
import { startUpstream } from "../support/upstream.ts";

const HOST = "nudg3.localhost";
const FILE = readFileSync(new URL("../../projects/nudg3.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

const usage = ({ headers }: Answer) => [headers["x-ratelimit-scopes"], headers["x-ratelimit-tier"]];
const PREMIUM = ["read:analytics,export:data", "premium"];
const BASIC = ["read:analytics", "basic"];
const ask = (key: string, request: Ask = {}) =>
  gateway.ask(HOST, { path: "/dashboard", headers: bearer(key), ...request });

test("an admitted request is told the key's scopes and tier", async () => {
  const basic = await gateway.key("nudg3", { tier: "basic" });
  const premium = await gateway.key("nudg3", { tier: "premium" });
  assert.deepEqual(usage(await ask(basic.key)), BASIC);
  assert.deepEqual(usage(await ask(premium.key)), PREMIUM);
  assert.deepEqual(usage(await ask(premium.key, { method: "HEAD" })), PREMIUM);
});

test("so is a valid key that is refused: for its scope, its address, or a path that is nobody's", async () => {
  const { key } = await gateway.key("nudg3", { tier: "basic" });
  const elsewhere = await gateway.key("nudg3", { tier: "premium", allowedIps: ["203.0.113.7"] });
  const answers = [
    await ask(key, { path: "/exports/1" }),
    await ask(key, { path: "/nowhere" }),
    await ask(elsewhere.key),
  ];
  assert.deepEqual(
    answers.map((answer) => [answer.status, ...usage(answer)]),
    [
      [403, ...BASIC],
      [403, ...BASIC],
      [403, ...PREMIUM],
    ],
  );
});

test("so is a valid key whose upstream fails", async () => {
  const { key } = await gateway.key("nudg3", { tier: "premium" });
  await gateway.apply(`${FILE}upstream: http://127.0.0.1:1\n`);
  const answer = await ask(key);
  assert.deepEqual([answer.status, ...usage(answer)], [502, ...PREMIUM]);
  await gateway.apply(FILE);
});

test("no 401 speaks of scopes or tier", async () => {
  const create = () => gateway.key("nudg3", { tier: "premium" });
  const [revoked, disabled, sandbox] = [await create(), await create(), await create()];
  await revokeKey(instance, LOCAL_CALLER, "nudg3", revoked.id);
  await disableKey(instance, LOCAL_CALLER, "nudg3", disabled.id);
  const answers = [
    await ask("", { headers: {} }),
    await ask("nonsense"),
    await ask(revoked.key.slice(0, -1)),
    await ask(revoked.key),
    await ask(disabled.key),
    await gateway.ask("sandbox.nudg3.localhost", { path: "/dashboard", headers: bearer(sandbox.key) }),
  ];
  for (const answer of answers)
    assert.deepEqual([answer.status, ...usage(answer)], [401, undefined, undefined]);
});

test("what the upstream says under these names gives way to the gateway's word", async () => {
  await using upstream = await startUpstream((_request, response) => {
    const theirs = {
      "X-RateLimit-Scopes": "everything",
      "x-ratelimit-tier": "gold",
      "X-RateLimit-Other": "7",
    };
    response.writeHead(200, theirs).end();
  });
  const { key } = await gateway.key("nudg3", { tier: "basic" });
  await gateway.apply(`${FILE}upstream: ${upstream.url}\n`);
  const answer = await ask(key);
  assert.deepEqual(usage(answer), BASIC);
  assert.equal(answer.headers["x-ratelimit-other"], "7");
  await gateway.apply(FILE);
});

test("the ledger is asked only where an answer says something of it", async (t) => {
  const metered = (dialect: string) => `name: pots
plans: { one: { allowance: 5 } }
defaultPlan: one
routes: [{ match: /paid, pot: allowance }, { match: /** }]
${dialect}`;
  const speaking = [
    'dialect: { headers: { X-Left: "{allowance.remaining}" } }',
    'dialect: { answers: { no_route: { message: "{credits} credits" } } }',
    "dialect: { rateLimitFields: true }",
  ];
  for (const [dialect, times] of [["", 0], ...speaking.map((one) => [one, 1] as const)] as const) {
    await gateway.apply(metered(dialect));
    const { key } = await gateway.key("pots");
    const tell = t.mock.method(gateway.instance.store, "balances");
    assert.equal((await gateway.ask("pots.localhost", { path: "/x", headers: bearer(key) })).status, 200);
    assert.equal(tell.mock.callCount(), times, dialect);
    t.mock.restoreAll();
  }
});
