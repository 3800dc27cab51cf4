// Whether a request that rides on a cookie comes from our own page. Cookies are sent by browsers whoever asks them to; this header and
// this origin are not.
import type { FastifyRequest } from "fastify";
import { ClavigerError } from "../base/errors.ts";

/** A form cannot send it, and a page of another origin must ask before, which nobody here answers. */
export const PAGE_HEADER = "x-claviger-request";

/**
 * Hostile H02 to H04. `origin` is the public one where it is configured; without it a page is our own when it was loaded from the
 * host that it now speaks to. Throws `csrf_failed`.
 */
export function assertOwnPage(request: FastifyRequest, origin: string | undefined): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers["sec-fetch-site"];
  const isOurs =
    request.headers[PAGE_HEADER] !== undefined &&
    (site === undefined || site === "same-origin") &&
    isOwnOrigin(request, origin, site);
  if (isOurs) return;
  throw new ClavigerError(
    "csrf_failed",
    "With a cookie, changes are taken from our own page only: send X-Claviger-Request and the page's Origin.",
  );
}

function isOwnOrigin(request: FastifyRequest, origin: string | undefined, site: unknown): boolean {
  const sent = request.headers.origin;
  // Some browsers leave it out where they say same-origin.
  if (sent === undefined) return site === "same-origin";
  if (origin !== undefined) return sent === origin;
  const { host } = request.headers;
  return sent === `http://${host}` || sent === `https://${host}`;
}
