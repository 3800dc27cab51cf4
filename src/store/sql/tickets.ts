// Tickets in a database that several nodes share: whoever deletes the row has the ticket. It looks at no clock but its caller's.
import type { Kysely } from "kysely";
import type { Ticket, Tickets } from "../tickets.ts";
import { guard } from "./store.ts";
import type { Tables, TicketRow } from "./tables.ts";

/** Rows that nobody came for are kept that much longer, since the clocks of nodes may differ by two seconds. */
const MARGIN_MS = 10_000;

/** Faults of the database come out as StoreUnavailable; a ticket that was asked for then may be gone all the same. */
export function createSqlTickets(database: Kysely<Tables>): Tickets {
  return {
    async put(digest, ticket, now) {
      // As many as were made a minute ago, so that there are never more than a minute's.
      await guard(
        database
          .deleteFrom("tickets")
          .where("expiresAt", "<", now - MARGIN_MS)
          .execute(),
      );
      await guard(database.insertInto("tickets").values(rowOf(digest, ticket)).execute());
    },
    /** One statement: of two at once the second finds no row any more. */
    async take(digest, now) {
      const taken = database.deleteFrom("tickets").where("digest", "=", digest).returningAll();
      const row = await guard(taken.executeTakeFirst());
      return row !== undefined && now < row.expiresAt ? ticketOf(row) : undefined;
    },
  };
}

function rowOf(digest: string, { path, address, ...rest }: Ticket): TicketRow {
  return { digest, ...rest, path: path ?? null, address: address ?? null };
}

function ticketOf({ project, keyDigest, path, address, expiresAt }: TicketRow): Ticket {
  return { project, keyDigest, path: path ?? undefined, address: address ?? undefined, expiresAt };
}
