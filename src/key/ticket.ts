// Tickets: what stands for a key once, where the key itself may not be. Makes their text, knows it when it sees it, and digests it;
// whom one stands for is known elsewhere.
import { randomBytes as cryptoRandomBytes, hash } from "node:crypto";
import type { RandomBytes } from "./base62.ts";

/** Tells a ticket from a key of any format that anybody would choose. */
const PREFIX = "claviger_ticket_";
const RANDOM_BYTES = 32;
const TICKET = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{43}$`);

/** 256 random bits. To be handed out once and never kept. */
export function mintTicket(randomBytes: RandomBytes = cryptoRandomBytes): string {
  return PREFIX + Buffer.from(randomBytes(RANDOM_BYTES)).toString("base64url");
}

/** Meant as one, well-formed or not. */
export function looksLikeTicket(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Under which it is kept; `undefined` for what is in the form of no ticket. 256 random bits need neither pepper nor salt. */
export function digestTicket(text: string): string | undefined {
  return TICKET.test(text) ? hash("sha256", text, "base64url") : undefined;
}
