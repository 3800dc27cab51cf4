// One attempt of a call: its time limit, its redirects, and the failure as an error of ours. It never retries.
import { ApiError, ConnectionError, TimeoutError } from "./errors.ts";
import type { Redact } from "./redact.ts";
import { type Hop, nextHop } from "./redirect.ts";

/** The clock of an attempt. Its signal ends the attempt when time is up, or when the caller's does. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Gives the whole time, again if need be. */
  start(): void;
  /** Until the next start neither time nor the caller's signal has an effect. */
  stop(): void;
  /** The error for whatever went wrong: the caller's own reason, a time-out, or a broken connection. */
  failure(error: unknown): unknown;
}

/** What a timer can hold, 24 days; more would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface WatchOptions {
  readonly timeoutMs: number;
  readonly redact: Redact;
  /** The caller's. */
  readonly signal?: AbortSignal;
}

export function startWatch({ timeoutMs, redact, signal: caller }: WatchOptions, host: string): Watch {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = (): void => controller.abort();
  const stop = (): void => {
    clearTimeout(timer);
    caller?.removeEventListener("abort", abort);
  };
  const start = (): void => {
    stop();
    if (caller?.aborted) abort();
    caller?.addEventListener("abort", abort);
    timer = setTimeout(abort, Math.min(timeoutMs, LONGEST_TIMER_MS));
  };
  start();
  return {
    signal: controller.signal,
    start,
    stop,
    failure(error) {
      if (caller?.aborted) return caller.reason;
      if (controller.signal.aborted)
        return new TimeoutError(`No answer from ${host} within ${timeoutMs} ms.`);
      if (error instanceof ApiError) return error;
      const cause = redact.cause(error);
      const reason = (cause?.cause ?? cause) as (Error & { code?: string }) | undefined;
      return new ConnectionError(
        `The connection to ${host} failed: ${reason?.code ?? reason?.message}.`,
        {},
        cause,
      );
    },
  };
}

/** An answer, and why it was not followed if it is a redirect that may not be. */
export interface Sent {
  readonly response: Response;
  readonly refusal?: string;
}

/** Sends, follows redirects, and answers the first response that is none, as soon as its headers are there. */
export async function send(
  fetch: typeof globalThis.fetch,
  first: Hop,
  secretHeader: string,
  signal: AbortSignal,
): Promise<Sent> {
  let hop = first;
  for (let count = 0; ; count++) {
    const { method, headers, body = null } = hop;
    const init = { method, headers, body, signal, redirect: "manual" as const };
    // Streams must say that they do not wait for the answer (fetch standard); Node refuses them otherwise.
    const response = await fetch(hop.url, { ...init, ...{ duplex: "half" } });
    const next = nextHop(hop, response, secretHeader, count);
    if (next === undefined) return { response };
    if (typeof next === "string") return { response, refusal: next };
    await response.body?.cancel();
    hop = next;
  }
}
