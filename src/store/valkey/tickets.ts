// Tickets in Valkey or Redis: put where nothing is, and taken out in one step, whichever node asks. It makes no ticket.
import type { Ticket, Tickets } from "../tickets.ts";
import type { Connection } from "./connection.ts";

/** How much longer than it is good a ticket is kept: the clocks of nodes may differ by two seconds, and the ticket says its end itself. */
const MARGIN_MS = 10_000;

/** Rejects with StoreUnavailable, in time; a ticket that was asked for then may be gone all the same, and is never handed out twice. */
export function createValkeyTickets(
  { putNew, takeOut }: Pick<Connection, "putNew" | "takeOut">,
  prefix: string,
): Tickets {
  const nameOf = (digest: string): string => `${prefix}ticket:${digest}`;
  return {
    put: (digest, ticket, now) =>
      putNew(nameOf(digest), JSON.stringify(ticket), Math.max(1, ticket.expiresAt - now) + MARGIN_MS),
    async take(digest, now) {
      const text = await takeOut(nameOf(digest));
      const ticket = text === undefined ? undefined : read(text);
      return ticket !== undefined && now < ticket.expiresAt ? ticket : undefined;
    },
  };
}

function read(text: string): Ticket {
  const { project, keyDigest, path, address, expiresAt } = JSON.parse(text) as Ticket;
  return { project, keyDigest, path, address, expiresAt };
}
