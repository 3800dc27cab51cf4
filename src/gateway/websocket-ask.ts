// Asks the upstream for a socket, with the client's own handshake. Whatever it answers is handed back; nothing is decided and nothing
// is sent to the client.
import { type Duplex, Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { UpstreamTimeouts } from "../project/compile.ts";
import { endToEndFields, type Field, textOf, valuesOf } from "./fields.ts";
import { type ForwardFault, isTimeout } from "./forward.ts";
import type { Destination } from "./onward.ts";
import { acceptFor } from "./websocket-handshake.ts";

export type UpstreamAnswer =
  /** Nothing of `socket` has been read yet. */
  | { readonly kind: "open"; readonly fields: readonly Field[]; readonly socket: Duplex }
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly fields: readonly Field[];
      readonly body: Readable;
    }
  | ({ readonly kind: "fault" } & ForwardFault);

export interface AskUpstream extends Destination {
  readonly timeouts: UpstreamTimeouts;
  /** With the client's Sec-WebSocket fields. */
  readonly headers: string[];
  /** The client's Sec-WebSocket-Key. */
  readonly key: string;
  /** Ends the question when the client goes away. */
  readonly signal: AbortSignal;
}

/** Never rejects. */
export function askUpstream(
  dispatcher: Dispatcher,
  { origin, path, timeouts, headers, key, signal }: AskUpstream,
): Promise<UpstreamAnswer> {
  return new Promise((resolve) => {
    let wasSent = false;
    let body: Readable | undefined;
    const fail = (error: unknown): void =>
      resolve({
        kind: "fault",
        code: isTimeout(error) ? "upstream_timeout" : "upstream_unavailable",
        wasSent,
      });
    const handler: Dispatcher.DispatchHandler = {
      // Just before the first byte is written: an error does not say whether it came before that.
      onRequestStart(controller) {
        const abort = (): void => controller.abort(new Error("the client went away"));
        if (signal.aborted) return abort();
        wasSent = true;
        signal.addEventListener("abort", abort, { once: true });
      },
      onRequestUpgrade({ rawHeaders }, _status, _headers, socket) {
        // The dispatcher has let go of it, its error listener included.
        socket.on("error", () => socket.destroy());
        const lines = textOf(rawHeaders);
        const fields = endToEndFields(lines);
        if (isGranted(lines, fields, key)) return resolve({ kind: "open", fields, socket });
        socket.destroy();
        fail(undefined);
      },
      onResponseStart(controller, status, _headers) {
        if (status < 200) return;
        body = new Readable({
          read: () => controller.resume(),
          destroy(error, done) {
            controller.abort(error ?? new Error("nobody reads the answer"));
            done(error);
          },
        });
        resolve({ kind: "answer", status, fields: endToEndFields(textOf(controller.rawHeaders)), body });
      },
      onResponseData(controller, chunk) {
        if (body?.push(chunk) === false) controller.pause();
      },
      onResponseEnd: () => void body?.push(null),
      onResponseError(_controller, error) {
        if (body === undefined) fail(error);
        else body.destroy(error);
      },
    };
    try {
      dispatcher.dispatch(
        { origin, path, ...timeouts, method: "GET", headers, upgrade: "websocket" },
        handler,
      );
    } catch (error) {
      fail(error);
    }
  });
}

/** RFC 6455 section 4.1: the server names the protocol and proves that it read the handshake. */
function isGranted(lines: readonly string[], fields: readonly Field[], key: string): boolean {
  const protocols = lines.filter((_, at) => at % 2 === 1 && lines[at - 1]?.toLowerCase() === "upgrade");
  const accepts = valuesOf(fields, "sec-websocket-accept");
  return protocols.join().toLowerCase() === "websocket" && accepts.join() === acceptFor(key);
}
