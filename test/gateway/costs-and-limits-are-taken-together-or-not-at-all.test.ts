// A request that its cost refuses counts in no limit, and one that costs nothing counts like any other (hostile E06, E16).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startGateway } from "../support/gateway.ts";
import { METERED_HOST as HOST, meteredProject, payer, startRecordingUpstream } from "../support/metered.ts";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startRecordingUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(
  `${meteredProject(upstream.url)}limits:
  requests: { rate: 3, windowSeconds: 60 }
  running: { concurrency: 1 }
`.replace("dialect:\n  headers: {", 'dialect:\n  headers: { X-Left: "{limit.requests.remaining}",'),
);

async function asking(credits: number) {
  const one = await payer(gateway, credits);
  return async (path: string, body: string) => {
    const answer = await gateway.ask(HOST, { method: "POST", path, headers: one.headers, body });
    return [answer.status, answer.headers["x-left"], answer.headers["x-credits"]];
  };
}

test("costs of 0, measured or not, take nothing from the pot and count in the rate", async () => {
  const ask = await asking(0);
  assert.deepEqual(await ask("/text", '{"text":""}'), [200, "2", "0"]);
  assert.deepEqual(await ask("/none", ""), [200, "1", "0"]);
  assert.deepEqual(await ask("/bytes", ""), [200, "0", "0"]);
  assert.deepEqual(await ask("/text", '{"text":""}'), [429, "0", "0"]);
});

test("what the body or the pot refuses counts in no rate and holds no place", async () => {
  const ask = await asking(5);
  for (let times = 0; times < 5; times += 1) {
    assert.deepEqual(await ask("/text", "{"), [400, "3", "5"]);
    assert.deepEqual(await ask("/text", '{"text":"too long"}'), [402, "3", "5"]);
    assert.deepEqual(await ask("/bytes", "x".repeat(1_048_577)), [413, "3", "5"]);
  }
  assert.deepEqual(await ask("/text", '{"text":"hello"}'), [200, "2", "0"]);
});

test("what a limit refuses spends nothing", async () => {
  const ask = await asking(100);
  for (const left of [2, 1, 0])
    await ask("/text", '{"text":"hello"}').then(([, now]) => assert.equal(now, `${left}`));
  assert.deepEqual(await ask("/text", '{"text":"hello"}'), [429, "0", "85"]);
  assert.deepEqual(await ask("/fixed", ""), [429, "0", "85"]);
});
