// The answer to a request for a host that is not served. It knows no project, and so no dialect.
import type { RenderedAnswer } from "../policy/dialect.ts";

/** `count` is the number of Host lines. RFC 9457; 421 after RFC 9110 section 15.5.20. */
export function unknownHost(count: number): RenderedAnswer {
  const unclear = count !== 1;
  return {
    status: unclear ? 400 : 421,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: JSON.stringify({
      type: "about:blank",
      title: unclear ? "There has to be one Host header" : "No project is served under this host",
      status: unclear ? 400 : 421,
      code: unclear ? "invalid_request" : "unknown_host",
    }),
  };
}
