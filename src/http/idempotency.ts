// Repeats without repeating: a POST or PATCH with an Idempotency-Key is carried out once and answered as often as it is asked,
// for 24 hours. The answer commits in the transaction of the change itself, so that no crash parts them (hostile F15).
import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import type { Caller, ManageParts } from "../manage/save.ts";
import { StoreConflict } from "../store/contract.ts";
import type { ReplayRecord } from "../store/records.ts";
import type { AnswerOnce } from "./operation.ts";
import { callerOf } from "./principal.ts";

/**
 * Draft-ietf-httpapi-idempotency-key-header-07, whose key is an sf-string; the bare token that most clients send is read too.
 * A failed attempt stores nothing: it may be repeated under its key, with another body as well.
 */
export function createAnswerOnce({ store, clock }: Pick<ManageParts, "store" | "clock">): AnswerOnce {
  const running = new Set<string>();
  return async (request, reply, status, work) => {
    const caller = callerOf(request);
    const key = readIdempotencyKey(request.headers["idempotency-key"]);
    if (key === undefined) {
      const result = await work(caller);
      reply.code(status);
      return result;
    }
    const id = recordId([caller.actor, request.method, pathOf(request.url), key]);
    const fingerprint = sha256(request.rawBody ?? "");
    const stored = async <Result>(): Promise<Result | undefined> => {
      const record = await store.replay(id, clock.now());
      if (record === undefined) return undefined;
      const answer = answerStored<Result>(reply, record, fingerprint);
      // What the first request could not say for certain, this answer says: that every node has the change.
      await store.cluster?.settled();
      return answer;
    };
    if (running.has(id))
      throw new ClavigerError(
        "idempotency_in_progress",
        "The first request with this Idempotency-Key has not been answered yet; try again.",
      );
    running.add(id);
    try {
      return (
        (await stored()) ?? (await runOnce(work, { ...caller, replay: { id, fingerprint, status } }, reply))
      );
    } catch (error) {
      // Another process was faster between our look and our commit; its answer is the answer.
      const raced = error instanceof StoreConflict && error.reason === "replayed";
      const answer = raced ? await stored<Awaited<ReturnType<typeof work>>>() : undefined;
      if (answer !== undefined) return answer;
      throw error;
    } finally {
      running.delete(id);
    }
  };
}

async function runOnce<Result>(
  work: (caller: Caller) => Promise<Result>,
  caller: Caller & Required<Pick<Caller, "replay">>,
  reply: FastifyReply,
): Promise<Result> {
  const result = await work(caller);
  reply.code(caller.replay.status);
  return result;
}

function answerStored<Result>(reply: FastifyReply, record: ReplayRecord, fingerprint: string): Result {
  if (record.fingerprint !== fingerprint)
    throw new ClavigerError(
      "idempotency_key_reused",
      "This Idempotency-Key was used with another body; a new request needs a new one.",
    );
  reply.code(record.status).header("idempotency-replayed", "true");
  return record.body as Result;
}

/** 1 to 255 visible ASCII characters. Throws `invalid_request` (hostile G08). */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  const quoted = /^"((?:[!#-[\]-~]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, "$1");
  const key = quoted ?? /^[!#-[\]-~]+$/.exec(text)?.[0] ?? "";
  if (key === "" || key.length > 255)
    throw new ClavigerError(
      "invalid_request",
      "Idempotency-Key must be 1 to 255 visible ASCII characters, bare or as a quoted string.",
    );
  return key;
}

/** Each part with its length before it, so that no two lists of parts read the same. */
function recordId(parts: readonly string[]): string {
  return sha256(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(""));
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("base64url");
}

function pathOf(url: string): string {
  return url.split("?", 1)[0]!;
}
