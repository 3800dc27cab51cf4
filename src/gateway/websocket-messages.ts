// Reads the messages that a client sends over a socket (RFC 6455 sections 5 and 6), as strictly as any upstream may: what two readers
// could take for two things is no message. The frames stay as they came, so that they can be passed on unchanged.
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  type FrameHead,
  MASK_BYTES,
  PING,
  PONG,
  readFrameHead,
  TEXT,
  unmaskInto,
} from "./websocket-frames.ts";

/** The most that one message may have, as what is measured of a body. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** Of one message: each costs memory of its own, however short it is. */
const MAX_FRAGMENTS = 16_384;
/** Section 5.5. */
const MAX_CONTROL_BYTES = 125;

export type Sent =
  | { readonly kind: "message"; readonly message: Message }
  /** Ping, pong or close, which may stand between the fragments of a message. */
  | { readonly kind: "control"; readonly frame: Buffer; readonly isClose: boolean }
  /** Nothing behind it can be read. `code` is one of section 7.4.1. */
  | { readonly kind: "broken"; readonly code: 1002 | 1009; readonly reason: string };

export interface Message {
  /** As they came. */
  readonly frames: readonly Buffer[];
  /** Heads included. */
  readonly bytes: number;
  readonly payloadBytes: number;
  /** Unmasked, in memory of its own. */
  payload(): Buffer;
}

export interface MessageReader {
  push(chunk: Buffer): void;
  /** The next of what was pushed; `undefined` until more comes, and for ever behind a close and behind what is broken. */
  next(): Sent | undefined;
}

interface Fragment {
  readonly frame: Buffer;
  readonly head: FrameHead;
}

export function createMessageReader(): MessageReader {
  const bytes = createGathering();
  let fragments: Fragment[] = [];
  let payloadBytes = 0;
  let isOver = false;

  const end = <Last extends Sent>(last: Last): Last => {
    isOver = true;
    return last;
  };
  const whole = (): Sent => {
    const message = messageOf(fragments, payloadBytes);
    fragments = [];
    payloadBytes = 0;
    return { kind: "message", message };
  };
  /** `undefined` while the frame or its message is not whole. */
  const readOne = (): Sent | "more" | undefined => {
    const head = readFrameHead(bytes.unread(), 0);
    if (head === undefined) return undefined;
    const isControl = head.opcode >= CLOSE;
    const problem = problemOf(head, fragments.length > 0);
    if (problem !== undefined) return end({ kind: "broken", code: 1002, reason: problem });
    if (
      !isControl &&
      (payloadBytes + head.payloadBytes > MAX_MESSAGE_BYTES || fragments.length === MAX_FRAGMENTS)
    )
      return end({
        kind: "broken",
        code: 1009,
        reason: `A message may have ${MAX_MESSAGE_BYTES} bytes at most.`,
      });
    const frame = bytes.take(head.headBytes + head.payloadBytes);
    if (frame === undefined) return undefined;
    if (isControl) {
      const isClose = head.opcode === CLOSE;
      isOver = isClose;
      return { kind: "control", frame, isClose };
    }
    fragments.push({ frame, head });
    payloadBytes += head.payloadBytes;
    return head.isLast ? whole() : "more";
  };
  return {
    push(chunk) {
      if (!isOver) bytes.push(chunk);
    },
    next() {
      for (;;) {
        const sent = isOver ? undefined : readOne();
        if (sent !== "more") return sent;
      }
    },
  };
}

/** Sections 5.1, 5.2, 5.4 and 5.5; no extension is in use here. */
function problemOf(head: FrameHead, isWithinMessage: boolean): string | undefined {
  const { opcode } = head;
  if (head.hasReserved) return "A reserved bit is set.";
  if (!head.isMasked) return "A client masks its frames.";
  if (!head.isShortest) return "A length is not written in the shortest way.";
  if (opcode === CLOSE || opcode === PING || opcode === PONG)
    return head.isLast && head.payloadBytes <= MAX_CONTROL_BYTES
      ? undefined
      : "A control frame is whole and short.";
  if (opcode === CONTINUATION) return isWithinMessage ? undefined : "There is nothing to continue.";
  if (opcode !== TEXT && opcode !== BINARY) return "An opcode is not known.";
  return isWithinMessage ? "A message begins within another." : undefined;
}

function messageOf(fragments: readonly Fragment[], payloadBytes: number): Message {
  return {
    frames: fragments.map(({ frame }) => frame),
    bytes: fragments.reduce((sum, { frame }) => sum + frame.length, 0),
    payloadBytes,
    payload() {
      const payload = Buffer.allocUnsafe(payloadBytes);
      let at = 0;
      for (const { frame, head } of fragments) {
        const mask = frame.subarray(head.headBytes - MASK_BYTES, head.headBytes);
        unmaskInto(payload, at, frame.subarray(head.headBytes), mask);
        at += head.payloadBytes;
      }
      return payload;
    },
  };
}

/** Bytes that wait to be read. What was handed out is never written to again. */
interface Gathering {
  push(chunk: Buffer): void;
  unread(): Buffer;
  /** `undefined` while there are not as many. */
  take(count: number): Buffer | undefined;
}

/** Grows by half at least, so that a message costs the same whether it comes whole or byte by byte. */
function createGathering(): Gathering {
  let held: Buffer = Buffer.alloc(0);
  let [begin, end] = [0, 0];
  return {
    unread: () => held.subarray(begin, end),
    push(chunk) {
      if (begin === end) {
        // A chunk is nobody else's, and full.
        [held, begin, end] = [chunk, 0, chunk.length];
        return;
      }
      if (held.length - end < chunk.length) {
        const grown = Buffer.allocUnsafe(Math.ceil((end - begin + chunk.length) * 1.5));
        held.copy(grown, 0, begin, end);
        [held, begin, end] = [grown, 0, end - begin];
      }
      chunk.copy(held, end);
      end += chunk.length;
    },
    take(count) {
      if (end - begin < count) return undefined;
      begin += count;
      return held.subarray(begin - count, begin);
    },
  };
}
