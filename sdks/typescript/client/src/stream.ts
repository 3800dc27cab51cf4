// The body of an answer as it arrives: bytes, lines, or server-sent events. Nothing is retried once it has begun.
import type { Facts } from "./answer.ts";
import type { Watch } from "./attempt.ts";
import type { StreamKind } from "./definition.ts";

export interface ServerSentEvent {
  /** `message` unless the server names another. */
  readonly event: string;
  readonly data: string;
  /** The last id that was sent, with this event or before it. */
  readonly id: string | undefined;
}

export interface StreamItems {
  bytes: Uint8Array;
  lines: string;
  events: ServerSentEvent;
}

/** Can be read once. Leaving the loop, or `close()`, ends the connection. */
export interface Stream<T> extends Facts, AsyncIterable<T> {
  close(): void;
}

/** Iterating throws what the watch makes of a failure. */
export function openStream<K extends StreamKind>(
  response: Response,
  facts: Facts,
  kind: K,
  watch: Watch,
): Stream<StreamItems[K]> {
  const reader = response.body?.getReader();
  const close = (): void => {
    watch.stop();
    // Not awaited: a connection that has gone may never confirm.
    reader?.cancel().catch(() => {});
  };
  const bytes = readChunks(reader, watch, close);
  const items =
    kind === "bytes" ? bytes : kind === "lines" ? splitLines(bytes) : readEvents(splitLines(bytes));
  const iterable = items as AsyncGenerator<StreamItems[K]>;
  return { ...facts, close, [Symbol.asyncIterator]: () => iterable };
}

type Chunks = AsyncGenerator<Uint8Array, void, undefined>;
type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function* readChunks(reader: Reader | undefined, watch: Watch, close: () => void): Chunks {
  try {
    while (reader) {
      watch.start();
      const { done, value } = await reader.read();
      // The caller's own time does not count.
      watch.stop();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw watch.failure(error);
  } finally {
    close();
  }
}

/** Lines end in LF, CR or CRLF, and nothing else: U+2028 may stand in JSON. The last one needs no end. */
async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let begun = "";
  let endedInReturn = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    if (endedInReturn && text.startsWith("\n")) text = text.slice(1);
    else if (text === "") continue;
    endedInReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = begun + lines[0];
    begun = lines.pop()!;
    yield* lines;
  }
  begun += decoder.decode();
  if (begun !== "") yield begun;
}

/** HTML standard, section 9.2.6. An event without data, or without the empty line after it, is none. */
async function* readEvents(lines: AsyncIterable<string>): AsyncGenerator<ServerSentEvent, void, undefined> {
  let event = "";
  let data: string[] = [];
  let id: string | undefined;
  for await (const line of lines) {
    if (line === "") {
      if (data.length > 0) yield { event: event || "message", data: data.join("\n"), id };
      event = "";
      data = [];
      continue;
    }
    const [, field, value = ""] = line.match(/^([^:]*)(?:: ?(.*))?$/s)!;
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}
