// Sends an admitted request to its upstream and the answer back, streamed both ways unless the body was read already. It decides
// nothing.
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dispatcher } from "undici";
import type { UpstreamTimeouts } from "../project/compile.ts";
import { endToEndFields, type Field } from "./fields.ts";
import { brokeWhenReused } from "./upstream-pool.ts";

export interface ForwardRequest {
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  readonly timeouts: UpstreamTimeouts;
  readonly headers: string[];
  /** What was read of the client's body already, whole; `undefined` where it is to be streamed. */
  readonly bytes: Buffer | undefined;
  /** Said beside the upstream's own Vary, so that no cache hands what one key got to another key or to nobody. */
  readonly vary: string;
  /**
   * Hears the upstream's answer before the client does, with its end-to-end fields, and gives what is added to it, in place of its
   * own fields of these names. Never rejects.
   */
  readonly onAnswer: (status: number, fields: readonly Field[]) => AddedFields | Promise<AddedFields>;
  /** Names of the upstream's fields that are never its to say. */
  readonly drops: ((name: string) => boolean) | undefined;
  /** Find out for certain whether anything was sent to the upstream. */
  readonly tellsSent: boolean;
}

export type AddedFields = Readonly<Record<string, string>>;

export interface ForwardFault {
  readonly code: "upstream_unavailable" | "upstream_timeout";
  /** `false` only where no byte of the request can have reached the upstream. */
  readonly wasSent: boolean;
}

/**
 * Resolves when the answer has been handed over whole, with a fault when nothing of it was sent yet. A client that goes
 * away ends the upstream request; an upstream that breaks off ends the client's connection.
 */
export async function forward(
  dispatcher: Dispatcher,
  { origin, path, timeouts, headers, bytes, vary, drops, onAnswer, tellsSent }: ForwardRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  if (response.closed) return { code: "upstream_unavailable", wasSent: false };
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  // The dispatcher destroys the body it was given when the upstream does not take it to the end; the client's connection
  // outlives that, so it gets a stream of its own.
  const stream = bytes === undefined && hasBody(request) ? request.pipe(new PassThrough()) : null;
  const sending = tellsSent ? watchSending(dispatcher) : { dispatcher, begun: true };
  try {
    const body = bytes ?? stream;
    const ask = () =>
      sending.dispatcher.request({
        ...{ origin, path, headers, body, ...timeouts },
        method: request.method as Dispatcher.HttpMethod,
        signal: gone.signal,
        responseHeaders: "raw",
      });
    const answer = await ask().catch((error) => {
      if (body !== null || !mayAskAgain(request, error) || gone.signal.aborted) throw error;
      return ask();
    });
    const fields = endToEndFields(answer.headers as unknown as string[]);
    const sent = answerFields(fields, await onAnswer(answer.statusCode, fields), drops);
    response.writeHead(answer.statusCode, vary === "" ? sent : [...sent, "vary", vary]);
    // An event stream is open before its first event. (flushHeaders would send the fields as UTF-8 and change their bytes.)
    response.write("", "latin1");
    await pipeline(answer.body, response);
    return undefined;
  } catch (error) {
    if (gone.signal.aborted && sending.begun) return undefined;
    if (response.headersSent) {
      response.destroy();
      return undefined;
    }
    return { code: isTimeout(error) ? "upstream_timeout" : "upstream_unavailable", wasSent: sending.begun };
  } finally {
    // What nobody took is read and thrown away: the connection's next request stands behind it.
    if (stream !== null) request.unpipe(stream).resume();
  }
}

/** RFC 9110 section 9.2.2, less those that change something: whoever sent them may still count them. */
const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * An upstream may close a connection that it has answered on at the very moment in which it is used again (RFC 9112 section 9.3.1). A
 * request without a body is then sent once more; one that broke a connection of its own is not.
 */
function mayAskAgain({ method = "" }: IncomingMessage, error: unknown): boolean {
  return REPEATABLE.has(method) && brokeWhenReused(error);
}

/**
 * An error does not say whether it came before the first byte: a refused certificate and a broken connection look alike. The
 * dispatcher says it: it tells its handler that the request starts just before it writes.
 */
function watchSending(dispatcher: Dispatcher): { readonly dispatcher: Dispatcher; readonly begun: boolean } {
  let begun = false;
  const watched = dispatcher.compose((dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      start?.(controller, context);
      // One whose client left meanwhile is taken back here, with nothing written.
      if (!controller.aborted) begun = true;
    };
    return dispatch(options, handler);
  });
  return {
    dispatcher: watched,
    get begun() {
      return begun;
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

export function isTimeout(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
}

export function answerFields(
  fields: readonly Field[],
  added: AddedFields,
  drops: ForwardRequest["drops"] = () => false,
): string[] {
  const kept = fields.filter(({ name }) => !Object.hasOwn(added, name) && !drops(name));
  return [...kept.flatMap((field) => [field.sentName, field.value]), ...Object.entries(added).flat()];
}
