// Sends an admitted request to its upstream and the answer back, streamed both ways. It decides nothing.
import type { IncomingMessage, ServerResponse } from "node:http";
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
}

export type ForwardFault = "upstream_unavailable" | "upstream_timeout";

/**
 * Resolves when the answer has been handed over whole, with a fault when nothing of it was sent yet. A client that goes
 * away ends the upstream request; an upstream that breaks off ends the client's connection.
 */
export async function forward(
  dispatcher: Dispatcher,
  { origin, path, headers, answerHeaders }: ForwardRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const answer = await dispatcher.request({
      origin,
      path,
      method: request.method as Dispatcher.HttpMethod,
      headers,
      body: hasBody(request) ? request : null,
      signal: gone.signal,
      responseHeaders: "raw",
    });
    response.writeHead(answer.statusCode, answerFields(answer.headers as unknown as string[], answerHeaders));
    await pipeline(answer.body, response);
    return undefined;
  } catch (error) {
    if (gone.signal.aborted) return undefined;
    if (response.headersSent) {
      response.destroy();
      return undefined;
    }
    return isTimeout(error) ? "upstream_timeout" : "upstream_unavailable";
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
  const kept = endToEndFields(rawHeaders.map(String)).filter((field) => added[field.name] === undefined);
  return [...kept.flatMap((field) => [field.sentName, field.value]), ...Object.entries(added).flat()];
}
