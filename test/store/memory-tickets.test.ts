// Promise: a ticket is handed out once, not after its time, and tickets take bounded room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryTickets } from "../../src/store/memory/tickets.ts";
import { ticketUntil as ticket, ticketsSuite } from "./tickets-suite.ts";

ticketsSuite("memory", async () => [createMemoryTickets()]);

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
