// The closing codes of WebSocket that the gateway uses (RFC 6455 section 7.4 and the IANA registry), and which denial closes with
// which. Pure.
import type { DenialCode } from "../policy/verdict.ts";

/** The gateway goes away, or, towards the upstream, the client does. */
export const GOING_AWAY = 1001;
/** What a message costs cannot be told from it. */
const INCONSISTENT_MESSAGE = 1007;
/** The message cannot be paid. */
const POLICY_VIOLATION = 1008;
const MESSAGE_TOO_BIG = 1009;
/** What the project file says of the route has changed: a new handshake is judged by it. */
export const SERVICE_RESTART = 1012;
/** It may well be allowed; nobody can tell at the moment. */
const TRY_AGAIN_LATER = 1013;
/** The key may not go on. In the range for private use, after HTTP's 401. */
const UNAUTHORIZED = 4401;

const BY_DENIAL: Partial<Record<DenialCode, number>> = {
  unmeasurable_request: INCONSISTENT_MESSAGE,
  request_too_large: MESSAGE_TOO_BIG,
  allowance_exceeded: POLICY_VIOLATION,
  insufficient_credits: POLICY_VIOLATION,
  store_unavailable: TRY_AGAIN_LATER,
};

export function closeCodeOf(denial: DenialCode): number {
  return BY_DENIAL[denial] ?? UNAUTHORIZED;
}
