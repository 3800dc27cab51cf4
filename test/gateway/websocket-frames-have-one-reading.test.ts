// Promise: where messages are paid, frames are read as strictly as any upstream may read them, however they arrive, and those that
// break RFC 6455 close the socket before anything of them is passed on or paid.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import fc from "fast-check";
import { closeFrame, createFrameFollower } from "../../src/gateway/websocket-frames.ts";
import { createMessageReader, type Sent } from "../../src/gateway/websocket-messages.ts";
import { closingOf, type FrameToSend, frameToSend } from "../support/frames.ts";
import { startGateway } from "../support/gateway.ts";
import { handshakeLines, rawUpgrade, startRawUpstream } from "../support/raw-upgrade.ts";

const HOST = "acme.localhost";
const gateway = await startGateway({ files: [] });
after(() => gateway.close());
const heard: Buffer[] = [];
let upstreamEnded: Promise<unknown> = Promise.resolve();
const upstream = await startRawUpstream((socket) => {
  socket.on("data", (chunk: Buffer) => heard.push(chunk));
  socket.once("end", () => socket.end());
  upstreamEnded = once(socket, "end");
});
after(() => upstream[Symbol.asyncDispose]());
await gateway.apply(`name: acme
upstream: ${upstream.url}
plans: { one: { allowance: 1000 } }
defaultPlan: one
routes: [{ match: GET /, messages: { cost: 1 } }]
`);

async function sendFrames(bytes: Buffer) {
  const { key, account } = await gateway.key("acme");
  heard.length = 0;
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/", [`Authorization: Bearer ${key}`]));
  client.socket.write(bytes);
  const answer = await client.ended;
  await upstreamEnded;
  client.socket.destroy();
  return { closing: closingOf(answer), used: (await gateway.balance("acme", account)).used };
}

const TEXT = 1;
const PING = 9;
const good = frameToSend({ opcode: TEXT, payload: "good" });

test("what breaks the framing closes with 1002, and what came before it is paid and passed on", async () => {
  const wrong: readonly (readonly FrameToSend[])[] = [
    [{ opcode: TEXT, payload: "bare", masked: false }],
    [{ opcode: TEXT, payload: "x", reserved: 4 }],
    [{ opcode: TEXT, payload: "x", reserved: 1 }],
    [{ opcode: 3, payload: "x" }],
    [{ opcode: 0xb, payload: "x" }],
    [{ opcode: 0, payload: "nothing to continue" }],
    [
      { opcode: TEXT, payload: "first", fin: false },
      { opcode: TEXT, payload: "second" },
    ],
    [{ opcode: PING, payload: "x", fin: false }],
    [{ opcode: PING, payload: "x".repeat(126) }],
    [{ opcode: TEXT, payload: "short", lengthBytes: 2 }],
    [{ opcode: TEXT, payload: "short", lengthBytes: 8 }],
    [{ opcode: TEXT, payload: "x".repeat(65_535), lengthBytes: 8 }],
    [{ opcode: PING, payload: "x", masked: false }],
    [{ opcode: 8, payload: "xx", masked: false }],
  ];
  for (const frames of wrong) {
    const { closing, used } = await sendFrames(Buffer.concat([good, ...frames.map(frameToSend), good]));
    assert.equal(closing?.code, 1002, JSON.stringify(frames).slice(0, 100));
    assert.equal(used, 1);
    const passed = Buffer.concat(heard);
    assert.deepEqual(passed.subarray(0, good.length), good);
    assert.deepEqual(closingOf(passed), { code: 1001, reason: "" });
    assert.equal(passed.length, good.length + 8);
  }
});

test("a length that nobody can send is refused at its head", async () => {
  for (const length of ["00000000001fffff", "7fffffffffffffff", "ffffffffffffffff"]) {
    const head = Buffer.from(`82ff${length}00000000`, "hex");
    const { closing, used } = await sendFrames(Buffer.concat([good, head]));
    assert.equal(closing?.code, 1009);
    assert.equal(used, 1);
  }
});

test("fragments that come to more than a message may have are refused, and so are too many of them", async () => {
  const half = "x".repeat(524_288);
  const large = [
    { opcode: TEXT, payload: half, fin: false },
    { opcode: 0, payload: half, fin: false },
    { opcode: 0, payload: "x" },
  ];
  assert.equal((await sendFrames(Buffer.concat(large.map(frameToSend)))).closing?.code, 1009);
  const empty = frameToSend({ opcode: 0, fin: false });
  const many = [frameToSend({ opcode: TEXT, fin: false }), ...Array.from({ length: 16_384 }, () => empty)];
  assert.equal((await sendFrames(Buffer.concat(many))).closing?.code, 1009);
});

test("a half of a frame is neither paid nor passed on", async () => {
  const { key, account } = await gateway.key("acme");
  heard.length = 0;
  const client = await rawUpgrade(gateway.port, handshakeLines(HOST, "/", [`Authorization: Bearer ${key}`]));
  client.socket.end(Buffer.concat([good, good.subarray(0, good.length - 1)]));
  await client.ended;
  await upstreamEnded;
  assert.deepEqual(Buffer.concat(heard), good);
  assert.equal((await gateway.balance("acme", account)).used, 1);
});

const anyFrame = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fin: fc.boolean(),
});
const cuts = fc.array(fc.nat(50), { maxLength: 100 });

/** Cuts the bytes into pieces of these lengths, and the rest. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    cut.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return [...cut, Buffer.from(bytes.subarray(at))];
}

function readAll(chunks: readonly Buffer[]): unknown[] {
  const reader = createMessageReader();
  const read: unknown[] = [];
  const told = (sent: Sent) =>
    sent.kind === "message"
      ? [sent.message.payload().toString("hex"), Buffer.concat(sent.message.frames).toString("hex")]
      : sent.kind === "control"
        ? [sent.isClose, sent.frame.toString("hex")]
        : [sent.code];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let sent = reader.next(); sent !== undefined; sent = reader.next()) read.push(told(sent));
  }
  return read;
}

test("how the bytes are cut makes no difference to what is read", () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 12 }), cuts, (frames, lengths) => {
      const bytes = Buffer.concat(frames.map(frameToSend));
      assert.deepEqual(readAll(pieces(bytes, lengths)), readAll([bytes]));
    }),
  );
});

test("messages are read as they were written", () => {
  const payload = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
  const message = fc.array(payload, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), cuts, (messages, lengths) => {
      const frames = messages.flatMap((parts) =>
        parts.map((part, index) =>
          frameToSend({ opcode: index === 0 ? 2 : 0, payload: part, fin: index === parts.length - 1 }),
        ),
      );
      const read = readAll(pieces(Buffer.concat(frames), lengths)) as string[][];
      assert.deepEqual(
        read.map(([payload]) => payload),
        messages.map((parts) => Buffer.concat(parts).toString("hex")),
      );
      assert.equal(read.map(([, sent]) => sent).join(""), Buffer.concat(frames).toString("hex"));
    }),
  );
});

test("the ends of frames are found wherever the bytes are cut", () => {
  const frame = fc.record({
    opcode: fc.constant(2),
    payload: fc.nat(70_000).map((length) => Buffer.alloc(length, 0x81)),
    masked: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 3 }), cuts, (frames, lengths) => {
      const written = frames.map(frameToSend);
      const follower = createFrameFollower();
      for (const piece of pieces(Buffer.concat(written), lengths)) follower.advance(piece);
      assert.ok(follower.isBetween());
      const stopping = createFrameFollower();
      assert.equal(stopping.advance(Buffer.concat(written), true), written[0]!.length);
    }),
    { numRuns: 50 },
  );
});

test("a reason that is too long ends after its last whole character", () => {
  for (const reason of [
    "x".repeat(123),
    "x".repeat(124),
    "é".repeat(62),
    "😀".repeat(40),
    `${"x".repeat(121)}é!`,
  ]) {
    const { code, reason: told } = closingOf(closeFrame(4401, reason, false)) ?? assert.fail();
    assert.equal(code, 4401);
    assert.ok(Buffer.byteLength(told) <= 123);
    assert.ok(reason.startsWith(told) && Buffer.byteLength(told) >= 120);
    assert.doesNotMatch(told, /\ufffd/);
  }
});
