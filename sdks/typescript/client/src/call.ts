// One call: its attempts in a row, with the waits between them, until there is an answer or no further attempt is worth it.
import { type Answer, errorOf, readBody } from "./answer.ts";
import { send, startWatch } from "./attempt.ts";
import type { RequestOptions } from "./definition.ts";
import { ApiError } from "./errors.ts";
import { known } from "./known.ts";
import { type Outgoing, prepare } from "./request.ts";
import { isWorthRetrying, waitBeforeRetry } from "./retry.ts";
import type { Settings } from "./settings.ts";
import { openStream, type Stream } from "./stream.ts";
import { readUsage } from "./usage.ts";

type Outcome = Answer<unknown> | Stream<unknown>;

/** Throws an ApiError, or the reason of the caller's signal. */
export async function call(
  settings: Settings,
  method: string,
  path: string,
  options: RequestOptions,
): Promise<Outcome> {
  const outgoing = prepare(settings, method, path, options);
  const chosen = { ...settings, ...known(options) };
  for (let retries = 0; ; retries++) {
    chosen.signal?.throwIfAborted();
    const outcome = await attempt(outgoing, chosen);
    if (!(outcome instanceof ApiError)) return outcome;
    chosen.signal?.throwIfAborted();
    const mayRetry = retries < chosen.maxRetries && outgoing.isReplayable;
    const isWorthIt = mayRetry && isWorthRetrying(outcome, outgoing.isSafeToRepeat);
    const ms = isWorthIt ? waitBeforeRetry(outcome, retries, chosen.random) : undefined;
    if (ms === undefined) throw outcome;
    await chosen.sleep(ms, chosen.signal);
  }
}

type Chosen = Omit<Settings, "headers"> & Omit<RequestOptions, "headers">;

/** Resolves with the error that may be worth another attempt; rejects for all else. */
async function attempt(outgoing: Outgoing, chosen: Chosen): Promise<Outcome | ApiError> {
  const { redact, stream } = chosen;
  const watch = startWatch(chosen, outgoing.url.host);
  try {
    const { response, refusal } = await send(chosen.fetch, outgoing, chosen.credential[0], watch.signal);
    const { status } = response;
    // Whatever becomes part of an error or of the client is made of these.
    const headers = redact.headers(response.headers);
    const usage = readUsage(headers, chosen.now());
    chosen.meter.usage = usage;
    const requestId = headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
    const facts = { status, headers, requestId, usage };
    if (refusal || !response.ok) return await errorOf(response, facts, redact, refusal);
    if (stream) return openStream(response, facts, stream, watch);
    return { ...facts, body: await readBody(response, facts, redact) };
  } catch (error) {
    const failure = watch.failure(error);
    if (failure instanceof ApiError) return failure;
    throw failure;
  } finally {
    // A stream starts it again for each of its chunks.
    watch.stop();
  }
}
