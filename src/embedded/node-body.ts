// The body of a Node request for measuring: read once and put back, so that whoever reads the request afterwards reads it as if nobody
// had. It reads nothing until somebody asks for the measure.
import type { IncomingMessage } from "node:http";
import { factsOf } from "../gateway/body.ts";
import { endToEndFields } from "../gateway/fields.ts";
import {
  MAX_MEASURED_BYTES,
  type Measured,
  type MeasuredCost,
  measureBody,
  TOO_LARGE,
} from "../policy/cost.ts";
import { BodyTaken } from "./body-taken.ts";

/** Throws BodyTaken; rejects with another error when the client goes away. */
export async function measureNodeBody(request: IncomingMessage, cost: MeasuredCost): Promise<Measured> {
  const bytes = await readAndPutBack(request, MAX_MEASURED_BYTES);
  if (bytes === undefined) return TOO_LARGE;
  return measureBody(cost, bytes, factsOf(endToEndFields(request.rawHeaders)));
}

/** `undefined` past `limit` bytes, at once where Content-Length says so; the rest is then thrown away as it comes. */
async function readAndPutBack(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (request.readableDidRead) throw new BodyTaken();
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    request.resume();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  while (!(request.complete && request.readableLength === 0)) {
    await untilReadable(request);
    // Never read once more than there is: that would end the stream, and what has ended takes nothing back.
    while (request.readableLength > 0) {
      const chunk: Buffer = request.read();
      size += chunk.length;
      if (size > limit) {
        request.resume();
        return undefined;
      }
      chunks.push(chunk);
    }
  }
  const bytes = Buffer.concat(chunks);
  if (size > 0) request.unshift(bytes);
  return bytes;
}

function untilReadable(request: IncomingMessage): Promise<void> {
  if (request.readableLength > 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      request.off("readable", ready).off("error", broken).off("close", broken);
      act();
    };
    const ready = settle(resolve);
    const broken = settle(() => reject(new Error("the body broke off")));
    if (request.destroyed) return reject(new Error("the body broke off"));
    request.on("readable", ready).on("error", broken).on("close", broken);
  });
}
