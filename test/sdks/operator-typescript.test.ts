// Promise: the operator SDK for TypeScript has a method for every operation, each does what it says against a real server, a denial is
// a value, and the root key shows nowhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import {
  acceptInvitation,
  all,
  assertHolds,
  filled,
  meanwhile,
  operationIds,
  pick,
  STORY,
  type Step,
} from "./every-operation.ts";
import { type Operated, ROOT_KEY, sdk, startClaviger } from "./operator-sdk.ts";

let server: Operated;
before(async () => {
  server = await startClaviger();
});
after(() => server.end());

type Method = (...args: unknown[]) => unknown;

const claviger = (options: object = {}) =>
  new sdk.Claviger({ rootKey: server.rootKey, url: server.url, sleep: async () => {}, ...options });

test("openapi.json has no operation that the SDK or the story lacks", () => {
  const methods = sdk.Claviger.prototype as unknown as Record<string, unknown>;
  const called = new Set(STORY.steps.map(({ call }) => call));
  for (const id of operationIds()) {
    assert.equal(typeof methods[id], "function", `no method ${id}: npm run generate`);
    assert.ok(called.has(id), `no step calls ${id}: sdks/operations/every-operation.json`);
  }
  for (const call of called) assert.equal(typeof methods[call], "function", `no method ${call}`);
  for (const id of ["signIn", "getOperatorSession", "launchPortal"])
    assert.ok(!(id in methods), `${id} is for pages`);
});

async function tell(step: Step): Promise<unknown> {
  const { call, path = [], body, query, at, accept, take, meanwhile: other } = step;
  if (accept !== undefined) await acceptInvitation(accept);
  const client = claviger(at === undefined ? {} : { url: at }) as unknown as Record<string, Method>;
  const args = [...path, ...(body === undefined ? [] : [body]), ...(query === undefined ? [] : [query])];
  const result = client[call]!(...args) as object;
  if (!(Symbol.asyncIterator in result)) return result;
  const items = all(result as AsyncIterable<unknown>, take);
  if (other !== undefined) await meanwhile(() => tell(other), items);
  return { items: await items };
}

test("the story that calls every operation goes as it is told", async () => {
  const words: Record<string, string> = {
    project: STORY.project,
    month: new Date().toISOString().slice(0, 7),
  };
  for (const [index, raw] of STORY.steps.entries()) {
    const step = filled(raw, words);
    const where = `step ${index + 1}, ${step.call}`;
    const [result, error] = await tell(step).then(
      (value) => [value, undefined] as const,
      (reason: unknown) => [undefined, reason] as const,
    );
    if (step.denied) {
      const problem = sdk.problemOf(error) ?? assert.fail(`${where}: ${error ?? "not denied"}`);
      assert.deepEqual({ status: problem.status, code: problem.code }, step.denied, where);
      assert.equal((error as InstanceType<typeof sdk.ApiError>).code, step.denied.code);
      continue;
    }
    if (error !== undefined) throw new Error(where, { cause: error });
    if (step.expect !== undefined) assertHolds(result, step.expect, where);
    for (const [name, place] of Object.entries(step.save ?? {})) words[name] = pick(result, place);
  }
});

test("a repetition after a lost answer is one change, and the same key goes along", async () => {
  const keys: (string | null)[] = [];
  const breaking: typeof fetch = async (url, init) => {
    keys.push(new Headers(init?.headers).get("idempotency-key"));
    const answer = await fetch(url, init);
    await answer.text();
    if (keys.length === 1) throw new TypeError("lost");
    return await fetch(url, init);
  };
  const { id } = await claviger().createAccount("acme", { name: "Third" });
  const { credits } = await claviger({ fetch: breaking }).changeCredits("acme", id, { amount: 5 });
  assert.equal(credits, 5);
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
});

test("a question that spends is not asked again when its answer was lost", async () => {
  let asked = 0;
  const failing: typeof fetch = async (_url, init) => {
    asked++;
    assert.equal(new Headers(init?.headers).get("idempotency-key"), null);
    throw new TypeError("lost");
  };
  const question = { project: "acme", key: "x", cost: 5 };
  await assert.rejects(claviger({ fetch: failing }).verifyKey(question), sdk.ConnectionError);
  assert.equal(asked, 1);
  await assert.rejects(
    claviger({ fetch: failing }).verifyKeys({ requests: [question] }),
    sdk.ConnectionError,
  );
  assert.equal(asked, 2);
});

test("a conflict that would be met again is told at once", async () => {
  const sleep = async (): Promise<never> => assert.fail("repeated");
  const { id } = await claviger().createAccount("acme", { name: "Fourth", externalId: "four" });
  const twice = { name: "Fifth", externalId: "four" };
  await assert.rejects(claviger({ sleep }).createAccount("acme", twice), sdk.ConflictError);
  const wrong = { account: id, expectedCount: 7 };
  await assert.rejects(claviger({ sleep }).revokeManyKeys("acme", wrong), { code: "confirmation_required" });
});

test("what is not ready is a value too, told at once", async () => {
  const body = JSON.stringify({ ready: false, checks: { store: "away" } });
  const headers = { "content-type": "application/json" };
  const answers: number[] = [];
  const unready: typeof fetch = async () => {
    answers.push(503);
    return new Response(body, { status: 503, headers });
  };
  assert.deepEqual(await claviger({ fetch: unready }).getReadiness(), JSON.parse(body));
  assert.equal(answers.length, 1);
});

test("an export that breaks off throws, and a line that is no JSON does not show", async () => {
  const streaming = (text: string, breaks: boolean): typeof fetch => {
    let isSent = false;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (!isSent) controller.enqueue(Buffer.from(text));
      else if (breaks) controller.error(new Error("broken"));
      else controller.close();
      isSent = true;
    };
    return async () => new Response(new ReadableStream({ pull }), { status: 200 });
  };
  const seen: unknown[] = [];
  const drain = async (text: string, breaks: boolean): Promise<void> => {
    const lines = claviger({ fetch: streaming(text, breaks) }).exportUsage("acme", { month: "2026-10" });
    for await (const line of lines) seen.push(line);
  };
  await assert.rejects(drain('{"units":1}\n{"un', true), sdk.ConnectionError);
  assert.deepEqual(seen, [{ units: 1 }]);
  await assert.rejects(drain("<secret>\n", false), (error: Error) => !inspect(error).includes("<secret>"));
});

test("an id that would name another operation is refused before anything is sent", async () => {
  const fetch = async (): Promise<never> => assert.fail("sent");
  for (const id of ["", ".", ".."]) {
    await assert.rejects(claviger({ fetch }).getKey("acme", id), TypeError);
    await assert.rejects(async () => all(claviger({ fetch }).allKeys(id)), TypeError);
  }
});

test("without a root key, or with a wrong one, nothing is sent and the words are about root keys", () => {
  delete process.env.CLAVIGER_ROOT_KEY;
  assert.throws(
    () => new sdk.Claviger(),
    /^ConfigurationError: No Claviger root key: pass rootKey or set CLAVIGER_ROOT_KEY\.$/,
  );
  const mistyped = `${server.rootKey.slice(0, -1)}_`;
  assert.throws(
    () => new sdk.Claviger({ rootKey: mistyped }),
    (error: Error) => /root key passed as rootKey/.test(error.message) && !inspect(error).includes(mistyped),
  );
});

test("a browser is refused, whatever it asks for", () => {
  const page = globalThis as { document?: object };
  page.document = {};
  try {
    const options = { rootKey: ROOT_KEY, dangerouslyAllowBrowser: true };
    assert.throws(() => new sdk.Claviger(options), {
      name: "ConfigurationError",
      message: "The Claviger client is for servers: elsewhere users read its key.",
    });
  } finally {
    delete page.document;
  }
});

test("the root key is in no representation of the client or of its errors", async () => {
  process.env.CLAVIGER_ROOT_KEY = `${ROOT_KEY}\n`;
  const client = new sdk.Claviger({ url: server.url });
  const error = await client.listProjects().catch((reason: unknown) => reason);
  assert.ok(error instanceof sdk.AuthenticationError);
  const all = { depth: 12, showHidden: true, getters: true };
  for (const value of [client, error])
    for (const text of [inspect(value), inspect(value, all), String(value), JSON.stringify(value) ?? ""])
      assert.ok(!text.includes(ROOT_KEY), text.slice(0, 300));
  assert.equal(client.url, server.url);
});
