// Promise: tickets in Valkey are handed out once over all nodes, end by themselves, and are refused in words when the server is away.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Redis } from "ioredis";
import { StoreUnavailable } from "../../src/store/contract.ts";
import { openValkeyCounters, type ValkeyCounters } from "../../src/store/valkey/counters.ts";
import { startValkey } from "../support/services.ts";
import { ticketsSuite, ticketUntil } from "./tickets-suite.ts";

const opened: ValkeyCounters[] = [];
after(() => Promise.all(opened.map((counters) => counters.close())));
const { url, prefix } = await startValkey();
async function node() {
  const counters = await openValkeyCounters(url, { prefix, timeoutMs: 5_000 });
  opened.push(counters);
  return counters.tickets;
}
const nodes = [await node(), await node(), await node()] as const;

ticketsSuite("valkey", async () => nodes);

test("one that nobody comes for ends by itself, soon after its time", async () => {
  const client = new Redis(url);
  await nodes[0].put("left", ticketUntil(61_000), 1_000);
  const ttlMs = await client.pttl(`${prefix}ticket:left`);
  client.disconnect();
  assert.ok(ttlMs > 60_000 && ttlMs <= 70_000, String(ttlMs));
});

test("a name that is taken is not overwritten", async () => {
  await nodes[0].put("twice", ticketUntil(61_000, { keyDigest: "first" }), 1_000);
  await nodes[1].put("twice", ticketUntil(61_000, { keyDigest: "second" }), 1_000);
  assert.equal((await nodes[2].take("twice", 1_000))?.keyDigest, "first");
});

test("a server that is away refuses", async () => {
  const away = await openValkeyCounters("redis://127.0.0.1:1", { timeoutMs: 20, connectTimeoutMs: 20 });
  await assert.rejects(async () => away.tickets.take("x", 0), StoreUnavailable);
  await assert.rejects(async () => away.tickets.put("x", ticketUntil(1), 0), StoreUnavailable);
  await away.close();
});
