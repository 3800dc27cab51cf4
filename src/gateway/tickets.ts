// Takes the ticket that a client sent in the place of a key, and finds the key that it stands for. A ticket is gone with the first
// request that brings it, whatever becomes of that; the key is judged as ever.
import type { Clock } from "../base/clock.ts";
import { digestTicket } from "../key/ticket.ts";
import { printAddress } from "../policy/network.ts";
import { readTarget } from "../policy/path.ts";
import { StoreUnavailable } from "../store/contract.ts";
import type { Ticket, Tickets } from "../store/tickets.ts";
import type { Credential } from "../verify/question.ts";
import type { Arrival } from "./arrival.ts";

export interface TicketParts {
  readonly clock: Clock;
  readonly tickets: Tickets;
  readonly onFault?: (message: string, error?: unknown) => void;
}

/** One text for all of them: why a ticket is none is told to nobody. */
const NO_TICKET: Credential = {
  kind: "unreadable",
  hint: "The ticket was used before, has expired, or is for another request.",
};

/** `target` is the request target as sent. `undefined` where tickets cannot be asked for at the moment. */
export async function redeemTicket(
  { clock, tickets, onFault = () => {} }: TicketParts,
  { served, client, hosts }: Arrival,
  target: string,
  text: string,
): Promise<Credential | undefined> {
  const digest = digestTicket(text);
  let ticket: Ticket | undefined;
  try {
    ticket = digest === undefined ? undefined : await tickets.take(digest, clock.now());
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    onFault("tickets cannot be asked for", error);
    return undefined;
  }
  if (ticket === undefined || ticket.project !== served.project.name) return NO_TICKET;
  const read = readTarget(target, hosts[0]);
  if (ticket.path !== undefined && !(read.ok && read.path === ticket.path)) return NO_TICKET;
  const address = client.kind === "known" ? printAddress(client.address) : undefined;
  if (ticket.address !== undefined && ticket.address !== address) return NO_TICKET;
  return { kind: "digest", digest: ticket.keyDigest };
}
