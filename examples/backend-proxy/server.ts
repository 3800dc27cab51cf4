// The backend of a browser app: it serves the page and passes on three calls, with a key that stays here (README.md). It keeps nothing on
// disk and logs no request.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createSessions } from "./sessions.ts";
import { createVendor, json, type Passed, settingsOf, UNAVAILABLE } from "./vendor.ts";

const settings = settingsOf(process.env);
const vendor = createVendor(settings);
const sessions = createSessions(Date.now);

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/style.css": ["style.css", "text/css; charset=utf-8"],
};

const GUARDS = {
  "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${settings.baseUrl.replace(/^http/, "ws")}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const MOST_BYTES = 8_192;
const MOST_CHARACTERS = 1_000;

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    // The visitor is told nothing of it, and neither key is part of what a fetch says.
    process.stderr.write(`${request.method} ${request.url}: ${error.message}\n`);
    if (!response.headersSent) send(response, json(502, UNAVAILABLE));
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const file = FILES[pathname];
  if (request.method === "GET" && file) return sendFile(request, response, file);
  const call = `${request.method} ${pathname}`;
  if (!(call in CALLS)) return send(response, json(404, { error: "There is nothing here." }));
  const admission = sessions.admit(request);
  if (admission === "no_session") return send(response, json(403, { error: "Open the page first." }));
  if (admission === "too_many") return send(response, json(429, { error: "Slower, please." }));
  send(response, await CALLS[call]!(request));
}

const CALLS: Readonly<Record<string, (request: IncomingMessage) => Promise<Passed>>> = {
  "GET /api/models": () => vendor.models(),
  "POST /api/ticket": () => vendor.ticket(),
  "POST /api/speech": async (request) => {
    const { text } = await bodyOf(request);
    if (typeof text !== "string" || text.trim() === "" || text.length > MOST_CHARACTERS)
      return json(422, { error: `A text has 1 to ${MOST_CHARACTERS} characters.` });
    return vendor.speech(text);
  },
};

/** Whatever is no JSON object of a sensible size is an empty one. */
async function bodyOf(request: IncomingMessage): Promise<{ readonly text?: unknown }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) return {};
    chunks.push(chunk);
  }
  try {
    return Object(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  } catch {
    return {};
  }
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  [file, type]: readonly [string, string],
): void {
  const cookie = sessions.begin(request);
  if (cookie !== undefined) response.setHeader("set-cookie", cookie);
  send(response, { status: 200, type, body: readFileSync(join(import.meta.dirname, "page", file)) });
}

function send(response: ServerResponse, { status, type, body }: Passed): void {
  response.writeHead(status, { ...GUARDS, "content-type": type, "content-length": body.length }).end(body);
}

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
