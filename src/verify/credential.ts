// Reads the value of an Authorization header, in the one way that the gateway and the control plane share. It repairs nothing
// and echoes nothing.
import type { Credential } from "./question.ts";

/** RFC 9110 section 11.4: a scheme in any case, one or more spaces (no tab), then RFC 6750's b64token. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** `hint` is told of a value that is not a Bearer credential. */
export function readBearer(value: string, hint: string): Credential {
  const token = BEARER.exec(value)?.[1];
  return token === undefined ? { kind: "unreadable", hint } : { kind: "key", text: token };
}
