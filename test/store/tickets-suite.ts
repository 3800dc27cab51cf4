// The behavioural suite of tickets: every driver runs all of it. Nothing here may know a driver.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import type { Ticket, Tickets } from "../../src/store/tickets.ts";

/** The same tickets, as each of several nodes sees them; one node for a driver of one process. */
export type OpenTickets = () => Promise<readonly [Tickets, ...Tickets[]]>;

export const ticketUntil = (expiresAt: number, more: Partial<Ticket> = {}): Ticket => ({
  project: "acme",
  keyDigest: "digest",
  path: undefined,
  address: undefined,
  expiresAt,
  ...more,
});

const NOW = Date.parse("2026-11-21T12:00:00Z");
const fresh = (): string => randomBytes(32).toString("base64url");

export function ticketsSuite(name: string, open: OpenTickets): void {
  describe(`${name}: tickets`, () => {
    test("a ticket is handed out once, whole, on whichever node it is asked for", async () => {
      const nodes = await open();
      const bound = ticketUntil(NOW + 60_000, { path: "/live?", address: "2001:db8::1" });
      for (const maker of nodes) {
        for (const taker of nodes) {
          for (const ticket of [bound, ticketUntil(NOW + 60_000)]) {
            const digest = fresh();
            await maker.put(digest, ticket, NOW);
            assert.deepEqual(await taker.take(digest, NOW + 59_999), ticket);
            for (const node of nodes) assert.equal(await node.take(digest, NOW), undefined);
          }
        }
      }
    });

    test("of a hundred who ask at once, on all nodes, one gets it", async () => {
      const nodes = await open();
      for (let round = 0; round < 10; round += 1) {
        const digest = fresh();
        await nodes[0].put(digest, ticketUntil(NOW + 60_000), NOW);
        const asked = Array.from({ length: 100 }, (_, index) => nodes[index % nodes.length]!);
        const got = await Promise.all(asked.map((node) => node.take(digest, NOW)));
        assert.equal(got.filter((ticket) => ticket !== undefined).length, 1);
      }
    });

    test("at the millisecond of its end it is none, and it is gone", async () => {
      const [tickets] = await open();
      const digest = fresh();
      await tickets.put(digest, ticketUntil(NOW + 100), NOW);
      assert.equal(await tickets.take(digest, NOW + 100), undefined);
      assert.equal(await tickets.take(digest, NOW), undefined);
    });

    test("what was never made is none, and tickets do not stand for one another", async () => {
      const [tickets] = await open();
      const [one, other] = [fresh(), fresh()];
      await tickets.put(one, ticketUntil(NOW + 60_000, { keyDigest: "one" }), NOW);
      await tickets.put(other, ticketUntil(NOW + 60_000, { keyDigest: "other" }), NOW);
      assert.equal(await tickets.take(fresh(), NOW), undefined);
      assert.equal((await tickets.take(other, NOW))?.keyDigest, "other");
      assert.equal((await tickets.take(one, NOW))?.keyDigest, "one");
    });
  });
}
