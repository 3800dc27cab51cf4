// Says where a redirect leads and what may be sent there. Pure; following it is the attempt's work.
import type { Outgoing } from "./request.ts";

/** Beyond it two servers are sending the client round in a circle. */
const MAX_REDIRECTS = 10;

export type Hop = Pick<Outgoing, "method" | "url" | "headers" | "body" | "isReplayable">;

/** 0 is what a browser gives of a redirect that it was told not to follow. */
const REDIRECT = /^(0|30[12378])$/;

/**
 * The next hop; undefined when the answer is no redirect; a text that says why when it cannot be followed.
 * Methods as in RFC 9110 section 15.4 and in fetch: 303 makes a GET of all but GET and HEAD, 301 and 302 of POST, 307 and 308
 * change nothing. What names the caller stays behind for good at the first step to another origin.
 */
export function nextHop(
  hop: Hop,
  answer: Response,
  secretHeader: string,
  followed: number,
): Hop | string | undefined {
  if (!REDIRECT.test(String(answer.status))) return undefined;
  if (followed === MAX_REDIRECTS) return "it is one too many";
  let url: URL | undefined;
  try {
    // Two slashes name no host.
    url = new URL(answer.headers.get("location") ?? "//", hop.url);
  } catch {}
  // A URL with a user in it would send a password.
  if (!url || !/^https?:\/\/[^/@]+\//.test(url.href)) return "its target is no plain http or https URL";
  const turnsToGet =
    (answer.status === 303 && !/^(GET|HEAD)$/.test(hop.method)) ||
    (answer.status < 303 && hop.method === "POST");
  if (!turnsToGet && !hop.isReplayable) return "the body is spent";
  const headers = new Headers(hop.headers);
  const secrets = ["authorization", "proxy-authorization", "cookie", secretHeader];
  const ofTheBody = ["content-type", "idempotency-key"];
  for (const name of [...(url.origin === hop.url.origin ? [] : secrets), ...(turnsToGet ? ofTheBody : [])])
    headers.delete(name);
  return turnsToGet
    ? { method: "GET", url, headers, body: undefined, isReplayable: true }
    : { ...hop, url, headers };
}
