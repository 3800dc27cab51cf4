// Nudg3: every response to a valid key tells the key's scopes, tier and rate limit, and a key has 100 requests a minute (row D5).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { disableKey, revokeKey } from "../../src/manage/end-key.ts";
import { rotateKey } from "../../src/manage/rotate-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";

const HOST = "nudg3.localhost";
const SANDBOX = "sandbox.nudg3.localhost";
const FILE = readFileSync(new URL("../../projects/nudg3.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());
const { instance } = gateway;

const NAMES = ["limit", "remaining", "reset", "scopes", "tier"].map((name) => `x-ratelimit-${name}`);
const told = ({ headers }: Answer) => NAMES.map((name) => headers[name]);
const ask = (key: string, path = "/dashboard", host = HOST): Promise<Answer> =>
  gateway.ask(host, { path, headers: bearer(key) });
const PREMIUM = ["read:analytics,export:data", "premium"];
const BASIC = ["read:analytics", "basic"];
/** One unit comes back every 600 ms, so that `used` ones are back after that many times 600 ms. */
const usage = (used: number, rest: string[], now = START): string[] => [
  "100",
  String(100 - used),
  String(Math.ceil((now + used * 600) / 1000)),
  ...rest,
];

async function spend(key: string, times: number, host = HOST): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask(key, "/dashboard", host)));
  return answers.map(({ status }) => status);
}
const counted = (statuses: number[]) => [200, 429].map((one) => statuses.filter((s) => s === one).length);

test("D5: an admitted request is told all five, counting itself", async () => {
  const premium = await gateway.key("nudg3", { tier: "premium" });
  const basic = await gateway.key("nudg3", { tier: "basic" });
  for (let used = 1; used <= 5; used += 1) {
    assert.deepEqual(told(await ask(premium.key)), usage(used, PREMIUM));
    assert.deepEqual(told(await ask(basic.key)), usage(used, BASIC));
  }
  const other = await ask(premium.key, "/brands/7");
  assert.deepEqual(told(other), usage(6, PREMIUM));
});

test("D5: so is a valid key that is refused, and that uses nothing up", async () => {
  const { key } = await gateway.key("nudg3", { tier: "basic" });
  await ask(key);
  for (let times = 0; times < 3; times += 1) {
    const scope = await ask(key, "/exports/1.csv");
    assert.deepEqual([scope.status, ...told(scope)], [403, ...usage(1, BASIC)]);
    const route = await ask(key, "/nowhere");
    assert.deepEqual([route.status, ...told(route)], [403, ...usage(1, BASIC)]);
  }
  const elsewhere = await gateway.key("nudg3", { tier: "premium", allowedIps: ["203.0.113.7"] });
  for (let times = 0; times < 3; times += 1) {
    const address = await ask(elsewhere.key);
    assert.deepEqual([address.status, ...told(address)], [403, ...usage(0, PREMIUM)]);
  }
});

test("D5: no 401 carries any of them", async () => {
  const create = () => gateway.key("nudg3", { tier: "premium" });
  const [revoked, disabled, live] = [await create(), await create(), await create()];
  await ask(revoked.key);
  await revokeKey(instance, LOCAL_CALLER, "nudg3", revoked.id);
  await disableKey(instance, LOCAL_CALLER, "nudg3", disabled.id);
  const answers = [
    await gateway.ask(HOST, { path: "/dashboard" }),
    await ask("nonsense"),
    await ask(revoked.key),
    await ask(disabled.key),
    await ask(live.key, "/dashboard", SANDBOX),
  ];
  for (const answer of answers)
    assert.deepEqual([answer.status, ...told(answer)], [401, ...NAMES.map(() => undefined)]);
});

test("D5: the hundredth request of a minute passes, the next is refused until the moment that it is told", async () => {
  const { key } = await gateway.key("nudg3", { tier: "premium" });
  assert.deepEqual(counted(await spend(key, 100)), [100, 0]);
  const refused = await ask(key);
  assert.equal(refused.status, 429);
  assert.deepEqual(refused.json, {
    error: { code: "rate_limit_exceeded", message: "Rate limit exceeded. Retry after 1 seconds." },
  });
  assert.deepEqual(told(refused), usage(100, PREMIUM));
  assert.equal(refused.headers["retry-after"], "1");
  gateway.clock.set(START + 599);
  assert.equal((await ask(key)).status, 429);
  gateway.clock.set(START + 1_000);
  assert.equal((await ask(key)).status, 200);
  assert.equal((await ask(key)).status, 429);
  gateway.clock.set(START + 61_000);
  assert.deepEqual(counted(await spend(key, 150)), [100, 50]);
  gateway.clock.set(START);
});

test("D5: of 300 requests at the same moment 100 pass, and refusals of any kind change nothing", async () => {
  const { key } = await gateway.key("nudg3", { tier: "basic" });
  const asked = Array.from({ length: 300 }, (_, index) =>
    ask(key, index % 3 === 0 ? "/exports/1" : "/dashboard"),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual(
    [200, 403, 429].map((one) => statuses.filter((status) => status === one).length),
    [100, 100, 100],
  );
});

test("D5: a rotation neither resets nor doubles the limit", async () => {
  const old = await gateway.key("nudg3", { tier: "premium" });
  await spend(old.key, 60);
  const next = await rotateKey(instance, LOCAL_CALLER, "nudg3", old.id, { graceSeconds: 3_600 });
  assert.deepEqual(told(await ask(next.key)), usage(61, PREMIUM));
  assert.deepEqual(told(await ask(old.key)), usage(62, PREMIUM));
  const statuses = [...(await spend(next.key, 20)), ...(await spend(old.key, 20))];
  assert.deepEqual(counted(statuses), [38, 2]);
  const last = await rotateKey(instance, LOCAL_CALLER, "nudg3", next.id);
  assert.equal((await ask(last.key)).status, 429);
});

test("D5: the keys of an account, those of its two environments too, have a hundred each", async () => {
  const account = (await gateway.account("nudg3")).id;
  const live = await gateway.key("nudg3", { account, tier: "basic" });
  const second = await gateway.key("nudg3", { account, tier: "basic" });
  const trial = await gateway.key("nudg3", { account, tier: "basic", environment: "test" });
  assert.deepEqual(counted(await spend(live.key, 101)), [100, 1]);
  assert.deepEqual(told(await ask(second.key)), usage(1, BASIC));
  assert.deepEqual(told(await ask(trial.key, "/dashboard", SANDBOX)), usage(1, BASIC));
  assert.deepEqual(counted(await spend(trial.key, 101, SANDBOX)), [99, 2]);
});

test("D5: an applied project file keeps what was used", async () => {
  const { key } = await gateway.key("nudg3", { tier: "premium" });
  await spend(key, 100);
  await gateway.apply(FILE.replace("Brand analytics", "Analytics of brands"));
  assert.equal((await ask(key)).status, 429);
});
