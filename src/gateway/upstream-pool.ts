// The connections to upstreams: how long one may take to be made, and whether one that broke had been used before. It sends nothing.
import type { Socket } from "node:net";
import { Agent, buildConnector } from "undici";

export interface PoolLimits {
  readonly connectTimeoutMs: number;
  /** Until an upstream begins its answer, and between two pieces of it; a project may say otherwise. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

const LIMITS: PoolLimits = { connectTimeoutMs: 5_000, headersTimeoutMs: 60_000, bodyTimeoutMs: 300_000 };

/** Errors of connections over which something had come before they were used again. */
const ofReused = new WeakSet<object>();

/** Keeps connections open between requests, as many to each upstream as requests run at once. */
export function createUpstreamPool(limits: Partial<PoolLimits> = {}): Agent {
  const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs } = { ...LIMITS, ...limits };
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return new Agent({
    // One way to frame a request, and sockets that can be switched.
    allowH2: false,
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
    connect: (options, done) =>
      connect(options, (...told) => {
        // Where there is an error there is no second argument.
        if (told[0] === null) noteReuse(told[1]);
        done(...told);
      }),
  });
}

/** Closed by the other side, or found closed. An upstream that is late has not broken it. */
const BROKEN = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** Heard before whoever tells the error to the request. */
function noteReuse(socket: Socket): void {
  // Of TLS the handshake has been read already.
  const { bytesRead: atFirst } = socket;
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (socket.bytesRead > atFirst && BROKEN.has(error.code ?? "")) ofReused.add(error);
  });
}

export function brokeWhenReused(error: unknown): boolean {
  return typeof error === "object" && error !== null && ofReused.has(error);
}
