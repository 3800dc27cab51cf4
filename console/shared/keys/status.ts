// What a key's state is called, and in which colour it is said. Pure.
import type { Key } from "../api/shapes.ts";
import { DAY_MS } from "../pieces/time.ts";

export interface KeyState {
  readonly word: string;
  readonly kind: "good" | "warn" | "bad" | "neutral";
  /** Whether the gateway still admits it. */
  readonly isLive: boolean;
}

const SOON_MS = 7 * DAY_MS;
const IDLE_MS = 30 * DAY_MS;

export function keyState(key: Key, nowMs: number): KeyState {
  if (key.status === "revoked") return { word: "Revoked", kind: "bad", isLive: false };
  if (key.status === "disabled") return { word: "Disabled", kind: "warn", isLive: false };
  if (isRetiring(key, nowMs)) return { word: "Being replaced", kind: "warn", isLive: true };
  if (key.status === "expired" || hasEnded(key, nowMs))
    return { word: "Expired", kind: "neutral", isLive: false };
  if (key.status === "not_yet_valid") return { word: "Not yet valid", kind: "neutral", isLive: false };
  if (key.expiresAt !== null && Date.parse(key.expiresAt) - nowMs < SOON_MS)
    return { word: "Expires soon", kind: "warn", isLive: true };
  return { word: "Active", kind: "good", isLive: true };
}

const hasEnded = ({ expiresAt }: Key, nowMs: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= nowMs;

/** Replaced by a rotation, and still admitted until its grace ends. */
export function isRetiring(key: Key, nowMs: number): boolean {
  return key.status === "active" && key.successor !== null && key.expiresAt !== null && !hasEnded(key, nowMs);
}

/** A key that has done nothing for long is one that nobody would miss, and that somebody may find. */
export function isIdle(key: Key, nowMs: number): boolean {
  const last = key.lastUsedAt ?? key.createdAt;
  return key.status === "active" && nowMs - Date.parse(last) > IDLE_MS;
}
