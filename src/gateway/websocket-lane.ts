// One direction of an open socket: the bytes as they are, one side waiting for the other, with an eye on where frames end, so that
// a closing frame can be put between two. It reads nothing of what it passes on.
import type { Duplex } from "node:stream";
import { createFrameFollower } from "./websocket-frames.ts";

export interface Lane {
  /** Nothing more is passed on; `last` is, if the other side can make sense of it, and then the end. Safe to repeat. */
  stop(last: Buffer): void;
  /** Resolves when nothing hangs on what was not passed on. */
  settled(): Promise<void>;
}

/** `finishesFrames`: at the stop the rest of a frame that has begun is passed on as it comes, so that `last` can follow it. */
export function createLane(from: Duplex, to: Duplex, finishesFrames: boolean): Lane {
  const frames = createFrameFollower();
  let last: Buffer | undefined;
  let isOver = false;

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    to.end(frames.isBetween() ? last : undefined);
    // What still comes is thrown away, so that the end of it is noticed.
    from.resume();
  };
  const pass = (chunk: Buffer): void => {
    if (to.write(chunk)) return;
    from.pause();
    to.once("drain", () => from.resume());
  };
  from.on("data", (chunk: Buffer) => {
    if (isOver) return;
    pass(chunk.subarray(0, frames.advance(chunk, last !== undefined)));
    if (last !== undefined && frames.isBetween()) end();
  });
  from.once("end", end);
  from.once("close", end);
  return {
    stop(frame) {
      last ??= frame;
      if (!finishesFrames || frames.isBetween()) end();
    },
    settled: () => Promise.resolve(),
  };
}
