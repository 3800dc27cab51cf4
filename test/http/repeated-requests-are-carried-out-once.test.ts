import assert from "node:assert/strict";
import { test } from "node:test";
import { readIdempotencyKey } from "../../src/http/idempotency.ts";
import { type ControlPlane, controlPlaneFor, type HttpAnswer } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";
import { failingStore } from "../support/stores.ts";

const under = (key: string) => ({ "idempotency-key": key });
const accounts = "POST /v1/projects/acme/accounts";

async function countOf({ ask }: ControlPlane, what: string): Promise<number> {
  return (await ask(`GET /v1/projects/acme/${what}`)).json.items.length;
}

test("a repeated create answers the same key id, without the secret", async (t) => {
  const plane = await controlPlaneFor(t);
  const { id: account } = await plane.engine.account("acme");
  const create = () =>
    plane.ask("POST /v1/projects/acme/keys", { headers: under("one"), body: { account, name: "CI" } });
  const first = await create();
  const { key, ...rest } = first.json;
  assert.equal(first.status, 201);
  assert.equal(first.headers.get("idempotency-replayed"), null);
  assert.equal(await plane.engine.code("acme", key), "ok");
  for (let times = 0; times < 3; times++) {
    const again = await create();
    assert.equal(again.status, 201);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    assert.deepEqual(again.json, rest);
  }
  assert.equal(await countOf(plane, "keys"), 1);
});

test("every POST and PATCH that changes something is carried out once", async (t) => {
  const plane = await controlPlaneFor(t);
  const made = await plane.engine.key("acme");
  const other = await plane.engine.key("acme");
  const requests: [string, object][] = [
    [accounts, { name: "Ada" }],
    [`PATCH /v1/projects/acme/accounts/${made.account}`, { suspended: false }],
    [`POST /v1/projects/acme/accounts/${made.account}/credits`, { amount: 5 }],
    [`PATCH /v1/projects/acme/keys/${made.id}`, { name: "New" }],
    [`POST /v1/projects/acme/keys/${made.id}/disable`, {}],
    [`POST /v1/projects/acme/keys/${made.id}/enable`, {}],
    [`POST /v1/projects/acme/keys/${made.id}/rotate`, {}],
    [`POST /v1/projects/acme/keys/${made.id}/revoke`, {}],
    ["POST /v1/projects/acme/keys/revoke", { account: other.account, expectedCount: 1 }],
  ];
  for (const [request, body] of requests) {
    const before = await countOf(plane, "audit");
    const send = () => plane.ask(request, { headers: under("the same for all"), body });
    // A space is not visible: the header is refused before anything is done.
    assert.equal((await send()).json.code, "invalid_request");
    const first = await plane.ask(request, { headers: under("same"), body });
    const again = await plane.ask(request, { headers: under('"same"'), body });
    assert.ok(first.status < 300, first.text);
    assert.equal(again.status, first.status, request);
    assert.equal(again.headers.get("idempotency-replayed"), "true", request);
    assert.deepEqual(again.json, without(first, "key"));
    assert.equal(await countOf(plane, "audit"), before + 1, request);
  }
});

function without({ json }: HttpAnswer, name: string): object {
  return Object.fromEntries(Object.entries(json).filter(([one]) => one !== name));
}

test("the same Idempotency-Key with another body is refused, and with another path or root key it is another", async (t) => {
  const plane = await controlPlaneFor(t, { projects: [{ name: "acme" }, { name: "beta" }] });
  const ada = { headers: under("one"), body: { name: "Ada" } };
  const first = await plane.ask(accounts, ada);
  const reused = await plane.ask(accounts, { ...ada, body: { name: "Bob" } });
  assert.deepEqual([reused.status, reused.json.code], [422, "idempotency_key_reused"]);
  // The bytes count, not what they mean.
  const spaced = await plane.ask(accounts, {
    body: '{ "name": "Ada" }',
    headers: { ...under("one"), "content-type": "application/json" },
  });
  assert.equal(spaced.json.code, "idempotency_key_reused");
  const elsewhere = await plane.ask("POST /v1/projects/beta/accounts", ada);
  assert.equal(elsewhere.status, 201);
  assert.notEqual(elsewhere.json.id, first.json.id);
  const other = await plane.rootKeyWith(["accounts:write"]);
  const others = await plane.ask(accounts, { ...ada, rootKey: other.key });
  assert.notEqual(others.json.id, first.json.id);
  assert.equal(others.headers.get("idempotency-replayed"), null);
  assert.equal(await countOf(plane, "accounts"), 2);
});

test("an answer is kept for 24 hours", async (t) => {
  const plane = await controlPlaneFor(t);
  const create = () => plane.ask(accounts, { headers: under("one"), body: { name: "Ada" } });
  const first = await create();
  plane.engine.clock.set(START + 86_400_000 - 1);
  assert.equal((await create()).json.id, first.json.id);
  plane.engine.clock.set(START + 86_400_000);
  assert.notEqual((await create()).json.id, first.json.id);
});

test("it is kept over a restart, because it was committed with the change", async (t) => {
  const before = await controlPlaneFor(t);
  const send = (plane: ControlPlane) =>
    plane.ask(accounts, { rootKey: before.rootKey, headers: under("one"), body: { name: "Ada" } });
  const first = await send(before);
  await before.engine.reopen();
  const after = await controlPlaneFor(t, { over: () => before.engine.instance });
  const second = await send(after);
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  assert.deepEqual(second.json, first.json);
});

test("a failed attempt stores nothing and may be repeated, even with another body", async (t) => {
  let control = { failing: false };
  const plane = await controlPlaneFor(t, {
    over: (instance) => {
      const failing = failingStore(instance.store);
      ({ control } = failing);
      return { ...instance, store: failing.store };
    },
  });
  const send = (name: string) => plane.ask(accounts, { headers: under("one"), body: { name } });
  assert.equal((await send("")).status, 422);
  control.failing = true;
  assert.equal((await send("Ada")).status, 503);
  control.failing = false;
  assert.equal((await send("Ada")).status, 201);
  assert.equal(await countOf(plane, "accounts"), 1);
});

test("while the first runs, the second is told to wait", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const plane = await controlPlaneFor(t, {
    over: (instance) => ({
      ...instance,
      store: {
        ...instance.store,
        commit: async (batch) => {
          if (batch.replay !== undefined) {
            arrived.resolve();
            await released.promise;
          }
          return instance.store.commit(batch);
        },
      },
    }),
  });
  const send = () => plane.ask(accounts, { headers: under("one"), body: { name: "Ada" } });
  const first = send();
  await arrived.promise;
  const second = await send();
  assert.deepEqual([second.status, second.json.code], [409, "idempotency_in_progress"]);
  assert.equal(second.headers.get("retry-after"), "1");
  released.resolve();
  assert.equal((await first).status, 201);
  assert.equal((await send()).headers.get("idempotency-replayed"), "true");
  assert.equal(await countOf(plane, "accounts"), 1);
});

test("of two processes that race, the slower one answers what the faster one did", async (t) => {
  let blind = false;
  const plane = await controlPlaneFor(t, {
    // Does not see the other's answer when it looks first, as if both had looked at the same moment.
    over: (instance) => ({
      ...instance,
      store: {
        ...instance.store,
        replay: async (id, now) => {
          const unseen = blind;
          blind = false;
          return unseen ? undefined : instance.store.replay(id, now);
        },
      },
    }),
  });
  const send = () => plane.ask(accounts, { headers: under("one"), body: { name: "Ada" } });
  const first = await send();
  blind = true;
  const second = await send();
  assert.equal(second.status, 201);
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  assert.deepEqual(second.json, first.json);
  assert.equal(await countOf(plane, "accounts"), 1);
  blind = true;
  const other = await plane.ask(accounts, { headers: under("one"), body: { name: "Bob" } });
  assert.equal(other.json.code, "idempotency_key_reused");
});

test("a key is 1 to 255 visible characters, bare or quoted", () => {
  const read = (text: string) => {
    try {
      return readIdempotencyKey(text);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  assert.equal(readIdempotencyKey(undefined), undefined);
  assert.equal(read("8e03978e-40d5-43dd-bc93-6894a57f9324"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
  assert.equal(read('"8e03"'), "8e03");
  assert.equal(read('"a\\"b\\\\c"'), 'a"b\\c');
  assert.equal(read("order:12/3="), "order:12/3=");
  assert.equal(read("x".repeat(255)), "x".repeat(255));
  for (const bad of [
    "",
    '""',
    "x".repeat(256),
    "a b",
    '"a b"',
    'a"b',
    '"a',
    'a"',
    '"a"b"',
    "ä",
    "a\tb",
    '"a\\b"',
    "a, a",
  ])
    assert.equal(read(bad), "invalid_request", bad.slice(0, 20));
});
