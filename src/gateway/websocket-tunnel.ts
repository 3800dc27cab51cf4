// An open socket: a client and an upstream joined by a lane each way, and the two ways in which it ends: when either side closes, or
// when the gateway says so. It knows no key.
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { GOING_AWAY } from "./websocket-codes.ts";
import type { Payment, Refusal } from "./websocket-dues.ts";
import { closeFrame } from "./websocket-frames.ts";
import { createLane } from "./websocket-lane.ts";
import { createMeteredLane } from "./websocket-meter.ts";

export interface Tunnel {
  /** A closing frame to the client, 1001 to the upstream, and within a second the end of both. Safe to repeat. */
  close(code: number, reason: string): void;
  /** Resolves when both sides are closed, and no payment is under way. */
  readonly ended: Promise<void>;
}

export interface TunnelParts {
  readonly client: Duplex;
  readonly upstream: Duplex;
  /** Where the client pays for its messages; otherwise they are passed on byte for byte. */
  readonly payment: Payment | undefined;
  /** What the client sent is not passed on; the tunnel is to be closed. */
  readonly onRefused: (refusal: Refusal) => void;
  /** One side has closed. Called once. */
  readonly onClosed: () => void;
}

/** How long both sides are kept after a closing frame of the gateway's own. */
const CLOSE_MS = 1_000;
/** How long the other side is kept once one has ended, so that it can take what is still on its way. */
const LINGER_MS = 10_000;
/** A peer that answers nothing for so long is probed; Linux takes ten seconds more to give it up (hostile E24). */
const KEEP_ALIVE_MS = 10_000;
/** A peer that takes nothing for so long of what waits for it is given up. */
const STALL_MS = 60_000;

export function openTunnel({ client, upstream, payment, onRefused, onClosed }: TunnelParts): Tunnel {
  const sides = [client, upstream];
  let cut: NodeJS.Timeout | undefined;
  const cutIn = (delayMs: number): void => {
    clearTimeout(cut);
    cut = setTimeout(() => {
      for (const side of sides) side.destroy();
    }, delayMs);
  };
  const down = createLane(upstream, client, true);
  // A frame that its client has begun is not waited for: it may never end.
  const up =
    payment === undefined
      ? createLane(client, upstream, false)
      : createMeteredLane(client, upstream, payment, onRefused);

  let isClosing = false;
  const closed = sides.map(closing);
  void Promise.race(closed).then(onClosed);
  for (const side of sides) {
    noticeDeath(side);
    const sideHasEnded = (): void => {
      if (!isClosing && cut === undefined) cutIn(LINGER_MS);
    };
    side.once("end", sideHasEnded);
    side.once("close", sideHasEnded);
  }
  if (sides.some(({ destroyed }) => destroyed)) cutIn(0);
  return {
    close(code, reason) {
      if (isClosing) return;
      isClosing = true;
      up.stop(closeFrame(GOING_AWAY, "", true));
      down.stop(closeFrame(code, reason, false));
      cutIn(CLOSE_MS);
    },
    ended: Promise.all(closed).then(async () => {
      clearTimeout(cut);
      await up.settled();
    }),
  };
}

function closing(side: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (side.closed) resolve();
    else side.once("close", () => resolve());
  });
}

/** A side that is gone without a word must not keep its place for ever; one that is silent may. */
function noticeDeath(side: Duplex): void {
  if (!(side instanceof Socket)) return;
  side.setKeepAlive(true, KEEP_ALIVE_MS);
  side.setNoDelay(true);
  side.setTimeout(STALL_MS).on("timeout", () => {
    if (side.writableLength > 0) side.destroy();
  });
}
