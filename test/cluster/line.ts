// One keep-alive connection to a node, one request at a time: costs little next to what it asks, and makes itself anew when it is lost.
import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Ask {
  readonly method: string;
  readonly path: string;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Line {
  /** Rejects when the connection is lost before the answer is whole, or after `timeoutMs`: then nobody knows what was done. */
  ask(question: Ask, timeoutMs?: number): Promise<Answer>;
  close(): void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** `rootKey` authorises every request. */
export function openLine(port: number, rootKey: string): Line {
  let socket: Socket | undefined;
  let pending: Pending | undefined;
  let received = "";
  const fail = (from: Socket, error: Error): void => {
    if (socket !== from) return;
    socket = undefined;
    const lost = pending;
    pending = undefined;
    from.destroy();
    lost?.reject(error);
  };
  const open = (): Socket => {
    const made = connect({ port, host: "127.0.0.1", noDelay: true });
    received = "";
    made.on("error", (error) => fail(made, error));
    made.on("close", () => fail(made, new Error("the connection was closed")));
    made.on("data", (chunk: Buffer) => {
      if (socket !== made) return;
      received += chunk.toString("latin1");
      const answer = wholeAnswer(received);
      if (answer === undefined) return;
      received = "";
      const done = pending;
      pending = undefined;
      done?.resolve(answer);
    });
    return made;
  };
  return {
    ask(question, timeoutMs = 15_000) {
      socket ??= open();
      const used = socket;
      return new Promise<Answer>((resolve, reject) => {
        const timer = setTimeout(() => fail(used, new Error("no answer in time")), timeoutMs);
        const end = <Value>(settle: (value: Value) => void) => {
          return (value: Value): void => {
            clearTimeout(timer);
            settle(value);
          };
        };
        pending = { resolve: end(resolve), reject: end(reject) };
        used.write(bytesOf(question, rootKey));
      });
    },
    close() {
      const open = socket;
      socket = undefined;
      open?.destroy();
    },
  };
}

function bytesOf({ method, path, body, headers = {} }: Ask, rootKey: string): string {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const fields = Object.entries({ "content-type": "application/json", ...headers })
    .filter(([name]) => name !== "content-type" || text !== "")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-length: ${Buffer.byteLength(text)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${rootKey}\r\n${fields.join("")}${length}\r\n${text}`;
}

/** `undefined` until all of it is there. The server tells every body's length. */
function wholeAnswer(text: string): Answer | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head + 2))?.[1] ?? 0);
  const from = head + 4;
  if (text.length < from + length) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(from, from + length) };
}
