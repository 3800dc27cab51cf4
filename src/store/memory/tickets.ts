// Tickets in memory: right for one process, where taking one out of a map is taking it from everybody.
import type { Ticket, Tickets } from "../tickets.ts";

/** About 500 bytes each. The oldest make room: whoever may make tickets may make room, too. */
export const MAX_TICKETS = 100_000;

/** They answer at once. */
export interface MemoryTickets extends Tickets {
  put(digest: string, ticket: Ticket, now: number): void;
  take(digest: string, now: number): Ticket | undefined;
  size(): number;
}

export function createMemoryTickets(maxTickets = MAX_TICKETS): MemoryTickets {
  const tickets = new Map<string, Ticket>();
  return {
    put(digest, ticket, now) {
      // In the order in which they were made, which is nearly that in which they end.
      for (const [oldest, { expiresAt }] of tickets) {
        if (expiresAt > now && tickets.size < maxTickets) break;
        tickets.delete(oldest);
      }
      tickets.set(digest, ticket);
    },
    take(digest, now) {
      const ticket = tickets.get(digest);
      tickets.delete(digest);
      return ticket !== undefined && now < ticket.expiresAt ? ticket : undefined;
    },
    size: () => tickets.size,
  };
}
