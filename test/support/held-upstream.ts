// An upstream that holds every request until the test lets it go, so that "at the same time" is the test's to say.
import type { ServerResponse } from "node:http";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface HeldUpstream extends Upstream {
  /** Resolves as soon as this many requests in all have arrived. */
  arrived(count: number): Promise<void>;
  /** Answers the oldest request that waits, or says what else becomes of it. */
  letGo(answering?: (response: ServerResponse) => void): void;
  /** Of the requests that were not let go, how many still wait. */
  waiting(): number;
}

export async function startHeldUpstream(): Promise<HeldUpstream> {
  const waiting: ServerResponse[] = [];
  const waiters: { count: number; resolve: () => void }[] = [];
  const upstream = await startUpstream((request, response) => {
    request.resume();
    waiting.push(response);
    response.once("close", () => {
      const index = waiting.indexOf(response);
      if (index !== -1) waiting.splice(index, 1);
    });
    for (const { count, resolve } of waiters) if (upstream.received.length >= count) resolve();
  });
  return {
    url: upstream.url,
    received: upstream.received,
    arrived: (count) =>
      new Promise((resolve) => {
        if (upstream.received.length >= count) resolve();
        else waiters.push({ count, resolve });
      }),
    letGo(answering = (response) => response.writeHead(200, { "Content-Length": 4 }).end("done")) {
      const response = waiting.shift();
      if (response === undefined) throw new Error("no request waits");
      answering(response);
    },
    waiting: () => waiting.length,
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  };
}
