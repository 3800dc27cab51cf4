// Nohuman: what a video costs in prepaid credits, 402 when they do not cover it, and what comes back (rows H2 and H5).
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { openInstance } from "../../src/open.ts";
import { periodAt } from "../../src/policy/month.ts";
import { openExchange } from "../support/exchange.ts";
import { folderFor } from "../support/folder.ts";
import { type Answer, bearer, START, startGateway } from "../support/gateway.ts";
import { startHeldUpstream } from "../support/held-upstream.ts";
import { startUpstream } from "../support/upstream.ts";

const HOST = "nohuman.localhost";
const PATH = "/v1/videos/generate";
const FILE = readFileSync(new URL("../../projects/nohuman.yaml", import.meta.url), "utf8");
const gateway = await startGateway();
after(() => gateway.close());

async function customer(credits: number): Promise<{ account: string; key: string }> {
  const { id: account } = await gateway.account("nohuman");
  if (credits > 0) await gateway.grant("nohuman", account, credits);
  return { account, key: (await gateway.key("nohuman", { account })).key };
}

const send = (key: string, body: string | Buffer): Promise<Answer> =>
  gateway.ask(HOST, {
    method: "POST",
    path: PATH,
    headers: { "Content-Type": "application/json", ...bearer(key) },
    body,
  });
const generate = (key: string, duration: unknown, prompt = "A sunset over the ocean") =>
  send(key, JSON.stringify({ prompt, duration, aspect_ratio: "16:9" }));
const credits = async ({ account }: { account: string }) =>
  (await gateway.balance("nohuman", account)).credits;
const INSUFFICIENT =
  '{"error":{"code":"insufficient_credits","message":"Account has insufficient credits","status":402}}';

test("H5: a video spends as many credits as it has seconds, and the request goes on as it is", async () => {
  const one = await customer(12);
  const answer = await generate(one.key, 5);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json.request.body, {
    prompt: "A sunset over the ocean",
    duration: 5,
    aspect_ratio: "16:9",
  });
  assert.equal(await credits(one), 7);
});

test("H2: 402 insufficient_credits, word for word, when the credits do not cover the video; none are taken", async () => {
  const one = await customer(4);
  for (const duration of [5, 1_000_000_000]) {
    const answer = await generate(one.key, duration);
    assert.deepEqual([answer.status, answer.text], [402, INSUFFICIENT]);
  }
  assert.equal(await credits(one), 4);
  assert.equal((await generate(one.key, 4)).status, 200);
  assert.equal((await generate(one.key, 1)).status, 402);
  assert.equal((await generate((await customer(0)).key, 1)).status, 402);
});

test("H5: a duration is a whole number of 1 or more, anything else is a 400 that spends nothing", async () => {
  const one = await customer(100);
  for (const duration of [
    "0",
    "-1",
    "-0",
    "0.5",
    "1.5",
    '"5"',
    "null",
    "true",
    "[5]",
    "{}",
    "1e400",
    "1e18",
    "9007199254740993",
  ]) {
    const answer = await send(one.key, `{"prompt":"A sunset","duration":${duration}}`);
    assert.equal(answer.status, 400, duration);
    assert.deepEqual([answer.json.error.code, answer.json.error.status], ["invalid_request", 400]);
  }
  for (const body of [
    '{"prompt":"A sunset"}',
    '{"duration":1,"duration":100}',
    '{"duration":5',
    "duration=5",
    "",
  ])
    assert.equal((await send(one.key, body)).status, 400, body);
  assert.equal(await credits(one), 100);
});

test("H5: of a hundred at once exactly as many are admitted as the credits cover", async () => {
  const one = await customer(137);
  // Five at a time of each key, so that no other limit refuses.
  const keys = await Promise.all(
    Array.from({ length: 20 }, async () => (await gateway.key("nohuman", { account: one.account })).key),
  );
  const answers = await Promise.all(keys.flatMap((key) => Array.from({ length: 5 }, () => generate(key, 5))));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  assert.deepEqual([count(200), count(402)], [27, 73]);
  assert.equal(await credits(one), 137 - 27 * 5);
});

test("H5: a video that fails upstream gives its credits back", async () => {
  const one = await customer(5);
  for (let times = 0; times < 3; times += 1) {
    assert.equal((await generate(one.key, 5, "fail")).status, 500);
    assert.equal(await credits(one), 5);
  }
  assert.equal((await generate(one.key, 5)).status, 200);
  assert.equal(await credits(one), 0);
});

test("H5: failures and successes at once: what is left is what the successes left", async () => {
  const one = await customer(1_000);
  const keys = await Promise.all(
    Array.from({ length: 20 }, async () => (await gateway.key("nohuman", { account: one.account })).key),
  );
  const answers = await Promise.all(
    keys.flatMap((key, index) =>
      [1, 2, 3, 4, 5].map((duration) =>
        generate(key, duration, (index + duration) % 2 === 0 ? "fail" : "go"),
      ),
    ),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [200, 500]);
  const kept = answers.map(({ status, json }) => (status === 200 ? json.request.body.duration : 0));
  assert.equal(
    await credits(one),
    kept.reduce((sum, units) => sum - units, 1_000),
  );
});

test("H5: credits are spent on disk before the video begins", async (context) => {
  const one = await customer(100);
  await using held = await startHeldUpstream();
  await gateway.apply(`${FILE}upstream: ${held.url}\n`);
  const headers = { "Content-Type": "application/json", ...bearer(one.key) };
  const exchange = openExchange(gateway.port, HOST, { method: "POST", path: PATH, headers });
  exchange.request.end('{"prompt":"A sunset","duration":30}');
  await held.arrived(1);
  // What a process that was killed now would find when it starts again.
  const data = join(folderFor(context), "copy");
  cpSync(gateway.data, data, { recursive: true });
  const { store, close } = await openInstance({ data, clock: gateway.clock });
  const purse = { project: "nohuman", account: one.account, environment: "production" };
  const [balance] = await store.balances([{ ...purse, period: periodAt(START).start }], START);
  await close();
  assert.equal(balance?.credits, 70);
  held.letGo();
  assert.equal((await exchange.response).statusCode, 200);
  assert.equal(await credits(one), 70);
  await gateway.apply(FILE);
});

test("H5: an outcome that is never learnt stays spent, an upstream that is not there takes nothing", async () => {
  const one = await customer(100);
  await using hangingUp = await startUpstream((request) => void request.socket.destroy());
  await gateway.apply(`${FILE}upstream: ${hangingUp.url}\n`);
  assert.equal((await generate(one.key, 10)).status, 502);
  assert.equal(await credits(one), 90);
  await gateway.apply(`${FILE}upstream: http://127.0.0.1:1\n`);
  assert.equal((await generate(one.key, 10)).status, 502);
  assert.equal(await credits(one), 90);
  await gateway.apply(FILE);
});

test("H5: looking at videos costs nothing", async () => {
  const { key } = await customer(0);
  assert.equal((await gateway.ask(HOST, { path: "/v1/videos/7", headers: bearer(key) })).status, 200);
});

test("H3: a request that credits refuse holds no place", async () => {
  const one = await customer(1);
  for (let times = 0; times < 7; times += 1) assert.equal((await generate(one.key, 2)).status, 402);
  assert.equal((await generate(one.key, 1)).status, 200);
});
