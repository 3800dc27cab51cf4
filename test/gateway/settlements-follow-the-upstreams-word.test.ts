// A held cost is settled at the whole number that the upstream says in its answer; where it says nothing that can be used, it stays
// as held and the operator hears of it once.
import assert from "node:assert/strict";
import { after, mock, test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { type Answer, startGateway } from "../support/gateway.ts";
import {
  METERED_HOST as HOST,
  meteredProject,
  type Payer,
  payer,
  startRecordingUpstream,
} from "../support/metered.ts";

const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startRecordingUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(meteredProject(upstream.url));

/** One request that the upstream answers with these lines of its header. */
function ask(path: string, { headers }: Payer, fields: readonly string[], status = 200): Promise<Answer> {
  upstream.answering = (response) => response.writeHead(status, [...fields]).end("done");
  return gateway.ask(HOST, { method: "POST", path, headers, body: '{"units":10}' });
}
const used = (value: string | number) => ["X-Units-Used", String(value)];
const told = ({ headers }: Answer) => [headers["x-credits"], headers["x-cost"]];

test("less than was held is given back, and the answer says what is left", async () => {
  const one = await payer(gateway, 100);
  for (const path of ["/settled", "/most", "/said"]) {
    assert.deepEqual(told(await ask(path, one, used(4))), ["96", "4"]);
    assert.deepEqual(told(await ask(path, one, used(0))), ["96", "0"]);
    assert.deepEqual(told(await ask(path, one, used("010"))), ["86", "10"]);
    await gateway.grant("acme", one.account, 14);
  }
  assert.equal(await one.credits(), 100);
});

test("more is taken up to the most that the route says, as far as it is there", async () => {
  const one = await payer(gateway, 70);
  assert.deepEqual(told(await ask("/most", one, used(30))), ["40", "30"]);
  assert.deepEqual(told(await ask("/said", one, used(25))), ["15", "25"]);
  assert.equal(told(await ask("/most", one, used(30)))[0], "0", "no account goes below nothing");
  assert.equal(await one.credits(), 0);
});

test("a word that cannot be used leaves the cost as it was held, and is told once for each route", async () => {
  const one = await payer(gateway, 1_000);
  const before = gateway.faults.length;
  let left = 1_000;
  for (const fields of [
    [],
    used(""),
    used("-1"),
    used("4.0"),
    used("4e0"),
    used("four"),
    used("4 5"),
    used("0x4"),
    used(11),
    used("99999999999999999999"),
    [...used(4), ...used(4)],
    ["X-Units-Used", "4, 4"],
    [...used(4), "Connection", "X-Units-Used"],
  ]) {
    left -= 10;
    const answer = await ask("/settled", one, fields);
    assert.deepEqual([answer.text, ...told(answer)], ["done", String(left), "10"], String(fields));
  }
  const [fault, ...more] = gateway.faults.slice(before);
  assert.match(fault ?? "", /acme .*\/settled did not say in X-Units-Used/);
  assert.deepEqual(more, []);
  await ask("/most", one, used(31));
  await ask("/most", one, []);
  assert.equal(gateway.faults.length, before + 2);
  assert.equal(await one.credits(), left - 20);
});

test("a failed upstream gives everything back, whatever it says", async () => {
  const one = await payer(gateway, 100);
  assert.deepEqual(told(await ask("/most", one, used(30), 500)), ["100", "0"]);
  assert.equal(await one.credits(), 100);
});

test("an answer that is no success is settled like any other", async () => {
  const one = await payer(gateway, 100);
  assert.deepEqual(told(await ask("/settled", one, used(0), 400)), ["100", "0"]);
});

test("a route that names no header takes no word for it", async () => {
  const one = await payer(gateway, 100);
  for (const path of ["/held", "/fixed"]) await ask(path, one, used(1));
  assert.equal(await one.credits(), 80);
});

test("a ledger that does not answer keeps no answer from its client", async () => {
  const one = await payer(gateway, 100);
  const { store } = gateway.instance;
  const post = store.post.bind(store);
  let calls = 0;
  mock.method(store, "post", async (entries: Parameters<typeof post>[0]) => {
    calls += 1;
    if (calls > 1) throw new StoreUnavailable("it is away");
    return post(entries);
  });
  const before = gateway.faults.length;
  const answer = await ask("/settled", one, used(4));
  mock.restoreAll();
  assert.deepEqual([answer.status, ...told(answer)], [200, "90", "10"]);
  assert.equal(await one.credits(), 90);
  assert.equal(gateway.faults.length, before + 1);
});
