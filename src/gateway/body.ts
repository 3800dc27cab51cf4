// The body of a request whose cost stands in it: read once, measured, and kept so that the very bytes that were measured are the ones
// that go on. It reads nothing until somebody asks for the measure.
import type { IncomingMessage } from "node:http";
import {
  type BodyFacts,
  MAX_MEASURED_BYTES,
  type Measured,
  type MeasuredCost,
  measureBody,
  TOO_LARGE,
} from "../policy/cost.ts";
import { type Field, valuesOf } from "./fields.ts";

export interface MeasuredBody {
  /** Rejects when the body breaks off. What is too large is not kept. */
  measure(cost: MeasuredCost): Promise<Measured>;
  /** The body, once it was read whole; `undefined` where nobody asked, and it can still be streamed. */
  bytes(): Buffer | undefined;
}

/** `fields` are those that the upstream will see, so that the body is read as the upstream reads it. */
export function bodyOf(request: IncomingMessage, fields: readonly Field[]): MeasuredBody {
  let bytes: Buffer | undefined;
  return {
    async measure(cost) {
      bytes ??= await readWhole(request, MAX_MEASURED_BYTES);
      if (bytes === undefined) return TOO_LARGE;
      return measureBody(cost, bytes, factsOf(fields));
    },
    bytes: () => bytes,
  };
}

export function factsOf(fields: readonly Field[]): BodyFacts {
  return {
    contentType: joined(fields, "content-type"),
    contentEncoding: joined(fields, "content-encoding"),
  };
}

function joined(fields: readonly Field[], name: string): string | undefined {
  const values = valuesOf(fields, name);
  return values.length === 0 ? undefined : values.join(", ");
}

/**
 * `undefined` past `limit` bytes, at once where Content-Length says so; the rest is thrown away as it comes, since the connection's
 * next request stands behind it.
 */
function readWhole(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const breakOff = () => reject(new Error("the body broke off"));
    // Nothing more is heard from a request whose client left before anybody listened.
    if (request.destroyed) return breakOff();
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", breakOff);
    request.once("close", breakOff);
  });
}
