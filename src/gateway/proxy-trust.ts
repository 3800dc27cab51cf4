// Which proxies may ask for verdicts: those that know the secret and stand where the project says. It reads nothing that a client
// of theirs has sent.
import { createHash, timingSafeEqual } from "node:crypto";
import type { RenderedAnswer } from "../policy/dialect.ts";
import type { Address } from "../policy/network.ts";
import type { Project } from "../project/compile.ts";

/** Under which a proxy sends the secret. */
export const SECRET_FIELD = "claviger-proxy-secret";

/** In characters; about 128 bits in any usual alphabet. */
export const MIN_SECRET_LENGTH = 22;

export interface ProxyTrust {
  /** `undefined` for a proxy that may ask, else the answer to it. `secrets` are all lines of SECRET_FIELD. */
  refusal(
    secrets: readonly string[],
    peer: Address | undefined,
    project: Project | undefined,
  ): RenderedAnswer | undefined;
}

/** Complains of each thing that the operator has to mend once. */
export function createProxyTrust(secret: string, onFault: (message: string) => void): ProxyTrust {
  const expected = digest(secret);
  const told = new Set<string>();
  const refuse = (status: number, code: string, title: string): RenderedAnswer => {
    if (!told.has(title)) onFault(`a proxy that asks is refused: ${title}`);
    told.add(title);
    return operatorProblem(status, code, title);
  };
  return {
    refusal(secrets, peer, project) {
      const [sent] = secrets;
      // The first thing asked: who does not know the secret learns nothing else.
      if (sent === undefined || secrets.length > 1 || !timingSafeEqual(digest(sent), expected))
        return refuse(403, "untrusted_proxy", `The proxy's secret is missing or wrong (${SECRET_FIELD})`);
      if (project === undefined || !project.network.forwardAuth)
        return refuse(404, "no_forward_auth", "No project of this name or host has network.forwardAuth");
      return project.network.trustedProxies.allows(peer)
        ? undefined
        : refuse(
            403,
            "untrusted_proxy",
            `The proxy's address is not under trustedProxies of ${project.name}`,
          );
    },
  };
}

/** Of one length, so that comparing tells nothing of the secret's. */
function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** For the operator and not in the project's words: no client should ever see it (RFC 9457). */
export function operatorProblem(status: number, code: string, title: string): RenderedAnswer {
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: JSON.stringify({ type: "about:blank", title, status, code }),
  };
}
