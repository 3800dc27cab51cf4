// Promise: a ticket opens one WebSocket with the rights of its key, once, within its minute, for the path and client that it was made
// for; it opens nothing else and goes nowhere (hostile I15).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { issueTicket, type NewTicket } from "../../src/manage/tickets.ts";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { bearer, START, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { openSocket, refusedSocket, trySocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
const { instance, port } = gateway;
const file = (name: string, credentials: string): string => `name: ${name}
upstream: ${upstream.url}
credentials: ${credentials}
network: { trustedProxies: [127.0.0.1] }
scopes: { live: Live }
keys: { defaultScopes: [live] }
plans: { one: { allowance: 5 } }
defaultPlan: one
routes:
  - { match: GET /live, scopes: [live], messages: { cost: 1, pot: allowance } }
  - { match: GET /live/other, scopes: [live] }
`;
await gateway.apply(file("acme", "{ ticket: {} }"));
await gateway.apply(file("shared", "{ query: { name: token, on: upgrade } }"));
await gateway.apply(file("closed", "{ headers: [X-Key] }"));

async function ticketFor(project: string, more: Partial<NewTicket> = {}) {
  const made = await gateway.key(project);
  const { ticket } = await issueTicket(instance, project, { key: made.id, ...more });
  return { ...made, ticket };
}

async function isRefused(host: string, path: string, headers: Record<string, string> = {}) {
  const { status, text } = await refusedSocket(port, host, { path, headers });
  assert.equal(status, 401, path);
  return JSON.parse(text).error.message as string;
}

test("a ticket opens one socket, as its key, and reaches nobody behind the gateway", async () => {
  const { ticket, id, account } = await ticketFor("acme");
  const client = await openSocket(port, HOST, { path: `/live?a=1&ticket=${ticket}&b=2` });
  const server = await upstream.opened();
  const { target, rawHeaders } = upstream.handshakes.at(-1)!;
  assert.equal(target, "/live?a=1&b=2");
  assert.ok(rawHeaders.includes(id));
  assert.ok(!rawHeaders.join().includes(ticket));
  client.socket.send("x");
  await server.received(1);
  assert.equal((await gateway.balance("acme", account)).used, 1);
  assert.equal(
    await isRefused(HOST, `/live?ticket=${ticket}`),
    "The API key is not valid. The ticket was used before, has expired, or is for another request.",
  );
  client.socket.terminate();
});

test("of many who bring one ticket at once, one gets in", async () => {
  const { ticket } = await ticketFor("acme");
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => trySocket(port, HOST, { path: `/live?ticket=${ticket}` })),
  );
  const opened = tries.filter((one) => "socket" in one);
  assert.equal(opened.length, 1);
  for (const { socket } of opened) socket.terminate();
});

test("a ticket stands in the parameter of keys too, where upgrades have one", async () => {
  const { ticket, key } = await ticketFor("shared");
  (await openSocket(port, "shared.localhost", { path: `/live?token=${ticket}` })).socket.terminate();
  (await openSocket(port, "shared.localhost", { path: `/live?token=${key}` })).socket.terminate();
  await isRefused("shared.localhost", `/live?token=${ticket}`);
});

test("after its time a ticket is none", async () => {
  const [minute, short] = [await ticketFor("acme"), await ticketFor("acme", { ttlSeconds: 5 })];
  gateway.clock.set(START + 4_999);
  (await openSocket(port, HOST, { path: `/live?ticket=${short.ticket}` })).socket.terminate();
  const late = await ticketFor("acme", { ttlSeconds: 5 });
  gateway.clock.set(START + 9_999);
  await isRefused(HOST, `/live?ticket=${late.ticket}`);
  gateway.clock.set(START + 60_000);
  await isRefused(HOST, `/live?ticket=${minute.ticket}`);
  gateway.clock.set(START);
});

test("a ticket is for its project, its path and its client, and is gone when it was tried elsewhere", async () => {
  const away = await ticketFor("acme");
  for (const [host, path] of [
    ["shared.localhost", `/live?token=${away.ticket}`],
    [HOST, `/live?ticket=${away.ticket}`],
  ] as const)
    assert.match(await isRefused(host, path), /is for another request\.$/);
  const bound = await ticketFor("acme", { path: "/live" });
  (await openSocket(port, HOST, { path: `/live?x=1&ticket=${bound.ticket}` })).socket.terminate();
  const elsewhere = await ticketFor("acme", { path: "/live" });
  await isRefused(HOST, `/live/other?ticket=${elsewhere.ticket}`);
  await isRefused(HOST, `/live?ticket=${elsewhere.ticket}`);
  const from = (address: string) => ({ "X-Forwarded-For": address });
  const theirs = await ticketFor("acme", { address: "2001:DB8::0001" });
  const path = `/live?ticket=${theirs.ticket}`;
  (await openSocket(port, HOST, { path, headers: from("2001:db8::1") })).socket.terminate();
  const stolen = await ticketFor("acme", { address: "203.0.113.7" });
  await isRefused(HOST, `/live?ticket=${stolen.ticket}`, from("203.0.113.8"));
});

test("what the key may not do its ticket may not do, and a revoked key takes its sockets along", async () => {
  const unscoped = await gateway.key("acme", { scopes: ["live"], allowedIps: ["203.0.113.7"] });
  const { ticket } = await issueTicket(instance, "acme", { key: unscoped.id });
  const refused = await refusedSocket(port, HOST, { path: `/live?ticket=${ticket}` });
  assert.equal(refused.status, 403);
  const made = await ticketFor("acme");
  const client = await openSocket(port, HOST, { path: `/live?ticket=${made.ticket}` });
  const unused = (await issueTicket(instance, "acme", { key: made.id })).ticket;
  await revokeKey(instance, LOCAL_CALLER, "acme", made.id);
  assert.equal((await client.closed).code, 4401);
  assert.match(await isRefused(HOST, `/live?ticket=${unused}`), /revoked/);
  await assert.rejects(issueTicket(instance, "acme", { key: made.id }), { code: "conflict" });
});

test("a ticket is no key: not in a header, not on plain HTTP, and not beside another credential", async () => {
  const { ticket, key } = await ticketFor("acme");
  await isRefused(HOST, "/live", bearer(ticket));
  const plain = await gateway.ask(HOST, { path: `/live?ticket=${ticket}` });
  assert.deepEqual([plain.status, plain.text.includes(ticket)], [401, false]);
  const twice = await refusedSocket(port, HOST, { path: `/live?ticket=${ticket}`, headers: bearer(key) });
  assert.equal(twice.status, 400);
  // None of them has spent it.
  (await openSocket(port, HOST, { path: `/live?ticket=${ticket}` })).socket.terminate();
});

test("where a ticket may stand, a key may not, and what is none is told so without being repeated", async () => {
  const { key } = await gateway.key("acme");
  const before = upstream.handshakes.length;
  for (const text of [key, "claviger_ticket_", `claviger_ticket_${"a".repeat(43)}`, "x"]) {
    const message = await isRefused(HOST, `/live?ticket=${text}`);
    assert.ok(!message.includes(text) || text === "x");
  }
  assert.equal(upstream.handshakes.length, before);
});

test("a project that has no place for tickets gives none out", async () => {
  const { id } = await gateway.key("closed");
  await assert.rejects(issueTicket(instance, "closed", { key: id }), {
    code: "conflict",
    message: "The project takes no tickets: say credentials.ticket in its file.",
  });
});

test("where tickets cannot be asked for, nobody is let in and nobody is told that the key is bad", async (t) => {
  const { ticket } = await ticketFor("acme");
  const away = async (): Promise<never> => {
    throw new StoreUnavailable("gone");
  };
  t.mock.method(instance.tickets, "take", away);
  const before = upstream.handshakes.length;
  const { status, headers, text } = await refusedSocket(port, HOST, { path: `/live?ticket=${ticket}` });
  assert.deepEqual([status, JSON.parse(text).error.code], [503, "store_unavailable"]);
  assert.equal(headers["retry-after"], "1");
  assert.equal(upstream.handshakes.length, before);
  assert.ok(gateway.faults.at(-1)?.includes("tickets cannot be asked for"));
  t.mock.restoreAll();
  const client = await openSocket(port, HOST, { path: `/live?ticket=${ticket}` });
  client.socket.terminate();
});
