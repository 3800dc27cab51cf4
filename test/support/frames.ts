// Frames as a client writes them, right or wrong, and the closing frame that a server answers with (RFC 6455 section 5).

export interface FrameToSend {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly fin?: boolean;
  /** The three reserved bits, as a number. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** How many bytes the length takes: 0, 2 or 8; the shortest when it is not said. */
  readonly lengthBytes?: 0 | 2 | 8;
}

const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

export function frameToSend(frame: FrameToSend): Buffer {
  const { opcode, fin = true, reserved = 0, masked = true } = frame;
  const payload = Buffer.from(frame.payload ?? "");
  const { lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8 } = frame;
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? payload.length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(payload.length, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(payload.length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, MASK, payload.map((byte, index) => byte ^ MASK[index % 4]!)]);
}

/** Of the first closing frame among these; `undefined` where there is none. */
export function closingOf(bytes: Buffer): { readonly code: number; readonly reason: string } | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes[at + 1]! & 0x7f;
    const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short;
    const maskBytes = (bytes[at + 1]! & 0x80) === 0 ? 0 : 4;
    const begin = at + headBytes + maskBytes;
    const mask = bytes.subarray(at + headBytes, begin);
    const sent = bytes.subarray(begin, begin + length);
    const payload = maskBytes === 0 ? sent : sent.map((byte, index) => byte ^ mask[index % 4]!);
    if ((bytes[at]! & 0x0f) === 8)
      return {
        code: Buffer.from(payload).readUInt16BE(0),
        reason: Buffer.from(payload).subarray(2).toString("utf8"),
      };
    at = begin + length;
  }
  return undefined;
}
