// Promise: whoever may make keys may make tickets of them; what is asked for is checked, and no ticket is written down anywhere.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { controlPlaneFor } from "../support/control-plane.ts";
import { START } from "../support/engine.ts";

const OPTIONS = { projects: ["name: acme\ncredentials: { ticket: { name: t } }\n", "name: other\n"] };
const REQUEST = "POST /v1/projects/acme/tickets";

test("a ticket is answered once, with its end", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, OPTIONS);
  const { id } = await engine.key("acme");
  const made = await ask(REQUEST, { body: { key: id } });
  assert.equal(made.status, 201);
  assert.match(made.json.ticket, /^claviger_ticket_[A-Za-z0-9_-]{43}$/);
  assert.equal(made.json.expiresAt, new Date(START + 60_000).toISOString());
  const other = await ask(REQUEST, { body: { key: id, path: "/live", address: "::1", ttlSeconds: 1 } });
  assert.equal(other.json.expiresAt, new Date(START + 1_000).toISOString());
  assert.notEqual(other.json.ticket, made.json.ticket);
});

test("what cannot be is refused by field", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, OPTIONS);
  const { id } = await engine.key("acme");
  for (const [body, status] of [
    [{}, 422],
    [{ key: "key_none" }, 404],
    [{ key: id, path: "live" }, 422],
    [{ key: id, path: "/live?x" }, 422],
    [{ key: id, path: "/a/../b" }, 422],
    [{ key: id, address: "host.name" }, 422],
    [{ key: id, ttlSeconds: 0 }, 422],
    [{ key: id, ttlSeconds: 61 }, 422],
    [{ key: id, more: 1 }, 422],
  ] as const)
    assert.equal((await ask(REQUEST, { body })).status, status, JSON.stringify(body));
  const stranger = await engine.key("other");
  assert.equal((await ask(REQUEST, { body: { key: stranger.id } })).status, 404, "another project's key");
  const none = await ask("POST /v1/projects/other/tickets", { body: { key: stranger.id } });
  assert.deepEqual([none.status, none.json.code], [409, "conflict"]);
});

test("neither the store nor the log holds a ticket", async (t) => {
  const { ask, engine, log } = await controlPlaneFor(t, OPTIONS);
  const { id } = await engine.key("acme");
  const { ticket } = (await ask(REQUEST, { body: { key: id } })).json;
  const files = readdirSync(engine.data).map((name) => readFileSync(join(engine.data, name), "latin1"));
  for (const text of [...files, JSON.stringify(log)]) assert.ok(!text.includes(ticket));
});

test("where tickets cannot be kept none is issued, and it can be asked for again", async (t) => {
  const { ask, engine } = await controlPlaneFor(t, OPTIONS);
  const { id } = await engine.key("acme");
  const { tickets } = engine.instance;
  t.mock.method(tickets, "put", async () => {
    throw new StoreUnavailable("gone");
  });
  const refused = await ask(REQUEST, { body: { key: id } });
  assert.deepEqual([refused.status, refused.json.code], [503, "store_unavailable"]);
  t.mock.restoreAll();
  assert.equal((await ask(REQUEST, { body: { key: id } })).status, 201);
});
