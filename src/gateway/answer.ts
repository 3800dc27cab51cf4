// Answers that the gateway gives by itself: a rendered one, and the one for a host that nobody is served under. It decides nothing.
import type { ServerResponse } from "node:http";
import type { RenderedAnswer } from "../policy/dialect.ts";

export function send(response: ServerResponse, answer: RenderedAnswer, requestId?: string): void {
  const { status, headers, body } = answer;
  // RFC 9110 section 8.6: what has no body by its status has no length either.
  const length = status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, {
    ...headers,
    ...length,
    ...(requestId !== undefined && { "x-request-id": requestId }),
  });
  response.end(body);
}

/** `count` is how many Host headers there were. No project, so no dialect: RFC 9457. 421 after RFC 9110 section 15.5.20. */
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
