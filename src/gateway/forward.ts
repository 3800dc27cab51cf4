// Sends an admitted request to its upstream and the answer back, streamed both ways. It decides nothing.
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dispatcher } from "undici";
import { endToEndFields } from "./fields.ts";

export interface ForwardRequest {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  readonly headers: string[];
  /** Added to the upstream's answer, in place of its own fields of these names. */
  readonly answerHeaders: Readonly<Record<string, string>>;
  /** Said beside the upstream's own Vary, so that no cache hands what one key got to another key or to nobody. */
  readonly vary: string;
}

export type ForwardFault = "upstream_unavailable" | "upstream_timeout";

/**
 * Resolves when the answer has been handed over whole, with a fault when nothing of it was sent yet. A client that goes
 * away ends the upstream request; an upstream that breaks off ends the client's connection.
 */
export async function forward(
  dispatcher: Dispatcher,
  { origin, path, headers, answerHeaders, vary }: ForwardRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  if (response.closed) return undefined;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // The dispatcher destroys the body it was given when the upstream does not take it to the end; the client's connection
  // outlives that, so it gets a stream of its own.
  const body = hasBody(request) ? request.pipe(new PassThrough()) : null;
  try {
    const answer = await dispatcher.request({
      origin,
      path,
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body,
      signal: gone.signal,
      responseHeaders: "raw",
    });
    const fields = answerFields(answer.headers as unknown as string[], answerHeaders);
    response.writeHead(answer.statusCode, vary === "" ? fields : [...fields, "vary", vary]);
    // An event stream is open before its first event. (flushHeaders would send the fields as UTF-8 and change their bytes.)
    response.write("", "latin1");
    await pipeline(answer.body, response);
    return undefined;
  } catch (error) {
    if (gone.signal.aborted) return undefined;
    if (response.headersSent) {
      response.destroy();
      return undefined;
    }
    return isTimeout(error) ? "upstream_timeout" : "upstream_unavailable";
  } finally {
    // What nobody took is read and thrown away: the connection's next request stands behind it.
    if (body !== null) request.unpipe(body).resume();
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function isTimeout(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
}

function answerFields(rawHeaders: readonly string[], added: Readonly<Record<string, string>>): string[] {
  const kept = endToEndFields(rawHeaders).filter((field) => !Object.hasOwn(added, field.name));
  return [...kept.flatMap((field) => [field.sentName, field.value]), ...Object.entries(added).flat()];
}
