// Rows E04, E05 and E07 through the gateway: what a refusal says about time is true, and no moment is a good one for more than the
// limit.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { parseList } from "../policy/structured-field-list.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startUpstream();
after(() => upstream[Symbol.asyncDispose]());

async function keyUnder(limits: string, more = ""): Promise<string> {
  gateway.clock.set(START);
  await gateway.apply(plainProject(upstream.url, `limits: ${limits}\n${more}`));
  return (await gateway.key("acme")).key;
}
const ask = (key: string, path = "/"): Promise<Answer> =>
  gateway.ask("acme.localhost", { path, headers: bearer(key) });
async function admitted(key: string, times: number): Promise<number> {
  let count = 0;
  for (let asked = 0; asked < times; asked += 1) if ((await ask(key)).status === 204) count += 1;
  return count;
}

const FIELDS = "dialect: { rateLimitFields: true }\n";

/** The seconds to wait. Everything that a refusal says about them agrees. */
function waitOf({ status, headers }: Answer): number {
  assert.equal(status, 429);
  const retryAfter = String(headers["retry-after"]);
  assert.match(retryAfter, /^[1-9]\d*$/);
  const policies = parseList(String(headers["ratelimit-policy"]));
  const left = parseList(String(headers.ratelimit));
  assert.deepEqual(
    policies.map(({ name }) => name),
    left.map(({ name }) => name),
  );
  for (const { parameters } of left) assert.ok(Number(parameters.t ?? 0) <= Number(retryAfter));
  return Number(retryAfter);
}

test("E07: waiting as long as Retry-After says is enough, again and again, and a second less is not", async () => {
  const limits =
    "{ minute: { rate: 4, windowSeconds: 60 }, hour: { rate: 9, windowSeconds: 3600, per: account } }";
  const key = await keyUnder(limits, FIELDS);
  let now = START;
  let refusals = 0;
  for (let times = 0; times < 40; times += 1) {
    const answer = await ask(key);
    if (answer.status === 204) continue;
    refusals += 1;
    const wait = waitOf(answer);
    gateway.clock.set(now + (wait - 1) * 1000 - 1);
    assert.equal((await ask(key)).status, 429, "a second less");
    now += wait * 1000;
    gateway.clock.set(now);
    assert.equal((await ask(key)).status, 204, `after ${wait} seconds`);
  }
  assert.ok(refusals > 10);
});

test("E07: of several limits that refuse, the longest wait is told", async () => {
  const key = await keyUnder(
    "{ second: { rate: 2, windowSeconds: 2 }, hour: { rate: 2, windowSeconds: 3600 } }",
    FIELDS,
  );
  assert.equal(await admitted(key, 2), 2);
  const refused = await ask(key);
  assert.equal(waitOf(refused), 1_800);
  assert.equal(refused.headers.ratelimit, '"second";r=0;t=1, "hour";r=0;t=1800');
  gateway.clock.set(START + 1_800_000);
  assert.equal((await ask(key)).status, 204);
});

test("E07: the wait is for the same request, whatever it weighs", async () => {
  const routes = "routes: [{ match: /heavy, weight: 5 }, { match: /**, weight: 1 }]\n";
  const key = await keyUnder("{ minute: { rate: 6, windowSeconds: 60 } }", FIELDS + routes);
  assert.equal(await admitted(key, 4), 4);
  const wait = waitOf(await ask(key, "/heavy"));
  assert.equal(wait, 30, "two are left, three more come at one in ten seconds");
  gateway.clock.set(START + 30_000 - 1);
  assert.equal((await ask(key, "/heavy")).status, 429);
  gateway.clock.set(START + 30_000);
  assert.equal((await ask(key, "/heavy")).status, 204);
});

test("E04: two windows without a request earn nothing", async () => {
  const key = await keyUnder("{ minute: { rate: 20, windowSeconds: 60 } }");
  assert.equal(await admitted(key, 1), 1);
  gateway.clock.set(START + 120_000);
  assert.equal(await admitted(key, 60), 20);
});

test("E05: there is no edge of a window at which twice as many get through", async () => {
  const key = await keyUnder("{ minute: { rate: 20, windowSeconds: 60 } }");
  gateway.clock.set(START + 59_999);
  assert.equal(await admitted(key, 40), 20);
  gateway.clock.set(START + 60_001);
  assert.equal(await admitted(key, 40), 0);
  // The bound: burst and what comes back in the time between, here one unit in three seconds.
  gateway.clock.set(START + 59_999 + 30_000);
  assert.equal(await admitted(key, 40), 10);
});
