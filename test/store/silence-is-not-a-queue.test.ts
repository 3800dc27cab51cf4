// Promise: a server that says nothing is given up after the time of silence; a long queue at one that answers is waited for, four
// times as long at most; and what has arrived counts, however busy this process was.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { createPatience, PATIENCE, type Patience } from "../../src/store/valkey/patience.ts";

const SILENCE_MS = 50;

/** Time that moves when it is told to, and questions that are answered when they are told to. */
function scene(context: { after(end: () => void): void }) {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  let at = 1_000;
  const patience = createPatience(SILENCE_MS, () => at);
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1) {
      at += 1;
      mock.timers.tick(1);
      await turn();
    }
  };
  return { patience, pass };
}

function ask(patience: Patience) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { is: "waiting" };
  patience(promise).then(
    (answer) => {
      state.is = answer;
    },
    (error: Error) => {
      state.is = error.message;
    },
  );
  return { state, answer: resolve, refuse: reject };
}

test("silence is given up after its time, and not before", async (context) => {
  const { patience, pass } = scene(context);
  const one = ask(patience);
  await pass(SILENCE_MS - 1);
  assert.equal(one.state.is, "waiting");
  await pass(2);
  assert.equal(one.state.is, "no answer in time");
});

test("each answer gives those behind it more time, up to four times the silence", async (context) => {
  const { patience, pass } = scene(context);
  const last = ask(patience);
  for (let waited = 0; waited < PATIENCE * SILENCE_MS; waited += 40) {
    assert.equal(last.state.is, "waiting", `${waited} ms`);
    const other = ask(patience);
    await pass(20);
    other.answer("yes");
    await pass(20);
    assert.equal(other.state.is, "yes");
  }
  await pass(2);
  assert.equal(last.state.is, "no answer in time");
});

test("a refusal of the server is an answer too, and reaches who asked", async (context) => {
  const { patience, pass } = scene(context);
  const [one, other] = [ask(patience), ask(patience)];
  await pass(30);
  one.refuse(new Error("READONLY"));
  await pass(30);
  assert.deepEqual([one.state.is, other.state.is], ["READONLY", "waiting"]);
  other.answer("yes");
  await pass(1);
  assert.equal(other.state.is, "yes");
});

test("what was asked after a long quiet waits for its own silence", async (context) => {
  const { patience, pass } = scene(context);
  const early = ask(patience);
  await pass(10);
  early.answer("yes");
  await pass(1_000);
  const late = ask(patience);
  await pass(SILENCE_MS - 1);
  assert.equal(late.state.is, "waiting");
  await pass(2);
  assert.equal(late.state.is, "no answer in time");
});
