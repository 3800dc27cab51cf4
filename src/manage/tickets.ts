// Makes one-time tickets, so that a browser can open a WebSocket without ever holding a key. It writes no record and no audit entry:
// a ticket changes nothing that lasts.
import { isoTime } from "../base/clock.ts";
import { ClavigerError, invalidField } from "../base/errors.ts";
import { digestTicket, mintTicket } from "../key/ticket.ts";
import { parseAddress, printAddress } from "../policy/network.ts";
import { readTarget } from "../policy/path.ts";
import type { Tickets } from "../store/tickets.ts";
import { findKey } from "./find-key.ts";
import { findProject, type ManageParts } from "./save.ts";

export interface NewTicket {
  /** The id of the key whose rights, limits and money the socket has. */
  readonly key: string;
  /** The only path that it may be used for, without a query. */
  readonly path?: string;
  /** The only client that may use it. */
  readonly address?: string;
  /** 1 to 60. */
  readonly ttlSeconds?: number;
}

export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: string;
}

export const MAX_TTL_SECONDS = 60;

/** Throws `not_found`, `validation_failed`, and `conflict` where the project takes no tickets or the key is revoked. */
export async function issueTicket(
  parts: ManageParts & { readonly tickets: Tickets },
  projectName: string,
  { key: id, path, address, ttlSeconds = MAX_TTL_SECONDS }: NewTicket,
): Promise<IssuedTicket> {
  const project = findProject(parts, projectName);
  const { ticket: parameter, query } = project.credentials;
  if (parameter === undefined && query.on === "never")
    throw new ClavigerError("conflict", "The project takes no tickets: say credentials.ticket in its file.");
  if (path !== undefined) checkPath(path);
  const client = address === undefined ? undefined : parseAddress(address);
  if (address !== undefined && client === undefined) throw invalidField("address", "is not an IP address");
  const key = await findKey(parts, project.name, id);
  if (key.revokedAt !== null) throw new ClavigerError("conflict", "The key is revoked.");
  const ticket = mintTicket();
  const now = parts.clock.now();
  const expiresAt = now + ttlSeconds * 1000;
  const digest = digestTicket(ticket)!;
  const kept = { project: project.name, keyDigest: key.digest, path, expiresAt };
  await parts.tickets.put(digest, { ...kept, address: client && printAddress(client) }, now);
  return { ticket, expiresAt: isoTime(expiresAt) };
}

/** As a request would say it, so that it can be compared to the letter. */
function checkPath(path: string): void {
  const target = readTarget(path, undefined);
  if (!path.startsWith("/") || path.includes("?"))
    throw invalidField("path", "must begin with / and have no query");
  if (!target.ok) throw invalidField("path", target.reason);
}
