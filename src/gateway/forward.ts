// Sends an admitted request to its upstream and the answer back, streamed both ways unless the body was read already. It decides
// nothing.
import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough } from "node:stream";
import type { Dispatcher } from "undici";
import type { UpstreamTimeouts } from "../project/compile.ts";
import { endToEndFields, type Field, textOf } from "./fields.ts";
import { hasBody } from "./listen.ts";
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
export function forward(
  dispatcher: Dispatcher,
  forwarded: ForwardRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ForwardFault | undefined> {
  if (response.closed) return Promise.resolve({ code: "upstream_unavailable", wasSent: false });
  const { origin, path, timeouts, headers, bytes } = forwarded;
  // The dispatcher destroys the body it was given when the upstream does not take it to the end; the client's connection
  // outlives that, so it gets a stream of its own.
  const stream = bytes === undefined && hasBody(request) ? request.pipe(new PassThrough()) : null;
  const method = request.method as Dispatcher.HttpMethod;
  const options = { origin, path, method, headers, body: bytes ?? stream, ...timeouts };
  return new Promise((resolve) => {
    let wasSent = false;
    let isGone = false;
    let asked = 0;
    let running: Dispatcher.DispatchController | undefined;
    const leave = (): void => {
      isGone = true;
      running?.abort(CLIENT_GONE);
    };
    const end = (fault?: ForwardFault): void => {
      response.off("close", leave);
      // What nobody took is read and thrown away: the connection's next request stands behind it.
      if (stream !== null) request.unpipe(stream).resume();
      stream?.destroy();
      resolve(fault);
    };
    const fail = (error: unknown): void => {
      if (response.headersSent) response.destroy();
      const isOver = response.headersSent || (isGone && wasSent);
      const mayRepeat = !isOver && !isGone && asked === 1 && options.body === null;
      if (isOver) end();
      else if (mayRepeat && mayAskAgain(request, error)) ask();
      else end({ code: isTimeout(error) ? "upstream_timeout" : "upstream_unavailable", wasSent });
    };
    const ask = (): void => {
      asked += 1;
      const handler = passingOn(forwarded, response, end, fail);
      handler.onRequestStart = (controller) => {
        // One whose client left meanwhile is taken back here, with nothing written.
        if (isGone) return controller.abort(CLIENT_GONE);
        // Just before the first byte is written: an error does not say whether it came before that.
        wasSent = true;
        running = controller;
      };
      try {
        dispatcher.dispatch(options, handler);
      } catch (error) {
        fail(error);
      }
    };
    response.once("close", leave);
    ask();
  });
}

/** One for all: nobody reads where it was made. */
const CLIENT_GONE = new Error("the client went away");

/** Hands the upstream's answer on as it comes. `done` is called once at most, and so is `fail`, never both. */
function passingOn(
  { vary, drops, onAnswer }: ForwardRequest,
  response: ServerResponse,
  done: () => void,
  fail: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  let hasBytes = false;
  let isDeciding = false;
  let broken: { readonly error: unknown } | undefined;
  const begin = (status: number, fields: readonly Field[], added: AddedFields): void => {
    const sent = answerFields(fields, added, drops);
    response.writeHead(status, vary === "" ? sent : [...sent, "vary", vary]);
    // An event stream is open before its first event; what came with the head goes out with it. (flushHeaders would send the fields
    // as UTF-8 and change their bytes.)
    process.nextTick(() => {
      if (!hasBytes && !response.writableEnded && !response.destroyed) response.write("", "latin1");
    });
  };
  return {
    onResponseStart(controller, status, _headers) {
      if (status < 200) return;
      const fields = endToEndFields(textOf(controller.rawHeaders));
      const added = onAnswer(status, fields);
      if (!(added instanceof Promise)) return begin(status, fields, added);
      isDeciding = true;
      controller.pause();
      void added.then((decided) => {
        isDeciding = false;
        if (!response.destroyed) begin(status, fields, decided);
        if (broken !== undefined) fail(broken.error);
        else controller.resume();
      });
    },
    onResponseData(controller, chunk) {
      if (response.destroyed) return;
      hasBytes = true;
      if (response.write(chunk)) return;
      controller.pause();
      response.once("drain", () => controller.resume());
    },
    onResponseEnd() {
      if (!response.destroyed) response.end();
      done();
    },
    onResponseError(_controller, error) {
      if (isDeciding) broken = { error };
      else fail(error);
    },
  };
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
