// The words of the opening handshake of WebSocket (RFC 6455 section 4): who asks for one, whether it can be granted, and what
// grants it. It reads and writes header fields and knows no socket.
import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Field, valuesOf } from "./fields.ts";

const VERSION = "13";
/** Section 4.1: 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;
/** Section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** An Upgrade that Connection does not name is none (RFC 9110 section 7.8); section 4.1 knows no method but GET and no body. */
export function asksForWebSocket({ headers, method, httpVersion }: IncomingMessage): boolean {
  const options = headers.connection?.toLowerCase().split(/[\s,]+/);
  return (
    method === "GET" &&
    httpVersion === "1.1" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    options?.includes("upgrade") === true &&
    headers["transfer-encoding"] === undefined &&
    Number(headers["content-length"] ?? 0) === 0
  );
}

/** What keeps a handshake from being one, in words that echo nothing (section 4.2.1); `undefined` for nothing. */
export function handshakeProblem(fields: readonly Field[]): string | undefined {
  const versions = valuesOf(fields, "sec-websocket-version");
  const keys = valuesOf(fields, "sec-websocket-key");
  if (versions.length !== 1 || versions[0] !== VERSION)
    return `A WebSocket needs Sec-WebSocket-Version: ${VERSION}.`;
  return keys.length !== 1 || !KEY.test(keys[0]!)
    ? "A WebSocket needs one Sec-WebSocket-Key of 16 bytes in base64."
    : undefined;
}

/** Section 4.4: told wherever a handshake is refused for its form. */
export const SPOKEN_VERSION = { "sec-websocket-version": VERSION };

/** Section 4.2.2, step 5.4. `key` is the client's Sec-WebSocket-Key. */
export function acceptFor(key: string): string {
  return hash("sha1", key + GUID, "base64");
}

/** The bytes that grant it; `fields` are the upstream's with what the gateway adds, names and values in turn. */
export function switchingProtocols(fields: readonly string[]): Buffer {
  const lines = fields.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
  const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  return Buffer.from(`${head}${lines}\r\n`, "latin1");
}
