// The answer of a handler that speaks in Web `Response`s: headers are added, and the end of its body is noticed. It changes no byte of
// the body.
import type { Field } from "../gateway/fields.ts";
import type { RenderedAnswer } from "../policy/dialect.ts";
import type { AddedHeaders } from "./admission.ts";

export function answerOf({ status, headers, body }: RenderedAnswer): Response {
  return new Response(body, { status, headers });
}

export function fieldsOfWeb(headers: Headers): Field[] {
  return [...headers].map(([name, value]) => ({ name, sentName: name, value }));
}

export function addHeaders(headers: Headers, added: AddedHeaders, vary: string): void {
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  if (vary !== "") headers.append("vary", vary);
}

/** Calls `ended` once the body has been read to its end, given up, or broken off; at once where there is none. */
export function whenRead(body: ReadableStream<Uint8Array> | null, ended: () => void): typeof body {
  if (body === null) {
    ended();
    return null;
  }
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          ended();
          controller.close();
        } catch (error) {
          ended();
          controller.error(error);
        }
      },
      async cancel(reason) {
        ended();
        await reader.cancel(reason);
      },
    },
    // Nothing is read before it is wanted.
    { highWaterMark: 0 },
  );
}
