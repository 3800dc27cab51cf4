// Promise: on a route whose messages cost something, each is paid before it is passed on, in the order in which they came; one that
// is not paid goes nowhere, takes nothing, and closes the socket with the reason.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { updateKey } from "../../src/manage/keys.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { getAccountUsage } from "../../src/manage/usage.ts";
import { bearer, startGateway } from "../support/gateway.ts";
import { startSocketUpstream } from "../support/socket-upstream.ts";
import { openSocket, refusedSocket } from "../support/websocket.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const upstream = await startSocketUpstream();
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`name: acme
upstream: ${upstream.url}
plans: { plain: { allowance: 1000 }, poor: { allowance: 10 } }
defaultPlan: plain
routes:
  - { match: POST /text, cost: { characters: text }, pot: allowance }
  - { match: GET /text, messages: { cost: { characters: text }, pot: allowance } }
  - { match: GET /deep, messages: { cost: { characters: input.text } } }
  - { match: GET /value, messages: { cost: { value: units, minimum: 1 } } }
  - { match: GET /bytes, messages: { cost: { bytes: body } } }
  - { match: GET /each, messages: {} }
  - { match: GET /three, messages: { cost: 3 } }
  - { match: GET /nothing, messages: { cost: 0 } }
  - { match: GET /credits, messages: { cost: 5, pot: credits } }
  - { match: GET /both, messages: { cost: 5, pot: [allowance, credits] } }
  - { match: GET /split, cost: 2, pot: allowance, messages: { cost: 3, pot: credits } }
  - { match: GET /entry, cost: 7, pot: allowance, messages: { cost: 1 } }
dialect:
  answers:
    allowance_exceeded: { code: used_up, message: "Left: {allowance.remaining} of {allowance.limit}." }
    unmeasurable_request: { code: unclear, message: "It cannot be counted. {hint}" }
`);

async function open(path: string, plan = "plain") {
  const { id: account } = await gateway.account("acme", { plan });
  const { key, id } = await gateway.key("acme", { account });
  const client = await openSocket(gateway.port, HOST, { path, headers: bearer(key) });
  const server = await upstream.opened();
  const used = async () => (await gateway.balance("acme", account)).used;
  return { client, server, used, account, key, id };
}

/** What was paid for nothing may be on its way back when the socket closes. */
async function becomes(used: () => Promise<number>, wanted: number): Promise<void> {
  for (let reads = 0; reads < 200 && (await used()) !== wanted; reads += 1);
  assert.equal(await used(), wanted);
}

const text = (value: string): string => JSON.stringify({ text: value });

test("a message costs what the route says of it, and the upstream gets it as it was sent", async () => {
  for (const [path, messages, cost] of [
    [
      "/text",
      [text("hello"), text(""), '{"more":[1],"text":"😀é"}', ' { "text" : "\\u00e9\\ud83d\\ude00" } '],
      9,
    ],
    ["/text", [Buffer.from(text("in bytes"))], 8],
    ["/deep", ['{"input":{"text":"abc"},"text":"not this"}'], 3],
    ["/value", ['{"units":12}', '{"units":1e1}'], 22],
    ["/bytes", ["é", Buffer.alloc(100)], 102],
    ["/each", ["anything", Buffer.alloc(3), ""], 3],
    ["/three", ["anything", ""], 6],
    ["/nothing", ["anything", "else"], 0],
  ] as const) {
    const { client, server, used } = await open(path);
    for (const message of messages) client.socket.send(message);
    assert.deepEqual(await server.received(messages.length), messages);
    assert.equal(await used(), cost, path);
    client.socket.close();
    await client.closed;
  }
});

test("what the upgrade costs is paid beside, and pots pay in their order", async () => {
  const entry = await open("/entry");
  assert.equal(await entry.used(), 7);
  entry.client.socket.send("one");
  await entry.server.received(1);
  assert.equal(await entry.used(), 8);
  // Judged again, and not charged again.
  await updateKey(gateway.instance, LOCAL_CALLER, "acme", entry.id, { name: "Another name" });
  entry.client.socket.send("two");
  await entry.server.received(2);
  assert.equal(await entry.used(), 9);
  const split = await open("/split");
  await gateway.grant("acme", split.account, 5);
  split.client.socket.send("one");
  await split.server.received(1);
  assert.deepEqual([await split.used(), (await gateway.balance("acme", split.account)).credits], [2, 2]);
  const { client, server, used, account } = await open("/both", "poor");
  await gateway.grant("acme", account, 7);
  for (const message of ["a", "b", "c", "d"]) client.socket.send(message);
  assert.equal((await client.closed).code, 1008);
  assert.deepEqual(server.messages, ["a", "b", "c"]);
  assert.equal(await used(), 10);
  assert.equal((await gateway.balance("acme", account)).credits, 2);
});

test("the socket draws on the same allowance as every other request of the account", async () => {
  const { client, server, used, key } = await open("/text", "poor");
  client.socket.send(text("1234"));
  await server.received(1);
  const headers = { "Content-Type": "application/json", ...bearer(key) };
  const request = { method: "POST", path: "/text", headers, body: text("12345") };
  assert.equal((await gateway.ask(HOST, request)).status, 426, "the upstream answers no plain request");
  assert.equal(await used(), 9);
  client.socket.send(text("12"));
  assert.deepEqual(await client.closed, { code: 1008, reason: "used_up: Left: 1 of 10." });
  assert.equal((await gateway.ask(HOST, request)).status, 429);
  assert.equal(await used(), 9);
});

test("a message that cannot be paid goes nowhere, and what came behind it is given back", async () => {
  const { client, server, used } = await open("/text", "poor");
  for (const message of ["12345", "1234567", "1", "12"]) client.socket.send(text(message));
  assert.deepEqual(await client.closed, { code: 1008, reason: "used_up: Left: 5 of 10." });
  assert.deepEqual(await server.closed, { code: 1001, reason: "" });
  assert.deepEqual(server.messages, [text("12345")]);
  await becomes(used, 5);
});

test("without credits the reason is theirs", async () => {
  const { client, server } = await open("/credits");
  client.socket.send("x");
  const { code, reason } = await client.closed;
  assert.deepEqual([code, reason], [1008, "insufficient_credits: The account has too few credits."]);
  assert.deepEqual(server.messages, []);
});

test("a message whose cost cannot be told closes with 1007 and takes nothing", async () => {
  for (const [path, message] of [
    ["/text", "not json"],
    ["/text", '{"other":"x"}'],
    ["/text", '{"text":1}'],
    ["/text", '{"text":"a","text":"b"}'],
    ["/text", '{"text":"a","TEXT":"b"}'],
    ["/text", '{"text":"\\ud800"}'],
    ["/text", '\ufeff{"text":"a"}'],
    ["/text", '{"text":"a"}{"text":"b"}'],
    ["/text", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ["/text", "[".repeat(300)],
    ["/text", ""],
    ["/deep", '{"text":"a"}'],
    ["/value", '{"units":0}'],
    ["/value", '{"units":"5"}'],
    ["/value", '{"units":-5}'],
    ["/value", '{"units":1.5}'],
  ] as const) {
    const { client, server, used } = await open(path);
    client.socket.send(message);
    client.socket.send(text("behind it"));
    const { code, reason } = await client.closed;
    assert.equal(code, 1007, String(message));
    assert.match(reason, /^unclear: It cannot be counted\. /);
    assert.ok(Buffer.byteLength(reason) <= 123);
    assert.equal((await server.closed).code, 1001);
    assert.deepEqual(server.messages, []);
    assert.equal(await used(), 0);
  }
});

test("1 MiB is a message, one byte more is not", async () => {
  const { client, server } = await open("/nothing");
  client.socket.send(Buffer.alloc(1_048_576));
  client.socket.send(Buffer.alloc(1_048_577));
  assert.equal((await client.closed).code, 1009);
  assert.equal((await server.closed).code, 1001);
  assert.deepEqual(server.messages, [Buffer.alloc(1_048_576)]);
});

test("fragments are one message, and pings and closing frames cost nothing", async () => {
  const { client, server, used } = await open("/each");
  client.socket.send("in ", { fin: false });
  const pinged = new Promise((resolve) => server.socket.once("ping", (data) => resolve(String(data))));
  client.socket.ping("between");
  assert.equal(await pinged, "between");
  client.socket.send("pieces", { fin: true });
  assert.deepEqual(await server.received(1), ["in pieces"]);
  client.socket.close(4000, "bye");
  assert.deepEqual(await server.closed, { code: 4000, reason: "bye" });
  assert.deepEqual(await client.closed, { code: 4000, reason: "bye" });
  assert.equal(await used(), 1);
});

test("everything that was sent before a closing frame is paid and arrives before it", async () => {
  const { client, server, used } = await open("/each");
  for (let index = 0; index < 500; index += 1) client.socket.send(String(index));
  client.socket.close(1000);
  assert.equal((await server.closed).code, 1000);
  assert.deepEqual(
    server.messages,
    Array.from({ length: 500 }, (_, index) => String(index)),
  );
  assert.equal(await used(), 500);
});

test("what the upstream sends costs nothing", async () => {
  const { client, server, used } = await open("/bytes");
  server.socket.send("x".repeat(200_000));
  server.socket.send(Buffer.alloc(7));
  assert.equal(await client.next(), "x".repeat(200_000));
  assert.deepEqual(await client.next(), Buffer.alloc(7));
  assert.equal(await used(), 0);
  client.socket.terminate();
});

test("usage counts one request for the upgrade, and the units of its messages", async () => {
  const { client, server, account } = await open("/entry");
  for (const message of ["a", "b", "c"]) client.socket.send(message);
  await server.received(3);
  client.socket.close();
  await client.closed;
  await gateway.instance.usage.flush();
  const { items } = await getAccountUsage(gateway.instance, "acme", account, { by: "route,outcome" });
  assert.deepEqual(
    items.map(({ route, outcome, requests, units }) => [route, outcome, requests, units]),
    [["GET /entry", "ok", 1, 10]],
  );
});

test("no extension is offered to the upstream, because what it makes of a message could not be measured", async () => {
  await using compressing = await startSocketUpstream({ perMessageDeflate: { threshold: 0 } });
  await gateway.apply(
    `name: squeezed\nupstream: ${compressing.url}\nroutes: [{ match: GET /, messages: { cost: 0 } }]`,
  );
  const { key } = await gateway.key("squeezed");
  const client = await openSocket(gateway.port, "squeezed.localhost", {
    headers: bearer(key),
    options: { perMessageDeflate: true },
  });
  assert.equal(client.socket.extensions, "");
  client.socket.send("plain");
  assert.deepEqual(await (await compressing.opened()).received(1), ["plain"]);
  client.socket.terminate();
});

test("a plan that has too little from the start lets the socket open, and the first message close it", async () => {
  const { client } = await open("/text", "poor");
  client.socket.send(text("12345678901"));
  assert.equal((await client.closed).code, 1008);
  const { id } = await gateway.account("acme", { plan: "poor" });
  const { key } = await gateway.key("acme", { account: id });
  const socket = await openSocket(gateway.port, HOST, { path: "/entry", headers: bearer(key) });
  const second = await refusedSocket(gateway.port, HOST, { path: "/entry", headers: bearer(key) });
  assert.equal(second.status, 429);
  socket.socket.terminate();
});
