// The direction in which a client pays for what it sends: messages are read, paid, and only then passed on, in the order in which
// they came and as they came. It keeps no more in memory than may wait.
import type { Duplex } from "node:stream";
import { createDues, type Payment, type Refusal } from "./websocket-dues.ts";
import type { Lane } from "./websocket-lane.ts";
import { createMessageReader } from "./websocket-messages.ts";

/** `onRefused` hears once that something is not passed on, when all that came before it is; it has to stop the lane. */
export function createMeteredLane(
  client: Duplex,
  upstream: Duplex,
  payment: Payment,
  onRefused: (refusal: Refusal) => void,
): Lane {
  const reader = createMessageReader();
  const dues = createDues(payment, () => advance());
  let isBlocked = false;
  let hasEnded = false;
  let isOver = false;

  const end = (last?: Buffer): undefined => {
    if (isOver) return;
    isOver = true;
    dues.abandon();
    upstream.end(last);
    // What still comes is thrown away, so that the end of it is noticed.
    client.resume();
  };
  const passOn = (): void => {
    while (!isOver && !isBlocked) {
      // Where nobody takes it any more, nothing is passed on.
      const next = upstream.writable ? dues.next() : end();
      if (next === undefined) return;
      if ("code" in next) onRefused(next);
      else for (const frame of next) isBlocked = !upstream.write(frame);
    }
  };
  /** Reads as much as may wait, passes on what may go, and asks for more when there is room. */
  const advance = (): void => {
    for (;;) {
      passOn();
      const sent = isOver || isBlocked || dues.isFull() ? undefined : reader.next();
      if (sent === undefined) break;
      dues.add(sent);
    }
    if (isOver) return;
    if (isBlocked || dues.isFull()) client.pause();
    else if (hasEnded && dues.isEmpty()) end();
    else client.resume();
  };
  const noMore = (): void => {
    hasEnded = true;
    advance();
  };
  client.on("data", (chunk: Buffer) => {
    if (isOver) return;
    reader.push(chunk);
    advance();
  });
  client.once("end", noMore);
  client.once("close", noMore);
  upstream.on("drain", () => {
    isBlocked = false;
    advance();
  });
  upstream.once("close", () => end());
  return { stop: end, settled: dues.settled };
}
