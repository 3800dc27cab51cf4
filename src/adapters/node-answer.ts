// Lets something be done between a program's decision about its answer and the first byte of it, on Node's own response. It changes
// nothing of the answer but the headers that it is given.
import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Field } from "../gateway/fields.ts";
import type { AddedHeaders, Admitted } from "./admission.ts";

/** What sends the head, or would. */
const SENDING = ["writeHead", "write", "end", "flushHeaders"] as const;

type Send = (...given: unknown[]) => unknown;

/**
 * The first call that would send the head asks `admitted`. Where the answer to that takes a while, what the program sends meanwhile
 * waits for it, in its order.
 */
export function watchAnswer(response: ServerResponse, admitted: Admitted): void {
  const own = Object.fromEntries(SENDING.map((name) => [name, response[name].bind(response) as Send]));
  const waiting: (() => unknown)[] = [];
  let state: "open" | "waiting" | "through" = "open";
  const pass = (added: AddedHeaders): void => {
    state = "through";
    for (const [name, value] of Object.entries(added)) response.setHeader(name, value);
    if (admitted.vary !== "") response.appendHeader("vary", admitted.vary);
  };
  const passLate = (added: AddedHeaders): void => {
    pass(added);
    for (const call of waiting) call();
    // For whoever was told that the buffer is full.
    response.emit("drain");
  };
  const decide = (): void => {
    const added = admitted.answered(response.statusCode, fieldsOf(response.getHeaders()));
    if (added instanceof Promise) {
      state = "waiting";
      // Nobody is there any more to whom a wrong argument could be told.
      added.then(passLate).catch((error) => response.destroy(error));
    } else pass(added);
  };
  const sending = (name: (typeof SENDING)[number]): Send => {
    return (...given) => {
      if (state === "open" && !response.headersSent) {
        if (name === "writeHead") given = [takeHead(response, given)];
        decide();
      }
      if (state !== "waiting") return own[name]!(...given);
      waiting.push(() => own[name]!(...given));
      return name === "write" ? false : response;
    };
  };
  for (const name of SENDING) Object.assign(response, { [name]: sending(name) });
}

/** Status and headers as the response would have them without `writeHead`, which could not be added to. */
function takeHead(response: ServerResponse, [status, reason, headers]: unknown[]): number {
  response.statusCode = status as number;
  if (typeof reason === "string") response.statusMessage = reason;
  const given = typeof reason === "string" ? headers : reason;
  for (const [name, value] of pairsOf(given)) response.setHeader(name, value);
  return status as number;
}

/** An object, or a list of names and values, flat or in pairs. */
function pairsOf(given: unknown): [string, OutgoingHttpHeader][] {
  if (!Array.isArray(given)) {
    const entries = Object.entries((given ?? {}) as OutgoingHttpHeaders);
    return entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  }
  const flat: OutgoingHttpHeader[] = Array.isArray(given[0]) ? given.flat() : given;
  const lines = new Map<string, string[]>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]);
    const known = lines.get(name) ?? [];
    lines.set(name, [...known, ...[flat[index + 1]!].flat().map(String)]);
  }
  return [...lines].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]);
}

export function fieldsOf(headers: Readonly<Record<string, OutgoingHttpHeader | undefined>>): Field[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (value === undefined ? [] : [value])
      .flat()
      .map((line) => ({ name: name.toLowerCase(), sentName: name, value: String(line) })),
  );
}
