// A Web `Request` in the form in which requests are read, and its body for measuring. What the Web's `Headers` has joined it cannot
// take apart again.
import type { IncomingMessage } from "node:http";
import type { Received } from "../gateway/arrival.ts";
import { factsOf } from "../gateway/body.ts";
import { endToEndFields } from "../gateway/fields.ts";
import {
  MAX_MEASURED_BYTES,
  type Measured,
  type MeasuredCost,
  measureBody,
  TOO_LARGE,
} from "../policy/cost.ts";
import { BodyTaken } from "./body-taken.ts";

export type AnyRequest = IncomingMessage | Request;

/** A request of another realm, or a framework's own class, is one too. */
export function isWebRequest(request: AnyRequest): request is Request {
  return typeof (request as Request).clone === "function" && !("rawHeaders" in request);
}

/** `peer` is who connected, where the platform tells it: a Web `Request` does not. */
export function readWebRequest(request: Request, peer?: string): Received {
  const { pathname, search, host } = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const lines = headers.host === undefined ? { host, ...headers } : headers;
  return {
    method: request.method,
    url: `${pathname}${search}`,
    // It says nothing of the version; only HTTP/1.1 has to have a Host.
    httpVersion: "",
    rawHeaders: Object.entries(lines).flat(),
    headers,
    socket: { remoteAddress: peer },
  };
}

/** Measures a copy, so that the handler reads the body as if nobody had. */
export async function measureWebBody(
  request: Request,
  received: Received,
  cost: MeasuredCost,
): Promise<Measured> {
  if (request.bodyUsed) throw new BodyTaken();
  const bytes = await readCopy(request, MAX_MEASURED_BYTES);
  if (bytes === undefined) return TOO_LARGE;
  return measureBody(cost, bytes, factsOf(endToEndFields(received.rawHeaders)));
}

/** `undefined` past `limit` bytes; then nobody reads the rest of it, nor of the request itself. */
async function readCopy(request: Request, limit: number): Promise<Buffer | undefined> {
  const reader = request.clone().body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; reader !== undefined; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      // A copy has given up only when the original has too, so that neither may be waited for alone.
      void Promise.allSettled([reader.cancel(), request.body?.cancel()]);
      return undefined;
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}
