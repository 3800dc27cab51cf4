// Tells whether a webhook is from whom it says (Standard Webhooks 1.0: webhook-id, webhook-timestamp, webhook-signature). Pure but for
// the clock, which may be handed in; it never repeats a secret or a signature.
import { ClientError } from "@claviger/client";

/** Why a delivery is not to be believed. */
export type WebhookFault = "missing_header" | "bad_timestamp" | "too_old" | "too_new" | "bad_signature";

const WORDS: Readonly<Record<WebhookFault, string>> = {
  missing_header: "The delivery lacks webhook-id, webhook-timestamp or webhook-signature.",
  bad_timestamp: "webhook-timestamp is no number of seconds.",
  too_old: "The delivery is older than is tolerated.",
  too_new: "The delivery is from further in the future than is tolerated.",
  bad_signature: "No signature of the delivery fits.",
};

export class WebhookError extends ClientError {
  override name = "WebhookError";
  readonly fault: WebhookFault;

  constructor(fault: WebhookFault) {
    super(WORDS[fault]);
    this.fault = fault;
  }
}

export interface WebhookDelivery {
  /** The bytes or the text as they came: parsed and written again they would be others. */
  readonly body: Uint8Array | string;
  /** Of any spelling; a list counts as its first. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface WebhookCheck {
  /** `whsec_` and base64. Several while a secret is being changed. */
  readonly secret: string | readonly string[];
  /** Either way; default 300. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970; default the clock's. */
  readonly now?: () => number;
}

export interface Webhook<T> {
  /** The same over all attempts to deliver it: what was seen before is to be left alone. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: T;
}

/**
 * The delivery, its body parsed as JSON. Throws a WebhookError for one that is not to be believed, a TypeError for a secret that is
 * none, and a SyntaxError when what was truly sent is no JSON.
 */
export async function checkWebhook<T = unknown>(
  { body, headers }: WebhookDelivery,
  { secret, toleranceSeconds = 300, now = Date.now }: WebhookCheck,
): Promise<Webhook<T>> {
  const keys = await Promise.all([secret].flat().map(importKey));
  const id = readHeader(headers, "webhook-id");
  const timestamp = readHeader(headers, "webhook-timestamp");
  const signatures = readHeader(headers, "webhook-signature");
  if (!id || !timestamp || !signatures) throw new WebhookError("missing_header");
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookError("bad_timestamp");
  const ageSeconds = Math.floor(now() / 1000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds) throw new WebhookError("too_old");
  if (ageSeconds < -toleranceSeconds) throw new WebhookError("too_new");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = concatenated(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  if (!(await isSigned(signed, signatures, keys))) throw new WebhookError("bad_signature");
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { id, sentAt: new Date(Number(timestamp) * 1000), body: JSON.parse(text) as T };
}

/** What a header may hold at most; each costs a calculation. */
const MAX_SIGNATURES = 16;

/** `v1,<base64>`, with spaces between several; other versions are passed over. WebCrypto compares in constant time. */
async function isSigned(signed: Bytes, signatures: string, keys: readonly HmacKey[]): Promise<boolean> {
  let fits = false;
  for (const entry of signatures.split(" ").slice(0, MAX_SIGNATURES)) {
    const [version, text = ""] = entry.split(",", 2);
    const signature = version === "v1" ? bytesOf(text) : undefined;
    if (signature === undefined) continue;
    for (const key of keys) fits = (await crypto.subtle.verify("HMAC", key, signature, signed)) || fits;
  }
  return fits;
}

async function importKey(secret: string): Promise<HmacKey> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ""));
  if (!bytes || bytes.length === 0) throw new TypeError("A webhook's secret is whsec_ and base64.");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

/** Not every set of libraries has a name for it. */
type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

type Bytes = Uint8Array<ArrayBuffer>;

function bytesOf(base64: string): Bytes | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) return undefined;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function concatenated(first: Uint8Array, second: Uint8Array): Bytes {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function readHeader(headers: WebhookDelivery["headers"], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const [, value] = Object.entries(headers).find(([spelled]) => spelled.toLowerCase() === name) ?? [];
  return typeof value === "string" ? value : value?.[0];
}
