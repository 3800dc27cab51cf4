// The sample upstream's WebSockets: each message is answered with what was received, and where the project file asks for it with a
// moment of audio.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";

/** Answers one handshake and everything that is sent after it. */
export type Speak = (request: IncomingMessage, socket: Duplex, head: Buffer, withAudio: boolean) => void;

const MAX_MESSAGE_BYTES = 16_777_216;
const SAMPLE_RATE = 24_000;
const SAMPLES = 2_400;
const PITCH_HZ = 440;
const LOUDNESS = 8_000;

export function createSampleSockets(): Speak {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  return (request, socket, head, withAudio) =>
    server.handleUpgrade(request, socket, head, (client) => {
      const { method, url: path, headers } = request;
      // What a client may send and should not; the socket is closed with the reason.
      client.on("error", () => {});
      client.on("message", (data: Buffer, isBinary: boolean) => {
        if (withAudio) client.send(tone());
        const message = { bytes: data.length, binary: isBinary, ...(!isBinary && { body: readText(data) }) };
        client.send(JSON.stringify({ request: { method, path, headers }, message }));
      });
    });
}

/** As JSON where it is that, else as it is. */
function readText(data: Buffer): unknown {
  const text = data.toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A tenth of a second, 16-bit PCM in one channel. */
function tone(): Buffer {
  const wave = Int16Array.from({ length: SAMPLES }, (_, index) =>
    Math.round(LOUDNESS * Math.sin((2 * Math.PI * PITCH_HZ * index) / SAMPLE_RATE)),
  );
  return Buffer.from(wave.buffer);
}
