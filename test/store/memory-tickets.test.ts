// Promise: a ticket is handed out once, not after its time, and tickets take bounded room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryTickets } from "../../src/store/memory/tickets.ts";
import type { Ticket } from "../../src/store/tickets.ts";

const ticket = (expiresAt: number): Ticket => ({
  project: "acme",
  keyDigest: "digest",
  path: undefined,
  address: undefined,
  expiresAt,
});

test("a ticket is handed out once", () => {
  const tickets = createMemoryTickets();
  tickets.put("a", ticket(100), 0);
  assert.deepEqual(tickets.take("a", 99), ticket(100));
  assert.equal(tickets.take("a", 99), undefined);
  assert.equal(tickets.take("never", 0), undefined);
});

test("at the millisecond of its end it is none, and it is gone", () => {
  const tickets = createMemoryTickets();
  tickets.put("a", ticket(100), 0);
  assert.equal(tickets.take("a", 100), undefined);
  assert.equal(tickets.take("a", 0), undefined);
});

test("what nobody came for is swept away, and beyond the bound the oldest make room", () => {
  const tickets = createMemoryTickets(10_000);
  for (let index = 0; index < 5_000; index += 1) tickets.put(`old${index}`, ticket(1_000), 0);
  for (let index = 0; index < 9_000; index += 1) tickets.put(`new${index}`, ticket(3_000), 2_000);
  assert.ok(tickets.size() <= 10_000);
  assert.deepEqual(tickets.take("new0", 2_000), ticket(3_000), "those that had expired went first");
  for (let index = 0; index < 20_000; index += 1) tickets.put(`more${index}`, ticket(4_000), 2_000);
  assert.equal(tickets.size(), 10_000);
  assert.equal(tickets.take("new1", 2_000), undefined);
  assert.deepEqual(tickets.take("more19999", 2_000), ticket(4_000));
});
