// Serves the built pages: files that were read at the start, each document with a policy of its own. It serves no path that was not
// found in the folder, and nothing that a visitor names is opened.
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { FastifyReply } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

export interface Pages {
  /** Under their path from the folder, with slashes. */
  readonly files: ReadonlyMap<string, { readonly bytes: Buffer; readonly type: string }>;
  /** `index.html`; absent where nothing is built. */
  readonly document: string | undefined;
}

/** An empty set for a folder that is not there: the listener says then what is missing. */
export function readPages(folder: string): Pages {
  const files = new Map<string, { bytes: Buffer; type: string }>();
  if (existsSync(folder))
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const type = TYPES[extname(entry.name)];
      if (type === undefined) continue;
      files.set(relative(folder, path).split(sep).join("/"), { bytes: readFileSync(path), type });
    }
  return { files, document: files.get("index.html")?.bytes.toString("utf8") };
}

const NONCE = "__CSP_NONCE__";

/** `frameAncestors` are exact origins, or none. Sent with every document, those that say what is missing too (hostile H19). */
export function documentHeaders(nonce: string, frameAncestors: readonly string[]): Record<string, string> {
  const framed = frameAncestors.length > 0;
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      `frame-ancestors ${framed ? frameAncestors.join(" ") : "'none'"}`,
    ].join("; "),
    // It knows no list, and would refuse the frames that the policy allows.
    ...(!framed && { "x-frame-options": "DENY" }),
    "referrer-policy": "no-referrer",
    "permissions-policy": "clipboard-write=(self), camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}

export function sendDocument(
  reply: FastifyReply,
  { document }: Pages,
  frameAncestors: readonly string[] = [],
  status = 200,
): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  reply.headers(documentHeaders(nonce, frameAncestors)).type(TYPES[".html"]!);
  if (document === undefined)
    return reply
      .code(503)
      .send("<!doctype html><title>Not built</title><p>The pages are not built: npm run build:console");
  return reply.code(status).send(document.replaceAll(NONCE, nonce));
}

/** Names of built files hold a digest of them, all but those that stand at the top. */
export function sendFile(reply: FastifyReply, { files }: Pages, path: string): FastifyReply | undefined {
  const file = files.get(path);
  if (file === undefined || path === "index.html") return undefined;
  const isImmutable = path.startsWith("assets/");
  if (!reply.hasHeader("cross-origin-resource-policy"))
    reply.header("cross-origin-resource-policy", "same-origin");
  return reply
    .header("cache-control", isImmutable ? "public, max-age=31536000, immutable" : "no-cache")
    .type(file.type)
    .send(file.bytes);
}
