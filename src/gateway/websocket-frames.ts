// Frames of WebSocket (RFC 6455 section 5) as bytes: where one ends, what its head says, and the closing frame that the gateway
// writes itself. It judges nothing.
import { randomBytes } from "node:crypto";

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

/** Section 5.2. */
export interface FrameHead {
  readonly isLast: boolean;
  /** Any of the three bits whose meaning an extension would have to give. */
  readonly hasReserved: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly headBytes: number;
  readonly payloadBytes: number;
  /** Whether the length is written in the shortest of the three ways, as it has to be. */
  readonly isShortest: boolean;
}

export const MASK_BYTES = 4;
const MAX_HEAD_BYTES = 14;

/** The head that begins at `at`; `undefined` until it is there whole. */
export function readFrameHead(bytes: Uint8Array, at: number): FrameHead | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return undefined;
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const headBytes = 2 + lengthBytes + (isMasked ? MASK_BYTES : 0);
  if (bytes.length - at < headBytes) return undefined;
  let payloadBytes = lengthBytes === 0 ? short : 0;
  for (let index = 0; index < lengthBytes; index += 1)
    payloadBytes = payloadBytes * 256 + bytes[at + 2 + index]!;
  return {
    isLast: (first & 0x80) !== 0,
    hasReserved: (first & 0x70) !== 0,
    opcode: first & 0x0f,
    isMasked,
    headBytes,
    payloadBytes,
    isShortest: lengthBytes === 0 || payloadBytes >= (lengthBytes === 2 ? 126 : 0x10000),
  };
}

/** Follows the frames of one direction through bytes that come in pieces. */
export interface FrameFollower {
  /** How many bytes of the chunk it went along: all, or those up to the first end of a frame where it stops there. */
  advance(chunk: Uint8Array, stopsAtEnd?: boolean): number;
  /** Whether what came so far ends where a frame ends. */
  isBetween(): boolean;
}

export function createFrameFollower(): FrameFollower {
  const head = new Uint8Array(MAX_HEAD_BYTES);
  let headBytes = 0;
  /** Bytes of payload that the open frame lacks. */
  let lacking = 0;
  const isBetween = (): boolean => headBytes === 0 && lacking === 0;
  return {
    isBetween,
    advance(chunk, stopsAtEnd = false) {
      let at = 0;
      while (at < chunk.length) {
        if (lacking > 0) {
          const passed = Math.min(lacking, chunk.length - at);
          lacking -= passed;
          at += passed;
        } else {
          head[headBytes++] = chunk[at++]!;
          const read = readFrameHead(head.subarray(0, headBytes), 0);
          if (read !== undefined) [headBytes, lacking] = [0, read.payloadBytes];
        }
        if (stopsAtEnd && isBetween()) break;
      }
      return at;
    },
  };
}

/** Section 5.3, in place of the payload's own bytes: `mask` begins anew with each frame. */
export function unmaskInto(target: Uint8Array, at: number, payload: Uint8Array, mask: Uint8Array): void {
  for (let index = 0; index < payload.length; index += 1)
    target[at + index] = payload[index]! ^ mask[index & 3]!;
}

/** Section 5.5: with the two bytes of the code, 125 in all. */
const MAX_REASON_BYTES = 123;

/** Section 5.5.1. A reason that is too long ends after its last whole character; a client masks what it sends. */
export function closeFrame(code: number, reason: string, isMasked: boolean): Buffer {
  const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
  const whole = new TextDecoder().decode(bytes, { stream: true });
  const payload = Buffer.from(`\0\0${whole}`);
  payload.writeUInt16BE(code);
  const head = [0x80 | CLOSE, (isMasked ? 0x80 : 0) | payload.length];
  if (!isMasked) return Buffer.concat([Buffer.from(head), payload]);
  const mask = randomBytes(MASK_BYTES);
  unmaskInto(payload, 0, payload, mask);
  return Buffer.concat([Buffer.from(head), mask, payload]);
}
