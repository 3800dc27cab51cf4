// Reads bodies: strict JSON, as bytes first. It refuses what two readers could take for two things, and checks no field.
import { isUtf8 } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { ClavigerError } from "../base/errors.ts";
import type { App } from "./operation.ts";

export const MAX_BODY_BYTES = 1_048_576;

/** Deeper than any operation takes; it keeps whoever walks the value from running out of stack (hostile G10). */
const MAX_DEPTH = 32;

/** JSON and nothing else, wherever an operation does not ask for more. */
export function readJsonBodies(app: App): void {
  readBodies(app, ["application/json"], parseJson);
  // An operation whose fields are all optional takes no body for an empty object.
  app.addHook("preValidation", (request, _reply, done) => {
    if (request.body === undefined && (request.method === "POST" || request.method === "PATCH"))
      request.body = {};
    done();
  });
}

/** Reads bodies of these media types and refuses all others. The bytes are kept for the fingerprint of an Idempotency-Key. */
export function readBodies(app: App, mediaTypes: string[], read: (text: string) => unknown): void {
  app.removeContentTypeParser(["application/json", "text/plain", ...mediaTypes]);
  app.addContentTypeParser(mediaTypes, { parseAs: "buffer" }, (request, body, done) => {
    try {
      const text = bodyText(request, body as Buffer);
      done(null, text === "" ? undefined : read(text));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** The body as text. Throws `unsupported_media_type` unless it is UTF-8 as it stands, uncompressed (hostile G10, G13). */
function bodyText(request: FastifyRequest, body: Buffer): string {
  request.rawBody = body;
  const { "content-encoding": encoding = "identity", "content-type": type = "" } = request.headers;
  if (encoding.toLowerCase() !== "identity")
    throw new ClavigerError("unsupported_media_type", "Bodies are read without a Content-Encoding only.");
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "us-ascii")
    throw new ClavigerError("unsupported_media_type", "Bodies are read as UTF-8 only.");
  if (!isUtf8(body)) throw new ClavigerError("invalid_request", "The body is not UTF-8.");
  return body.toString("utf8");
}

/** Throws `invalid_json`, without a word of the text. */
export function parseJson(text: string): unknown {
  const value = parseAny(text);
  const problem = problemOf(text);
  if (problem !== undefined) throw new ClavigerError("invalid_json", problem);
  return value;
}

function parseAny(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text; only its place may be told.
    const place = / \(line (\d+) column (\d+)\)$/.exec((error as Error).message);
    const where = place === null ? "" : `, at line ${place[1]}, column ${place[2]}`;
    throw new ClavigerError("invalid_json", `The body is not valid JSON${where}.`);
  }
}

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * What is wrong with a text that is valid JSON: too deep, a member twice (RFC 8259 section 4 leaves open which one counts,
 * hostile G12), or a member that reaches a prototype (hostile G11). One pass, linear.
 */
function problemOf(text: string): string | undefined {
  /** The member names so far of each open object; an array has none. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      if (open.push(character === OPEN_BRACE ? new Set() : undefined) > MAX_DEPTH)
        return `The body is nested deeper than ${MAX_DEPTH} levels.`;
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      open.pop();
    } else if (character === QUOTE) {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names !== undefined && isName(text, end)) {
        const problem = noteName(names, text.slice(at, end + 1));
        if (problem !== undefined) return problem;
      }
      at = end;
    }
  }
  return undefined;
}

/** The closing quote: the next one behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charAt(end - 1 - backslashes) === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charAt(at) === ":";
}

function noteName(names: Set<string>, literal: string): string | undefined {
  const name: string = literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
  if (name === "__proto__" || name === "constructor")
    return "The body holds a member name that is not accepted.";
  if (names.has(name)) return "The body holds the same member twice.";
  names.add(name);
  return undefined;
}
