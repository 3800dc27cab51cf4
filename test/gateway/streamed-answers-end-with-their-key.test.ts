// Promise: an answer that nobody has said the end of (an event stream) breaks off when its key may not go on; one whose length is
// told, or whose key expired before it began, goes on to its end (hostile I17, B09).
import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { isoTime } from "../../src/base/clock.ts";
import { updateAccount } from "../../src/manage/accounts.ts";
import { revokeKey } from "../../src/manage/end-key.ts";
import { LOCAL_CALLER } from "../../src/manage/save.ts";
import { openExchange } from "../support/exchange.ts";
import { bearer, START, startGateway } from "../support/gateway.ts";
import { plainProject, startUpstream } from "../support/upstream.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const { instance, clock } = gateway;
const arrived: ServerResponse[] = [];
const waiting: ((response: ServerResponse) => void)[] = [];
const upstream = await startUpstream((_request, response) => {
  const first = waiting.shift();
  if (first === undefined) arrived.push(response);
  else first(response);
});
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(plainProject(upstream.url, "limits: { streams: { concurrency: 1 } }\n"));

const nextResponse = (): Promise<ServerResponse> =>
  new Promise((resolve) => {
    const first = arrived.shift();
    if (first === undefined) waiting.push(resolve);
    else resolve(first);
  });

/** An answer that has begun, at both of its ends. */
async function stream(headers: Record<string, string>, input = {}) {
  const made = await gateway.key("acme", input);
  const { response } = openExchange(gateway.port, HOST, { headers: bearer(made.key) });
  const theirs = await nextResponse();
  theirs.writeHead(200, headers);
  theirs.write("data: 1\n\n");
  const ours = await response;
  return { ...made, ours, theirs };
}

const EVENTS = { "Content-Type": "text/event-stream" };

test("an event stream breaks off when its key is revoked, its account suspended, or its key expires", async () => {
  const ends = [
    (key: { id: string }) => revokeKey(instance, LOCAL_CALLER, "acme", key.id),
    (key: { account: string }) =>
      updateAccount(instance, LOCAL_CALLER, "acme", key.account, { suspended: true }),
    () => {
      clock.set(START + 1_000);
      gateway.alarms.ringDue();
    },
  ];
  for (const end of ends) {
    clock.set(START);
    const one = await stream(EVENTS, { expiresAt: isoTime(START + 1_000) });
    const other = await stream(EVENTS);
    const gone = once(one.theirs, "close");
    await end(one);
    await assert.rejects(text(one.ours), { code: "ECONNRESET" });
    await gone;
    other.theirs.end("data: 2\n\n");
    assert.equal(await text(other.ours), "data: 1\n\ndata: 2\n\n");
  }
  clock.set(START);
});

test("the place of a stream that broke off is free", async () => {
  const one = await stream(EVENTS);
  await revokeKey(instance, LOCAL_CALLER, "acme", one.id);
  await assert.rejects(text(one.ours));
  const { key } = await gateway.key("acme", { account: one.account });
  const { response } = openExchange(gateway.port, HOST, { headers: bearer(key) });
  (await nextResponse()).end("there");
  assert.equal(await text(await response), "there");
});

test("an answer whose length is told ends as it was begun", async () => {
  const one = await stream({ "Content-Length": "18" });
  await revokeKey(instance, LOCAL_CALLER, "acme", one.id);
  one.theirs.end("data: 2\n\n");
  assert.equal(await text(one.ours), "data: 1\n\ndata: 2\n\n");
});

test("an answer that begins after its key has expired was admitted before", async () => {
  const { key } = await gateway.key("acme", { expiresAt: isoTime(START + 1_000) });
  const { response } = openExchange(gateway.port, HOST, { headers: bearer(key) });
  const theirs = await nextResponse();
  clock.set(START + 2_000);
  theirs.writeHead(200, EVENTS);
  theirs.write("data: 1\n\n");
  const ours = await response;
  gateway.alarms.ringDue();
  theirs.end();
  assert.equal(await text(ours), "data: 1\n\n");
  clock.set(START);
});

test("an answer that begins after its key was revoked has a second to end, and no more", async () => {
  for (const endsInTime of [true, false]) {
    const { key, id } = await gateway.key("acme");
    const { response } = openExchange(gateway.port, HOST, { headers: bearer(key) });
    const theirs = await nextResponse();
    await revokeKey(instance, LOCAL_CALLER, "acme", id);
    theirs.writeHead(200, EVENTS);
    theirs.write("data: 1\n\n");
    const ours = await response;
    clock.set(START + 999);
    gateway.alarms.ringDue();
    if (endsInTime) theirs.end("data: 2\n\n");
    else {
      clock.set(START + 1_000);
      gateway.alarms.ringDue();
    }
    if (endsInTime) assert.equal(await text(ours), "data: 1\n\ndata: 2\n\n");
    else await assert.rejects(text(ours), { code: "ECONNRESET" });
    clock.set(START);
  }
});

test("nothing of an answer that has ended is watched any more", async () => {
  const before = gateway.alarms.waiting();
  const one = await stream(EVENTS, { expiresAt: isoTime(START + 1_000) });
  assert.equal(gateway.alarms.waiting(), before + 1);
  one.theirs.end();
  await text(one.ours);
  assert.equal(gateway.alarms.waiting(), before);
});
